/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define LOAD "sfetl: 1\nsource: { path: a.csv }\nloads:\n- object: "
#define INSERT LOAD "Account\n  operation: insert\n  fields:\n    Name: N\n"
#define TASK LOAD "Task\n  operation: insert\n  fields:\n"

/* The first problem, and how many there are, warnings included. */
static void
expect(void **state, const char *text, const char *want, size_t count)
{
    struct opened opened;
    struct schema schema;
    opened_schema(&schema);
    opened_from_text(&opened, state, text);
    assert_non_null(opened.mapping);
    assert_int_equal(opened.problems.count, 0);
    assert_null(mapping_missing_object(opened.mapping, &schema).ptr);
    assert_true(mapping_bind_schema(opened.mapping, &schema, &opened.problems,
                                    &opened.err));
    schema_release(&schema);
    problem_sort(&opened.problems);
    struct slice got = SLICE_LITERAL("nothing");
    for (size_t i = opened.problems.count; i > 0; i--) {
        got = problem_text(&opened.problems, &opened.problems.items[i - 1]);
    }
    if (opened.problems.count != count || !slice_begins(got, want)) {
        fail_msg("%s\nwant %zu %s\ngot %zu %.*s", text, count, want,
                 opened.problems.count, SLICE_ARGS(got));
    }
    opened_release(&opened);
}

static void
tells_what_the_org_does_not_take(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {LOAD "account\n  operation: insert\n  fields:\n    Name: N\n",
         "accounts.yaml:4:11: the org has no object 'account'; it is spelled "
         "'Account' [wrong-case]"},
        {LOAD "Log__x\n  operation: insert\n  fields:\n    Subject: N\n",
         "accounts.yaml:5:14: the org does not let this user insert 'Log__x'"},
        {LOAD "Account\n  operation: undelete\n  fields:\n    Id: N\n",
         "accounts.yaml:5:14: the org does not let this user undelete"},
        {INSERT "    Nmae: N\n",
         "accounts.yaml:8:5: 'Nmae' is no field of 'Account'; did you mean "
         "'Name'? [unknown-field]"},
        {INSERT "    description: N\n",
         "accounts.yaml:8:5: 'description' is no field of 'Account'; it is "
         "spelled 'Description' [wrong-case]"},
        {INSERT "    Zzzzzzzz: N\n",
         "accounts.yaml:8:5: 'Zzzzzzzz' is no field of 'Account'; look at"},
        {INSERT "    Score__c: N\n",
         "accounts.yaml:8:5: 'Score__c' can't be written by 'insert'; it is "
         "calculated by the org; take it out [not-writable]"},
        {INSERT "    Id: N\n",
         "accounts.yaml:8:5: 'Id' can't be written by 'insert'"},
        {INSERT "    Parent: N\n",
         "accounts.yaml:8:5: 'Parent' is a relationship, not a field; write "
         "'ParentId' for an Id, or 'Parent.KEY' with a key of the parent"},
        {INSERT "    Praent.ERP_Id__c: N\n",
         "accounts.yaml:8:5: 'Praent' is no relationship of 'Account'; did "
         "you mean 'Parent'? [unknown-relationship]"},
        {INSERT "    ParentId.ERP_Id__c: N\n",
         "accounts.yaml:8:5: 'ParentId' is no relationship of 'Account'; did "
         "you mean 'Parent'?"},
        {INSERT "    Parent.Name: N\n",
         "accounts.yaml:8:5: 'Name' is neither an external id nor an idLookup "
         "field of 'Account'; the keys of 'Account' are 'Id', 'ERP_Id__c' "
         "[not-external-id]"},
        {INSERT "    Parent.ERP_id__c: N\n",
         "accounts.yaml:8:5: 'ERP_id__c' is no field of 'Account'; it is "
         "spelled 'ERP_Id__c'"},
        {INSERT "    Parent.Owner.Username: N\n",
         "accounts.yaml:8:5: 'Parent.Owner.Username' goes more than one step"},
        {INSERT "    Account:Parent.ERP_Id__c: N\n",
         "accounts.yaml:8:5: 'Parent' leads to one object only and takes no "
         "'Type:'; write 'Parent.ERP_Id__c' [not-polymorphic]"},
        {TASK "    Who.Email: N\n",
         "accounts.yaml:7:5: 'Who' may lead to several objects; write "
         "'TYPE:Who.Email' with one of 'Contact', 'Lead' [polymorphic]"},
        {TASK "    User:Who.Email: N\n",
         "accounts.yaml:7:5: 'User' is not where this relationship leads; it "
         "leads to 'Contact', 'Lead' [unknown-object]"},
        {INSERT "    ParentId: A\n    Parent.ERP_Id__c: B\n",
         "accounts.yaml:9:5: 'Parent.ERP_Id__c' writes 'ParentId', as line 8 "
         "does; keep one of them [repeated-field]"},
        {LOAD "Account\n  operation: insert\n  fields:\n    ERP_Id__c: N\n",
         "accounts.yaml:4:11: new records of 'Account' need 'Name'; add them "
         "to 'fields' [required-not-mapped]"},
        {LOAD "Account\n  operation: upsert\n  external_id: ERP_Id__c\n"
              "  fields:\n    ERP_Id__c: N\n",
         "accounts.yaml:4:11: warning: new records of 'Account' need 'Name'"},
        {LOAD "Account\n  operation: upsert\n  external_id: Name\n"
              "  fields:\n    Name: N\n",
         "accounts.yaml:6:16: 'Name' is no external id; 'Account' has 'Id', "
         "'ERP_Id__c' [not-external-id]"},
        {LOAD "Account\n  operation: upsert\n  external_id: Id\n"
              "  fields:\n    Id: I\n    Name: N\n    Born__c: B\n",
         "accounts.yaml:10:5: warning: 'Born__c' can be written in new "
         "records only"},
        {LOAD "Account\n  operation: update\n  fields:\n    Id: I\n    "
              "Born__c: B\n",
         "accounts.yaml:8:5: 'Born__c' can't be written by 'update'"},
        {INSERT "    Since__c: { column: A, number: '1234' }\n",
         "accounts.yaml:8:28: 'Since__c' is a field of type date, which takes "
         "no "
         "'number'; it must fit the field's type [wrong-conversion]"},
        {INSERT "    Last_Order__c: { column: A, date: yyyyMMdd }\n",
         "accounts.yaml:8:33: 'Last_Order__c' is a field of type datetime, "
         "which "
         "takes no 'date'; use 'datetime', with a time zone"},
        {INSERT "    Since__c: { column: A, truncate: yes }\n",
         "accounts.yaml:8:28: 'Since__c' is a field of type date, which can't "
         "be "
         "cut"},
        {INSERT "    Tier__c: { value: Bronze }\n",
         "accounts.yaml:8:23: 'Bronze' is not one of 'Gold' or 'Silver'"},
        {INSERT "    Tier__c: { column: A, default: Bronze }\n",
         "accounts.yaml:8:36: 'Bronze' is not one of 'Gold' or 'Silver'"},
        {INSERT "    Since__c: { value: 2026-02-30 }\n",
         "accounts.yaml:8:24: '2026-02-30' is not a date like 2026-01-31"},
        {INSERT "    ERP_Id__c: { value: '', required: yes }\n",
         "accounts.yaml:8:25: '' is blank, but required"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(state, cases[i].text, cases[i].want, 1);
    }
}

static void
tells_all_at_once_and_no_consequence(void **state)
{
    /* The misspelt line was meant for the required field. */
    expect(state,
           LOAD "Account\n  operation: insert\n  fields:\n    Nmae: N\n"
                "    Score__c: S\n    Tier__c: { value: x }\n",
           "accounts.yaml:7:5: 'Nmae' is no field", 3);
}

static void
binds_types(void **state)
{
    struct opened opened;
    struct schema schema;
    opened_schema(&schema);
    opened_from_text(&opened, state,
                     LOAD "Account\n  operation: upsert\n  external_id: "
                          "ERP_Id__c\n  fields:\n    Name: N\n    ERP_Id__c: "
                          "K\n    Parent.ERP_Id__c: P\n    Owner.Username: U\n"
                          "    AnnualRevenue: R\n");
    assert_true(mapping_bind_schema(opened.mapping, &schema, &opened.problems,
                                    &opened.err));
    assert_int_equal(opened.problems.count, 0);
    const struct load *load = mapping_load(opened.mapping, 0);
    assert_int_equal(load->key_column, 1);
    assert_int_equal(load->columns[1].type, FIELD_STRING);
    assert_true(load->columns[1].case_sensitive);
    assert_true(load->columns[2].case_sensitive);
    assert_int_equal(load->columns[2].type, FIELD_STRING);
    assert_false(load->columns[3].case_sensitive);
    assert_int_equal(load->columns[4].type, FIELD_CURRENCY);
    schema_release(&schema);
    opened_release(&opened);
}

static void
asks_for_objects_one_by_one(void **state)
{
    struct opened opened;
    struct schema all, some = {0};
    opened_schema(&all);
    opened_from_text(&opened, state,
                     LOAD "Account\n  operation: insert\n  fields:\n    "
                          "Parent.ERP_Id__c: P\n    Owner.Username: U\n"
                          "- object: Task\n  operation: insert\n  fields:\n"
                          "    Lead:Who.Email: E\n    User:Who.Email: F\n");
    assert_int_equal(opened.problems.count, 0);
    static const char *const want[] = {"Account", "User", "Task", "Lead"};
    for (size_t i = 0; i < 4; i++) {
        struct slice name = mapping_missing_object(opened.mapping, &some);
        assert_true(slice_is(name, want[i]));
        schema_add(&some, schema_object(&all, name));
    }
    assert_null(mapping_missing_object(opened.mapping, &some).ptr);
    schema_release(&all);
    schema_release(&some);
    opened_release(&opened);
}

static void
says_that_types_are_not_checked(void **state)
{
    struct opened opened;
    opened_from_text(&opened, state,
                     INSERT "    A: { value: x, date: yyyyMMdd }\n");
    assert_true(mapping_bind_schema(opened.mapping, NULL, &opened.problems,
                                    &opened.err));
    assert_int_equal(opened.problems.count, 2);
    assert_int_equal(opened.problems.error_count, 1);
    assert_string_equal(opened.problems.items[0].code, "types-unchecked");
    assert_string_equal(opened.problems.items[1].code, "date-shape");
    opened_release(&opened);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_the_org_does_not_take),
        cmocka_unit_test(tells_all_at_once_and_no_consequence),
        cmocka_unit_test(binds_types),
        cmocka_unit_test(asks_for_objects_one_by_one),
        cmocka_unit_test(says_that_types_are_not_checked),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
