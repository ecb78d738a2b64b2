/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping_expect.h"

static void
tells_what_is_wrong_at_the_top(void **state)
{
    static const struct load_error cases[] = {
        {"", "m.yaml:1:1: a mapping is nothing here; it takes keys and "
             "values [wrong-type]"},
        {"- a\n", "m.yaml:1:1: a mapping is a list here"},
        {"source: { path: a }\n" LOADS,
         "m.yaml:1:1: the mapping has no 'sfetl'; begin the file with "
         "'sfetl: 1' [missing-key]"},
        {"sfetl: 2\nsource: { path: a }\n" LOADS,
         "m.yaml:1:8: there is no version '2' of the mapping language"},
        {"sfetl: 1\n" LOADS, "m.yaml:1:1: the mapping has no 'source'"},
        {"sfetl: 1\nsource: { path: a }\n",
         "m.yaml:1:1: the mapping has no 'loads'"},
        {"sfetl: 1\nsource: { path: a }\nloads: []\n",
         "m.yaml:3:8: 'loads' has no list of loads"},
        {"sfetl: 1\nsuorce: x\n" LOADS,
         "m.yaml:2:1: 'suorce' is no key of a mapping; did you mean "
         "'source'? [unknown-key]"},
        {"sfetl: 1\ntables: { a: b }\nsource: { path: a }\n" LOADS,
         "m.yaml:2:14: the table 'a' is no map; write { KEY: VALUE"},
        {"sfetl: 1\ntables:\n  a: { DE: x, de: y, case: insensitive }\n"
         "source: { path: a }\n" LOADS,
         "m.yaml:3:19: table 'a': the key 'de' is both 'x' and 'y'; a key has "
         "one value; take one of the two out [repeated-table-key]"},
        {"sfetl: 1\ntables: { a: { csv: f.csv, kye: K, value: V } }\n"
         "source: { path: a }\n" LOADS,
         "m.yaml:2:28: 'kye' is no key of a table; did you mean 'key'?"},
        {"sfetl: 1\ntables: { a: { csv: f.csv, key: K } }\n"
         "source: { path: a }\n" LOADS,
         "m.yaml:2:11: the table 'a' has no 'value'; add the column"},
        {"sfetl: 1\ntables: { a: { csv: f, query: q, key: K, value: V } }\n"
         "source: { path: a }\n" LOADS,
         "m.yaml:2:24: 'csv' and 'query' can't both be; keep one of them"},
        {"sfetl: 1\nname: a b\nsource: { path: a }\n" LOADS,
         "m.yaml:2:7: 'name' can't be 'a b'; a name has letters"},
        {"sfetl: 1\nname: ..\nsource: { path: a }\n" LOADS,
         "m.yaml:2:7: 'name' can't be '..'"},
        {"sfetl: 1\nparams: [a]\nsource: { path: a }\n" LOADS,
         "m.yaml:2:9: params is a list here"},
        {"sfetl: 1\nparams: { a: [b] }\nsource: { path: a }\n" LOADS,
         "m.yaml:2:14: 'a' is a list here; it takes a text [wrong-type]"},
        {"sfetl: 1\nsource: { path: a }\nsource: { path: b }\n" LOADS,
         "m.yaml:3:1: 'source' stands here a second time; the first is in "
         "line 2"},
        {"sfetl: 1\nsource: { path: a\n",
         "m.yaml:2:9: this { } is not closed, or lacks a ','"},
    };
    EXPECT_EACH(state, cases);
}

static void
tells_what_is_wrong_in_a_load(void **state)
{
    static const struct load_error cases[] = {
        {HEAD "  fields: { Name: N }\n",
         "m.yaml:4:3: a load has no 'operation'"},
        {HEAD "  operation: insert\n", "m.yaml:4:3: a load has no 'fields'"},
        {HEAD "  operation: insert\n  fields: {}\n",
         "m.yaml:6:3: 'fields' has no fields"},
        {HEAD "  operation: upsret\n  fields: { Name: N }\n",
         "m.yaml:5:14: 'operation' can't be 'upsret'; it takes insert update "
         "upsert delete hard_delete undelete; did you mean 'upsert'?"},
        {HEAD "  operation: upsert\n  fields: { Name: N }\n",
         "m.yaml:5:14: an upsert needs an external id"},
        {HEAD "  operation: upsert\n  external_id: Nmae\n  fields: { Name: N "
              "}\n",
         "m.yaml:6:16: the external id 'Nmae' is not among the fields; add a "
         "line for it to 'fields'; did you mean 'Name'? [key-not-mapped]"},
        {HEAD "  operation: insert\n  external_id: Name\n  fields: { Name: N "
              "}\n",
         "m.yaml:6:16: 'external_id' says nothing for an insert"},
        {HEAD "  operation: update\n  fields: { Name: N }\n",
         "m.yaml:5:14: 'update' needs the field 'Id'"},
        {HEAD "  operation: delete\n  fields: { Id: I, Name: N }\n",
         "m.yaml:6:20: 'delete' takes the field 'Id' only"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  where: A\n",
         "m.yaml:7:10: a condition is needed here, and this is a text; compare "
         "it, as in A = \"X\""},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  after: Acount\n",
         "m.yaml:7:10: there is no load 'Acount'; did you mean 'Account'?"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  after: Account\n",
         "m.yaml:7:10: the load 'Account' would wait for itself"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  require: "
              "parent\n",
         "m.yaml:7:3: 'require: parent' needs a load to wait for"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  api: bulk3\n",
         "m.yaml:7:8: 'api' can't be 'bulk3'"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  chunk_rows: 0\n",
         "m.yaml:7:15: 'chunk_rows' can't be '0'"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  chunk_bytes: 1 "
              "GiB\n",
         "m.yaml:7:16: 'chunk_bytes' can't be '1 GiB'"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  parallel: many\n",
         "m.yaml:7:13: 'parallel' can't be 'many'"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n  "
              "assignment_rule: x\n",
         "m.yaml:7:20: 'assignment_rule' can't be 'x'"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n- object: Account\n"
              "  operation: insert\n  fields: { Name: N }\n",
         "m.yaml:7:11: the load of line 4 is called 'Account' too; give one "
         "of them another 'name' [repeated-name]"},
        {HEAD "  operation: insert\n  fields: { Name: N }\n- object: B\n"
              "  name: account\n  operation: insert\n  fields: { Name: N }\n",
         "m.yaml:8:9: the load of line 4 is called 'account' too"},
        {"sfetl: 1\nsource: { path: a }\nloads:\n- operation: insert\n  "
         "fields: { Name: N }\n",
         "m.yaml:4:3: a load has no 'object'"},
        {"sfetl: 1\nsource: { path: a }\nloads:\n- Account\n",
         "m.yaml:4:3: a load is a text here"},
        {HEAD "  name: A\n  after: B\n  operation: insert\n  fields: { Name: N "
              "}\n- object: Account\n  name: B\n  after: A\n  operation: "
              "insert\n  fields: { Name: N }\n",
         "m.yaml:6:10: the load 'A' would wait for itself"},
    };
    EXPECT_EACH(state, cases);
}

static void
tells_what_is_wrong_in_a_field(void **state)
{
    static const struct load_error cases[] = {
        {INSERT "    Name:\n", "m.yaml:7:5: 'Name' has no value"},
        {INSERT "    Name: ''\n", "m.yaml:7:11: 'Name' names no column"},
        {INSERT "    Name: =TRM(A)\n",
         "m.yaml:7:12: there is no function 'TRM'; did you mean 'TRIM'?"},
        {INSERT "    Name: { formula: A & }\n",
         "m.yaml:7:25: the formula ends too early"},
        {INSERT "    Name: [Customer No.]\n",
         "m.yaml:7:11: a text that begins with [ is a list to YAML; write it "
         "in quotes: Name: '[Customer No.]' [yaml-quote]"},
        {INSERT "    Name: Customer #3\n",
         "m.yaml:7:11: ' #' behind a column name begins a comment to YAML"},
        {INSERT "    Name: { column: A, translate: t }\n",
         "m.yaml:7:35: there is no table 't'; add it to 'tables' "
         "[unknown-table]"},
        {INSERT "    Name: { column: A, otherwise: keep }\n",
         "m.yaml:7:24: 'otherwise' says nothing here; it belongs to "
         "'translate'"},
        {INSERT "    Name: { clumn: A, column: B }\n",
         "m.yaml:7:13: 'clumn' is no key of a field; did you mean 'column'?"},
        {INSERT "    Name: { clumn: A }\n",
         "m.yaml:7:13: 'clumn' is no key of a field; did you mean 'column'?"},
        {INSERT "    Name: { required: yes }\n",
         "m.yaml:7:11: 'Name' does not say where its text comes from"},
        {INSERT "    Name: { column: A, value: B }\n",
         "m.yaml:7:24: 'column' and 'value' can't both be"},
        {INSERT "    Name: { column: A, blank: null }\n",
         "m.yaml:7:31: 'blank' can't be 'null'; it takes keep clear"},
        {INSERT "    Name: { column: A, default: '' }\n",
         "m.yaml:7:33: 'default' can't be blank"},
        {INSERT "    Name: { column: A, required: 1 }\n",
         "m.yaml:7:34: 'required' can't be '1'; it takes yes or no"},
        {INSERT "    Name: { column: A, number: yes }\n",
         "m.yaml:7:32: the source has no 'number'; add 'number: \"1,234.56\"' "
         "to the source, or give it here [missing-shape]"},
        {INSERT "    Name: { column: A, date: yes }\n",
         "m.yaml:7:30: the source has no 'date'"},
        {INSERT "    Name: { column: A, date: yyyy-mm-dd }\n",
         "m.yaml:7:30: 'yyyy-mm-dd' is no date pattern"},
        {INSERT "    Name: { column: A, date: [] }\n",
         "m.yaml:7:30: 'date' is an empty list"},
        {INSERT "    Name: { column: A, datetime: 'yyyy-MM-dd HH:mm' }\n",
         "m.yaml:7:34: the time zone of 'yyyy-MM-dd HH:mm' is not known; add "
         "XXX to the pattern, or 'timezone: Europe/Berlin' to the field or "
         "the source; none is assumed [datetime-zone]"},
        {INSERT "    Name: { column: A, datetime: yyyy-MM-dd, timezone: X }\n",
         "m.yaml:7:56: 'X' is no time zone"},
        {INSERT "    Name: { column: A, date: yyyy-MM-dd, timezone: UTC }\n",
         "m.yaml:7:42: 'timezone' says nothing here"},
        {INSERT "    Name: { column: A, date: yyyyMMdd, number: '1234' }\n",
         "m.yaml:7:24: 'number' and 'date' can't both be"},
        {INSERT "    Name: { column: A, boolean: [ja] }\n",
         "m.yaml:7:33: these are not the two texts of a boolean"},
        {INSERT "    Name: { column: A, boolean: [ja, ja] }\n",
         "m.yaml:7:33: these are not the two texts of a boolean"},
        {INSERT "    Name: !ISBLANK(X)\n",
         "m.yaml:7:11: a text that begins with ! is a tag to YAML"},
        {INSERT "    Name: A\n    Name: B\n",
         "m.yaml:8:5: 'Name' stands here a second time"},
        {INSERT "    Name: { column: A, null_values: [a, [b]] }\n",
         "m.yaml:7:41: 'null_values' holds a list here"},
    };
    EXPECT_EACH(state, cases);
}

static void
tells_all_at_once(void **state)
{
    expect(state,
           "sfetl: 1\nnmae: x\nsource: { path: a, trim: x, number: z, date: "
           "q }\nloads:\n- object: A\n  operation: upsert\n  fields:\n    B: "
           "=X +\n    C: { column: D, number: yes, date: no, truncate: x }\n"
           "    B: E\n",
           "m.yaml:2:1: 'nmae' is no key of a mapping; did you mean 'name'?",
           8);
}

#define TWO_LOADS                                                              \
    "sfetl: 1\nsource: { path: /a.csv }\nloads:\n- object: Account\n"          \
    "  operation: upsert\n  external_id: E__c\n  duplicates: last\n"           \
    "  chunk_rows: 500\n  chunk_bytes: 1 MiB\n  parallel: 3\n  api: bulk2\n"   \
    "  fields: { Name: N, E__c: K }\n- object: Contact\n  name: people\n"      \
    "  after: Account\n  require: parent\n  operation: update\n"               \
    "  assignment_rule: 01Q8c00002FInbo\n  fields: { Id: I, LastName: L }\n"

static void
reads_what_a_load_says(void **state)
{
    struct problems problems = {0};
    struct error err = {0};
    struct mapping *mapping =
        open_text(state, "m.yaml", TWO_LOADS, (struct mapping_options){0},
                  &problems, &err);
    assert_non_null(mapping);
    assert_int_equal(problems.count, 0);
    assert_string_equal(mapping_source(mapping)->path, "/a.csv");
    assert_int_equal(mapping_load_count(mapping), 2);
    const struct load *load = mapping_load(mapping, 0);
    assert_string_equal(load->name, "Account");
    assert_string_equal(load->external_id, "E__c");
    assert_int_equal(load->operation, OPERATION_UPSERT);
    assert_int_equal(load->key_column, 1);
    assert_int_equal(load->column_count, 2);
    assert_string_equal(load->columns[0].name, "Name");
    assert_int_equal(load->columns[0].type, FIELD_OTHER);
    assert_int_equal(load->duplicates, DUPLICATES_LAST);
    assert_int_equal(load->chunk_rows, 500);
    assert_int_equal(load->chunk_bytes, 1 << 20);
    assert_int_equal(load->parallel, 3);
    assert_string_equal(load->api, "bulk2");
    assert_true(load->after == SIZE_MAX);
    load = mapping_load(mapping, 1);
    assert_string_equal(load->name, "people");
    assert_null(load->external_id);
    assert_int_equal(load->key_column, 0);
    assert_int_equal(load->after, 0);
    assert_true(load->require_parent);
    assert_null(load->api);
    assert_string_equal(load->assignment_rule, "01Q8c00002FInbo");
    mapping_close(mapping);
    problem_release(&problems);
}

static void
keeps_the_loads_that_are_named(void **state)
{
    static const char *const people = "people", *const wrong = "poeple";
    struct problems problems = {0};
    struct error err = {0};
    struct mapping *mapping = open_text(
        state, "m.yaml", TWO_LOADS,
        (struct mapping_options){.load_names = &people, .load_name_count = 1},
        &problems, &err);
    assert_int_equal(mapping_load_count(mapping), 1);
    assert_string_equal(mapping_load(mapping, 0)->name, "people");
    assert_true(mapping_load(mapping, 0)->after == SIZE_MAX);
    assert_false(mapping_load(mapping, 0)->require_parent);
    mapping_close(mapping);
    mapping = open_text(
        state, "m.yaml", TWO_LOADS,
        (struct mapping_options){.load_names = &wrong, .load_name_count = 1},
        &problems, &err);
    assert_null(mapping);
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.text, "did you mean 'people'?"));
    problem_release(&problems);
}

static void
refuses_what_it_can_not_take(void **state)
{
    const struct mapping_param unknown = {SLICE_LITERAL("contry"),
                                          SLICE_LITERAL("AT")};
    struct problems problems = {0};
    struct error err = {0};
    struct mapping_options options = {.params = &unknown, .param_count = 1};
    assert_null(open_text(state, "m.yaml",
                          "sfetl: 1\nparams: { country: DE }\nsource: { path: "
                          "a }\n" LOADS,
                          options, &problems, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.text, "did you mean 'country'?"));
    error_clear(&err);
    char *missing = scratch_path(state, "missing.yaml");
    options = (struct mapping_options){.path = missing};
    assert_null(mapping_open(&options, &problems, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    free(missing);
    error_clear(&err);
    options.path = *state; /* a folder */
    assert_null(mapping_open(&options, &problems, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    problem_release(&problems);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_wrong_at_the_top),
        cmocka_unit_test(tells_what_is_wrong_in_a_load),
        cmocka_unit_test(tells_what_is_wrong_in_a_field),
        cmocka_unit_test(tells_all_at_once),
        cmocka_unit_test(reads_what_a_load_says),
        cmocka_unit_test(keeps_the_loads_that_are_named),
        cmocka_unit_test(refuses_what_it_can_not_take),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
