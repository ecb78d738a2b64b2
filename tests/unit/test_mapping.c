/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapping.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Around a load's fields, so that they stand from line 7 on. */
#define HEAD "sfetl: 1\nsource: { path: a.csv }\nloads:\n- object: Account\n"
#define INSERT HEAD "  operation: insert\n  fields:\n"
/* A whole load, so that other sections can be looked at. */
#define LOADS                                                                  \
    "loads:\n- object: Account\n  operation: insert\n  fields:\n"              \
    "    Name: N\n"

static struct mapping *
open_text(void **state, const char *name, const char *text,
          struct mapping_options options, struct problems *problems,
          struct error *err)
{
    char *path = scratch_path(state, name);
    struct error writing = {0};
    assert_true(file_replace(path, slice_of(text), &writing));
    options.path = path;
    problems->path = "m.yaml";
    struct mapping *mapping = mapping_open(&options, problems, err);
    free(path);
    return mapping;
}

/* The first line of text is wanted to be the first problem's beginning; the
 * count of lines is the count of problems. */
static void
expect(void **state, const char *text, const char *want, size_t count)
{
    struct problems problems = {0};
    struct error err = {0};
    struct mapping *mapping = open_text(
        state, "m.yaml", text, (struct mapping_options){0}, &problems, &err);
    assert_non_null(mapping);
    problem_sort(&problems);
    struct slice got = SLICE_LITERAL("nothing");
    if (problems.count > 0) {
        got = problem_text(&problems, &problems.items[0]);
    }
    if (problems.count != count || (count > 0 && !slice_begins(got, want))) {
        for (size_t i = 0; i < problems.count; i++) {
            got = problem_text(&problems, &problems.items[i]);
            print_message("%.*s\n", SLICE_ARGS(got));
        }
        fail_msg("%s\nwant %zu: %s", text, count, want);
    }
    mapping_close(mapping);
    problem_release(&problems);
}

struct load_error {
    const char *text, *want;
};

static void
expect_each(void **state, const struct load_error *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect(state, cases[i].text, cases[i].want, 1);
    }
}
#define EXPECT_EACH(state, cases)                                              \
    expect_each(state, cases, sizeof cases / sizeof *cases)

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
         "m.yaml:3:1: did not find expected ',' or '}'"},
    };
    EXPECT_EACH(state, cases);
}

static void
tells_what_is_wrong_in_the_source(void **state)
{
    static const struct load_error cases[] = {
        {"sfetl: 1\nsource:\n" LOADS, "m.yaml:2:8: source is nothing here"},
        {"sfetl: 1\nsource: { format: csv }\n" LOADS,
         "m.yaml:2:9: the source has no 'path'; add 'path', or use --input"},
        {"sfetl: 1\nsource: { format: xml, path: a }\n" LOADS,
         "m.yaml:2:9: an XML source needs 'record'"},
        {"sfetl: 1\nsource: { format: cvs, path: a }\n" LOADS,
         "m.yaml:2:19: 'format' can't be 'cvs'; it takes csv xml; did you "
         "mean 'csv'? [wrong-value]"},
        {"sfetl: 1\nsource: { path: '' }\n" LOADS,
         "m.yaml:2:17: 'path' is empty"},
        {"sfetl: 1\nsource: { path: 'a-*.csv' }\n" LOADS,
         "m.yaml:2:17: a pattern of several files can't be used yet"},
        {"sfetl: 1\nsource: { path: 'sftp://a/b' }\n" LOADS,
         "m.yaml:2:17: an address as 'path' can't be used yet"},
        {"sfetl: 1\nparams: { country: DE }\nsource: { path: 'a-${contry}' "
         "}\n" LOADS,
         "m.yaml:3:17: the parameter 'contry' is not declared; add it to "
         "'params' with its default; did you mean 'country'?"},
        {"sfetl: 1\nsource: { path: a, delimiter: xx }\n" LOADS,
         "m.yaml:2:31: 'delimiter' can't be 'xx'; it is one ASCII sign, or "
         "comma"},
        {"sfetl: 1\nsource: { path: a, delimiter: x }\n" LOADS,
         "m.yaml:2:31: 'delimiter' can't be 'x'"},
        {"sfetl: 1\nsource: { path: a, delimiter: '\"' }\n" LOADS,
         "m.yaml:2:31: 'delimiter' and 'quote' are the same"},
        {"sfetl: 1\nsource: { path: a, quote: ab }\n" LOADS,
         "m.yaml:2:27: 'quote' can't be 'ab'"},
        {"sfetl: 1\nsource: { path: a, encoding: window-1252 }\n" LOADS,
         "m.yaml:2:30: the encoding 'window-1252' is not known"},
        {"sfetl: 1\nsource: { path: a, header: no }\n" LOADS,
         "m.yaml:2:28: 'header' can't be 'no'; for a file without a header"},
        {"sfetl: 1\nsource: { path: a, header: [] }\n" LOADS,
         "m.yaml:2:28: 'header' is an empty list"},
        {"sfetl: 1\nsource: { path: a, header: [A, {b: c}] }\n" LOADS,
         "m.yaml:2:32: 'header' holds a map here"},
        {"sfetl: 1\nsource: { path: a, skip_lines: -1 }\n" LOADS,
         "m.yaml:2:32: 'skip_lines' can't be '-1'; it takes a number from 0"},
        {"sfetl: 1\nsource: { path: a, comment: '' }\n" LOADS,
         "m.yaml:2:29: 'comment' can't be ''"},
        {"sfetl: 1\nsource: { path: a, ragged: padd }\n" LOADS,
         "m.yaml:2:28: 'ragged' can't be 'padd'; it takes error reject pad; "
         "did you mean 'pad'?"},
        {"sfetl: 1\nsource: { path: a, max_row_bytes: 5 MB }\n" LOADS,
         "m.yaml:2:35: 'max_row_bytes' can't be '5 MB'"},
        {"sfetl: 1\nsource: { path: a, max_row_bytes: 99999999999 GiB "
         "}\n" LOADS,
         "m.yaml:2:35: 'max_row_bytes' can't be"},
        {"sfetl: 1\nsource: { path: a, trim: maybe }\n" LOADS,
         "m.yaml:2:26: 'trim' can't be 'maybe'; it takes yes or no"},
        {"sfetl: 1\nsource: { path: a, null_values: {} }\n" LOADS,
         "m.yaml:2:33: 'null_values' is a map here; it takes a text or a "
         "list of texts"},
        {"sfetl: 1\nsource: { path: a, number: '1234,56 EUR' }\n" LOADS,
         "m.yaml:2:28: '1234,56 EUR' is no example of a number; an example "
         "of digits is needed, as in 1.234,56; units need a formula "
         "[number-shape]"},
        {"sfetl: 1\nsource: { path: a, number: '1.234' }\n" LOADS,
         "m.yaml:2:28: '1.234' is no example of a number; it can be read two "
         "ways"},
        {"sfetl: 1\nsource: { path: a, date: YYYY-MM-DD }\n" LOADS,
         "m.yaml:2:26: 'YYYY-MM-DD' is no date pattern; 'YYYY' is no part"},
        {"sfetl: 1\nsource: { path: a, date: [yyyyMMdd, 'yyyy'] }\n" LOADS,
         "m.yaml:2:37: 'yyyy' is no date pattern; a date needs a year, a "
         "month and a day"},
        {"sfetl: 1\nsource: { path: a, timezone: Europe/Berln }\n" LOADS,
         "m.yaml:2:30: 'Europe/Berln' is no time zone; names look like"},
        {"sfetl: 1\nsource: { path: a, record: /A/B }\n" LOADS,
         "m.yaml:2:20: 'record' says nothing here; it belongs to"},
        {"sfetl: 1\nsource: { path: a, delimeter: ',' }\n" LOADS,
         "m.yaml:2:20: 'delimeter' is no key of source; did you mean "
         "'delimiter'?"},
        {"sfetl: 1\nsource: { path: a, number: 1.234,56- }\n" LOADS,
         "m.yaml:2:28: '1.234' is no example of a number"},
    };
    for (size_t i = 0; i + 1 < sizeof cases / sizeof *cases; i++) {
        expect(state, cases[i].text, cases[i].want, 1);
    }
    /* The comma makes two mistakes of one, each with its own words. */
    const struct load_error *last = &cases[sizeof cases / sizeof *cases - 1];
    expect(state, last->text, last->want, 2);
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
        {HEAD "  operation: update\n  external_id: Name\n  fields: { Name: N "
              "}\n",
         "m.yaml:6:16: 'external_id' with 'update' can't be used yet"},
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

static void
reads_what_a_source_says(void **state)
{
    struct problems problems = {0};
    struct error err = {0};
    const struct mapping_param at = {SLICE_LITERAL("country"),
                                     SLICE_LITERAL("AT")};
    struct mapping *mapping = open_text(
        state, "customers.yaml",
        "sfetl: 1\nparams: { country: DE }\nsource:\n  path: "
        "'../in/${country}-${country}.csv'\n  delimiter: tab\n  quote: \"'\"\n"
        "  header: [A, B]\n  skip_lines: 2\n  comment: '#'\n  ragged: pad\n"
        "  max_row_bytes: 8 MiB\n  trim: yes\n  encoding: utf-8\n" LOADS,
        (struct mapping_options){.params = &at, .param_count = 1}, &problems,
        &err);
    assert_non_null(mapping);
    assert_int_equal(problems.count, 0);
    assert_string_equal(mapping_name(mapping), "customers");
    assert_true(slice_begins(mapping_text(mapping), "sfetl: 1\nparams"));
    const struct source_spec *source = mapping_source(mapping);
    char *path = scratch_path(state, "../in/AT-AT.csv");
    assert_string_equal(source->path, path);
    free(path);
    assert_string_equal(source->format, "csv");
    assert_int_equal(source->delimiter, '\t');
    assert_int_equal(source->quote, '\'');
    assert_false(source->has_header);
    assert_int_equal(source->header_count, 2);
    assert_true(slice_is(source->header[1], "B"));
    assert_int_equal(source->skip_lines, 2);
    assert_string_equal(source->comment, "#");
    assert_int_equal(source->ragged, RAGGED_PAD);
    assert_int_equal(source->max_row_bytes, 8 << 20);
    assert_true(source->trim);
    mapping_close(mapping);

    mapping = open_text(
        state, "m.yaml",
        "sfetl: 1\nname: x\nsource: { delimiter: \";\" }\n" LOADS,
        (struct mapping_options){.input = "b/c.csv"}, &problems, &err);
    source = mapping_source(mapping);
    assert_int_equal(problems.count, 0);
    assert_string_equal(source->path, "b/c.csv");
    assert_string_equal(mapping_name(mapping), "x");
    assert_int_equal(source->delimiter, ';');
    assert_int_equal(source->quote, '"');
    assert_true(source->has_header);
    assert_int_equal(source->ragged, RAGGED_REJECT);
    assert_int_equal(source->max_row_bytes, SOURCE_MAX_ROW_BYTES_DEFAULT);
    mapping_close(mapping);
    problem_release(&problems);
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
        cmocka_unit_test(tells_what_is_wrong_in_the_source),
        cmocka_unit_test(tells_what_is_wrong_in_a_load),
        cmocka_unit_test(tells_what_is_wrong_in_a_field),
        cmocka_unit_test(tells_all_at_once),
        cmocka_unit_test(reads_what_a_source_says),
        cmocka_unit_test(reads_what_a_load_says),
        cmocka_unit_test(keeps_the_loads_that_are_named),
        cmocka_unit_test(refuses_what_it_can_not_take),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
