/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_CONF_ORGS_H
#define ETL_PIPELINE_DRAFT_CONF_ORGS_H

#include "base/buffer.h"
#include "mapping/convert/process_conf.h"

/*
 * The orgs that beans of Data Loader sign in to, one for each endpoint and
 * user, as an orgs.yaml. Passwords are not taken over.
 */
struct conf_org {
    struct slice url, username, proxy;
    const char *name;
};
struct conf_orgs {
    struct arena arena;
    struct conf_org *items;
    size_t count, capacity;
};

void conf_orgs_add(struct conf_orgs *orgs, const struct conf_bean *bean);
/* The entry that was added for the bean. */
const char *conf_orgs_name(const struct conf_orgs *orgs,
                           const struct conf_bean *bean);
void conf_orgs_write(const struct conf_orgs *orgs, struct buffer *text);
void conf_orgs_release(struct conf_orgs *orgs);

#endif
