/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/export/export_file.h"
#include "salesforce/answer_json.h"
#include "salesforce/api_fault.h"
#include "salesforce/api_usage.h"
#include "salesforce/bulk2_client.h"
#include "salesforce/describe.h"
#include "salesforce/query/bulk2_query.h"
#include "salesforce/query/csv_page.h"
#include "salesforce/query/soql_select.h"
#include "salesforce/rest_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * What an org, or whoever stands between, may answer: describe, collections,
 * jobs, pages of records, faults. The first byte says which. A page that is
 * taken for whole gives the same rows however it is read, and an export keeps
 * nothing of one that is cut.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool holds)
{
    if (!holds) {
        __builtin_trap();
    }
}

static bool
count_record(void *cookie, const struct slice *values, struct error *err)
{
    uint64_t *rows = cookie;
    (void)err;
    for (size_t i = 0; i < 2; i++) {
        check(values[i].ptr == NULL || values[i].len > 0);
    }
    ++*rows;
    return true;
}

static void
read_describe(struct slice text)
{
    struct schema schema = {0};
    struct error err = {0};
    check(describe_parse(text, &schema, &err) || err.kind != ERROR_NONE);
    schema_release(&schema);
}

static void
read_collection(struct slice text)
{
    struct error err = {0};
    struct buffer message = {.limit = 4096};
    for (size_t count = 0; count < 4; count++) {
        error_clear(&err);
        json_t *list = rest_client_parse(text, count, &err);
        check(list != NULL || err.kind == ERROR_NETWORK);
        for (size_t i = 0; list != NULL && i < count; i++) {
            struct save_result result;
            rest_client_read(json_array_get(list, i), &result, &message);
            check(result.id.len == 0 || result.id.len == 15 ||
                  result.id.len == 18);
        }
        json_decref(list);
    }
    buffer_release(&message);
}

static void
read_job(struct slice text)
{
    struct error err = {0};
    struct bulk2_job job;
    const struct http_answer answer = {.status = 200, .body = text};
    bool done = bulk2_client_parse_job(&answer, NULL, &job, &err);
    check(done || err.kind == ERROR_NETWORK);
    check(!done || strlen(job.id) >= 15);
}

static void
read_pages(struct slice text)
{
    struct error err = {0};
    struct arena arena = {0};
    struct bulk2_pages pages;
    bool done = bulk2_query_parse_pages(text, &arena, &pages, &err);
    check(done || err.kind == ERROR_NETWORK);
    for (size_t i = 0; done && i < pages.count; i++) {
        check(strpbrk(pages.locators[i], " \r\n?&%") == NULL);
    }
    arena_release(&arena);
}

static void
read_fault(struct slice text)
{
    struct error err = {0};
    struct http_answer answer = {.status = 400, .body = text};
    check(!api_fault_set_error(&answer, "call", &err));
    check(err.kind != ERROR_NONE);
    char line[256];
    uint64_t used, most;
    snprintf(line, sizeof line, "%.*s", SLICE_ARGS(text));
    api_usage_read(line, &used, &most);
}

static void
read_select(struct slice text)
{
    struct error err = {0};
    struct arena arena = {0};
    struct soql_select select;
    if (soql_select_parse(text, &arena, &select, &err)) {
        check(select.count > 0 && select.object.len > 0);
    } else {
        check(err.kind == ERROR_CONFIG);
    }
    arena_release(&arena);
}

static const struct slice fields[] = {{"Id", 2}, {"Name", 4}};

static void
read_page(struct slice text)
{
    struct error err = {0};
    uint64_t rows = 0;
    const struct csv_page page = {
        .bytes = text,
        .fields = fields,
        .field_count = 2,
        .announced = -1,
        .on_record = count_record,
        .cookie = &rows,
    };
    bool sound = csv_page_check(&page, &err);
    error_clear(&err);
    check(csv_page_read(&page, &err) == sound);
}

static void
write_file(const char *path, struct slice text)
{
    struct error err = {0};
    check(file_replace(path, text, &err));
}

static void
read_export(struct slice text)
{
    static const char first[] = "\"Id\",\"Name\"\n\"1\",\"a\"\n";
    struct export_file file;
    struct error err = {0};
    char folder[] = "/tmp/fuzz-answer-XXXXXX";
    char path[64], out[64];
    check(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/page", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    check(export_file_open(&file, out, 0, 0, (struct slice){"", 0}, &err));
    write_file(path, SLICE_LITERAL(first));
    check(export_file_append(&file, path, 1, &err) == EXPORT_PAGE_TAKEN);
    uint64_t size = export_file_size(&file);
    write_file(path, text);
    enum export_page verdict = export_file_append(&file, path, -1, &err);
    check(verdict != EXPORT_PAGE_FAILED);
    check(verdict == EXPORT_PAGE_TAKEN || export_file_size(&file) == size);
    check(file.rows >= 1);
    export_file_close(&file);
    check(file_remove_tree(folder, &err));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static void (*const readers[])(struct slice) = {
        read_describe, read_collection, read_job,  read_pages,
        read_fault,    read_select,     read_page, read_export,
    };
    if (size == 0) {
        return 0;
    }
    size_t which = bytes[0] % (sizeof readers / sizeof *readers);
    readers[which]((struct slice){(const char *)bytes + 1, size - 1});
    return 0;
}
