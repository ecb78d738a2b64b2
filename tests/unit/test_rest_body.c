/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/rest_body.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load_column columns[] = {
    {.name = "Id", .type = FIELD_ID},
    {.name = "Name", .type = FIELD_STRING},
    {.name = "Amount", .type = FIELD_CURRENCY},
    {.name = "Active__c", .type = FIELD_BOOLEAN},
    {.name = "Account.ERP_Id__c", .type = FIELD_STRING},
    {.name = "Parent__r.No__c", .type = FIELD_DOUBLE},
    {.name = "User:Owner.Username", .type = FIELD_EMAIL},
};
#define COUNT (sizeof columns / sizeof *columns)
#define HEAD                                                                   \
    "Id,Name,Amount,Active__c,Account.ERP_Id__c,Parent__r.No__c,"              \
    "User:Owner.Username\n"
#define BEGIN "{\"allOrNone\":false,\"records\":["
#define RECORD "{\"attributes\":{\"type\":\"Contact\"}"

static struct load
make_load(enum operation operation)
{
    return (struct load){.object = "Contact",
                         .operation = operation,
                         .columns = columns,
                         .column_count = COUNT,
                         .key_column = 0};
}

static void
check(void **state, enum operation operation, const char *rows, uint64_t first,
      uint64_t count, const char *want)
{
    struct error err = {0};
    struct load load = make_load(operation);
    struct buffer body = {0};
    char *path = scratch_path(state, "chunk.csv");
    char *text = mem_printf("%s%s", HEAD, rows);
    assert_true(file_replace(path, slice_of(text), &err));
    bool made = rest_body_make(&load, path, first, count, &body, &err);
    assert_int_equal(made, want != NULL);
    if (want != NULL) {
        assert_string_equal(buffer_text(&body), want);
    } else {
        assert_int_equal(err.kind, ERROR_INTERNAL);
    }
    buffer_release(&body);
    free(text);
    free(path);
}

static void
values_by_type(void **state)
{
    check(state, OPERATION_UPDATE,
          "003xx0000000001,\"a \"\"b\"\"\\\n\tc\x01\",1000000000.10,TRUE,4711,"
          "12e3,a@b.example\n",
          0, 1,
          BEGIN RECORD ",\"id\":\"003xx0000000001\","
                       "\"Name\":\"a \\\"b\\\"\\\\\\n\\u0009c\\u0001\","
                       "\"Amount\":1000000000.10,\"Active__c\":true,"
                       "\"Account\":{\"ERP_Id__c\":\"4711\"},"
                       "\"Parent__r\":{\"No__c\":12e3},"
                       "\"Owner\":{\"attributes\":{\"type\":\"User\"},"
                       "\"Username\":\"a@b.example\"}}]}");
}

static void
cleared_and_blank(void **state)
{
    check(state, OPERATION_UPDATE, "003,#N/A,#N/A,,#N/A,#N/A,#N/A\n", 0, 1,
          BEGIN RECORD ",\"id\":\"003\",\"Name\":null,\"Amount\":null,"
                       "\"AccountId\":null,\"Parent__c\":null,"
                       "\"OwnerId\":null}]}");
    check(state, OPERATION_INSERT, ",,,false,,,\n", 0, 1,
          BEGIN RECORD ",\"Active__c\":false}]}");
}

static void
what_is_no_number_goes_as_text(void **state)
{
    static const char *const numbers[] = {
        "0", "-0", "0.50", "-12.5E-3", "1e+9", "123456789012345678.123"};
    static const char *const texts[] = {"",   "-",  "01",  ".5",  "5.",  "+1",
                                        "1e", "1x", "NaN", "1e+", "--1", "1 "};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char *row = mem_printf(",,%s,,,,\n", numbers[i]);
        char *want = mem_printf(BEGIN RECORD ",\"Amount\":%s}]}", numbers[i]);
        check(state, OPERATION_INSERT, row, 0, 1, want);
        free(row);
        free(want);
    }
    for (size_t i = 1; i < sizeof texts / sizeof *texts; i++) {
        char *row = mem_printf(",,%s,maybe,,,\n", texts[i]);
        char *want = mem_printf(BEGIN RECORD
                                ",\"Amount\":\"%s\",\"Active__c\":\"maybe\"}]}",
                                texts[i]);
        check(state, OPERATION_INSERT, row, 0, 1, want);
        free(row);
        free(want);
    }
}

static void
rows_by_position(void **state)
{
    static const char rows[] = "1,a,,,,,\n2,b,,,,,\n3,c,,,,,\n";
    check(state, OPERATION_DELETE, rows, 0, 3, "1,2,3");
    check(state, OPERATION_DELETE, rows, 1, 1, "2");
    check(state, OPERATION_UPDATE, rows, 1, 2,
          BEGIN RECORD ",\"id\":\"2\",\"Name\":\"b\"}," RECORD
                       ",\"id\":\"3\",\"Name\":\"c\"}]}");
    check(state, OPERATION_DELETE, rows, 2, 2, NULL);
    check(state, OPERATION_DELETE, rows, 9, 1, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_by_type),
        cmocka_unit_test(cleared_and_blank),
        cmocka_unit_test(what_is_no_number_goes_as_text),
        cmocka_unit_test(rows_by_position),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
