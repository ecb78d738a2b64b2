/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_REST_CLIENT_H
#define ETL_SALESFORCE_REST_CLIENT_H

#include "base/buffer.h"
#include "model/load.h"
#include "salesforce/answer_json.h"
#include "salesforce/save_result.h"
#include "salesforce/session.h"

/*
 * The words of sObject Collections (salesforce.md, "REST, common"): calls of
 * up to 200 records, and what their answers say. It sends nothing. Each
 * function empties the request first.
 */

/* Whether the API has the operation: hard_delete and undelete it has not. */
bool rest_client_knows(enum operation operation);
/* Whether a call that may have been carried out can be made again. */
bool rest_client_may_repeat(enum operation operation);

/* Create, update and upsert: body is {"allOrNone":…,"records":[…]}. Delete:
 * body is the Ids, with commas. Copied. */
void rest_client_send(struct http_request *request,
                      const struct session *session, const struct load *load,
                      struct slice body);
/* Changes nothing: does the org answer? */
void rest_client_probe(struct http_request *request,
                       const struct session *session);

/*
 * The array of count results, each sound; json_decref it. NULL with
 * ERROR_NETWORK when it is anything else: then nobody knows what became of
 * the records.
 */
json_t *rest_client_parse(struct slice answer, size_t count, struct error *err);
/* Of a sound one. Texts are borrowed from it; the errors go to message, not to
 * the result's. */
void rest_client_read(const json_t *item, struct save_result *result,
                      struct buffer *message);

#endif
