/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_ORG_FAULT_H
#define ETL_REHEARSAL_ORG_ORG_FAULT_H

#include <stdbool.h>

/* What the org says to a bad row or call, with its own code. */
struct org_fault {
    const char *code;  /* "STRING_TOO_LONG"; NULL: none */
    const char *field; /* API name, NULL: the error names no field */
    char text[1024];   /* never split inside a UTF-8 character */
};
/* The first fault wins. Returns false. */
bool org_fault_set(struct org_fault *fault, const char *code, const char *field,
                   const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
