/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_CALL_SETTLE_H
#define ETL_SINK_CALL_SETTLE_H

#include "salesforce/save_result.h"
#include "sink/sink.h"

/*
 * An insert whose answer was lost, where each row has a key that the org lets
 * no two records have: it is made again, for the org itself keeps a record
 * from being made twice. What it then calls a duplicate is our own record if
 * that was made since the chunk's first call, and an old one else; so the org
 * is asked when, once a call, and what it says is kept:
 * PREFIX.answers/0007.asked, a line with the time from which on records are
 * ours, by the org's clock in ms, and the answer.
 */

/* Whether each of these rows has such a key. */
bool call_settle_has_keys(const struct load *load,
                          const struct sink_files *files, uint64_t first,
                          uint64_t count, bool *has_keys, struct error *err);

/* Whether a result calls its record a duplicate of one that it names. */
bool call_settle_wanted(const struct save_results *results);
/* Asks when the records were made that results name. */
void call_settle_ask(struct http_request *request,
                     const struct session *session, const struct load *load,
                     const struct save_results *results);

bool call_settle_is_kept(const struct sink_files *files, uint64_t call);
/* ERROR_NETWORK when the answer can't be read. */
bool call_settle_keep(const struct sink_files *files, uint64_t call,
                      const struct ticket *ticket,
                      const struct http_answer *answer, struct error *err);

/* What was kept; zeroed: nothing. Owned by the caller. */
struct call_origins {
    int64_t since_ms; /* records made from then on are ours */
    void *records;
};
bool call_settle_open(const struct sink_files *files, uint64_t call,
                      struct call_origins *origins, struct error *err);
/* The Id of our own record, of 18 characters, that this result names as a
 * duplicate; empty: it is none of ours. Borrowed from origins. */
struct slice call_settle_own(const struct call_origins *origins,
                             const struct save_result *result);
void call_settle_close(struct call_origins *origins);

#endif
