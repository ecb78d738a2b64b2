/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_RECORD_CHECK_H
#define ETL_REHEARSAL_ORG_RECORD_CHECK_H

#include "rehearsal/org/record_write.h"
#include "rehearsal/org/store_access.h"

/*
 * Whether a row may become a record: its cells to values of fields, defaults,
 * required fields, unique values, lookups. Each check returns false with the
 * row's fault set, or with err set when the store failed. Within the writer's
 * transaction; texts are in the scratch arena, which lives as long as the row
 * is worked on.
 */
struct record_draft {
    struct store *store;
    struct store_link *link;
    struct arena *scratch;
    const struct write_request *request;
    const struct schema_object *object;
    struct store_row old; /* object NULL: there is none, it is created */
    struct store_row row; /* as it will be */
    bool *given;          /* by field index: set by this row */
    struct slice id_text; /* of the Id cell; ptr NULL: none */
    struct slice key;     /* of upsert's key field, stored form */
    struct org_fault fault;
    const char **fields; /* of the fault, when it names several */
    size_t field_count;
    struct error *err;
};

/* One cell whose column has been found out; index is its position. */
bool record_check_cell(struct record_draft *draft,
                       const struct write_column *column,
                       const struct write_cell *cell, size_t index);
/* The given values onto row.values, which holds the old ones; defaults and
 * what the org fills in itself when the record is created. */
bool record_check_fill(struct record_draft *draft);
/* Uniqueness of the given values; key_is_free: upsert has looked for it. */
bool record_check_unique(struct record_draft *draft, bool key_is_free);
/* That the given lookups lead to live records of the right object. */
bool record_check_lookups(struct record_draft *draft);
/* Locks on the record and the parents it is tied to. */
bool record_check_locks(struct record_draft *draft, uint64_t owner);

#endif
