/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PARENTS_PARENT_CHECK_H
#define ETL_PIPELINE_PARENTS_PARENT_CHECK_H

#include "mapping/mapping.h"
#include "model/schema.h"
#include "salesforce/session.h"

/*
 * Which parents rows name (`Rel.Field`, or a lookup's Id), and which records an
 * update finds by their Id, that the org does not have, found before anything
 * is sent (`sfetl check`). Keys that an earlier load of the
 * mapping makes, or the load itself, are not missing. Of each distinct key the
 * org is asked once: some thousand keys a query, and where there are very many
 * all that it has in one. Memory is bounded: keys are sorted by their hash on
 * disk.
 */
#define PARENT_CHECK_EXAMPLES                                                  \
    100                     /* missing keys kept, those of the first rows */
#define PARENT_CHECK_ROWS 5 /* of each, the first */

struct parent_missing {
    struct slice key; /* in the report's arena */
    uint64_t row_count;
    uint64_t rows[PARENT_CHECK_ROWS], lines[PARENT_CHECK_ROWS];
};
/* Of one column of a load. */
struct parent_report {
    const char *load, *column, *parent, *field;
    const char *code;    /* stable name for `sfetl explain` */
    bool is_own;         /* the Ids of an update or delete: no parents */
    const char *unasked; /* why the org could not say; NULL: it could */
    uint64_t rows, keys; /* that name a parent; distinct */
    uint64_t missing_keys, missing_rows;
    struct parent_missing examples[PARENT_CHECK_EXAMPLES]; /* by first row */
    size_t example_count;
};

struct parent_check;

/* NULL with an error only. */
struct parent_check *parent_check_new(const struct mapping *mapping,
                                      const struct schema *schema,
                                      struct error *err);
/* The records of a load, in source order. */
bool parent_check_add(struct parent_check *check, size_t load,
                      const struct batch *mapped, struct error *err);
/* Asks the org; config_path and name say which, as for a run. */
struct parent_org {
    struct session *session;
    const char *config_path, *name;
};
bool parent_check_finish(struct parent_check *check,
                         const struct parent_org *org, struct error *err);
/* How often the org was asked: a query, or a job for one, each. */
uint64_t parent_check_queries(const struct parent_check *check);
size_t parent_check_count(const struct parent_check *check);
const struct parent_report *
parent_check_report(const struct parent_check *check, size_t index);
void parent_check_free(struct parent_check *check);

#endif
