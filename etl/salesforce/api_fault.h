/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_API_FAULT_H
#define ETL_SALESFORCE_API_FAULT_H

#include "http/http_request.h"

/*
 * What an answer of 400 and more means (salesforce.md, "Errors: what helps"):
 * REST's array [{"message","errorCode"}], OAuth's {"error",
 * "error_description"}, a SOAP fault (which has status 500 whatever it says), a
 * gateway's HTML, or nothing readable. Texts are cut
 * to bounded length and never hold the request.
 */
struct api_fault {
    char code[80]; /* "INVALID_SESSION_ID"; "" when none was said */
    char message[400];
    bool is_soap;
};

/* Reads code and message from the body; always fills both in some way. */
void api_fault_read(const struct http_answer *answer, struct api_fault *fault);
/* Sets err with the right kind (AUTH, LIMIT, NETWORK when it may pass, else
 * REMOTE), "what: CODE: message", and says what helps. Returns false. */
bool api_fault_set_error(const struct http_answer *answer, const char *what,
                         struct error *err);

/* Of an answer that api_fault_set_error made cause of. Whether the call was
 * surely not carried out: a gateway says 502 and 504 also of calls that have
 * arrived. */
bool api_fault_is_untouched(const struct http_answer *answer,
                            const struct error *cause);
/* Whether the org has read the call and refuses what it says: it would say so
 * each time. */
bool api_fault_is_lasting(const struct http_answer *answer,
                          const struct error *cause);

/* What may be done about a code that a row's error carries. */
enum row_advice {
    ROW_NEVER, /* goes to error.csv */
    ROW_AGAIN, /* may pass later: locks, time-outs */
    ROW_STOP,  /* the org takes nothing more: STORAGE_LIMIT_EXCEEDED … */
};
enum row_advice api_fault_row_advice(struct slice code, struct slice message);

#endif
