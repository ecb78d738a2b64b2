/* SPDX-License-Identifier: Apache-2.0 */
#include "results/outcome_merge.h"

#include "base/mem.h"

#include <stdlib.h>

struct part {
    const char *path;
    char *owned_path; /* of a merged file, removed with the part */
    uint32_t attempt;
    uint32_t level; /* times that its rows were merged before */
    uint64_t first_row;
    struct outcome_reader reader;
    struct outcome head; /* the next to be given */
};

struct outcome_merge {
    const char *folder;
    /* Not begun yet, by first row; from waiting on. */
    struct part **parts;
    size_t part_count, waiting;
    /* Open ones: a heap, the lowest row and of it the highest attempt on
     * top. */
    struct part **heap;
    size_t open_count, heap_size;
    bool lent; /* the top's head was given out */
    unsigned merged_count;
    struct row_faults doubled;
};

void
outcome_merge_add_fault(struct row_faults *faults, uint64_t row)
{
    if (faults->count < ROW_FAULTS_SHOWN) {
        faults->rows[faults->count] = row;
    }
    faults->count++;
}

static void
free_part(struct part *part)
{
    struct error ignored = {0};
    outcome_reader_close(&part->reader);
    if (part->owned_path != NULL) {
        file_remove_tree(part->owned_path, &ignored);
    }
    free(part->owned_path);
    free(part);
}

static bool
comes_before(const struct part *a, const struct part *b)
{
    return a->head.row != b->head.row ? a->head.row < b->head.row
                                      : a->attempt > b->attempt;
}

static void
sift_down(struct outcome_merge *merge, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
            if (child < merge->open_count &&
                comes_before(merge->heap[child], merge->heap[least])) {
                least = child;
            }
        }
        if (least == at) {
            return;
        }
        struct part *swapped = merge->heap[at];
        merge->heap[at] = merge->heap[least];
        merge->heap[least] = swapped;
        at = least;
    }
}

static void
push(struct outcome_merge *merge, struct part *part)
{
    if (merge->open_count == merge->heap_size) {
        merge->heap_size = merge->heap_size ? merge->heap_size * 2 : 16;
        merge->heap = mem_realloc_array(merge->heap, merge->heap_size,
                                        sizeof(struct part *));
    }
    size_t at = merge->open_count++;
    while (at > 0 && comes_before(part, merge->heap[(at - 1) / 2])) {
        merge->heap[at] = merge->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    merge->heap[at] = part;
}

/* The part's next outcome into its head. */
static enum file_status
read_head(struct part *part, struct error *err)
{
    uint64_t before = part->head.row;
    enum file_status status =
        outcome_reader_next(&part->reader, &part->head, err);
    if (status == FILE_BYTES && part->head.row <= before) {
        error_set(err, ERROR_INTERNAL, 0,
                  "'%s' is damaged: row %llu comes after row %llu", part->path,
                  (unsigned long long)part->head.row,
                  (unsigned long long)before);
        return FILE_FAILED;
    }
    return status;
}

/* Moves the top on to its next row, or out of the heap at its end. */
static bool
advance_top(struct outcome_merge *merge, struct error *err)
{
    struct part *top = merge->heap[0];
    enum file_status status = read_head(top, err);
    if (status == FILE_FAILED) {
        return false;
    }
    if (status == FILE_END) {
        free_part(top);
        merge->heap[0] = merge->heap[--merge->open_count];
    }
    sift_down(merge, 0);
    return true;
}

/* Past the row that was given out, in all parts that name it. */
static bool
pass_lent_row(struct outcome_merge *merge, struct error *err)
{
    if (!merge->lent) {
        return true;
    }
    merge->lent = false;
    uint64_t row = merge->heap[0]->head.row;
    uint32_t attempt = merge->heap[0]->attempt;
    bool done = advance_top(merge, err);
    while (done && merge->open_count > 0 && merge->heap[0]->head.row == row) {
        if (merge->heap[0]->attempt == attempt) {
            outcome_merge_add_fault(&merge->doubled, row);
        }
        attempt = merge->heap[0]->attempt;
        done = advance_top(merge, err);
    }
    return done;
}

/* What made the record says so; a later attempt that found it made has
 * updated it. The others of a row stand below the top of the heap. */
static bool
was_created(const struct outcome_merge *merge)
{
    uint64_t row = merge->heap[0]->head.row;
    bool created = merge->heap[0]->head.created;
    bool alone = (merge->open_count < 2 || merge->heap[1]->head.row != row) &&
                 (merge->open_count < 3 || merge->heap[2]->head.row != row);
    for (size_t i = 1; !alone && !created && i < merge->open_count; i++) {
        created =
            merge->heap[i]->head.row == row && merge->heap[i]->head.created;
    }
    return created;
}

static enum file_status
give_top(struct outcome_merge *merge, struct outcome *outcome)
{
    if (merge->open_count == 0) {
        return FILE_END;
    }
    *outcome = merge->heap[0]->head;
    outcome->created = outcome->fate == OUTCOME_SUCCEEDED && was_created(merge);
    merge->lent = true;
    return FILE_BYTES;
}

/* The attempt and level that most open parts share. */
static size_t
largest_group(const struct outcome_merge *merge, uint32_t *attempt,
              uint32_t *level)
{
    size_t most = 0;
    for (size_t i = 0; i < merge->open_count; i++) {
        const struct part *part = merge->heap[i];
        size_t count = 0;
        for (size_t k = 0; k < merge->open_count; k++) {
            count += merge->heap[k]->attempt == part->attempt &&
                     merge->heap[k]->level == part->level;
        }
        if (count > most) {
            most = count;
            *attempt = part->attempt;
            *level = part->level;
        }
    }
    return most;
}

static bool
open_merged(struct outcome_merge *merge, char *path, uint32_t attempt,
            uint32_t level, struct error *err)
{
    struct part *part = mem_zalloc(sizeof *part);
    part->path = part->owned_path = path;
    part->attempt = attempt;
    part->level = level;
    if (!outcome_reader_open(&part->reader, path, err) ||
        read_head(part, err) != FILE_BYTES) {
        free_part(part);
        return false;
    }
    push(merge, part);
    return true;
}

/* All that the group still has, into one file. */
static bool
write_group(struct outcome_merge *group, const char *path, struct error *err)
{
    struct outcome_writer writer;
    struct outcome outcome;
    uint64_t size;
    if (!outcome_writer_open_append(&writer, path, 0, err)) {
        return false;
    }
    bool done = true;
    while (done && give_top(group, &outcome) == FILE_BYTES) {
        done = outcome_writer_put(&writer, &outcome, err) &&
               pass_lent_row(group, err);
    }
    done = done && outcome_writer_sync(&writer, &size, err);
    outcome_writer_close(&writer);
    return done;
}

static bool
merge_group(struct outcome_merge *merge, uint32_t attempt, uint32_t level,
            struct error *err)
{
    struct outcome_merge group = {.doubled = merge->doubled};
    size_t kept = 0;
    for (size_t i = 0; i < merge->open_count; i++) {
        struct part *part = merge->heap[i];
        if (part->attempt == attempt && part->level == level) {
            push(&group, part);
        } else {
            merge->heap[kept++] = part;
        }
    }
    merge->open_count = kept;
    for (size_t i = kept; i-- > 0;) {
        sift_down(merge, i);
    }
    char *path = mem_printf("%s/merged-%u.outcomes", merge->folder,
                            ++merge->merged_count);
    bool done = write_group(&group, path, err);
    merge->doubled = group.doubled;
    for (size_t i = 0; i < group.open_count; i++) {
        free_part(group.heap[i]);
    }
    free(group.heap);
    if (!done) {
        struct error ignored = {0};
        file_remove_tree(path, &ignored);
        free(path);
        return false;
    }
    return open_merged(merge, path, attempt, level + 1, err);
}

static bool
make_room(struct outcome_merge *merge, struct error *err)
{
    uint32_t attempt = 0, level = 0;
    if (merge->open_count < OUTCOME_MERGE_OPEN_LIMIT ||
        largest_group(merge, &attempt, &level) < 2) {
        return true;
    }
    return merge_group(merge, attempt, level, err);
}

/* Opens what has a row at or before the lowest at hand. */
static bool
open_due(struct outcome_merge *merge, struct error *err)
{
    while (merge->waiting < merge->part_count) {
        struct part *part = merge->parts[merge->waiting];
        if (merge->open_count > 0 &&
            part->first_row > merge->heap[0]->head.row) {
            return true;
        }
        if (!make_room(merge, err) ||
            !outcome_reader_open(&part->reader, part->path, err) ||
            read_head(part, err) != FILE_BYTES) {
            return false;
        }
        merge->waiting++;
        push(merge, part);
    }
    return true;
}

enum file_status
outcome_merge_next(struct outcome_merge *merge, struct outcome *outcome,
                   struct error *err)
{
    if (!pass_lent_row(merge, err) || !open_due(merge, err)) {
        return FILE_FAILED;
    }
    return give_top(merge, outcome);
}

/* Learns a file's first row; an empty one is left out. */
static bool
add_part(struct outcome_merge *merge, const struct result_part *from,
         struct error *err)
{
    struct part *part = mem_zalloc(sizeof *part);
    part->path = from->path;
    part->attempt = from->attempt;
    enum file_status status =
        outcome_reader_open(&part->reader, part->path, err)
            ? outcome_reader_next(&part->reader, &part->head, err)
            : FILE_FAILED;
    outcome_reader_close(&part->reader);
    if (status != FILE_BYTES) {
        free_part(part);
        return status == FILE_END;
    }
    part->first_row = part->head.row;
    part->head = (struct outcome){0};
    merge->parts[merge->part_count++] = part;
    return true;
}

static int
compare_first_rows(const void *a, const void *b)
{
    const struct part *const *of_a = a, *const *of_b = b;
    return ((*of_a)->first_row > (*of_b)->first_row) -
           ((*of_a)->first_row < (*of_b)->first_row);
}

struct outcome_merge *
outcome_merge_open(const struct result_part *parts, size_t count,
                   const char *folder, struct error *err)
{
    struct outcome_merge *merge = mem_zalloc(sizeof *merge);
    merge->folder = folder;
    merge->parts = mem_array(count, sizeof(struct part *));
    for (size_t i = 0; i < count; i++) {
        if (!add_part(merge, &parts[i], err)) {
            outcome_merge_close(merge);
            return NULL;
        }
    }
    qsort(merge->parts, merge->part_count, sizeof(struct part *),
          compare_first_rows);
    return merge;
}

const struct row_faults *
outcome_merge_doubled(const struct outcome_merge *merge)
{
    return &merge->doubled;
}

void
outcome_merge_close(struct outcome_merge *merge)
{
    if (merge == NULL) {
        return;
    }
    for (size_t i = 0; i < merge->open_count; i++) {
        free_part(merge->heap[i]);
    }
    for (size_t i = merge->waiting; i < merge->part_count; i++) {
        free_part(merge->parts[i]);
    }
    free(merge->heap);
    free(merge->parts);
    free(merge);
}
