/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_CONF_DRAFT_H
#define ETL_PIPELINE_DRAFT_CONF_DRAFT_H

#include "mapping/problem.h"
#include "pipeline/draft/draft_org.h"

/*
 * A process-conf.xml of Data Loader as a folder: a mapping for each bean that
 * loads, orgs.yaml, run.sh, and properties.txt, which says of every setting
 * what became of it. A bean that can't be converted is told, and left out.
 */
struct conf_draft {
    const char *path;   /* of the process-conf.xml */
    const char *folder; /* to be made; must not exist */
    struct draft_org *org;
    /* What is told of a bean, with its line in the configuration. */
    void (*tell)(void *cookie, int line, const char *bean, const char *what);
    void *cookie;
};

struct conf_summary {
    size_t beans, converted, extracts, refused;
};

bool conf_draft_write(const struct conf_draft *draft,
                      struct conf_summary *summary, struct error *err);

#endif
