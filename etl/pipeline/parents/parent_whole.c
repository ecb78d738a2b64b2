/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/parent_whole.h"

#include "base/mem.h"
#include "pipeline/export/export.h"
#include "salesforce/query/query.h"
#include "source/source.h"

#include <stdlib.h>
#include <unistd.h>

static bool
take_total(void *cookie, uint64_t total)
{
    *(uint64_t *)cookie = total;
    return false;
}

static bool
take_nothing(void *cookie, const struct slice *values, struct error *err)
{
    (void)cookie;
    (void)values;
    (void)err;
    return true;
}

bool
parent_whole_count(const struct parent_whole *whole, uint64_t *total,
                   struct error *err)
{
    const struct slice field = slice_of(whole->field);
    const struct query query = {
        .session = whole->org->session,
        .soql = slice_of(whole->soql),
        .fields = &field,
        .field_count = 1,
        .on_record = take_nothing,
        .on_total = take_total,
        .cookie = total,
    };
    *total = 0;
    return query_run(&query, err);
}

static bool
read_file(const struct parent_whole *whole, const char *path, struct error *err)
{
    const struct source_spec spec = {
        .format = "csv",
        .path = path,
        .delimiter = ',',
        .quote = '"',
        .has_header = true,
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT,
    };
    struct source *source = source_open(&spec, err);
    struct batch batch = {0};
    enum source_status status = source == NULL ? SOURCE_FAILED : SOURCE_ROWS;
    while (status == SOURCE_ROWS) {
        status = source_next(source, &batch, err);
        for (size_t i = 0; status == SOURCE_ROWS && i < batch.count; i++) {
            if (!whole->on_key(whole->cookie, batch.records[i].fields[0],
                               err)) {
                status = SOURCE_FAILED;
            }
        }
    }
    batch_release(&batch);
    source_close(source);
    return status == SOURCE_END;
}

bool
parent_whole_read(const struct parent_whole *whole, struct error *err)
{
    char *path = mem_printf("%s/keys.csv", whole->folder);
    const struct export_options options = {
        .soql = whole->soql,
        .output = path,
        .config_path = whole->org->config_path,
        .org = whole->org->name,
    };
    const struct progress_sink silent = {0};
    struct export_result result = {0};
    bool done = export_run(&options, &silent, &result, err) &&
                read_file(whole, path, err);
    export_release(&result);
    unlink(path);
    free(path);
    return done;
}
