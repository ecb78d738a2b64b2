/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_MAPPING_H
#define ETL_MAPPING_MAPPING_H

#include "base/error.h"
#include "mapping/problem.h"
#include "mapping/translation.h"
#include "model/batch.h"
#include "model/columns.h"
#include "model/load.h"
#include "model/source_spec.h"

/*
 * An analyst's mapping file (mapping.md, sfetl-mapping(5)), in three steps:
 * mapping_open reads and checks the file alone; mapping_bind_schema holds it
 * against the org's metadata; mapping_bind_columns against the source's
 * header. After that it is read-only, and mapper (mapper.h) applies it.
 *
 * Problems of the file are added to the list, all of them; the functions
 * return false only where struct error is set (the file can't be read, say).
 * A caller looks at problems->error_count.
 */
struct mapping;

struct mapping_param {
    struct slice name, value;
};
struct mapping_options {
    const char *path;
    /* The file's bytes as they were (resume), instead of reading it now;
     * absent: it is read. path still says where it lies. */
    struct slice text;
    const struct mapping_param *params; /* --set */
    size_t param_count;
    const char *input;             /* --input; NULL: the mapping's path */
    const char *const *load_names; /* --load; only these */
    size_t load_name_count;
    int64_t now_ms; /* the run's start, wall time */
};

struct mapping *mapping_open(const struct mapping_options *options,
                             struct problems *problems, struct error *err);
/* The file's bytes as read, for the ledger. */
struct slice mapping_text(const struct mapping *mapping);
/* What RUN_ID() is in formulas; blank until it is set. */
void mapping_set_run(struct mapping *mapping, const char *run_id);
const char *mapping_name(const struct mapping *mapping);
const struct source_spec *mapping_source(const struct mapping *mapping);
size_t mapping_load_count(const struct mapping *mapping);
const struct load *mapping_load(const struct mapping *mapping, size_t index);

/*
 * A table of the mapping. The rows of one that lies in a CSV file or an org
 * are fed before the first row is mapped, by who may open those.
 */
enum table_origin { TABLE_MAP, TABLE_CSV, TABLE_QUERY };
struct mapping_table {
    const char *name;
    enum table_origin origin;
    const char *where;       /* the file to be opened, or the query */
    struct slice key, value; /* names of columns or fields */
    int line, column;        /* in the mapping */
    struct translation *rows;
};
size_t mapping_table_count(const struct mapping *mapping);
const struct mapping_table *mapping_table(const struct mapping *mapping,
                                          size_t index);
/* False after a problem was told: the key has another value, or the table is
 * full. where: the row's place, "owners.csv:12"; NULL: the table's own. */
bool mapping_table_put(const struct mapping_table *table, struct slice key,
                       struct slice value, const char *where,
                       struct problems *problems);

/*
 * The next object that must be described before mapping_bind_schema, given
 * what the schema already holds (a load's object; then, for `Rel.Field`, the
 * objects the relationship leads to); absent when none is missing.
 */
struct slice mapping_missing_object(const struct mapping *mapping,
                                    const struct schema *schema);
/* Where a load names an object first; false: none does. */
bool mapping_object_place(const struct mapping *mapping, struct slice object,
                          int *line, int *column);
/* schema NULL: offline without a saved describe: types are not checked, which
 * is added as a warning. */
bool mapping_bind_schema(struct mapping *mapping, const struct schema *schema,
                         struct problems *problems, struct error *err);
/* columns: an array, of one for each stream of the source. */
bool mapping_bind_columns(struct mapping *mapping,
                          const struct columns *columns,
                          const char *source_name, struct problems *problems,
                          struct error *err);
void mapping_close(struct mapping *mapping);

#endif
