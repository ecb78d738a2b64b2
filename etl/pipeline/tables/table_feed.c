/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/tables/table_feed.h"

#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/tables/table_keep.h"
#include "salesforce/query/query.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>

#define COMPLAINTS_LIMIT 20 /* of one table */
#define WHERE_SIZE 80

/* One table while it is filled. */
struct filling {
    const struct table_feed *feed;
    const struct mapping_table *table;
    size_t key, value; /* columns of the source */
    uint64_t records;  /* of the query */
    unsigned complaints;
};

static bool
put(struct filling *filling, struct slice key, struct slice value,
    const char *where)
{
    if (key.len == 0) {
        return true;
    }
    if (value.ptr == NULL) {
        value = SLICE_LITERAL("");
    }
    return mapping_table_put(filling->table, key, value, where,
                             filling->feed->problems) ||
           ++filling->complaints < COMPLAINTS_LIMIT;
}

static void
complain(const struct filling *filling, const char *code, const char *help,
         const char *what)
{
    const struct mapping_table *table = filling->table;
    problem_add(filling->feed->problems, table->line, table->column, code, help,
                "table '%.80s': %s", table->name, what);
}

static bool
put_record(struct filling *filling, const struct record *record)
{
    if (record->fate != RECORD_GOOD) {
        char *what =
            mem_printf("line %llu: %.*s", (unsigned long long)record->line,
                       SLICE_ARGS(record->reason));
        complain(filling, record->code, "mend the file", what);
        free(what);
        return ++filling->complaints < COMPLAINTS_LIMIT;
    }
    char where[WHERE_SIZE];
    snprintf(where, sizeof where, "line %llu",
             (unsigned long long)record->line);
    return put(filling, record->fields[filling->key],
               record->fields[filling->value], where);
}

static bool
find_column(const struct filling *filling, const struct columns *columns,
            struct slice name, size_t *index)
{
    char what[200];
    switch (columns_find(columns, name, index)) {
    case COLUMNS_FOUND:
        return true;
    case COLUMNS_MISSING:
        snprintf(what, sizeof what, "'%.*s' is no column of '%.80s'",
                 (int)(name.len < 60 ? name.len : 60), name.ptr,
                 filling->table->where);
        complain(filling, "unknown-column",
                 "'key' and 'value' name columns of the file", what);
        return false;
    case COLUMNS_AMBIGUOUS:
        break;
    }
    snprintf(what, sizeof what, "several columns of '%.80s' are named '%.*s'",
             filling->table->where, (int)(name.len < 60 ? name.len : 60),
             name.ptr);
    complain(filling, "ambiguous-column",
             "name it by its position, as in \"#3\"", what);
    return false;
}

static bool
read_rows(struct filling *filling, struct source *source, struct error *err)
{
    struct batch batch = {0};
    enum source_status status = SOURCE_ROWS;
    bool going = true;
    while (going && status == SOURCE_ROWS) {
        going = cancel_check(err);
        status = going ? source_next(source, &batch, err) : SOURCE_FAILED;
        for (size_t i = 0; status == SOURCE_ROWS && going && i < batch.count;
             i++) {
            going = put_record(filling, &batch.records[i]);
        }
    }
    batch_release(&batch);
    return status != SOURCE_FAILED;
}

static bool
read_file(struct filling *filling, const struct source_spec *spec,
          struct slice key, struct slice value, struct error *err)
{
    struct source *source = source_open(spec, err);
    if (source == NULL) {
        return false;
    }
    const struct columns *columns = source_columns(source);
    bool done = true;
    if (find_column(filling, columns, key, &filling->key) &&
        find_column(filling, columns, value, &filling->value)) {
        done = read_rows(filling, source, err);
    }
    source_close(source);
    return done;
}

/* A file that can't be read is a fault of the mapping that names it. */
static bool
feed_csv(struct filling *filling, struct error *err)
{
    const struct mapping_table *table = filling->table;
    const struct source_spec spec = {
        .format = "csv",
        .path = table->where,
        .quote = '"',
        .has_header = true,
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT,
    };
    if (read_file(filling, &spec, table->key, table->value, err)) {
        return true;
    }
    if (err->kind != ERROR_INPUT) {
        return false;
    }
    complain(filling, "table-file",
             "the path is seen from the mapping's folder", err->text);
    error_clear(err);
    return true;
}

static bool
feed_kept(struct filling *filling, struct error *err)
{
    const struct mapping_table *table = filling->table;
    uint64_t rows = 0;
    struct source_spec spec = table_keep_spec();
    char *path = NULL;
    bool done =
        filling->feed->kept(filling->feed->cookie, table, &path, &rows, err);
    spec.path = path;
    done = done && read_file(filling, &spec, SLICE_LITERAL(TABLE_KEEP_KEY),
                             SLICE_LITERAL(TABLE_KEEP_VALUE), err);
    if (done && translation_count(table->rows) != rows) {
        done =
            error_set(err, ERROR_INTERNAL, 0,
                      "'%s' holds %llu rows of table '%s', not the %llu "
                      "that the run was begun with",
                      path, (unsigned long long)translation_count(table->rows),
                      table->name, (unsigned long long)rows);
    }
    free(path);
    return done;
}

static bool
take_record(void *cookie, const struct slice *values, struct error *err)
{
    struct filling *filling = cookie;
    char where[WHERE_SIZE];
    filling->records++;
    snprintf(where, sizeof where, "record %llu",
             (unsigned long long)filling->records);
    if (put(filling, values[0], values[1], where)) {
        return cancel_check(err);
    }
    return error_set(err, ERROR_CONFIG, 0, "too much is wrong with it");
}

static bool
feed_query(struct filling *filling, struct error *err)
{
    const struct mapping_table *table = filling->table;
    if (filling->feed->session == NULL) {
        complain(filling, "table-needs-org",
                 "leave '--offline' out; for an example, add 'given_tables'",
                 "it comes from a query, and no org is asked");
        return true;
    }
    const struct slice fields[] = {table->key, table->value};
    const struct query query = {
        .session = filling->feed->session,
        .soql = slice_of(table->where),
        .fields = fields,
        .field_count = 2,
        .on_record = take_record,
        .cookie = filling,
    };
    return query_run(&query, err) ||
           error_add_context(err, "table '%s'", table->name);
}

bool
table_feed_all(const struct table_feed *feed, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < mapping_table_count(feed->mapping); i++) {
        struct filling filling = {.feed = feed,
                                  .table = mapping_table(feed->mapping, i)};
        if (filling.table->origin == TABLE_MAP ||
            (filling.table->origin == TABLE_QUERY && feed->leaves_queries)) {
            continue;
        }
        translation_clear(filling.table->rows);
        done = feed->kept != NULL                   ? feed_kept(&filling, err)
               : filling.table->origin == TABLE_CSV ? feed_csv(&filling, err)
                                                    : feed_query(&filling, err);
    }
    return done;
}

uint64_t
table_feed_memory(const struct mapping *mapping)
{
    uint64_t size = 0;
    for (size_t i = 0; i < mapping_table_count(mapping); i++) {
        size += translation_memory(mapping_table(mapping, i)->rows);
    }
    return size;
}
