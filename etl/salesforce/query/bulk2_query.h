/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_QUERY_BULK2_QUERY_H
#define ETL_SALESFORCE_QUERY_BULK2_QUERY_H

#include "base/arena.h"
#include "salesforce/bulk2_client.h"

/*
 * The words of Bulk API 2.0 query jobs (salesforce.md, "Query (47.0+)"): its
 * requests, and what is said of pages. It sends nothing. Each function empties
 * the request first. Of the addresses in answers only the locators are taken,
 * for a token goes to the instance and nowhere else. A job is read by
 * bulk2_client_parse_job.
 */
#define BULK2_QUERY_VERSION 47
#define BULK2_QUERY_PAGES_VERSION 58 /* resultPages */
/* SOQL and SOSL Reference, "SOQL limits": characters of a statement. */
#define BULK2_QUERY_CHARACTERS 100000

void bulk2_query_create(struct http_request *request,
                        const struct session *session, struct slice soql);
void bulk2_query_read(struct http_request *request,
                      const struct session *session, const char *job_id);
/* locator "": the first ones. */
void bulk2_query_pages(struct http_request *request,
                       const struct session *session, const char *job_id,
                       const char *locator);
/* locator "": from the beginning; path NULL: into memory; max_rows 0: as many
 * as the org likes. */
void bulk2_query_result(struct http_request *request,
                        const struct session *session, const char *job_id,
                        const char *locator, uint64_t max_rows,
                        const char *path);

/*
 * Locators of pages that can be fetched side by side; "" is the beginning.
 * next: of the request for more pages; NULL when these are the last.
 */
struct bulk2_pages {
    const char **locators; /* in the arena, as is next */
    size_t count;
    const char *next;
};
/* ERROR_NETWORK when it is anything else. */
bool bulk2_query_parse_pages(struct slice answer, struct arena *arena,
                             struct bulk2_pages *pages, struct error *err);

/* The locator behind a page: "" when it was the last. False: the header is
 * missing or holds what no locator does. */
bool bulk2_query_next(const struct http_answer *answer, const char **locator);

#endif
