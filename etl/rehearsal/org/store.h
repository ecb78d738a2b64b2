/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_STORE_H
#define ETL_REHEARSAL_ORG_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "rehearsal/org/field_value.h"
#include "rehearsal/schema/org_schema.h"

/*
 * The org's memory: FOLDER/org.db (SQLite, WAL) and FOLDER/commits.jsonl.
 * Every function is safe from any thread: reads take a connection from a pool
 * and see a snapshot; writes take turns, first come first served. One process
 * at a time (FOLDER/org.lock, ERROR_LOCKED).
 *
 * commits.jsonl: one JSON object a line and accepted change, in the order of
 * the commits:
 *   {"seq":1,"time":"2026-01-31T09:30:00.000Z","api":"bulk2","call":"750…",
 *    "operation":"upsert","created":true,"object":"Account","id":"001…",
 *    "externalIdField":"ERP_Id__c","externalId":"4711",
 *    "fields":{"Name":"Acme","Industry":null}}
 * created, externalIdField, externalId stand with upserts only; fields holds
 * what the change set, in stored form as text or null. Its rows are written in
 * the change's transaction and the file from them, after it and at each open.
 */
struct store;

struct store_options {
    const char *folder; /* made when missing */
    int64_t lock_ms;    /* how long record locks outlive their slice; 0: none */
};

/* Keeps the schema, which must outlive it, and gives it numbers and prefixes.*/
struct store *store_open(struct schema *schema,
                         const struct store_options *options,
                         struct error *err);
void store_close(struct store *store);

const struct schema *store_schema(const struct store *store);
const char *store_org_id(const struct store *store);  /* 18 characters */
const char *store_user_id(const struct store *store); /* the loader's */

/* A new id with this key prefix ("750", "751"), never given again. */
bool store_new_id(struct store *store, const char prefix[3], char id[19],
                  struct error *err);

/* Counted by clock hours and summed over the last 24. */
enum store_counter {
    STORE_API_CALLS,
    STORE_BULK_BATCHES,
    STORE_BULK_QUERY_JOBS,
    STORE_COUNTER_COUNT,
};
/* Cheap: kept in memory, written with the next commit and at the close. */
void store_count(struct store *store, enum store_counter counter, uint64_t add);
uint64_t store_counted(struct store *store, enum store_counter counter);

/*
 * Small things that must survive a restart (jobs, batches, tokens), by kind
 * and key. value NULL in put removes.
 */
bool store_put_item(struct store *store, const char *kind, const char *key,
                    struct slice value, struct error *err);
/* In the arena; ptr NULL when there is none. */
bool store_get_item(struct store *store, const char *kind, const char *key,
                    struct arena *arena, struct slice *value,
                    struct error *err);
/* In the order of keys. The visitor returns false to stop. */
bool store_each_item(struct store *store, const char *kind,
                     bool (*visit)(void *cookie, const char *key,
                                   struct slice value),
                     void *cookie, struct error *err);

/* Live records whose key field has this value, at most limit 18-character
 * ids; the text is converted as a write would do. */
bool store_find(struct store *store, const struct schema_object *object,
                const struct schema_field *field, struct slice text,
                char (*ids)[19], size_t limit, size_t *count,
                struct error *err);

enum store_state { STORE_MISSING, STORE_LIVE, STORE_DELETED };
/* id as it came: 15 or 18 characters. */
bool store_record_state(struct store *store, struct slice id,
                        enum store_state *state, struct error *err);

/* Live records of an object. */
bool store_record_count(struct store *store, const struct schema_object *object,
                        uint64_t *count, struct error *err);

#endif
