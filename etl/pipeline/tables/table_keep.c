/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/tables/table_keep.h"

#include "base/file.h"
#include "base/mem.h"
#include "model/csv_writer.h"

#include <stdlib.h>

static bool
write_rows(const struct translation *table, struct file_writer *writer,
           struct error *err)
{
    struct buffer line = {0};
    struct slice cells[] = {SLICE_LITERAL(TABLE_KEEP_KEY),
                            SLICE_LITERAL(TABLE_KEEP_VALUE)};
    uint64_t cursor = 0;
    bool done = true, more = true;
    while (done && more) {
        buffer_reset(&line);
        csv_writer_cells(&line, cells, 2);
        buffer_append_char(&line, '\n');
        done = file_writer_write(writer, line.bytes, line.len, err);
        more = translation_next(table, &cursor, &cells[0], &cells[1]);
    }
    buffer_release(&line);
    return done;
}

static bool
write_table(const struct mapping_table *table, const char *path,
            struct error *err)
{
    struct file_writer writer = {.fd = -1};
    bool done = file_writer_open(&writer, path, err) &&
                write_rows(table->rows, &writer, err) &&
                file_writer_commit(&writer, err);
    file_writer_close(&writer);
    return done;
}

static bool
record(struct ledger *ledger, const struct mapping_table *table,
       const char *name, struct error *err)
{
    char *file = mem_printf("table:%s", table->name);
    char *rows = mem_printf("table_rows:%s", table->name);
    bool done =
        ledger_set(ledger, file, slice_of(name), err) &&
        ledger_set_u64(ledger, rows, translation_count(table->rows), err);
    free(file);
    free(rows);
    return done;
}

bool
table_keep_write(const struct mapping *mapping, const char *run_folder,
                 struct ledger *ledger, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < mapping_table_count(mapping); i++) {
        const struct mapping_table *table = mapping_table(mapping, i);
        if (table->origin == TABLE_MAP) {
            continue;
        }
        char *folder = mem_printf("%s/tables", run_folder);
        char *name = mem_printf("tables/%zu.csv", i + 1);
        char *path = mem_printf("%s/%s", run_folder, name);
        done = file_make_folders(folder, err) &&
               write_table(table, path, err) &&
               record(ledger, table, name, err);
        free(folder);
        free(name);
        free(path);
    }
    return done;
}

bool
table_keep_find(struct ledger *ledger, const char *run_folder,
                const struct mapping_table *table, char **path, uint64_t *rows,
                struct error *err)
{
    struct arena arena = {0};
    struct slice name = {0};
    char *file = mem_printf("table:%s", table->name);
    char *count = mem_printf("table_rows:%s", table->name);
    bool done = ledger_get(ledger, file, &arena, &name, err) &&
                ledger_get_u64(ledger, count, rows, err);
    if (done && name.ptr == NULL) {
        done = error_set(err, ERROR_INTERNAL, 0,
                         "the ledger does not say where the rows of table "
                         "'%s' are",
                         table->name);
    }
    if (done) {
        *path = mem_printf("%s/%.*s", run_folder, SLICE_ARGS(name));
    }
    free(file);
    free(count);
    arena_release(&arena);
    return done;
}

struct source_spec
table_keep_spec(void)
{
    return (struct source_spec){
        .format = "csv",
        .delimiter = ',',
        .quote = '"',
        .has_header = true,
        .ragged = RAGGED_ERROR,
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT,
    };
}
