/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/duplicates.h"

#include "base/mem.h"
#include "model/chunk.h"
#include "model/outcome.h"
#include "model/row_file.h"
#include "model/row_index.h"

#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_SIZE 256
#define CODE "duplicate-key"
#define BEFORE_ROW " as in row "

struct search {
    const struct duplicates_options *options;
    struct spill_sort *by_key;    /* key, row */
    struct spill_sort *by_winner; /* winner, loser */
    struct spill_sort *by_loser;  /* loser, winner, the winner's line */
    uint64_t loser_count;
};

bool
duplicates_matter(const struct load *load)
{
    return load->key_column != LOAD_NO_KEY &&
           load->duplicates != DUPLICATES_ALLOW;
}

/* Of equal keys the least row is sent; `last` turns the order round. */
static uint64_t
rank(const struct duplicates_options *options, uint64_t row)
{
    return options->load->duplicates == DUPLICATES_LAST ? UINT64_MAX - row
                                                        : row;
}

static bool
add_index(const struct duplicates_options *options, const char *path,
          struct spill_sort *by_key, struct error *err)
{
    struct row_index_reader reader;
    if (!row_index_reader_open(&reader, path, err)) {
        return false;
    }
    struct row_index_entry entry;
    enum file_status status;
    bool done = true;
    while (done && (status = row_index_reader_next(&reader, &entry, err)) ==
                       FILE_BYTES) {
        const struct spill_entry keyed = {{entry.key.high, entry.key.low},
                                          rank(options, entry.row)};
        done = spill_sort_add(by_key, &keyed, err);
    }
    row_index_reader_close(&reader);
    return done && status == FILE_END;
}

bool
duplicates_sort_keys(const struct duplicates_options *options,
                     struct spill_sort *by_key, struct error *err)
{
    bool done = true;
    for (uint32_t i = 1; done && i <= options->chunk_count; i++) {
        const struct chunk chunk = {.number = i};
        char *path = chunk_path(options->run_folder, options->load->name,
                                &chunk, CHUNK_INDEX);
        done = add_index(options, path, by_key, err);
        free(path);
    }
    return done && spill_sort_finish(by_key, err);
}

static bool
is_same_key(const struct spill_entry *a, const struct spill_entry *b)
{
    return a->key[0] == b->key[0] && a->key[1] == b->key[1];
}

static bool
find_losers(struct search *search, struct error *err)
{
    struct spill_entry winner = {{0, 0}, 0}, entry;
    enum spill_status status;
    bool done = true, has_winner = false;
    while (done && (status = spill_sort_next(search->by_key, &entry, err)) ==
                       SPILL_ENTRY) {
        if (!has_winner || !is_same_key(&winner, &entry)) {
            winner = entry;
            has_winner = true;
            continue;
        }
        const struct spill_entry pair = {{rank(search->options, winner.row),
                                          rank(search->options, entry.row)},
                                         0};
        search->loser_count++;
        done = spill_sort_add(search->by_winner, &pair, err);
    }
    return done && status == SPILL_END &&
           spill_sort_finish(search->by_winner, err);
}

/* Reads on to the entry of this row. */
static bool
seek_row(struct row_file_reader *reader, struct row_file_entry *entry,
         uint64_t row, struct error *err)
{
    while (entry->row < row) {
        enum file_status status = row_file_reader_next(reader, entry, err);
        if (status != FILE_BYTES) {
            return status == FILE_END &&
                   error_set(err, ERROR_INTERNAL, 0,
                             "row %llu is in a chunk but not among the rows",
                             (unsigned long long)row);
        }
    }
    return true;
}

/* Walks the rows beside the winners, for their lines. */
static bool
add_lines(struct search *search, struct error *err)
{
    struct row_file_reader reader;
    if (!row_file_reader_open(&reader, search->options->rows_path,
                              search->options->rows_size, err)) {
        return false;
    }
    struct row_file_entry row = {0, 0, {NULL, 0}};
    struct spill_entry pair;
    enum spill_status status;
    bool done = true;
    while (done && (status = spill_sort_next(search->by_winner, &pair, err)) ==
                       SPILL_ENTRY) {
        done = seek_row(&reader, &row, pair.key[0], err);
        const struct spill_entry found = {{pair.key[1], pair.key[0]}, row.line};
        done = done && spill_sort_add(search->by_loser, &found, err);
    }
    row_file_reader_close(&reader);
    return done && status == SPILL_END &&
           spill_sort_finish(search->by_loser, err);
}

static bool
put_loser(const struct search *search, struct outcome_writer *writer,
          const struct spill_entry *loser, struct error *err)
{
    const struct load *load = search->options->load;
    static const char *const ends[] = {
        [DUPLICATES_REJECT] = ", which is sent",
        [DUPLICATES_FIRST] = ", which comes first",
        [DUPLICATES_LAST] = ", which comes last",
        [DUPLICATES_ALLOW] = "",
    };
    char message[MESSAGE_SIZE];
    int len = snprintf(
        message, sizeof message, "the same %s" BEFORE_ROW "%llu (line %llu)%s",
        load->columns[load->key_column].name, (unsigned long long)loser->key[1],
        (unsigned long long)loser->row, ends[load->duplicates]);
    const struct outcome outcome = {
        .row = loser->key[0],
        .fate = load->duplicates == DUPLICATES_REJECT ? OUTCOME_REJECTED
                                                      : OUTCOME_SKIPPED,
        .code = SLICE_LITERAL(CODE),
        .message = {message, (size_t)len < sizeof message ? (size_t)len
                                                          : sizeof message - 1},
    };
    return outcome_writer_put(writer, &outcome, err);
}

/* The fates that an interrupted run wrote, as far as they hold. */
struct kept {
    struct outcome_reader reader;
    struct outcome next;
    bool is_open, has_next;
};

static bool
read_kept(struct kept *kept, uint64_t kept_row, struct error *err)
{
    enum file_status status =
        outcome_reader_next(&kept->reader, &kept->next, err);
    kept->has_next = status == FILE_BYTES && kept->next.row <= kept_row;
    return status != FILE_FAILED;
}

static bool
open_kept(struct kept *kept, const char *path, uint64_t kept_row,
          struct error *err)
{
    if (kept_row == 0 || !file_exists(path)) {
        return true;
    }
    kept->is_open = outcome_reader_open(&kept->reader, path, err);
    return kept->is_open && read_kept(kept, kept_row, err);
}

/* Both in the order of rows; a row in both is the same. */
static bool
write_losers(const struct search *search, struct kept *kept,
             struct outcome_writer *writer, struct error *err)
{
    struct spill_entry loser;
    enum spill_status status = spill_sort_next(search->by_loser, &loser, err);
    bool done = true;
    while (done && (kept->has_next || status == SPILL_ENTRY)) {
        bool is_new = status == SPILL_ENTRY &&
                      (!kept->has_next || loser.key[0] < kept->next.row);
        if (is_new) {
            done = put_loser(search, writer, &loser, err);
        } else {
            done = outcome_writer_put(writer, &kept->next, err);
        }
        if (is_new ||
            (status == SPILL_ENTRY && loser.key[0] == kept->next.row)) {
            status = spill_sort_next(search->by_loser, &loser, err);
        }
        if (!is_new) {
            done = done && read_kept(kept, search->options->kept_row, err);
        }
    }
    return done && status == SPILL_END;
}

static bool
write_fates(const struct search *search, const char *path, uint64_t *count,
            struct error *err)
{
    struct kept kept = {.is_open = false};
    struct outcome_writer writer = {.file = {.fd = -1}};
    bool done = open_kept(&kept, path, search->options->kept_row, err);
    *count = 0;
    if (done && search->loser_count == 0 && !kept.has_next) {
        done = file_remove_tree(path, err);
    } else if (done) {
        done = outcome_writer_open(&writer, path, err) &&
               write_losers(search, &kept, &writer, err) &&
               outcome_writer_commit(&writer, err);
        *count =
            writer.counts[OUTCOME_REJECTED] + writer.counts[OUTCOME_SKIPPED];
    }
    outcome_writer_close(&writer);
    if (kept.is_open) {
        outcome_reader_close(&kept.reader);
    }
    return done;
}

bool
duplicates_winner(const struct outcome *outcome, uint64_t *winner)
{
    const char *at = NULL;
    if ((outcome->fate == OUTCOME_REJECTED ||
         outcome->fate == OUTCOME_SKIPPED) &&
        slice_is(outcome->code, CODE)) {
        at = memmem(outcome->message.ptr, outcome->message.len, BEFORE_ROW,
                    sizeof BEFORE_ROW - 1);
    }
    if (at == NULL) {
        return false;
    }
    at += sizeof BEFORE_ROW - 1;
    size_t len = 0,
           left = (size_t)(outcome->message.ptr + outcome->message.len - at);
    while (len < left && at[len] >= '0' && at[len] <= '9') {
        len++;
    }
    return slice_to_u64((struct slice){at, len}, winner);
}

struct spill_sort *
duplicates_new_sort(const struct duplicates_options *options)
{
    char *folder = mem_printf("%s/rows", options->run_folder);
    /* Two are in use at a time. */
    struct spill_sort *sort = spill_sort_new(folder, options->sort_memory / 2);
    free(folder);
    return sort;
}

bool
duplicates_find(const struct duplicates_options *options, const char *path,
                uint64_t *count, struct error *err)
{
    struct search search = {.options = options};
    search.by_key = duplicates_new_sort(options);
    search.by_winner = duplicates_new_sort(options);
    bool done = duplicates_sort_keys(options, search.by_key, err) &&
                find_losers(&search, err);
    spill_sort_free(search.by_key);
    search.by_loser = duplicates_new_sort(options);
    done = done && (search.loser_count == 0 || add_lines(&search, err));
    spill_sort_free(search.by_winner);
    done = done && write_fates(&search, path, count, err);
    spill_sort_free(search.by_loser);
    return done;
}
