/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_RECORD_H
#define ETL_REHEARSAL_API_API_RECORD_H

#include "rehearsal/org/record_write.h"
#include "rehearsal/router.h"

/*
 * Records as the REST API writes them in JSON: to the cells that record_write
 * takes, and from its results to the errors that REST shows. A parent by
 * external id is an object within the record, with its type under attributes
 * where the lookup has several targets.
 */

/* False: a member can't be a value, which has been answered with 400. */
bool api_record_cells(struct exchange *exchange,
                      const struct schema_object *object, json_t *record,
                      struct write_row *row);
/* Puts a cell before the others of the row. */
void api_record_add_cell(struct exchange *exchange, struct write_row *row,
                         const char *name, const char *value);
/* One call's rows, in one batch. False: the store failed, answered. */
bool api_record_write(struct rehearsal *rehearsal, struct exchange *exchange,
                      enum write_operation operation,
                      const struct schema_object *object,
                      const struct schema_field *external, bool all_or_none,
                      const struct write_row *rows, size_t count,
                      struct write_result *results);
/* The same for any API: the request has all but its call_id. */
bool api_record_write_call(struct rehearsal *rehearsal,
                           struct exchange *exchange,
                           const struct write_request *request,
                           const struct write_row *rows, size_t count,
                           struct write_result *results, struct error *err);
/* The errors of a call for one row: status, and the array. */
void api_record_answer_errors(struct exchange *exchange,
                              const struct write_result *result);
/* [{"statusCode","message","fields"}] of a collection's member. */
json_t *api_record_errors(const struct write_result *result);
/* The object that the path names; NULL: answered with 404. */
const struct schema_object *api_record_object(struct rehearsal *rehearsal,
                                              struct exchange *exchange,
                                              const char *name);
/* A field that can be upserted by; NULL: answered with 404. */
const struct schema_field *
api_record_key_field(struct exchange *exchange,
                     const struct schema_object *object, const char *name);
/* 500 with UNKNOWN_EXCEPTION. */
void api_record_answer_failure(struct exchange *exchange,
                               const struct error *err);

#endif
