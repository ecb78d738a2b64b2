/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_sniff.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct csv_reader_options usual = {
    .name = "x.csv", .quote = '"', .max_row_bytes = 10000, .line = 1};

/* '?' when it asks. */
static char
sniff(const char *sample, bool whole, size_t columns)
{
    struct error err = {0};
    char delimiter;
    if (csv_sniff_delimiter(&usual, slice_of(sample), whole, columns,
                            &delimiter, &err)) {
        return delimiter;
    }
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.text, "[delimiter]"));
    return '?';
}

static void
the_header_speaks_first(void **state)
{
    (void)state;
    assert_int_equal(sniff("a,b\n1,2\n", true, 0), ',');
    assert_int_equal(sniff("a;b\n1,5;2,5\n", true, 0), ';');
    assert_int_equal(sniff("a\tb\n1,2\t3;4\n", true, 0), '\t');
    assert_int_equal(sniff("a|b\n1|2\n", true, 0), '|');
    assert_int_equal(sniff("a;b\n", true, 0), ';');
    assert_int_equal(sniff("\"a,b\";c\n1;2\n", true, 0), ';');
    assert_int_equal(sniff("a;b\n1;\"x,\ny;\"\n3;4", true, 0), ';');
}

static void
of_several_the_even_one_wins(void **state)
{
    (void)state;
    assert_int_equal(sniff("Name, first;City\nx;y\nz;w\n", true, 0), ';');
    assert_int_equal(sniff("a,b|c\n1,2\n3,4|5\n", true, 0), ',');
}

static void
a_doubtful_sample_asks(void **state)
{
    (void)state;
    assert_int_equal(sniff("a,b;c\n1,2;3\n", true, 0), '?');
    assert_int_equal(sniff("a,b;c\n", true, 0), '?');
    assert_int_equal(sniff("Name\nSmith, John\nDoe, Jane\n", true, 0), '?');
}

static void
one_column_is_a_file_too(void **state)
{
    (void)state;
    assert_int_equal(sniff("Id\n001\n002\n", true, 0), ',');
    assert_int_equal(sniff("Id\n", true, 0), ',');
    assert_int_equal(sniff("", true, 0), ',');
    assert_int_equal(sniff("Note\nwell, so\nfine\n", true, 0), ';');
}

static void
a_known_number_of_columns_helps(void **state)
{
    (void)state;
    assert_int_equal(sniff("1,5;2\n2,5;3\n", true, 2), '?');
    assert_int_equal(sniff("1,5;2;7\n2,5;3;4\n", true, 3), ';');
    assert_int_equal(sniff("1,5;2;7\n2,5;3;4\n", true, 2), ',');
}

static void
a_cut_row_does_not_count(void **state)
{
    (void)state;
    assert_int_equal(sniff("a;b,c\n1;2\n3", false, 0), ';');
}

static void
delimiters_have_names(void **state)
{
    (void)state;
    char text[2];
    assert_string_equal(csv_sniff_name(',', text), "comma");
    assert_string_equal(csv_sniff_name(';', text), "semicolon");
    assert_string_equal(csv_sniff_name('\t', text), "tab");
    assert_string_equal(csv_sniff_name('^', text), "^");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_speaks_first),
        cmocka_unit_test(of_several_the_even_one_wins),
        cmocka_unit_test(a_doubtful_sample_asks),
        cmocka_unit_test(one_column_is_a_file_too),
        cmocka_unit_test(a_known_number_of_columns_helps),
        cmocka_unit_test(a_cut_row_does_not_count),
        cmocka_unit_test(delimiters_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
