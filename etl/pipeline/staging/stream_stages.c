/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/staging/stream_stages.h"

#include "base/mem.h"
#include "pipeline/staging/stage_memory.h"

#include <stdlib.h>

/* The loads of one stream, by their places in the run. */
struct stream_stage {
    struct stream_stages *all;
    struct stager *stager;
    struct stage_mark resume;
    struct stage_load *loads;
    size_t *indexes;
    struct batch *mapped; /* lent for a call */
    size_t load_count;
};

struct stream_stages {
    struct run *run;
    struct stream_stages_listener listener;
    struct stream_stage *items;
    struct stage_mark *marks;
};

static bool
on_staged(void *cookie, const struct chunk *chunk,
          const struct stage_mark *mark, struct error *err)
{
    struct stream_stage *stage = cookie;
    struct stream_stages *all = stage->all;
    struct chunk told = *chunk;
    told.load = (uint32_t)stage->indexes[chunk->load];
    for (size_t i = 0; i < all->run->stream_count; i++) {
        struct stream_stage *other = &all->items[i];
        if (other == stage) {
            all->marks[i] = *mark;
        } else if (!stager_sync(other->stager, &all->marks[i], err)) {
            return false;
        }
    }
    return all->listener.on_staged(all->listener.cookie, &told, all->marks,
                                   err);
}

static void
take_loads(struct stream_stage *stage, size_t stream,
           const struct stage_load *loads)
{
    size_t count = stage->all->run->load_count;
    stage->loads = mem_array(count + 1, sizeof *stage->loads);
    stage->indexes = mem_array(count + 1, sizeof *stage->indexes);
    stage->mapped = mem_array(count + 1, sizeof *stage->mapped);
    for (size_t i = 0; i < count; i++) {
        if (loads[i].load->stream == stream) {
            stage->loads[stage->load_count] = loads[i];
            stage->indexes[stage->load_count++] = i;
        }
    }
}

static bool
open_stream(struct stream_stages *stages, size_t stream, size_t sort_memory,
            const struct stage_load *loads, struct error *err)
{
    const struct run *run = stages->run;
    struct stream_stage *stage = &stages->items[stream];
    stage->all = stages;
    take_loads(stage, stream, loads);
    if (!stage_memory_recall_mark(run, stream, &stage->resume, err)) {
        return false;
    }
    const struct stager_options options = {
        .run_folder = run->folder,
        .stream = stream,
        .loads = stage->loads,
        .load_count = stage->load_count,
        .columns = &source_columns(run->setup.source)[stream],
        .gzip = run->gzip_uploads,
        .sort_memory = sort_memory,
        .resume = stage->resume,
        .on_staged = on_staged,
        .cookie = stage,
    };
    stage->stager = stager_open(&options, err);
    return stage->stager != NULL;
}

struct stream_stages *
stream_stages_open(struct run *run,
                   const struct stream_stages_listener *listener,
                   size_t sort_memory, struct error *err)
{
    struct stream_stages *stages = mem_zalloc(sizeof *stages);
    struct stage_load *loads = mem_array(run->load_count + 1, sizeof *loads);
    stages->run = run;
    stages->listener = *listener;
    stages->items = mem_array(run->stream_count, sizeof *stages->items);
    stages->marks = mem_array(run->stream_count, sizeof *stages->marks);
    for (size_t i = 0; i < run->load_count; i++) {
        loads[i] = (struct stage_load){.load = run->loads[i].load,
                                       .limits = run->loads[i].limits};
    }
    bool done = stage_memory_recall_loads(run, loads, err);
    for (size_t i = 0; done && i < run->stream_count; i++) {
        done = open_stream(stages, i, sort_memory, loads, err);
    }
    free(loads);
    if (!done) {
        stream_stages_close(stages);
        return NULL;
    }
    return stages;
}

bool
stream_stages_has(const struct stream_stages *stages, size_t stream,
                  const struct batch *source)
{
    return source->count == 0 || source->records[source->count - 1].row <=
                                     stages->items[stream].resume.row;
}

bool
stream_stages_put(struct stream_stages *stages, size_t stream,
                  const struct batch *source, const struct batch *mapped,
                  struct error *err)
{
    struct stream_stage *stage = &stages->items[stream];
    for (size_t i = 0; i < stage->load_count; i++) {
        stage->mapped[i] = mapped[stage->indexes[i]];
    }
    return stager_put(stage->stager, source, stage->mapped, err);
}

bool
stream_stages_finish(struct stream_stages *stages, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < stages->run->stream_count; i++) {
        done = stager_finish(stages->items[i].stager,
                             &stages->run->streams[i].rows_size, err);
    }
    return done;
}

void
stream_stages_count(const struct stream_stages *stages)
{
    for (size_t i = 0; i < stages->run->stream_count; i++) {
        const struct stream_stage *stage = &stages->items[i];
        for (size_t j = 0; j < stage->load_count; j++) {
            struct stage_counts counts = stager_counts(stage->stager, j);
            struct run_load *load = &stages->run->loads[stage->indexes[j]];
            load->staged_rows = counts.sent;
            load->waves = counts.waves;
            load->second_rows = counts.second_rows;
            load->is_grouped = counts.is_grouped;
            load->tally.line_ends_changed = counts.line_ends_changed;
            load->tally.by_fate[OUTCOME_REJECTED] = counts.rejected;
            load->tally.by_fate[OUTCOME_SKIPPED] = counts.skipped;
        }
    }
}

void
stream_stages_close(struct stream_stages *stages)
{
    if (stages == NULL) {
        return;
    }
    for (size_t i = 0; i < stages->run->stream_count; i++) {
        struct stream_stage *stage = &stages->items[i];
        stager_close(stage->stager);
        free(stage->loads);
        free(stage->indexes);
        free(stage->mapped);
    }
    free(stages->items);
    free(stages->marks);
    free(stages);
}
