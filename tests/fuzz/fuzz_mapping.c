/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/example/example_run.h"
#include "mapping/mapper.h"
#include "mapping/mapping.h"

/*
 * A mapping of any bytes: read, held against a small org and against no org,
 * bound to a header, applied to rows, its examples run. All problems are told
 * as text.
 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define FIELDS 6

static struct slice names[FIELDS] = {{"KUNNR", 5},  {"NAME1", 5}, {"LAND1", 5},
                                     {"UMSATZ", 6}, {"ERDAT", 5}, {"a b", 3}};
static struct slice cells[2][FIELDS] = {
    {{" 4711", 5},
     {"M\xC3\xBCller", 7},
     {"DE", 2},
     {"1.234,50-", 9},
     {"20260131", 8},
     {"", 0}},
    {{"", 0}, {NULL, 0}, {"XX", 2}, {"#N/A", 4}, {"x", 1}, {"y", 1}}};

static void
fill_schema(struct schema *schema)
{
    static const char *const account[] = {"Account"};
    static const char *const tiers[] = {"Gold", "Silver"};
#define WRITABLE .createable = true, .updateable = true, .nillable = true
    const struct schema_field fields[] = {
        {.name = "Id", .type = FIELD_ID, .length = 18, .id_lookup = true},
        {.name = "Name", .type = FIELD_STRING, .length = 10, WRITABLE},
        {.name = "ERP_Id__c",
         .type = FIELD_STRING,
         .length = 10,
         .external_id = true,
         WRITABLE},
        {.name = "Revenue",
         .type = FIELD_CURRENCY,
         .precision = 18,
         .scale = 2,
         WRITABLE},
        {.name = "Active", .type = FIELD_BOOLEAN, WRITABLE},
        {.name = "Since", .type = FIELD_DATE, WRITABLE},
        {.name = "At", .type = FIELD_DATETIME, WRITABLE},
        {.name = "Hour", .type = FIELD_TIME, WRITABLE},
        {.name = "Body", .type = FIELD_BASE64, WRITABLE},
        {.name = "Mail", .type = FIELD_EMAIL, .length = 80, WRITABLE},
        {.name = "Tier",
         .type = FIELD_MULTIPICKLIST,
         .restricted_picklist = true,
         .picklist = tiers,
         .picklist_count = 2,
         WRITABLE},
        {.name = "ParentId",
         .type = FIELD_REFERENCE,
         .relationship = "Parent",
         .reference_to = account,
         .reference_count = 1,
         WRITABLE},
    };
    const struct schema_object object = {
        .name = "Account",
        .createable = true,
        .updateable = true,
        .deletable = true,
        .fields = fields,
        .field_count = sizeof fields / sizeof *fields,
    };
    schema_add(schema, &object);
}

static void
tell(void *cookie, const struct example_result *result)
{
    size_t *differences = cookie;
    *differences += result->difference_count;
}

static void
tell_problems(struct problems *problems)
{
    problem_sort(problems);
    for (size_t i = 0; i < problems->count; i++) {
        struct slice text = problem_text(problems, &problems->items[i]);
        if (slice_utf8_valid_len(text) != text.len) {
            __builtin_trap();
        }
    }
}

static void
map_rows(struct mapping *mapping, struct problems *problems)
{
    struct error err = {0};
    const struct columns columns = {names, FIELDS, 0};
    if (!mapping_bind_columns(mapping, &columns, "in.csv", problems, &err) ||
        problems->error_count > 0) {
        return;
    }
    struct mapper *mapper = mapper_new(mapping);
    struct batch rows = {0}, mapped = {0};
    for (size_t i = 0; i < 2; i++) {
        struct record *record = batch_add(&rows);
        record->row = record->line = i + 1;
        record->fields = cells[i];
        record->field_count = FIELDS;
    }
    for (size_t i = 0; i < mapping_load_count(mapping); i++) {
        mapper_apply(mapper, i, &rows, &mapped);
    }
    batch_release(&rows);
    batch_release(&mapped);
    mapper_free(mapper);
    size_t differences = 0;
    example_run(mapping, tell, &differences);
}

static void
try(struct slice text, const struct schema *schema)
{
    struct problems problems = {.path = "m.yaml"};
    struct error err = {0};
    const struct mapping_options options = {
        .path = "m.yaml", .text = text, .now_ms = 1769851800000};
    struct mapping *mapping = mapping_open(&options, &problems, &err);
    if (mapping != NULL && problems.error_count == 0 &&
        mapping_bind_schema(mapping, schema, &problems, &err) &&
        problems.error_count == 0) {
        map_rows(mapping, &problems);
    }
    tell_problems(&problems);
    mapping_close(mapping);
    problem_release(&problems);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    struct schema schema = {0};
    fill_schema(&schema);
    try(text, &schema);
    try(text, NULL);
    schema_release(&schema);
    return 0;
}
