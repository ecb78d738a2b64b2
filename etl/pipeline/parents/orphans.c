/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/orphans.h"

#include "base/mem.h"
#include "base/spill_sort.h"
#include "results/outcome_merge.h"
#include "stage/duplicates.h"
#include "stage/stager.h"

#include <stdlib.h>

#define SORT_MEMORY ((size_t)2 << 20) /* each of two */
#define CODE "parent-failed"

struct finding {
    const struct orphans_search *search;
    char *folder;                 /* for what is sorted and merged */
    struct spill_sort *by_winner; /* winner, duplicate */
    struct spill_sort *by_loser;  /* duplicate, winner: those that failed */
    uint64_t loser_count;
    struct arena arena; /* of one message */
};

char *
orphans_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.orphans", run_folder, load_name);
}

static enum outcome_fate
fate_of(const struct finding *finding, const struct outcome *outcome)
{
    return outcome->fate == OUTCOME_IN_DOUBT ? finding->search->in_doubt_as
                                             : outcome->fate;
}

static bool
has_failed(const struct finding *finding, const struct outcome *outcome)
{
    enum outcome_fate fate = fate_of(finding, outcome);
    return fate != OUTCOME_SUCCEEDED &&
           (fate != OUTCOME_SKIPPED || slice_is(outcome->code, CODE));
}

static bool
sort_duplicate(struct finding *finding, const struct outcome *outcome,
               struct error *err)
{
    struct spill_entry pair = {{0, outcome->row}, 0};
    if (duplicates_winner(outcome, &pair.key[0])) {
        return spill_sort_add(finding->by_winner, &pair, err);
    }
    /* Rows of an insert in a cycle of parents stand there, too. */
    return slice_is(outcome->code, "parent-cycle") ||
           error_set(err, ERROR_INTERNAL, 0,
                     "nothing says which row is sent instead of row %llu",
                     (unsigned long long)outcome->row);
}

static bool
sort_duplicates(struct finding *finding, const char *path, struct error *err)
{
    struct outcome_reader reader;
    if (!outcome_reader_open(&reader, path, err)) {
        return false;
    }
    struct outcome outcome;
    enum file_status status;
    bool done = true;
    while (done && (status = outcome_reader_next(&reader, &outcome, err)) ==
                       FILE_BYTES) {
        done = sort_duplicate(finding, &outcome, err);
    }
    outcome_reader_close(&reader);
    return done && status == FILE_END &&
           spill_sort_finish(finding->by_winner, err);
}

/* Of the duplicates, those whose winner failed. Both ascend by winner. */
static bool
judge_duplicates(struct finding *finding, struct outcome_merge *merge,
                 struct error *err)
{
    struct spill_entry pair;
    struct outcome outcome = {.row = 0};
    enum file_status status = FILE_BYTES;
    enum spill_status more = spill_sort_next(finding->by_winner, &pair, err);
    bool done = true;
    while (done && more == SPILL_ENTRY && status == FILE_BYTES) {
        if (outcome.row < pair.key[0]) {
            status = outcome_merge_next(merge, &outcome, err);
            continue;
        }
        if (outcome.row == pair.key[0] && has_failed(finding, &outcome)) {
            const struct spill_entry loser = {{pair.key[1], pair.key[0]}, 0};
            finding->loser_count++;
            done = spill_sort_add(finding->by_loser, &loser, err);
        }
        more = spill_sort_next(finding->by_winner, &pair, err);
    }
    return done && more != SPILL_FAILED && status != FILE_FAILED;
}

static struct outcome_merge *
open_parent(const struct finding *finding, struct error *err)
{
    return outcome_merge_open(finding->search->parent_parts,
                              finding->search->parent_part_count,
                              finding->folder, err);
}

static bool
find_losers(struct finding *finding, struct error *err)
{
    const struct orphans_search *search = finding->search;
    char *path =
        stager_duplicates_path(search->run_folder, search->parent->name);
    bool done = true;
    if (file_exists(path)) {
        struct outcome_merge *merge = open_parent(finding, err);
        done = merge != NULL && sort_duplicates(finding, path, err) &&
               judge_duplicates(finding, merge, err);
        outcome_merge_close(merge);
    }
    free(path);
    return done && spill_sort_finish(finding->by_loser, err);
}

static bool
put(struct finding *finding, struct outcome_writer *writer, uint64_t row,
    struct slice message, struct error *err)
{
    const struct outcome outcome = {
        .row = row,
        .fate = OUTCOME_SKIPPED,
        .code = SLICE_LITERAL(CODE),
        .message = message,
    };
    bool done = outcome_writer_put(writer, &outcome, err);
    arena_reset(&finding->arena);
    return done;
}

static bool
put_orphan(struct finding *finding, struct outcome_writer *writer,
           const struct outcome *parent, struct error *err)
{
    static const char *const what[OUTCOME_FATE_COUNT] = {
        [OUTCOME_SUCCEEDED] = "was loaded",
        [OUTCOME_FAILED] = "failed",
        [OUTCOME_REJECTED] = "was rejected",
        [OUTCOME_SKIPPED] = "was skipped",
        [OUTCOME_UNPROCESSED] = "was not processed",
        [OUTCOME_IN_DOUBT] = "may not have been loaded",
    };
    struct slice message = arena_printf(
        &finding->arena, "its %s %s: %.*s", finding->search->parent->name,
        what[fate_of(finding, parent)], SLICE_ARGS(parent->message));
    return put(finding, writer, parent->row, message, err);
}

static bool
put_loser(struct finding *finding, struct outcome_writer *writer,
          const struct spill_entry *loser, struct error *err)
{
    struct slice message = arena_printf(
        &finding->arena, "its %s, that of row %llu, was not loaded",
        finding->search->parent->name, (unsigned long long)loser->key[1]);
    return put(finding, writer, loser->key[0], message, err);
}

/* The rows that the load itself has rejected or skipped, one ahead. */
struct decided {
    struct outcome_merge *merge;
    uint64_t row; /* UINT64_MAX: none left */
};

static bool
is_decided(struct decided *decided, uint64_t row, bool *is, struct error *err)
{
    while (decided->row < row) {
        struct outcome outcome;
        enum file_status status =
            outcome_merge_next(decided->merge, &outcome, err);
        if (status == FILE_FAILED) {
            return false;
        }
        decided->row = status == FILE_BYTES ? outcome.row : UINT64_MAX;
    }
    *is = decided->row == row;
    return true;
}

static bool
write_rows(struct finding *finding, struct outcome_merge *parents,
           struct decided *decided, struct outcome_writer *writer,
           struct error *err)
{
    struct outcome parent;
    struct spill_entry loser;
    enum spill_status more = spill_sort_next(finding->by_loser, &loser, err);
    enum file_status status;
    bool done = more != SPILL_FAILED;
    while (done &&
           (status = outcome_merge_next(parents, &parent, err)) == FILE_BYTES) {
        uint64_t winner;
        bool is_duplicate = duplicates_winner(&parent, &winner), known = false;
        bool is_loser =
            is_duplicate && more == SPILL_ENTRY && loser.key[0] == parent.row;
        bool goes = is_duplicate ? is_loser : has_failed(finding, &parent);
        done = !goes || is_decided(decided, parent.row, &known, err);
        if (done && goes && !known) {
            done = is_loser ? put_loser(finding, writer, &loser, err)
                            : put_orphan(finding, writer, &parent, err);
        }
        if (done && is_loser) {
            more = spill_sort_next(finding->by_loser, &loser, err);
            done = more != SPILL_FAILED;
        }
    }
    return done && status == FILE_END;
}

/* The load's own fates, in one order. */
static bool
open_decided(const struct finding *finding, char *paths[2],
             struct result_part *parts, struct decided *decided,
             struct error *err)
{
    const struct orphans_search *search = finding->search;
    paths[0] = stager_fates_path(search->run_folder, search->load->name);
    paths[1] = stager_duplicates_path(search->run_folder, search->load->name);
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        if (file_exists(paths[i])) {
            parts[count++] = (struct result_part){.path = paths[i]};
        }
    }
    decided->merge = outcome_merge_open(parts, count, finding->folder, err);
    return decided->merge != NULL;
}

static bool
write_file(struct finding *finding, uint64_t *count, struct error *err)
{
    const struct orphans_search *search = finding->search;
    char *path = orphans_path(search->run_folder, search->load->name);
    char *own_paths[2] = {NULL, NULL};
    struct result_part own_parts[2];
    struct decided decided = {.row = 0};
    struct outcome_writer writer = {.file = {.fd = -1}};
    struct outcome_merge *parents = open_parent(finding, err);
    bool done = parents != NULL &&
                open_decided(finding, own_paths, own_parts, &decided, err) &&
                outcome_writer_open(&writer, path, err) &&
                write_rows(finding, parents, &decided, &writer, err) &&
                outcome_writer_commit(&writer, err);
    *count = writer.counts[OUTCOME_SKIPPED];
    outcome_writer_close(&writer);
    outcome_merge_close(decided.merge);
    outcome_merge_close(parents);
    free(own_paths[0]);
    free(own_paths[1]);
    free(path);
    return done;
}

bool
orphans_find(const struct orphans_search *search, uint64_t *count,
             struct error *err)
{
    struct finding finding = {
        .search = search,
        .folder = mem_printf("%s/rows", search->run_folder),
    };
    finding.by_winner = spill_sort_new(finding.folder, SORT_MEMORY);
    finding.by_loser = spill_sort_new(finding.folder, SORT_MEMORY);
    bool done = find_losers(&finding, err) && write_file(&finding, count, err);
    spill_sort_free(finding.by_winner);
    spill_sort_free(finding.by_loser);
    arena_release(&finding.arena);
    free(finding.folder);
    return done;
}
