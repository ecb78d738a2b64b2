/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/lookup/key_lookup.h"

#include "base/mem.h"
#include "model/row_key.h"
#include "pipeline/cancel.h"
#include "salesforce/query/key_query.h"

#include <stdlib.h>

#define ID_SIZE 18
#define SHOWN 80 /* bytes of a key in a message */

/* A row that waits for its Id. Rows with one key stand in one chain. */
struct waiting {
    struct row_key key;
    struct batch *batch;
    struct record *record;
    struct waiting *next;
    char id[ID_SIZE];
    uint8_t id_len;
    bool is_found, is_ambiguous;
};

struct lookup {
    const struct load *load;
    struct waiting *rows;
    size_t count;
    struct slice *keys;
    struct map by_key; /* the first of each chain */
};

bool
key_lookup_wanted(const struct load *load)
{
    return load->operation != OPERATION_INSERT &&
           load->operation != OPERATION_UPSERT && load->external_id != NULL &&
           load->key_column != LOAD_NO_KEY &&
           strcmp(load->external_id, "Id") != 0;
}

void
key_lookup_sent(const struct load *load, struct load *sent,
                struct load_column *columns)
{
    *sent = *load;
    memcpy(columns, load->columns, load->column_count * sizeof *columns);
    columns[load->key_column] = (struct load_column){
        .name = "Id", .type = FIELD_ID, .case_sensitive = true};
    sent->columns = columns;
}

static struct row_key
key_of(const struct lookup *lookup, struct slice value)
{
    const struct load *load = lookup->load;
    return row_key_of_value(&load->columns[load->key_column], value);
}

static struct slice
key_bytes(const struct row_key *key)
{
    return (struct slice){(const char *)key, sizeof *key};
}

static void
add_row(struct lookup *lookup, struct batch *batch, struct record *record)
{
    struct slice value = record->fields[lookup->load->key_column];
    struct waiting *row = &lookup->rows[lookup->count];
    *row = (struct waiting){
        .batch = batch, .record = record, .key = key_of(lookup, value)};
    lookup->keys[lookup->count++] = value;
    struct waiting *first = map_get(&lookup->by_key, key_bytes(&row->key));
    if (first != NULL) {
        row->next = first->next;
        first->next = row;
    } else {
        map_put(&lookup->by_key, key_bytes(&row->key), row);
    }
}

static bool
waits(const struct load *load, const struct record *record)
{
    return record->fate == RECORD_GOOD &&
           record->fields[load->key_column].len > 0;
}

static size_t
count_rows(const struct load *load, struct batch *const *batches, size_t count)
{
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < batches[i]->count; j++) {
            rows += waits(load, &batches[i]->records[j]);
        }
    }
    return rows;
}

/* An answer: the Id and the key, as the org spells it. */
static bool
take_record(void *cookie, const struct slice *values, struct error *err)
{
    struct lookup *lookup = cookie;
    struct slice id = values[0];
    if (values[1].len == 0) {
        return true;
    }
    struct row_key key = key_of(lookup, values[1]);
    struct waiting *row = map_get(&lookup->by_key, key_bytes(&key));
    if (row != NULL && id.len != 15 && id.len != ID_SIZE) {
        return error_set(err, ERROR_REMOTE, 0,
                         "the org answers the look-up of keys with '%.*s', "
                         "which is no Id",
                         (int)(id.len < SHOWN ? id.len : SHOWN),
                         id.ptr ? id.ptr : "");
    }
    for (; row != NULL; row = row->next) {
        row->is_ambiguous = row->is_found && memcmp(row->id, id.ptr, 15) != 0;
        row->is_found = true;
        row->id_len = (uint8_t)id.len;
        memcpy(row->id, id.ptr, id.len);
    }
    return true;
}

static void
settle(struct lookup *lookup, struct waiting *row,
       struct key_lookup_counts *counts)
{
    const struct load *load = lookup->load;
    struct slice value = row->record->fields[load->key_column];
    struct slice shown = {
        value.ptr, slice_utf8_valid_len((struct slice){
                       value.ptr, value.len < SHOWN ? value.len : SHOWN})};
    counts->keys++;
    if (!row->is_found) {
        counts->missing++;
        batch_reject(row->batch, row->record, "key-not-found",
                     "%s: no %s in the org has \"%.*s\"", load->external_id,
                     load->object, SLICE_ARGS(shown));
    } else if (row->is_ambiguous) {
        counts->ambiguous++;
        batch_reject(row->batch, row->record, "key-ambiguous",
                     "%s: several records of %s in the org have \"%.*s\"",
                     load->external_id, load->object, SLICE_ARGS(shown));
    } else {
        row->record->fields[load->key_column] = arena_copy(
            &row->batch->arena, (struct slice){row->id, row->id_len});
    }
}

static bool
ask(struct lookup *lookup, struct session *session, struct error *err)
{
    const struct load *load = lookup->load;
    const struct slice fields[] = {SLICE_LITERAL("Id"),
                                   slice_of(load->external_id)};
    const struct key_query query = {
        .session = session,
        .object = load->object,
        .key_field = load->external_id,
        .key_type = load->columns[load->key_column].type,
        .keys = lookup->keys,
        .key_count = lookup->count,
        .fields = fields,
        .field_count = 2,
        .may_go_on = cancel_check,
        .on_record = take_record,
        .cookie = lookup,
    };
    return key_query_run(&query, err) ||
           error_add_context(err, "load '%s', looking up %s", load->name,
                             load->external_id);
}

bool
key_lookup_apply(struct session *session, const struct load *load,
                 struct batch *const *batches, size_t count,
                 struct key_lookup_counts *counts, struct error *err)
{
    size_t rows = count_rows(load, batches, count);
    struct lookup lookup = {.load = load};
    if (rows == 0) {
        return true;
    }
    lookup.rows = mem_array(rows, sizeof *lookup.rows);
    lookup.keys = mem_array(rows, sizeof *lookup.keys);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < batches[i]->count; j++) {
            if (waits(load, &batches[i]->records[j])) {
                add_row(&lookup, batches[i], &batches[i]->records[j]);
            }
        }
    }
    bool done = ask(&lookup, session, err);
    for (size_t i = 0; done && i < lookup.count; i++) {
        settle(&lookup, &lookup.rows[i], counts);
    }
    map_release(&lookup.by_key);
    free(lookup.rows);
    free(lookup.keys);
    return done;
}
