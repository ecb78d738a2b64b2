/* SPDX-License-Identifier: Apache-2.0 */
#include "model/row_index.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>

_Static_assert(sizeof(struct row_index_entry) == 24, "no padding in the file");

#define TRAILER_MARK UINT64_C(0x7866646e49776f52) /* "RowIndfx" */
#define MIX UINT64_C(0x9e3779b97f4a7c15) /* 2^64 over the golden ratio */

/* Guards against a damaged disk, not against an attacker: the run folder is
 * ours alone. */
static uint64_t
checksum_add(uint64_t sum, const struct row_index_entry *entry)
{
    sum = (sum << 7 | sum >> 57) ^ entry->key.high;
    return (sum ^ entry->key.low ^ entry->row * MIX) * MIX;
}

bool
row_index_writer_open(struct row_index_writer *writer, const char *path,
                      struct error *err)
{
    *writer = (struct row_index_writer){.file = {.fd = -1}};
    return file_writer_open(&writer->file, path, err);
}

bool
row_index_writer_put(struct row_index_writer *writer,
                     const struct row_index_entry *entry, struct error *err)
{
    if (entry->row == 0) {
        return error_set(err, ERROR_INTERNAL, 0, "row 0 in a row index");
    }
    writer->count++;
    writer->checksum = checksum_add(writer->checksum, entry);
    return file_writer_write(&writer->file, entry, sizeof *entry, err);
}

static struct row_index_entry
trailer(uint64_t count, uint64_t checksum)
{
    return (struct row_index_entry){
        .key = {TRAILER_MARK ^ count, checksum},
        .row = 0,
    };
}

bool
row_index_writer_commit(struct row_index_writer *writer, struct error *err)
{
    struct row_index_entry last = trailer(writer->count, writer->checksum);
    return file_writer_write(&writer->file, &last, sizeof last, err) &&
           file_writer_commit(&writer->file, err);
}

void
row_index_writer_close(struct row_index_writer *writer)
{
    file_writer_close(&writer->file);
}

bool
row_index_reader_open(struct row_index_reader *reader, const char *path,
                      struct error *err)
{
    *reader = (struct row_index_reader){.file = {.fd = -1}};
    return file_reader_open(&reader->file, path, err);
}

enum file_status
row_index_reader_next(struct row_index_reader *reader,
                      struct row_index_entry *entry, struct error *err)
{
    struct slice bytes;
    enum file_status status =
        file_reader_take(&reader->file, sizeof *entry, &bytes, err);
    if (status == FILE_FAILED) {
        return status;
    }
    if (status == FILE_BYTES) {
        memcpy(entry, bytes.ptr, sizeof *entry);
        if (entry->row != 0) {
            reader->count++;
            reader->checksum = checksum_add(reader->checksum, entry);
            return FILE_BYTES;
        }
        struct row_index_entry want = trailer(reader->count, reader->checksum);
        if (memcmp(&want, entry, sizeof want) == 0) {
            return FILE_END;
        }
    }
    error_set(err, ERROR_INTERNAL, 0, "row index '%s' is damaged or cut short",
              reader->file.path);
    return FILE_FAILED;
}

void
row_index_reader_close(struct row_index_reader *reader)
{
    file_reader_close(&reader->file);
}

/* Where a key's chain begins. The seed is drawn anew each time, so that rows
 * can't be made to share one. */
static uint32_t *
slot_of(const struct row_index *index, struct row_key key)
{
    uint64_t hash = (key.low ^ key.high >> 32) * index->seed;
    return &index->slots[((hash >> 32) * index->count) >> 32];
}

void
row_index_rebuild(struct row_index *index)
{
    memset(index->slots, 0, index->count * sizeof *index->slots);
    for (size_t at = index->count; at-- > 0;) {
        uint32_t *slot = slot_of(index, index->entries[at].key);
        index->next[at] = *slot;
        *slot = (uint32_t)at + 1;
    }
}

static bool
read_entries(struct row_index *index, struct file_reader *reader,
             struct error *err)
{
    size_t size = index->count * sizeof *index->entries;
    char *to = (char *)index->entries;
    struct slice bytes;
    while (size > 0) {
        enum file_status status = file_reader_next(reader, &bytes, err);
        if (status != FILE_BYTES) {
            return status == FILE_END &&
                   error_set(err, ERROR_SYSTEM, 0, "it is cut short");
        }
        size_t len = bytes.len < size ? bytes.len : size;
        memcpy(to, bytes.ptr, len);
        to += len;
        size -= len;
    }
    return true;
}

/* Takes the trailer off when it fits the entries before it. */
static bool
check_entries(struct row_index *index, struct error *err)
{
    uint64_t checksum = 0;
    size_t count = index->count - 1;
    for (size_t i = 0; i < count; i++) {
        if (index->entries[i].row == 0) {
            return error_set(err, ERROR_INTERNAL, 0, "entry %zu has no row", i);
        }
        checksum = checksum_add(checksum, &index->entries[i]);
    }
    struct row_index_entry want = trailer(count, checksum);
    if (memcmp(&want, &index->entries[count], sizeof want) != 0) {
        return error_set(err, ERROR_INTERNAL, 0, "it is damaged or cut short");
    }
    index->count = count;
    return true;
}

static bool
load_entries(struct row_index *index, const char *path, uint64_t size,
             struct error *err)
{
    if (size == 0 || size % sizeof *index->entries != 0) {
        return error_set(err, ERROR_SYSTEM, 0, "it is cut short");
    }
    uint64_t count = size / sizeof *index->entries;
    if (count - 1 > UINT32_MAX - 1) {
        return error_set(err, ERROR_INTERNAL, 0, "it has too many entries");
    }
    struct file_reader reader;
    if (!file_reader_open(&reader, path, err)) {
        return false;
    }
    index->count = (size_t)count;
    index->entries = mem_array_large(index->count, sizeof *index->entries);
    bool done = read_entries(index, &reader, err) && check_entries(index, err);
    file_reader_close(&reader);
    return done;
}

bool
row_index_open(struct row_index *index, const char *path, struct error *err)
{
    *index = (struct row_index){.seed = clock_random() | 1};
    if (!file_exists(path)) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    if (!load_entries(index, path, file_size(path), err)) {
        row_index_close(index);
        return error_add_context(err, "row index '%s'", path);
    }
    index->slots = mem_array_large(index->count, sizeof *index->slots);
    index->next = mem_array_large(index->count, sizeof *index->next);
    row_index_rebuild(index);
    return true;
}

size_t
row_index_find(const struct row_index *index, struct row_key key, size_t after)
{
    if (index->count == 0) {
        return ROW_INDEX_NONE;
    }
    uint32_t link =
        after == ROW_INDEX_NONE ? *slot_of(index, key) : index->next[after];
    while (link != 0) {
        const struct row_key *found = &index->entries[link - 1].key;
        if (found->low == key.low && found->high == key.high) {
            return link - 1;
        }
        link = index->next[link - 1];
    }
    return ROW_INDEX_NONE;
}

static int
compare_rows(const void *a, const void *b, void *cookie)
{
    const struct row_index_entry *entries = cookie;
    uint64_t of_a = entries[*(const uint32_t *)a].row;
    uint64_t of_b = entries[*(const uint32_t *)b].row;
    return (of_a > of_b) - (of_a < of_b);
}

const uint32_t *
row_index_order(struct row_index *index)
{
    size_t i = 1;
    while (i < index->count &&
           index->entries[i - 1].row < index->entries[i].row) {
        i++;
    }
    if (i >= index->count) {
        return NULL;
    }
    for (i = 0; i < index->count; i++) {
        index->next[i] = (uint32_t)i;
    }
    qsort_r(index->next, index->count, sizeof *index->next, compare_rows,
            index->entries);
    return index->next;
}

void
row_index_close(struct row_index *index)
{
    free(index->entries);
    free(index->slots);
    free(index->next);
    *index = (struct row_index){0};
}
