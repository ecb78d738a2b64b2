/* SPDX-License-Identifier: Apache-2.0 */
#include "results/matcher.h"

#include "base/log.h"
#include "base/mem.h"
#include "model/chunk_replay.h"
#include "results/contradiction.h"
#include "results/id_owners.h"
#include "results/message_spool.h"
#include "results/ordinal_set.h"
#include "results/row_state.h"

#include <assert.h>
#include <stdlib.h>

#define TOLD_LIMIT 3       /* strays that are logged one by one */
#define TOLD_SIZE 80       /* bytes of an Id or code in the log */
#define SURPLUS_LIMIT 1000 /* rows looked at for the twin of a result */
#define HIDDEN UINT64_C(0x8000000000000001)

struct matcher {
    const struct load *load;
    struct arena arena; /* the options' texts */
    const char *index_path, *outcomes_path, *chunk_path;
    enum outcome_fate missing;
    struct slice missing_code, missing_message;
    struct row_index index;
    struct row_state *rows; /* by position in the chunk */
    /* Of the first row of a key: the last one of that key that was taken,
     * plus 1. Touched only where rows share a key. */
    uint32_t *cursors;
    struct id_owners owners; /* where one Id could come to two rows */
    struct message_spool spool;
    struct ordinal_set left_over; /* results that the exact keys don't know */
    size_t next;                  /* behind the row that was taken last */
    uint64_t taken_count;
    uint64_t given; /* results so far, in this round */
    uint64_t told;
    bool again;
    struct matcher_counts counts;
};

static void
keep_options(struct matcher *matcher, const struct matcher_options *options)
{
    struct arena *arena = &matcher->arena;
    arena->block_size = 4096;
    matcher->load = options->load;
    matcher->index_path = arena_strdup(arena, slice_of(options->index_path));
    matcher->outcomes_path =
        arena_strdup(arena, slice_of(options->outcomes_path));
    matcher->chunk_path =
        options->chunk_path ? arena_strdup(arena, slice_of(options->chunk_path))
                            : NULL;
    matcher->missing = options->missing;
    matcher->missing_code = arena_copy(arena, options->missing_code);
    matcher->missing_message = arena_copy(arena, options->missing_message);
    matcher->spool.path =
        arena_printf(arena, "%s.messages%c", options->outcomes_path, '\0').ptr;
}

struct matcher *
matcher_open(const struct matcher_options *options, struct error *err)
{
    struct matcher *matcher = mem_zalloc(sizeof *matcher);
    keep_options(matcher, options);
    if (!row_index_open(&matcher->index, matcher->index_path, err)) {
        matcher_close(matcher);
        return NULL;
    }
    matcher->rows =
        mem_array_large(matcher->index.count, sizeof *matcher->rows);
    matcher->cursors =
        mem_array_large(matcher->index.count, sizeof *matcher->cursors);
    return matcher;
}

static bool
is_taken(const struct matcher *matcher, size_t at)
{
    return (matcher->rows[at].flags & ROW_STATE_TAKEN) != 0;
}

static void
count_stray(struct matcher *matcher, const struct matcher_result *result,
            const char *why)
{
    matcher->counts.stray++;
    if (matcher->told++ < TOLD_LIMIT) {
        struct slice id = result->id, code = result->code;
        id.len = id.len < TOLD_SIZE ? id.len : TOLD_SIZE;
        code.len = code.len < TOLD_SIZE ? code.len : TOLD_SIZE;
        log_warning("'%s': result %llu (Id '%.*s', code '%.*s') %s; it is "
                    "left out [stray-result]",
                    matcher->outcomes_path, (unsigned long long)matcher->given,
                    SLICE_ARGS(id), SLICE_ARGS(code), why);
    }
}

static bool
take(struct matcher *matcher, size_t at, const struct matcher_result *result,
     struct error *err)
{
    uint64_t ref = 0;
    if (result->code.len + result->message.len > 0 &&
        !message_spool_add(&matcher->spool, result->code, result->message, &ref,
                           err)) {
        return false;
    }
    row_state_take(&matcher->rows[at], result->fate, result->created,
                   result->id, ref);
    matcher->taken_count++;
    matcher->next = at + 1;
    return true;
}

/* The first row of this key that has no result yet. */
static size_t
next_free(struct matcher *matcher, struct row_key key, size_t first)
{
    if (!is_taken(matcher, first)) {
        return first;
    }
    uint32_t cursor = matcher->cursors[first];
    size_t at = cursor != 0 ? cursor - 1 : first;
    do {
        at = row_index_find(&matcher->index, key, at);
    } while (at != ROW_INDEX_NONE && is_taken(matcher, at));
    if (at != ROW_INDEX_NONE) {
        matcher->cursors[first] = (uint32_t)at + 1;
    }
    return at;
}

/* Why a row is in doubt that was reported in two ways. */
static bool
contradiction(struct matcher *matcher, const struct row_state *row,
              const struct matcher_result *result, struct buffer *text,
              struct error *err)
{
    struct matcher_result before = {.fate = row_state_fate(row),
                                    .id = row_state_id(row)};
    uint64_t ref = row_state_ref(row);
    if (ref != 0 && (!message_spool_flush(&matcher->spool, err) ||
                     !message_spool_get(&matcher->spool, ref, &before.code,
                                        &before.message, err))) {
        return false;
    }
    contradiction_describe(text, &before, result);
    return true;
}

/*
 * A result whose rows all have one already. Said twice it is a stray; where it
 * says something else nobody knows which is true of which row, so all rows of
 * the key are in doubt.
 */
static bool
put_surplus(struct matcher *matcher, struct row_key key, size_t first,
            const struct matcher_result *result, struct error *err)
{
    if (matcher->rows[first].flags & ROW_STATE_SPOILED) {
        count_stray(matcher, result, "is one too many for its row");
        return true;
    }
    size_t at = first;
    for (size_t i = 0; i < SURPLUS_LIMIT && at != ROW_INDEX_NONE; i++) {
        if (row_state_says(&matcher->rows[at], result->fate, result->id)) {
            count_stray(matcher, result, "was given twice");
            return true;
        }
        at = row_index_find(&matcher->index, key, at);
    }
    struct buffer text = {.limit = 2 * OUTCOME_MESSAGE_LIMIT + 1000};
    uint64_t ref = 0;
    bool done =
        contradiction(matcher, &matcher->rows[first], result, &text, err) &&
        message_spool_add(&matcher->spool,
                          SLICE_LITERAL("contradicting-results"),
                          buffer_slice(&text), &ref, err);
    buffer_release(&text);
    for (at = first; done && at != ROW_INDEX_NONE;
         at = row_index_find(&matcher->index, key, at)) {
        row_state_take(&matcher->rows[at], OUTCOME_IN_DOUBT, false,
                       (struct slice){0}, ref);
        matcher->rows[at].flags |= ROW_STATE_SPOILED;
    }
    return done;
}

/* Of an update or delete the Id that was sent must be the one that came. */
static bool
has_its_own_id(const struct load *load, const struct matcher_result *result)
{
    if (load->key_column == LOAD_NO_KEY || result->id.len == 0 ||
        load->columns[load->key_column].type != FIELD_ID) {
        return true;
    }
    struct slice sent = result->fields[load->key_column];
    return sent.len < 15 || memcmp(sent.ptr, result->id.ptr, 15) == 0;
}

static bool
put_by_position(struct matcher *matcher, uint64_t at,
                const struct matcher_result *result, struct error *err)
{
    if (at >= matcher->index.count) {
        count_stray(matcher, result, "has no row");
        return true;
    }
    if (!take(matcher, (size_t)at, result, err)) {
        return false;
    }
    /* An answer that came twice was taken for the next call's. */
    id_owners_put(&matcher->owners, &matcher->rows[at]);
    return true;
}

static bool
is_insert(const struct matcher *matcher)
{
    return matcher->load->key_column == LOAD_NO_KEY;
}

/* Of rows that are equal, the second that the same Id is reported for has not
 * been heard of. */
static bool
is_twin_again(struct matcher *matcher, size_t first,
              const struct matcher_result *result)
{
    if (!is_insert(matcher) || !is_taken(matcher, first)) {
        return false;
    }
    if (matcher->cursors[first] == 0) {
        id_owners_put(&matcher->owners, &matcher->rows[first]);
    }
    return id_owners_has(&matcher->owners, result->id);
}

static bool
put_next(struct matcher *matcher, struct row_key key, size_t first,
         const struct matcher_result *result, struct error *err)
{
    if (is_twin_again(matcher, first, result)) {
        count_stray(matcher, result, "was given twice");
        return true;
    }
    size_t at = next_free(matcher, key, first);
    if (at == ROW_INDEX_NONE) {
        return put_surplus(matcher, key, first, result, err);
    }
    if (!take(matcher, at, result, err)) {
        return false;
    }
    if (at != first && is_insert(matcher)) {
        id_owners_put(&matcher->owners, &matcher->rows[at]);
    }
    return true;
}

/* Results mostly come in the order of the rows: that spares the look-up. Not of
 * inserts, whose equal rows are told apart by their Ids. */
static bool
is_next(const struct matcher *matcher, struct row_key key)
{
    size_t at = matcher->next;
    return at < matcher->index.count && !is_insert(matcher) &&
           !is_taken(matcher, at) &&
           matcher->index.entries[at].key.low == key.low &&
           matcher->index.entries[at].key.high == key.high;
}

static bool
put_by_key(struct matcher *matcher, uint64_t ordinal,
           const struct matcher_result *result, struct error *err)
{
    struct row_key key =
        row_key_of(matcher->load, result->fields, ROW_KEY_EXACT);
    if (is_next(matcher, key)) {
        return take(matcher, matcher->next, result, err);
    }
    size_t first = row_index_find(&matcher->index, key, ROW_INDEX_NONE);
    if (first == ROW_INDEX_NONE) {
        ordinal_set_add(&matcher->left_over, ordinal);
        return true;
    }
    return put_next(matcher, key, first, result, err);
}

/* The second try: only where one row and one result have the same key. */
static bool
put_by_loose_key(struct matcher *matcher, const struct matcher_result *result,
                 struct error *err)
{
    struct row_key key =
        row_key_of(matcher->load, result->fields, ROW_KEY_LOOSE);
    size_t at = row_index_find(&matcher->index, key, ROW_INDEX_NONE);
    if (at == ROW_INDEX_NONE) {
        count_stray(matcher, result, "fits no row");
        return true;
    }
    struct row_state *row = &matcher->rows[at];
    if (row_index_find(&matcher->index, key, at) != ROW_INDEX_NONE ||
        (row->flags & ROW_STATE_SPOILED)) {
        count_stray(matcher, result, "fits several rows or not alone");
        return true;
    }
    if (row->flags & ROW_STATE_TAKEN) {
        memset(row, 0, sizeof *row);
        row->flags = ROW_STATE_SPOILED;
        matcher->taken_count--;
        matcher->counts.loose--;
        matcher->counts.stray++; /* the one that was taken for its own */
        count_stray(matcher, result, "is the second that fits one row");
        return true;
    }
    matcher->counts.loose++;
    if (!take(matcher, at, result, err)) {
        return false;
    }
    if (is_insert(matcher)) {
        id_owners_put(&matcher->owners, row);
    }
    return true;
}

bool
matcher_put(struct matcher *matcher, const struct matcher_result *result,
            struct error *err)
{
    assert(result->fate == OUTCOME_SUCCEEDED ||
           result->fate == OUTCOME_FAILED ||
           result->fate == OUTCOME_UNPROCESSED ||
           result->fate == OUTCOME_IN_DOUBT);
    uint64_t ordinal = matcher->given++;
    if (matcher->again) {
        return !ordinal_set_has(&matcher->left_over, ordinal) ||
               put_by_loose_key(matcher, result, err);
    }
    if (!row_state_takes_id(result->id)) {
        count_stray(matcher, result, "has an Id that is no Id");
        return true;
    }
    if (result->fields == NULL) {
        return put_by_position(matcher, ordinal, result, err);
    }
    if (!has_its_own_id(matcher->load, result)) {
        count_stray(matcher, result, "has another Id than its row");
        return true;
    }
    return put_by_key(matcher, ordinal, result, err);
}

struct loose_reading {
    struct matcher *matcher;
    size_t at;
};

/* Rows that have their result are hidden: their keys are made to fit none. */
static bool
make_loose(void *cookie, const struct slice *fields)
{
    struct loose_reading *reading = cookie;
    struct matcher *matcher = reading->matcher;
    size_t at = reading->at++;
    if (at >= matcher->index.count) {
        return true;
    }
    struct row_index_entry *entry = &matcher->index.entries[at];
    if (is_taken(matcher, at)) {
        entry->key.high ^= HIDDEN;
    } else {
        entry->key = row_key_of(matcher->load, fields, ROW_KEY_LOOSE);
    }
    return true;
}

bool
matcher_wants_again(struct matcher *matcher, bool *again, struct error *err)
{
    size_t count = matcher->index.count;
    *again = matcher->left_over.count > 0 && matcher->taken_count < count &&
             matcher->chunk_path != NULL;
    if (!*again) {
        return true;
    }
    struct loose_reading reading = {matcher, 0};
    if (!chunk_replay_each(matcher->chunk_path, matcher->load->column_count,
                           make_loose, &reading, err)) {
        return false;
    }
    if (reading.at != count) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "'%s' has %zu records, but its index %zu",
                         matcher->chunk_path, reading.at, count);
    }
    row_index_rebuild(&matcher->index);
    matcher->again = true;
    matcher->given = 0;
    return true;
}

/* A row that no result names. A stray could be its own, whatever the job's
 * state says: then it is in doubt. */
static void
say_missing(const struct matcher *matcher, struct outcome *outcome)
{
    if (matcher->missing == OUTCOME_IN_DOUBT || matcher->counts.stray == 0) {
        outcome->fate = matcher->missing;
        outcome->code = matcher->missing_code;
        outcome->message = matcher->missing_message;
        return;
    }
    outcome->fate = OUTCOME_IN_DOUBT;
    outcome->code = SLICE_LITERAL("unmatched-results");
    outcome->message = SLICE_LITERAL(
        "no result names this row, and some results fit no row; look in the "
        "org whether it was loaded");
}

static bool
write_row(struct matcher *matcher, struct outcome_writer *writer, size_t at,
          struct error *err)
{
    const struct row_state *row = &matcher->rows[at];
    struct outcome outcome = {.row = matcher->index.entries[at].row};
    if (is_taken(matcher, at)) {
        outcome.fate = row_state_fate(row);
        outcome.created = (row->flags & ROW_STATE_CREATED) != 0;
        outcome.id = row_state_id(row);
        uint64_t ref = row_state_ref(row);
        if (ref != 0 && !message_spool_get(&matcher->spool, ref, &outcome.code,
                                           &outcome.message, err)) {
            return false;
        }
    } else {
        say_missing(matcher, &outcome);
    }
    matcher->counts.created +=
        outcome.created && outcome.fate == OUTCOME_SUCCEEDED;
    return outcome_writer_put(writer, &outcome, err);
}

/* One record can't be several rows': nobody knows whose it is. */
static bool
spoil_shared_ids(struct matcher *matcher, struct error *err)
{
    uint64_t ref = 0;
    size_t count = matcher->index.count;
    if (!id_owners_spoil_shared(&matcher->owners, matcher->rows, count)) {
        return true;
    }
    if (!message_spool_add(&matcher->spool,
                           SLICE_LITERAL("contradicting-results"),
                           SLICE_LITERAL("the org reports one record for this "
                                         "row and for another"),
                           &ref, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct row_state *row = &matcher->rows[i];
        if ((row->flags & ROW_STATE_SPOILED) && row_state_id(row).len > 0) {
            row_state_take(row, OUTCOME_IN_DOUBT, false, (struct slice){0},
                           ref);
        }
    }
    return true;
}

bool
matcher_finish(struct matcher *matcher, struct matcher_counts *counts,
               struct error *err)
{
    struct outcome_writer writer;
    if (!spoil_shared_ids(matcher, err) ||
        !message_spool_flush(&matcher->spool, err) ||
        !outcome_writer_open(&writer, matcher->outcomes_path, err)) {
        return false;
    }
    matcher->counts.stray += matcher->again ? 0 : matcher->left_over.count;
    const uint32_t *order = row_index_order(&matcher->index);
    bool done = true;
    for (size_t i = 0; done && i < matcher->index.count; i++) {
        done = write_row(matcher, &writer, order ? order[i] : i, err);
    }
    done = done && outcome_writer_commit(&writer, err);
    memcpy(matcher->counts.by_fate, writer.counts, sizeof writer.counts);
    outcome_writer_close(&writer);
    *counts = matcher->counts;
    if (done && counts->stray > TOLD_LIMIT) {
        log_warning("'%s': %llu results in all fit no row [stray-result]",
                    matcher->outcomes_path, (unsigned long long)counts->stray);
    }
    return done;
}

void
matcher_close(struct matcher *matcher)
{
    if (matcher == NULL) {
        return;
    }
    message_spool_close(&matcher->spool);
    id_owners_release(&matcher->owners);
    row_index_close(&matcher->index);
    arena_release(&matcher->arena);
    free(matcher->rows);
    free(matcher->cursors);
    ordinal_set_release(&matcher->left_over);
    free(matcher);
}
