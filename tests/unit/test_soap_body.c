/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/soap_body.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load_column columns[] = {
    {.name = "Name", .type = FIELD_STRING},
    {.name = "Id", .type = FIELD_ID},
    {.name = "Amount", .type = FIELD_CURRENCY},
    {.name = "Parent__r.No__c",
     .type = FIELD_DOUBLE,
     .parent = "Account",
     .lookup = "Parent__c"},
    {.name = "User:Owner.Username",
     .type = FIELD_EMAIL,
     .parent = "User",
     .lookup = "OwnerId"},
};
#define COUNT (sizeof columns / sizeof *columns)
#define HEAD "Name,Id,Amount,Parent__r.No__c,User:Owner.Username\n"
#define TYPE "<sObjects><o:type>Contact</o:type>"
#define NO_ID "<o:Id xsi:nil=\"true\"/>"
#define END "</sObjects>"

static void
check(void **state, enum operation operation, const char *rows, uint64_t first,
      uint64_t count, const char *want)
{
    struct error err = {0};
    const struct load load = {.object = "Contact",
                              .operation = operation,
                              .columns = columns,
                              .column_count = COUNT,
                              .key_column = 1};
    struct buffer body = {0};
    char *path = scratch_path(state, "chunk.csv");
    char *text = mem_printf("%s%s", HEAD, rows);
    assert_true(file_replace(path, slice_of(text), &err));
    bool made = soap_body_make(&load, path, first, count, &body, &err);
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
records_in_the_wsdls_order(void **state)
{
    check(state, OPERATION_INSERT, "A,,1.50,,\n", 0, 1,
          TYPE NO_ID "<o:Name>A</o:Name><o:Amount>1.50</o:Amount>" END);
    check(state, OPERATION_UPDATE, "#N/A,003Re0000000001IAA,#N/A,,\n", 0, 1,
          TYPE "<o:fieldsToNull>Name</o:fieldsToNull>"
               "<o:fieldsToNull>Amount</o:fieldsToNull>"
               "<o:Id>003Re0000000001IAA</o:Id>" END);
}

static void
text_is_escaped(void **state)
{
    check(state, OPERATION_INSERT, "\"a<b>&\"\"c\"\"'\n\xC3\xA4]]>\",,,,\n", 0,
          1,
          TYPE NO_ID "<o:Name>a&lt;b&gt;&amp;\"c\"'\n\xC3\xA4]]&gt;"
                     "</o:Name>" END);
    check(state, OPERATION_INSERT, "\"a\r\nb\",,,,\n", 0, 1,
          TYPE NO_ID "<o:Name>a&#xD;\nb</o:Name>" END);
}

static void
parents_are_records_of_their_own(void **state)
{
    check(state, OPERATION_INSERT, ",,,7,a@b.example\n", 0, 1,
          TYPE NO_ID "<o:Parent__r><o:type>Account</o:type><o:No__c>7</o:No__c>"
                     "</o:Parent__r><o:Owner><o:type>User</o:type>"
                     "<o:Username>a@b.example</o:Username></o:Owner>" END);
    check(state, OPERATION_INSERT, ",,,#N/A,#N/A\n", 0, 1,
          TYPE "<o:fieldsToNull>Parent__c</o:fieldsToNull>"
               "<o:fieldsToNull>OwnerId</o:fieldsToNull>" NO_ID END);
}

/* salesforce.md: 0018c00002FInbo is 0018c00002FInboAAD. */
static void
short_ids_get_their_checksum(void **state)
{
    check(state, OPERATION_DELETE, "A,0018c00002FInbo,,,\n", 0, 1,
          "<ids>0018c00002FInboAAD</ids>");
    check(state, OPERATION_UNDELETE, ",0018c00002FInboAAD,,,\n,x<,,,\n", 0, 2,
          "<ids>0018c00002FInboAAD</ids><ids>x&lt;</ids>");
    check(state, OPERATION_UPDATE, "A,0018c00002FInbo,,,\n", 0, 1,
          TYPE "<o:Id>0018c00002FInboAAD</o:Id><o:Name>A</o:Name>" END);
}

static void
only_the_rows_asked_for(void **state)
{
    static const char rows[] = "A,1,,,\nB,2,,,\nC,3,,,\n";
    check(state, OPERATION_DELETE, rows, 1, 1, "<ids>2</ids>");
    check(state, OPERATION_DELETE, rows, 1, 2, "<ids>2</ids><ids>3</ids>");
    check(state, OPERATION_DELETE, rows, 1, 3, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_in_the_wsdls_order),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(parents_are_records_of_their_own),
        cmocka_unit_test(short_ids_get_their_checksum),
        cmocka_unit_test(only_the_rows_asked_for),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
