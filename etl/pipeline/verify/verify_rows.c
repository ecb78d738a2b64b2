/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify/verify_rows.h"

#include "base/file.h"
#include "base/mem.h"
#include "source/source.h"

#include <stdlib.h>

static const char *const names[] = {"error", "skipped", "unprocessed"};
#define FILE_COUNT (sizeof names / sizeof *names)

/* One of the files, read row by row. */
struct numbered {
    char *path;
    struct source_spec spec;
    struct source *source;
    struct batch batch;
    size_t next, column;
    uint64_t row; /* the next of the file; UINT64_MAX at its end */
};

struct verify_rows {
    struct numbered files[FILE_COUNT];
    uint64_t next;
};

static bool
refuse(const struct numbered *file, struct error *err)
{
    return error_set(
        err, ERROR_INPUT, 0,
        "'%s' does not number its rows as the run left it [verify-files]",
        file->path);
}

static bool
advance(struct numbered *file, struct error *err)
{
    enum source_status status = SOURCE_ROWS;
    while (file->next == file->batch.count && status == SOURCE_ROWS) {
        status = source_next(file->source, &file->batch, err);
        file->next = 0;
    }
    if (status != SOURCE_ROWS) {
        file->row = UINT64_MAX;
        file->next = file->batch.count = 0;
        return status == SOURCE_END;
    }
    const struct record *record = &file->batch.records[file->next++];
    return (file->column < record->field_count &&
            slice_to_u64(record->fields[file->column], &file->row)) ||
           refuse(file, err);
}

static bool
open_file(struct numbered *file, const char *folder, const char *name,
          struct error *err)
{
    file->path = mem_printf("%s/%s.csv", folder, name);
    file->row = UINT64_MAX;
    if (!file_exists(file->path)) {
        return true;
    }
    file->spec = (struct source_spec){
        .format = "csv",
        .path = file->path,
        .quote = '"',
        .delimiter = ',',
        .has_header = true,
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT * 2,
    };
    file->source = source_open(&file->spec, err);
    return file->source != NULL &&
           (columns_find(source_columns(file->source),
                         SLICE_LITERAL("sfetl__Row"),
                         &file->column) == COLUMNS_FOUND ||
            refuse(file, err)) &&
           advance(file, err);
}

struct verify_rows *
verify_rows_open(const char *folder, uint64_t first, struct error *err)
{
    struct verify_rows *rows = mem_zalloc(sizeof *rows);
    rows->next = first;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        if (!open_file(&rows->files[i], folder, names[i], err)) {
            verify_rows_close(rows);
            return NULL;
        }
    }
    return rows;
}

bool
verify_rows_next(struct verify_rows *rows, uint64_t *number, struct error *err)
{
    bool is_taken = true;
    while (is_taken) {
        is_taken = false;
        for (size_t i = 0; i < FILE_COUNT; i++) {
            struct numbered *file = &rows->files[i];
            if (file->row == rows->next) {
                is_taken = true;
                if (!advance(file, err)) {
                    return false;
                }
            }
        }
        rows->next += is_taken;
    }
    *number = rows->next++;
    return true;
}

void
verify_rows_close(struct verify_rows *rows)
{
    for (size_t i = 0; rows != NULL && i < FILE_COUNT; i++) {
        source_close(rows->files[i].source);
        batch_release(&rows->files[i].batch);
        free(rows->files[i].path);
    }
    free(rows);
}
