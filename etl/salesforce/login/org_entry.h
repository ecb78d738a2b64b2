/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_LOGIN_ORG_ENTRY_H
#define ETL_SALESFORCE_LOGIN_ORG_ENTRY_H

#include "base/yaml_tree.h"
#include "salesforce/login/credentials.h"

/*
 * One org of orgs.yaml: its keys as a table, each with the kinds of sign-in
 * that need it or use it. Errors are ERROR_CONFIG with file, line and column.
 */
struct org_reader {
    struct arena *arena; /* where texts go */
    const char *path;    /* of the file, for messages */
    const char *folder;  /* its own, "" or ending in a slash */
    struct error *err;
};

bool org_entry_read(struct org_reader *reader, struct org *org,
                    const struct yaml_pair *pair);

/* Sets the error "path:line:column: …" and returns false. */
bool org_entry_fail(struct org_reader *reader, const struct yaml_node *at,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool org_entry_unknown_key(struct org_reader *reader,
                           const struct yaml_node *key,
                           const char *const *known, size_t count);
/* A text that is there, without NUL; NULL with the error set otherwise. */
const char *org_entry_text(struct org_reader *reader,
                           const struct yaml_pair *pair);
/* A path relative to the file's folder, as one that can be opened. */
const char *org_entry_path(struct org_reader *reader, const char *path);

#endif
