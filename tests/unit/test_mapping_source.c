/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping_expect.h"

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
         "m.yaml:2:26: 'YYYY-MM-DD' is no date pattern; did you mean "},
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
         "m.yaml:2:34: a ',' ends a text inside { }, so '56-' stands here "
         "alone; put the text in quotes: number: \"1.234,56-\" [yaml-quote]"},
    };
    EXPECT_EACH(state, cases);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_wrong_in_the_source),
        cmocka_unit_test(reads_what_a_source_says),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
