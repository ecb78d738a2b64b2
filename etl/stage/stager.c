/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/stager.h"

#include "base/file.h"
#include "base/mem.h"
#include "stage/chunk_writer.h"
#include "stage/reject_writer.h"
#include "stage/row_writer.h"
#include "stage/settle.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct load_stage {
    const struct stage_load *options;
    struct chunk_writer chunks;
    struct reject_writer rejects;
    bool is_open;      /* both of them */
    uint64_t last_row; /* rows up to here were decided before this session */
    /* Where the open chunk begins: all rows up to staged.row are decided. */
    struct stage_mark staged;
    struct waves waves; /* later ones; when recorded, all rows are staged */
    struct stage_counts counts;
};

struct stager {
    struct stager_options options;
    struct compressor *compressor; /* NULL: chunks are plain */
    struct row_writer rows;
    uint64_t last_row; /* of those put */
    struct load_stage *loads;
    size_t settling; /* finish: the load whose chunks are cleaned */
};

char *
stager_rows_path(const char *run_folder, size_t stream)
{
    return stream == 0
               ? mem_printf("%s/rows/source.rows", run_folder)
               : mem_printf("%s/rows/source-%zu.rows", run_folder, stream);
}

char *
stager_fates_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.fates", run_folder, load_name);
}

char *
stager_duplicates_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.duplicates", run_folder, load_name);
}

static const struct load *
load_of(const struct load_stage *stage)
{
    return stage->options->load;
}

static bool
make_folder(const char *run_folder, const char *name, struct error *err)
{
    char *path = mem_printf("%s/%s", run_folder, name);
    bool done = file_make_folders(path, err);
    free(path);
    return done;
}

/* What an interrupted run has moved to later waves. */
static bool
recall_waves(struct load_stage *stage, const char *run_folder,
             struct error *err)
{
    char *path = waves_record_path(run_folder, load_of(stage)->name);
    bool done =
        !file_exists(path) || waves_record_read(path, &stage->waves, err);
    free(path);
    return done;
}

static uint32_t
staged_chunks(const struct load_stage *stage)
{
    return stage->waves.is_recorded
               ? (uint32_t)(stage->waves.first_count + stage->waves.count)
               : stage->options->staged_chunks;
}

/* Rows that chunks of an interrupted run hold: its index has an entry for
 * each, and one that closes it. */
static void
count_staged(struct load_stage *stage, const char *run_folder)
{
    uint32_t emptied =
        stage->waves.is_all ? (uint32_t)stage->waves.first_count : 0;
    stage->counts.chunks = staged_chunks(stage) - emptied;
    stage->counts.sent -= stage->waves.second_rows;
    for (uint32_t i = emptied + 1; i <= staged_chunks(stage); i++) {
        const struct chunk chunk = {.number = i};
        char *path =
            chunk_path(run_folder, load_of(stage)->name, &chunk, CHUNK_INDEX);
        uint64_t count = file_size(path) / sizeof(struct row_index_entry);
        stage->counts.sent += count ? count - 1 : 0;
        free(path);
    }
}

static bool
open_load(struct stager *stager, size_t index, struct error *err)
{
    struct load_stage *stage = &stager->loads[index];
    const struct stager_options *options = &stager->options;
    stage->options = &options->loads[index];
    const struct load *load = load_of(stage);
    if (!recall_waves(stage, options->run_folder, err)) {
        return false;
    }
    stage->last_row = stage->options->last_row > options->resume.row
                          ? stage->options->last_row
                          : options->resume.row;
    if (stage->waves.is_recorded) {
        stage->last_row = UINT64_MAX;
    }
    stage->staged.row = stage->last_row;
    stage->staged.rows_size = options->resume.rows_size;
    count_staged(stage, options->run_folder);
    char *path = stager_fates_path(options->run_folder, load->name);
    stage->is_open =
        reject_writer_open(&stage->rejects, path, stage->last_row, err);
    free(path);
    if (stage->is_open) {
        chunk_writer_init(&stage->chunks, options->run_folder, load,
                          (uint32_t)index, &stage->options->limits,
                          staged_chunks(stage), stager->compressor);
    }
    return stage->is_open;
}

static bool
open_files(struct stager *stager, struct error *err)
{
    const struct stager_options *options = &stager->options;
    if (!make_folder(options->run_folder, "rows", err) ||
        !make_folder(options->run_folder, "chunks", err) ||
        !file_sync_folder(options->run_folder, err)) {
        return false;
    }
    if (options->gzip) {
        stager->compressor = compressor_open(err);
        if (stager->compressor == NULL) {
            return false;
        }
    }
    char *path = stager_rows_path(options->run_folder, options->stream);
    bool done = row_writer_open(&stager->rows, path, options->resume.rows_size,
                                options->columns, err);
    free(path);
    for (size_t i = 0; done && i < options->load_count; i++) {
        done = open_load(stager, i, err);
    }
    return done;
}

struct stager *
stager_open(const struct stager_options *options, struct error *err)
{
    struct stager *stager = mem_zalloc(sizeof *stager);
    stager->options = *options;
    stager->last_row = options->resume.row;
    stager->loads = mem_array(options->load_count, sizeof *stager->loads);
    if (!open_files(stager, err)) {
        stager_close(stager);
        return NULL;
    }
    return stager;
}

static struct stage_mark
mark_of(const struct stager *stager, const struct load_stage *stage)
{
    if (stage->chunks.chunk.rows > 0 || stage->last_row > stager->last_row) {
        return stage->staged;
    }
    return (struct stage_mark){.row = stager->last_row,
                               .rows_size = row_writer_size(&stager->rows)};
}

bool
stager_sync(struct stager *stager, struct stage_mark *mark, struct error *err)
{
    uint64_t size = row_writer_size(&stager->rows);
    *mark = (struct stage_mark){stager->last_row, size, stager->last_row, size};
    bool done = row_writer_sync(&stager->rows, err);
    for (size_t i = 0; done && i < stager->options.load_count; i++) {
        struct stage_mark own = mark_of(stager, &stager->loads[i]);
        if (own.row < mark->row) {
            mark->row = own.row;
            mark->rows_size = own.rows_size;
        }
        done = reject_writer_sync(&stager->loads[i].rejects, err);
    }
    return done;
}

static bool
tell(struct stager *stager, const struct chunk *chunk, struct error *err)
{
    struct stage_mark mark;
    return stager_sync(stager, &mark, err) &&
           stager->options.on_staged(stager->options.cookie, chunk, &mark, err);
}

static bool
finish_chunk(struct stager *stager, struct load_stage *stage, struct error *err)
{
    struct chunk chunk;
    if (!chunk_writer_finish(&stage->chunks, &chunk, err)) {
        return false;
    }
    if (chunk.rows == 0) {
        return true;
    }
    stage->counts.chunks++;
    stage->counts.bytes += chunk.bytes;
    return tell(stager, &chunk, err);
}

/* Which of its values SOAP can't carry. */
static bool
reject_not_xml(struct load_stage *stage, const struct record *record,
               struct error *err)
{
    const struct load *load = stage->chunks.load;
    char reason[400] = "";
    for (size_t i = 0; i < load->column_count && reason[0] == '\0'; i++) {
        unsigned found = chunk_writer_not_xml(record->fields[i]);
        if (found != 0) {
            snprintf(reason, sizeof reason,
                     "'%.200s' holds the character U+%04X, which SOAP can't "
                     "carry; take it out with a formula, or load by 'api: "
                     "bulk2'",
                     load->columns[i].name, found == UINT_MAX ? 0 : found);
        }
    }
    return reject_writer_reject(&stage->rejects, record->row, "xml-character",
                                reason, err);
}

static bool
put_good(struct stager *stager, struct load_stage *stage,
         const struct record *record, struct error *err)
{
    struct chunk_writer *chunks = &stage->chunks;
    struct stage_mark before = mark_of(stager, stage);
    enum chunk_put put = chunk_writer_put(chunks, record, err);
    if (put == CHUNK_FULL) {
        if (!finish_chunk(stager, stage, err)) {
            return false;
        }
        before = mark_of(stager, stage);
        put = chunk_writer_put(chunks, record, err);
    }
    if (put == CHUNK_ADDED) {
        stage->staged = before;
        stage->counts.sent++;
        return true;
    }
    if (put == CHUNK_ROW_NOT_XML) {
        return reject_not_xml(stage, record, err);
    }
    return put == CHUNK_ROW_TOO_LONG &&
           reject_writer_reject(&stage->rejects, record->row, "row-too-long",
                                "the row is longer than the org takes in one "
                                "record or chunk",
                                err);
}

static bool
put_record(struct stager *stager, struct load_stage *stage,
           const struct record *record, struct error *err)
{
    if (record->row <= stage->last_row) {
        return true;
    }
    return record->fate == RECORD_GOOD
               ? put_good(stager, stage, record, err)
               : reject_writer_put(&stage->rejects, record, err);
}

bool
stager_put(struct stager *stager, const struct batch *source,
           const struct batch *mapped, struct error *err)
{
    for (size_t i = 0; i < source->count; i++) {
        const struct record *row = &source->records[i];
        if (row->row <= stager->options.resume.row) {
            continue;
        }
        /* A chunk that ends here is told with all rows before this one. */
        for (size_t load = 0; load < stager->options.load_count; load++) {
            if (!put_record(stager, &stager->loads[load],
                            &mapped[load].records[i], err)) {
                return false;
            }
        }
        if (!row_writer_put(&stager->rows, row, err)) {
            return false;
        }
        stager->last_row = row->row;
    }
    return true;
}

static bool
on_settled(void *cookie, const struct chunk *chunk, struct error *err)
{
    return tell(cookie, chunk, err);
}

static bool
settle(struct stager *stager, size_t index, struct error *err)
{
    struct load_stage *stage = &stager->loads[index];
    const struct settle settle = {
        .run_folder = stager->options.run_folder,
        .stream = stager->options.stream,
        .load = load_of(stage),
        .limits = stage->options->limits,
        .load_index = (uint32_t)index,
        .chunk_count = stage->chunks.chunk.number,
        .compressor = stager->compressor,
        .rows_size = row_writer_size(&stager->rows),
        .sort_memory = stager->options.sort_memory,
        .last_row = stage->last_row,
        .tell = on_settled,
        .cookie = stager,
    };
    return settle_load(&settle, &stage->waves, &stage->counts, err);
}

bool
stager_finish(struct stager *stager, uint64_t *rows_size, struct error *err)
{
    size_t load_count = stager->options.load_count;
    for (size_t i = 0; i < load_count; i++) {
        if (!finish_chunk(stager, &stager->loads[i], err)) {
            return false;
        }
    }
    struct stage_mark mark;
    if (!stager_sync(stager, &mark, err)) {
        return false;
    }
    *rows_size = row_writer_size(&stager->rows);
    for (size_t i = 0; i < load_count; i++) {
        if (!settle(stager, i, err)) {
            return false;
        }
    }
    return true;
}

struct stage_counts
stager_counts(const struct stager *stager, size_t load)
{
    const struct load_stage *stage = &stager->loads[load];
    struct stage_counts counts = stage->counts;
    counts.rejected += stage->rejects.rejected;
    counts.skipped += stage->rejects.skipped;
    counts.line_ends_changed = stage->chunks.line_ends_changed;
    if (stage->waves.is_all) {
        counts.waves = stage->waves.wave_count;
        counts.second_rows = stage->waves.second_rows;
        counts.is_grouped = stage->waves.is_grouped != 0;
    }
    counts.rows = counts.sent + counts.rejected + counts.skipped;
    return counts;
}

void
stager_close(struct stager *stager)
{
    if (stager == NULL) {
        return;
    }
    for (size_t i = 0; i < stager->options.load_count; i++) {
        if (stager->loads[i].is_open) {
            chunk_writer_release(&stager->loads[i].chunks);
        }
        reject_writer_close(&stager->loads[i].rejects);
        waves_record_release(&stager->loads[i].waves);
    }
    compressor_close(stager->compressor);
    row_writer_close(&stager->rows);
    free(stager->loads);
    free(stager);
}
