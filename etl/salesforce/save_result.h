/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_SAVE_RESULT_H
#define ETL_SALESFORCE_SAVE_RESULT_H

#include "base/arena.h"

/*
 * What an API that answers at once says of each record of a call, in the
 * records' order: REST collections and SOAP.
 */
struct save_result {
    bool success, created;
    struct slice id;      /* of 15 or 18 characters, or empty */
    struct slice code;    /* of the first error; empty */
    struct slice message; /* all errors as Bulk spells them:
                             "CODE:message:fields --" */
};

struct save_results {
    struct arena arena; /* holds everything */
    struct save_result *items;
    size_t count;
};

#endif
