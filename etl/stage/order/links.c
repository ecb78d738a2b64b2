/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/links.h"

size_t
links_key_count(const struct load *load)
{
    return (load->group != LOAD_GROUP_NONE) + 2 * load->link_count;
}

static struct row_key
key_of(const struct load *load, size_t column, const struct slice *fields)
{
    return row_key_of_value(&load->columns[column], fields[column]);
}

void
links_keys(const struct load *load, const struct slice *fields,
           struct slice lock_group, struct row_key *keys)
{
    if (load->group != LOAD_GROUP_NONE) {
        *keys++ = load->group == LOAD_GROUP_FORMULA
                      ? row_key_of_text(lock_group)
                      : key_of(load, load->group_column, fields);
    }
    for (size_t i = 0; i < load->link_count; i++) {
        const struct load_link *link = &load->links[i];
        *keys++ = key_of(load, link->own, fields);
        /* By the own column's rules: the two are to be compared. */
        *keys++ =
            row_key_of_value(&load->columns[link->own], fields[link->parent]);
    }
}

bool
links_put(struct row_index_writer *writer, uint64_t row,
          const struct row_key *keys, size_t count, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        const struct row_index_entry entry = {keys[i], row};
        done = row_index_writer_put(writer, &entry, err);
    }
    return done;
}

bool
links_reader_open(struct links_reader *reader, const char *path,
                  const struct load *load, struct error *err)
{
    reader->key_count = links_key_count(load);
    return row_index_reader_open(&reader->file, path, err);
}

bool
links_reader_seek(struct links_reader *reader, uint64_t row,
                  struct row_key *keys, struct error *err)
{
    struct row_index_entry entry = {.row = 0};
    while (entry.row < row) {
        for (size_t i = 0; i < reader->key_count; i++) {
            enum file_status status =
                row_index_reader_next(&reader->file, &entry, err);
            if (status != FILE_BYTES) {
                return status == FILE_END &&
                       error_set(err, ERROR_INTERNAL, 0,
                                 "row %llu is in a chunk but not among its "
                                 "links",
                                 (unsigned long long)row);
            }
            keys[i] = entry.key;
        }
    }
    return entry.row == row ||
           error_set(err, ERROR_INTERNAL, 0,
                     "row %llu is in a chunk but not among its links",
                     (unsigned long long)row);
}

void
links_reader_close(struct links_reader *reader)
{
    row_index_reader_close(&reader->file);
}
