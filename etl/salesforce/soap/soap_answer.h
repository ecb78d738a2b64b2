/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_SOAP_SOAP_ANSWER_H
#define ETL_SALESFORCE_SOAP_SOAP_ANSWER_H

#include "base/error.h"
#include "salesforce/save_result.h"

/*
 * What a SOAP answer says: results of records, a fault, or a session. Answers
 * come from outside: no document type is read, and depth, attributes and texts
 * are bounded. Elements are known by their local names, for the partner's and
 * the enterprise's namespaces differ; nothing else is looked at.
 */
enum soap_kind {
    SOAP_UNREADABLE, /* no envelope, or one that is not whole */
    SOAP_RESULTS,
    SOAP_FAULT,
};

struct soap_answer {
    enum soap_kind kind;
    bool is_sound; /* each result says what became of its record */
    struct save_results results;
    struct slice code, message;          /* of a fault, without "sf:" */
    struct slice session_id, server_url; /* of a login; absent */
};

/* Zeroes it first. limit: results at most; more are unreadable. All that is
 * told lies in answer->results.arena, to be released by the caller. */
void soap_answer_read(struct slice body, size_t limit,
                      struct soap_answer *answer);

/* The sound results of count records. ERROR_NETWORK when the answer is
 * anything else: then nobody knows what became of the records. */
bool soap_answer_results(struct slice body, size_t count,
                         struct save_results *results, struct error *err);

/* Code and text of a fault, cut to what fits; false: the body is none. */
bool soap_answer_fault(struct slice body, char *code, size_t code_size,
                       char *message, size_t message_size);

#endif
