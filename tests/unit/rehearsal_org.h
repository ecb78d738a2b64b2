/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_REHEARSAL_ORG_H
#define TESTS_UNIT_REHEARSAL_ORG_H

#include "base/file.h"
#include "base/mem.h"
#include "rehearsal/org/record_write.h"
#include "rehearsal/schema/schema_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* An org of the test's own, with a few custom fields, and short ways to load
 * into it. */
static const char org_schema_yaml[] =
    "objects:\n"
    "  Account:\n"
    "    record_types: [Business, Private Person]\n"
    "    fields:\n"
    "      ERP_Id__c: {type: string, label: ERP Id, length: 40,"
    " externalId: yes, unique: yes, caseSensitive: no}\n"
    "      Loose_Key__c: {type: string, label: Loose Key, length: 40,"
    " externalId: yes}\n"
    "      Exact__c: {type: string, length: 40, unique: yes,"
    " caseSensitive: yes}\n"
    "      Credit_Limit__c: {type: currency, label: Credit Limit,"
    " scale: 2}\n"
    "      Active__c: {type: checkbox}\n"
    "      Tags__c: {type: multipicklist, values: [x, y, z]}\n"
    "      Rating_Tier__c: {type: picklist, label: Rating Tier,"
    " restricted: yes, values: [A, B, C]}\n"
    "  Contact:\n"
    "    fields:\n"
    "      ERP_Id__c: {type: string, length: 40, externalId: yes,"
    " unique: yes}\n"
    "  Invoice__c:\n"
    "    name: {type: autoNumber, format: 'INV-{0000}'}\n"
    "    fields:\n"
    "      Account__c: {type: reference, to: Account, masterDetail: yes,"
    " required: yes, relationship: Account__r, child: Invoices__r}\n"
    "      Amount__c: {type: currency, scale: 2}\n";

struct test_org {
    char *folder;
    struct schema *schema;
    struct store *store;
    struct arena arena;
    struct write_result results[2000];
    const char *call_id;
    enum value_origin origin;
    int64_t lock_ms;
    bool all_or_none;
};

static inline void
org_start(struct test_org *org)
{
    struct error err = {0};
    org->schema = org_schema_new();
    if (!schema_file_add_bytes(org->schema, slice_of(org_schema_yaml), false,
                               "schema", &err))
        fail_msg("%s", err.text);
    struct store_options options = {.folder = org->folder,
                                    .lock_ms = org->lock_ms};
    org->store = store_open(org->schema, &options, &err);
    if (!org->store)
        fail_msg("%s", err.text);
}

static inline void
org_stop(struct test_org *org)
{
    store_close(org->store);
    org_schema_free(org->schema);
    arena_reset(&org->arena);
}

static inline int
org_make(void **state)
{
    struct test_org *org = mem_zalloc(sizeof *org);
    org->folder = mem_printf("scratch-%ld-XXXXXX", (long)getpid());
    org->call_id = "750Re0000000001";
    if (!mkdtemp(org->folder))
        return -1;
    org_start(org);
    *state = org;
    return 0;
}

static inline int
org_drop(void **state)
{
    struct test_org *org = *state;
    struct error err = {0};
    org_stop(org);
    arena_release(&org->arena);
    bool done = file_remove_tree(org->folder, &err);
    free(org->folder);
    free(org);
    return done ? 0 : -1;
}

static inline const struct schema_object *
org_object(struct test_org *org, const char *name)
{
    return org_schema_object(org->schema, slice_of(name));
}

/* "Name=Acme|Phone=" to cells; "~" is null. */
static inline struct write_row
org_row(struct test_org *org, const char *text)
{
    struct write_cell *cells = arena_array(&org->arena, 32, sizeof *cells);
    size_t count = 0;
    while (*text) {
        size_t len = strcspn(text, "|"), name = strcspn(text, "=");
        cells[count].name = arena_copy(&org->arena, (struct slice){text, name});
        struct slice value = {text + name + 1, len - name - 1};
        if (!slice_is(value, "~"))
            cells[count].value = arena_copy(&org->arena, value);
        count++;
        text += len + (text[len] != '\0');
    }
    return (struct write_row){.cells = cells, .cell_count = count};
}

static inline void
org_write_rows(struct test_org *org, enum write_operation operation,
               const char *object, const char *key,
               const struct write_row *rows, size_t count)
{
    struct error err = {0};
    const struct schema_object *type = org_object(org, object);
    struct write_request request = {
        .operation = operation,
        .object = type,
        .external = key ? org_schema_field(type, slice_of(key)) : NULL,
        .origin = org->origin,
        .all_or_none = org->all_or_none,
        .api = "bulk2",
        .call_id = org->call_id};
    struct write_batch *batch = record_write_begin(org->store, &request);
    size_t done;
    if (!record_write_rows(batch, rows, count, &org->arena, org->results, &done,
                           &err))
        fail_msg("%s", err.text);
    assert_int_equal(done, count);
    record_write_end(batch);
}

/* Rows end with a NULL. */
static inline void
org_write(struct test_org *org, enum write_operation operation,
          const char *object, const char *key, const char *row, ...)
{
    struct write_row rows[64];
    size_t count = 0;
    va_list more;
    va_start(more, row);
    for (; row; row = va_arg(more, const char *))
        rows[count++] = org_row(org, row);
    va_end(more);
    org_write_rows(org, operation, object, key, rows, count);
}

static inline void
org_succeeds(struct test_org *org, size_t index, bool created)
{
    const struct write_result *result = &org->results[index];
    if (!result->success)
        fail_msg("%s: %s", result->errors->code, result->errors->message);
    assert_int_equal(result->created, created);
    assert_int_equal(strlen(result->id), 18);
}

static inline void
org_fails(struct test_org *org, size_t index, const char *code,
          const char *message)
{
    const struct write_result *result = &org->results[index];
    assert_false(result->success);
    assert_int_equal(result->error_count, 1);
    assert_string_equal(result->errors->code, code);
    assert_string_equal(result->errors->message, message);
}

#endif
