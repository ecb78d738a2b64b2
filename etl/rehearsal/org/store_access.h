/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_STORE_ACCESS_H
#define ETL_REHEARSAL_ORG_STORE_ACCESS_H

#include "rehearsal/org/commit_log.h"
#include "rehearsal/org/record_lock.h"
#include "rehearsal/org/store.h"
#include "rehearsal/org/store_row.h"

#include <pthread.h>

/*
 * The store from inside, for the files that read and change records. What is
 * named as the writer's belongs to the thread between store_begin and
 * store_commit or store_rollback; turns are given in the order of asking, so
 * that running batches alternate slice by slice.
 */
#define STORE_COUNTED_HOURS 25

struct store {
    struct schema *schema;
    struct store_layout layout;
    char *path; /* of org.db */
    int lock_fd;
    int64_t lock_ms;
    char user_id[19];
    uint64_t user_number;

    struct store_link writer; /* the writer's, as the next four */
    struct commit_log log;
    struct record_lock locks;
    uint64_t *serials;     /* the last given, by object number */
    bool *serials_changed; /* since the last commit */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t turn;
    uint64_t turn_next, turn_now;
    struct store_link *readers; /* idle */
    uint64_t counts[STORE_COUNTER_COUNT][STORE_COUNTED_HOURS];
    int64_t hours[STORE_COUNTED_HOURS]; /* since 1970 */
    bool counts_changed;
};

/* Waits for the turn and begins a transaction. NULL: failed, turn given up. */
struct store_link *store_begin(struct store *store, struct error *err);
/* With the pending log lines, serials and counters. False: rolled back. */
bool store_commit(struct store *store, struct error *err);
void store_rollback(struct store *store);
/* The writer's: a new record's number. */
uint64_t store_next_number(struct store *store,
                           const struct schema_object *object);
/* The writer's. */
bool store_write_item(struct store_link *link, const char *kind,
                      const char *key, struct slice value, struct error *err);

/* A connection for reading, in a transaction of its own. */
struct store_link *store_take_reader(struct store *store, struct error *err);
void store_give_reader(struct store *store, struct store_link *link);

#endif
