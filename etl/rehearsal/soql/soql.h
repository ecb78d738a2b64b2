/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOQL_SOQL_H
#define ETL_REHEARSAL_SOQL_SOQL_H

#include "rehearsal/org/store.h"

/*
 * SELECT fields | COUNT() FROM object [WHERE …] [ORDER BY …] [LIMIT n]
 * [OFFSET n]. Fields may be paths to parents (Account.Owner.Name, five steps).
 * Conditions: = != <> < <= > >= LIKE IN NOT IN INCLUDES EXCLUDES AND OR NOT,
 * strings with \ escapes, numbers, TRUE FALSE NULL, dates, datetimes.
 * Not there, and refused with MALFORMED_QUERY: subqueries, aggregates but
 * COUNT(), GROUP BY, date literals, FIELDS(), TYPEOF.
 *
 * The matching ids are found at once and kept (8 bytes a record), so pages by
 * position stay stable while records change; values are read when a page is.
 */
struct soql_query;

/* Runs the query. NULL with the fault set when the org refuses it, and with
 * err set when the store fails. Owned by the caller. */
struct soql_query *soql_open(struct store *store, struct slice text,
                             bool include_deleted, struct org_fault *fault,
                             struct error *err);
/*
 * One record by id, as GET sobjects/X/ID shows it. fields: comma separated
 * names; absent: all. The count is 0 when there is no such live record.
 */
struct soql_query *soql_open_record(struct store *store,
                                    const struct schema_object *object,
                                    struct slice id, struct slice fields,
                                    struct org_fault *fault, struct error *err);
void soql_close(struct soql_query *query);

const struct schema_object *soql_object(const struct soql_query *query);
bool soql_is_count(const struct soql_query *query);
/* Rows found, LIMIT and OFFSET applied; what COUNT() gives. */
uint64_t soql_count(const struct soql_query *query);
size_t soql_column_count(const struct soql_query *query);
/* "Account.Name", spelled as the schema spells it. */
const char *soql_column(const struct soql_query *query, size_t index);

/*
 * Pages: count rows from position first, less at the end. JSON is the records
 * joined by commas, each with its attributes and nested parents; version is
 * "64.0". CSV is lines with every value quoted, no header.
 */
bool soql_append_json(struct soql_query *query, const char *version,
                      uint64_t first, uint64_t count, struct buffer *out,
                      struct error *err);
bool soql_append_csv(struct soql_query *query, char delimiter,
                     const char *line_end, uint64_t first, uint64_t count,
                     struct buffer *out, struct error *err);
/* The quoted column names and the line end. */
void soql_append_csv_header(const struct soql_query *query, char delimiter,
                            const char *line_end, struct buffer *out);

#endif
