/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_RECORD_LOG_H
#define ETL_REHEARSAL_ORG_RECORD_LOG_H

#include "rehearsal/org/record_check.h"

/* The lines of the commit log (store.h says what they hold), pending until
 * the writer's transaction is committed. */

/* Begins a commit log line up to "id"; the caller ends it with "}\n". */
struct buffer *record_log_begin(struct store *store,
                                const struct write_request *request,
                                const char *operation,
                                const struct schema_object *object,
                                const char *id);

/* The whole line of an insert, update or upsert. */
void record_log_save(struct record_draft *draft, const char *id);

#endif
