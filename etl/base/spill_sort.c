/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spill_sort.h"

#include "base/file.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
#define INSERTION_LIMIT 32 /* larger groups go to qsort */
#define ENTRIES_LEAST 64   /* gathered at once, whatever memory there is */
/* More runs than this are merged in passes: each then still reads at least
 * MEMORY / 64 at a time. */
#define MERGE_WIDTH 64

/* A sorted stretch of the spill file, and the part of it in memory. */
struct run {
    uint64_t offset, count; /* bytes; entries not yet read */
    struct spill_entry *window;
    size_t next, filled;
};

struct spill_sort {
    char *folder;
    struct spill_entry *entries; /* the second half is for sorting */
    size_t capacity, count;      /* of the first half */
    int fd;                      /* of the file that is read, or gathered in */
    uint64_t file_size;
    struct run *runs;
    size_t run_count, run_capacity;
    struct run **heap; /* the run with the least head first */
    size_t heap_count;
    size_t next; /* of entries, when nothing was spilled */
};

static int
compare(const struct spill_entry *a, const struct spill_entry *b)
{
    if (a->key[0] != b->key[0]) {
        return a->key[0] < b->key[0] ? -1 : 1;
    }
    if (a->key[1] != b->key[1]) {
        return a->key[1] < b->key[1] ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static int
compare_for_qsort(const void *a, const void *b)
{
    return compare(a, b);
}

static void
insertion_sort(struct spill_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct spill_entry entry = entries[i];
        size_t j = i;
        for (; j > 0 && compare(&entry, &entries[j - 1]) < 0; j--) {
            entries[j] = entries[j - 1];
        }
        entries[j] = entry;
    }
}

/* Entries whose upper bits are equal. Many of them have one key and came in
 * the order of their rows: these are sorted already. */
static void
sort_group(struct spill_entry *entries, size_t count)
{
    size_t sorted = 1;
    while (sorted < count &&
           compare(&entries[sorted - 1], &entries[sorted]) <= 0) {
        sorted++;
    }
    if (sorted >= count) {
        return;
    }
    if (count <= INSERTION_LIMIT) {
        insertion_sort(entries, count);
    } else {
        qsort(entries, count, sizeof *entries, compare_for_qsort);
    }
}

static void
radix_pass(const struct spill_entry *from, struct spill_entry *to, size_t count,
           unsigned shift)
{
    size_t places[DIGITS] = {0};
    for (size_t i = 0; i < count; i++) {
        places[from[i].key[0] >> shift & (DIGITS - 1)]++;
    }
    size_t place = 0;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        size_t digit_count = places[digit];
        places[digit] = place;
        place += digit_count;
    }
    for (size_t i = 0; i < count; i++) {
        to[places[from[i].key[0] >> shift & (DIGITS - 1)]++] = from[i];
    }
}

/*
 * The two highest digits in which keys differ, least first, then what still
 * shares both. spare is as large as entries; the result is in entries.
 */
static void
sort_entries(struct spill_entry *entries, struct spill_entry *spare,
             size_t count)
{
    uint64_t differing = 0;
    for (size_t i = 1; i < count; i++) {
        differing |= entries[i].key[0] ^ entries[0].key[0];
    }
    unsigned bits = differing ? 64 - (unsigned)__builtin_clzll(differing) : 0;
    unsigned shift = bits > 2 * DIGIT_BITS ? bits - 2 * DIGIT_BITS : 0;
    if (bits > 0) {
        radix_pass(entries, spare, count, shift);
        radix_pass(spare, entries, count, shift + DIGIT_BITS);
    }
    size_t begin = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i == count ||
            entries[i].key[0] >> shift != entries[begin].key[0] >> shift) {
            sort_group(entries + begin, i - begin);
            begin = i;
        }
    }
}

struct spill_sort *
spill_sort_new(const char *folder, size_t memory_size)
{
    struct spill_sort *sort = mem_zalloc(sizeof *sort);
    sort->folder = mem_strdup(folder);
    sort->fd = -1;
    sort->capacity = memory_size / 2 / sizeof *sort->entries;
    if (sort->capacity < ENTRIES_LEAST) {
        sort->capacity = ENTRIES_LEAST;
    }
    return sort;
}

/* Removed as soon as it is open: no kill leaves it behind. */
static int
open_spill_file(const char *folder, struct error *err)
{
    char *path = mem_printf("%s/sort-XXXXXX", folder);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        error_set_errno(err, "cannot create '%s'", path);
    } else if (unlink(path) != 0) {
        error_set_errno(err, "cannot remove '%s'", path);
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

static void
add_run(struct spill_sort *sort, uint64_t count)
{
    if (sort->run_count == sort->run_capacity) {
        sort->run_capacity = sort->run_capacity ? sort->run_capacity * 2 : 16;
        sort->runs = mem_realloc_array(sort->runs, sort->run_capacity,
                                       sizeof *sort->runs);
    }
    sort->runs[sort->run_count++] =
        (struct run){.offset = sort->file_size, .count = count};
    sort->file_size += count * sizeof(struct spill_entry);
}

static bool
write_entries(int fd, const struct spill_sort *sort,
              const struct spill_entry *entries, size_t count,
              struct error *err)
{
    if (!file_write_all(fd, entries, count * sizeof *entries)) {
        return error_set_errno(err, "cannot write a sort file in '%s'",
                               sort->folder);
    }
    return true;
}

static bool
spill(struct spill_sort *sort, struct error *err)
{
    if (sort->fd < 0) {
        sort->fd = open_spill_file(sort->folder, err);
    }
    sort_entries(sort->entries, sort->entries + sort->capacity, sort->count);
    if (sort->fd < 0 ||
        !write_entries(sort->fd, sort, sort->entries, sort->count, err)) {
        return false;
    }
    add_run(sort, sort->count);
    sort->count = 0;
    return true;
}

bool
spill_sort_add(struct spill_sort *sort, const struct spill_entry *entry,
               struct error *err)
{
    if (sort->entries == NULL) {
        sort->entries =
            mem_realloc_array(NULL, 2 * sort->capacity, sizeof *sort->entries);
    }
    if (sort->count == sort->capacity && !spill(sort, err)) {
        return false;
    }
    sort->entries[sort->count++] = *entry;
    return true;
}

/* False at the end of the run, and with err set when it can't be read. */
static bool
fill_window(struct spill_sort *sort, struct run *run, size_t window_count,
            struct error *err)
{
    size_t count =
        run->count < window_count ? (size_t)run->count : window_count;
    if (count == 0) {
        return false;
    }
    size_t size = count * sizeof *run->window;
    ssize_t got = file_read_at(sort->fd, run->window, size, run->offset);
    if (got < 0) {
        return error_set_errno(err, "cannot read a sort file in '%s'",
                               sort->folder);
    }
    if ((size_t)got < size) {
        return error_set(err, ERROR_SYSTEM, 0,
                         "a sort file in '%s' is cut short", sort->folder);
    }
    run->offset += size;
    run->count -= count;
    run->next = 0;
    run->filled = count;
    return true;
}

static bool
is_before(const struct run *a, const struct run *b)
{
    return compare(&a->window[a->next], &b->window[b->next]) < 0;
}

static void
sift_down(struct spill_sort *sort, size_t at)
{
    struct run **heap = sort->heap, *run = heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < sort->heap_count &&
            is_before(heap[child + 1], heap[child])) {
            child++;
        }
        if (child >= sort->heap_count || !is_before(heap[child], run)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = run;
}

static size_t
window_size(const struct spill_sort *sort)
{
    return 2 * sort->capacity / (MERGE_WIDTH + 1);
}

/* The runs from first on share the memory; one share is left for output. */
static bool
begin_merge(struct spill_sort *sort, size_t first, size_t count,
            struct error *err)
{
    sort->heap_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct run *run = &sort->runs[first + i];
        run->window = sort->entries + i * window_size(sort);
        if (fill_window(sort, run, window_size(sort), err)) {
            sort->heap[sort->heap_count++] = run;
        }
    }
    for (size_t i = sort->heap_count / 2; i-- > 0;) {
        sift_down(sort, i);
    }
    return err->kind == ERROR_NONE;
}

static enum spill_status
next_merged(struct spill_sort *sort, struct spill_entry *entry,
            struct error *err)
{
    if (sort->heap_count == 0) {
        return SPILL_END;
    }
    struct run *run = sort->heap[0];
    *entry = run->window[run->next++];
    if (run->next == run->filled &&
        !fill_window(sort, run, window_size(sort), err)) {
        if (err->kind != ERROR_NONE) {
            return SPILL_FAILED;
        }
        sort->heap[0] = sort->heap[--sort->heap_count];
    }
    if (sort->heap_count > 0) {
        sift_down(sort, 0);
    }
    return SPILL_ENTRY;
}

static bool
merge_into(struct spill_sort *sort, int fd, uint64_t *written,
           struct error *err)
{
    struct spill_entry *out = sort->entries + MERGE_WIDTH * window_size(sort);
    size_t filled = 0;
    for (;;) {
        enum spill_status status = next_merged(sort, &out[filled], err);
        filled += status == SPILL_ENTRY;
        if (status == SPILL_FAILED) {
            return false;
        }
        if (filled == window_size(sort) || status == SPILL_END) {
            if (!write_entries(fd, sort, out, filled, err)) {
                return false;
            }
            *written += filled;
            filled = 0;
        }
        if (status == SPILL_END) {
            return true;
        }
    }
}

/* Merges each MERGE_WIDTH runs into one, in a new file. */
static bool
merge_pass(struct spill_sort *sort, struct error *err)
{
    int fd = open_spill_file(sort->folder, err);
    if (fd < 0) {
        return false;
    }
    size_t run_count = sort->run_count;
    sort->run_count = 0;
    sort->file_size = 0;
    bool done = true;
    for (size_t first = 0; done && first < run_count; first += MERGE_WIDTH) {
        size_t left = run_count - first;
        uint64_t written = 0;
        done = begin_merge(sort, first, left < MERGE_WIDTH ? left : MERGE_WIDTH,
                           err) &&
               merge_into(sort, fd, &written, err);
        /* Never ahead of the runs that are still to be read. */
        add_run(sort, written);
    }
    close(sort->fd);
    sort->fd = fd;
    return done;
}

bool
spill_sort_finish(struct spill_sort *sort, struct error *err)
{
    if (sort->run_count == 0) {
        if (sort->count > 0) {
            sort_entries(sort->entries, sort->entries + sort->capacity,
                         sort->count);
        }
        return true;
    }
    if (sort->count > 0 && !spill(sort, err)) {
        return false;
    }
    sort->heap = mem_array(MERGE_WIDTH, sizeof(struct run *));
    while (sort->run_count > MERGE_WIDTH) {
        if (!merge_pass(sort, err)) {
            return false;
        }
    }
    return begin_merge(sort, 0, sort->run_count, err);
}

enum spill_status
spill_sort_next(struct spill_sort *sort, struct spill_entry *entry,
                struct error *err)
{
    if (sort->run_count > 0) {
        return next_merged(sort, entry, err);
    }
    if (sort->next == sort->count) {
        return SPILL_END;
    }
    *entry = sort->entries[sort->next++];
    return SPILL_ENTRY;
}

void
spill_sort_free(struct spill_sort *sort)
{
    if (sort == NULL) {
        return;
    }
    if (sort->fd >= 0) {
        close(sort->fd);
    }
    free(sort->folder);
    free(sort->entries);
    free(sort->runs);
    free(sort->heap);
    free(sort);
}
