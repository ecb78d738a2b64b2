/* SPDX-License-Identifier: Apache-2.0 */
#include "formula_bench.h"

#include "mapping/function/function_table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/*
 * Each function with blanks, values of the wrong kind, wrong counts and at its
 * limits. A is 4711, B Müller, D 20260131, E blank (formula_bench.h).
 */
static const struct {
    const char *formula, *want; /* a want that ends in '…' is a beginning */
} cases[] = {
    {"IF(E, 1, 2)",
     "?wrong-kind: 'IF' takes a condition here, and this is a text…"},
    {"IF(TRUE, E, 2)", "(blank)"},
    {"IF(A, 1, 2)",
     "?wrong-kind: 'IF' takes a condition here, and this is a text…"},
    {"IF(TRUE, 1)",
     "?argument-count: 'IF' takes 3 arguments, not 2; it is writte…"},
    {"CASE(E, 1, 2, 3)", "3"},
    {"CASE(A, 4711, E, 3)", "(blank)"},
    {"CASE(A, 1, 2)",
     "?argument-count: 'CASE' takes at least 4 arguments, not 3; i…"},
    {"CASE(DATE(2026, 1, 1), \"x\", 1, 2)",
     "?wrong-kind: a date can't be compared with a text; make the…"},
    {"AND(E = \"x\", TRUE)", "false"},
    {"AND(A)", "?wrong-kind: 'AND' takes a condition here, and this is a tex…"},
    {"AND()", "?argument-count: 'AND' takes at least 1 argument, not 0; it…"},
    {"OR(E = \"\", FALSE)", "true"},
    {"OR(B)", "?wrong-kind: 'OR' takes a condition here, and this is a text…"},
    {"NOT(E = \"x\")", "true"},
    {"NOT(A)", "?wrong-kind: 'NOT' takes a condition here, and this is a tex…"},
    {"NOT(TRUE, FALSE)",
     "?argument-count: 'NOT' takes 1 argument, not 2; it is writte…"},
    {"ISBLANK(E)", "true"},
    {"ISBLANK(ROW())", "false"},
    {"ISBLANK()",
     "?argument-count: 'ISBLANK' takes 1 argument, not 0; it is wr…"},
    {"BLANKVALUE(E, E)", "(blank)"},
    {"BLANKVALUE(E, 0)", "0"},
    {"BLANKVALUE(A)",
     "?argument-count: 'BLANKVALUE' takes 2 arguments, not 1; it i…"},
    {"ERROR(E)", "!formula-error:  refused by ERROR()"},
    {"ERROR(B)", "!formula-error:  Müller"},
    {"ERROR(1)",
     "?wrong-kind: 'ERROR' takes a text here, and this is a number…"},
    {"SKIP(E)", "skip: left out by SKIP()"},
    {"SKIP(B)", "skip: Müller"},
    {"SKIP(TODAY())",
     "?wrong-kind: 'SKIP' takes a text here, and this is a date; w…"},
    {"TRIM(E)", "(blank)"},
    {"TRIM(NOW())",
     "?wrong-kind: 'TRIM' takes a text here, and this is a datetim…"},
    {"TRIM(A, B)",
     "?argument-count: 'TRIM' takes 1 argument, not 2; it is writt…"},
    {"CLEAN(E)", "(blank)"},
    {"CLEAN(1)",
     "?wrong-kind: 'CLEAN' takes a text here, and this is a number…"},
    {"UPPER(E)", "(blank)"},
    {"UPPER(TRUE)",
     "?wrong-kind: 'UPPER' takes a text here, and this is a condit…"},
    {"UPPER(\"ŉ ﬁ ß ǆ\")", "ʼN FI SS Ǆ"},
    {"LOWER(E)", "(blank)"},
    {"LOWER(1.5)",
     "?wrong-kind: 'LOWER' takes a text here, and this is a number…"},
    {"LOWER(\"ΑΣ İ\")", "ας i̇"},
    {"INITCAP(E)", "(blank)"},
    {"INITCAP(TODAY())",
     "?wrong-kind: 'INITCAP' takes a text here, and this is a date…"},
    {"LEFT(E, 2)", "(blank)"},
    {"LEFT(A, E)", "(blank)"},
    {"LEFT(A, -1)", "(blank)"},
    {"LEFT(A, B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"LEFT(A, 1.5)",
     "?not-whole: a whole number is needed here; use ROUND, INT, C…"},
    {"LEFT(A, 9999999999)", "4711"},
    {"RIGHT(E, 2)", "(blank)"},
    {"RIGHT(A, 0)", "(blank)"},
    {"RIGHT(A, -1)", "(blank)"},
    {"RIGHT(TODAY(), 2)",
     "?wrong-kind: 'RIGHT' takes a text here, and this is a date;…"},
    {"MID(E, 1, 2)", "(blank)"},
    {"MID(A, 5, 2)", "(blank)"},
    {"MID(A, 4, 99)", "1"},
    {"MID(A, 0, 1)", "!position: 0 is no position: they count from 1"},
    {"MID(A, 1, -1)", "(blank)"},
    {"MID(A, 1, B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"LEN(E)", "0"},
    {"LEN(\"\")", "0"},
    {"LEN(\"a😀\")", "2"},
    {"LEN(TODAY())",
     "?wrong-kind: 'LEN' takes a text here, and this is a date; wr…"},
    {"LPAD(E, 3, \"0\")", "(blank)"},
    {"LPAD(A, 0, \"0\")", "(blank)"},
    {"LPAD(A, -1, \"0\")", "(blank)"},
    {"LPAD(A, 8, E)", "(blank)"},
    {"LPAD(A, 1048577, \"0\")",
     "!text-size: 1048577 is too wide; 1048576 is the most"},
    {"LPAD(A, B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"RPAD(E, 3)", "(blank)"},
    {"RPAD(A, 4)", "4711"},
    {"RPAD(A, 6, \"äö\")", "4711äö"},
    {"RPAD(A, 1048577)",
     "!text-size: 1048577 is too wide; 1048576 is the most"},
    {"RPAD(NOW(), 3)",
     "?wrong-kind: 'RPAD' takes a text here, and this is a datetim…"},
    {"FIND(E, A)", "0"},
    {"FIND(\"7\", E)", "0"},
    {"FIND(\"7\", A, 99)", "0"},
    {"FIND(\"7\", A, 0)", "!position: 0 is no position: they count from 1"},
    {"FIND(TODAY(), A)",
     "?wrong-kind: 'FIND' takes a text here, and this is a date; w…"},
    {"CONTAINS(E, \"a\")", "false"},
    {"CONTAINS(A, E)", "false"},
    {"CONTAINS(A, 7)",
     "?wrong-kind: 'CONTAINS' takes a text here, and this is a num…"},
    {"BEGINS(E, \"a\")", "false"},
    {"BEGINS(A, E)", "false"},
    {"BEGINS(A, TODAY())",
     "?wrong-kind: 'BEGINS' takes a text here, and this is a date;…"},
    {"SUBSTITUTE(E, \"a\", \"b\")", "(blank)"},
    {"SUBSTITUTE(A, E, \"b\")", "4711"},
    {"SUBSTITUTE(A, \"7\", E)", "411"},
    {"SUBSTITUTE(A, 7, \"b\")",
     "?wrong-kind: 'SUBSTITUTE' takes a text here, and this is a n…"},
    {"REGEX(E, \".*\")", "false"},
    {"REGEX(A, E)",
     "?not-constant: 'REGEX' needs a text that is always the same…"},
    {"REGEX(A, \"[\")",
     "?regex: the pattern is wrong here: missing terminating ] for…"},
    {"REGEX(TODAY(), \"x\")",
     "?wrong-kind: 'REGEX' takes a text here, and this is a date;…"},
    {"REGEX_REPLACE(E, \"a\", \"b\")", "(blank)"},
    {"REGEX_REPLACE(A, \"1\", E)", "47"},
    {"REGEX_REPLACE(A, \"(1)\", \"$2\")",
     "?regex-group: the pattern has 1 group, there is no $2; $1 is…"},
    {"REGEX_REPLACE(A, B, \"x\")",
     "?not-constant: 'REGEX_REPLACE' needs a text that is always t…"},
    {"SPLIT(E, \";\", 1)", "(blank)"},
    {"SPLIT(A, E, 1)", "(blank)"},
    {"SPLIT(\"a;b\", \";\", 0)",
     "?position: \"0\" is no position: they count from 1; "},
    {"SPLIT(\"a;b\", \";\", 3)", "(blank)"},
    {"SPLIT(\"a;b\", \";\", B)",
     "!not-a-number: Müller is not a number like -1234.56"},
    {"JOIN(E, A, B)", "4711Müller"},
    {"JOIN(\", \", E, E)", "(blank)"},
    {"JOIN(\", \")",
     "?argument-count: 'JOIN' takes at least 2 arguments, not 1; i…"},
    {"JOIN(\", \", TODAY(), 1.50, TRUE)", "2026-01-31, 1.50, true"},
    {"TEXT(E)", "(blank)"},
    {"TEXT(TRUE)", "true"},
    {"TEXT(A, \"x\")",
     "?number-shape: this is no example of a number; an example of…"},
    {"TEXT(1.5, B)",
     "?not-constant: 'TEXT' needs a text that is always the same h…"},
    {"TEXT(0, \"1.234,56\")", "0,00"},
    {"CHAR(E)", "(blank)"},
    {"CHAR(0)", "?no-character: \"0\" is the number of no character; "},
    {"CHAR(1114112)",
     "?no-character: \"1114112\" is the number of no character; "},
    {"CHAR(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"UNACCENT(E)", "(blank)"},
    {"UNACCENT(1)",
     "?wrong-kind: 'UNACCENT' takes a text here, and this is a num…"},
    {"SHA256(E)", "(blank)"},
    {"SHA256(TODAY())",
     "?wrong-kind: 'SHA256' takes a text here, and this is a date;…"},
    {"VALUE(E)", "(blank)"},
    {"VALUE(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"VALUE(\"1e5\")",
     "?not-a-number: \"1e5\" is not a number like -1234.56; "},
    {"VALUE(\"12345678901234567890123456789012345\")",
     "?number-digits: \"12345678901234567890123456789012345\" has mo…"},
    {"VALUE(TODAY())",
     "?wrong-kind: 'VALUE' takes a text or a number here, and this…"},
    {"ABS(E)", "(blank)"},
    {"ABS(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"ABS(-9999999999999999999999999999999999)",
     "9999999999999999999999999999999999"},
    {"ABS(\"x\")",
     "?not-a-number: a number is needed here, and this text is non…"},
    {"ROUND(E, 2)", "(blank)"},
    {"ROUND(1.5, E)", "(blank)"},
    {"ROUND(1.25, 1)", "1.3"},
    {"ROUND(-1.25, 1)", "-1.3"},
    {"ROUND(1, 99)", "1"},
    {"ROUND(B, 1)", "!not-a-number: Müller is not a number like -1234.56"},
    {"CEILING(E)", "(blank)"},
    {"CEILING(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"CEILING(-0.5)", "0"},
    {"FLOOR(E)", "(blank)"},
    {"FLOOR(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"FLOOR(-0.5)", "-1"},
    {"INT(E)", "(blank)"},
    {"INT(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"INT(-0.5)", "0"},
    {"MOD(E, 3)", "(blank)"},
    {"MOD(7, E)", "(blank)"},
    {"MOD(7, 0)", "?division-by-zero: division by zero; "},
    {"MOD(B, 2)", "!not-a-number: Müller is not a number like -1234.56"},
    {"MIN(E)", "(blank)"},
    {"MIN(E, 3, -1)", "-1"},
    {"MIN(B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"MAX(E)", "(blank)"},
    {"MAX(E, 3, -1)", "3"},
    {"MAX(TODAY())",
     "?wrong-kind: 'MAX' takes a number here, and this is a date; "},
    {"ISNUMBER(E)", "false"},
    {"ISNUMBER(B)", "false"},
    {"ISNUMBER(\"1,5\", \"1,5\")", "true"},
    {"ISNUMBER(TODAY())", "false"},
    {"DATEVALUE(E)", "(blank)"},
    {"DATEVALUE(B)", "!date-shape: Müller is not a date like yyyy-MM-dd"},
    {"DATEVALUE(\"2026-02-29\")",
     "?date-shape: \"2026-02-29\" is not a date like yyyy-MM-dd; "},
    {"DATEVALUE(\"0001-01-01\")", "0001-01-01"},
    {"DATEVALUE(\"9999-12-31\")", "9999-12-31"},
    {"DATEVALUE(1)",
     "?wrong-kind: 'DATEVALUE' takes a text, a date or a datetime…"},
    {"DATETIMEVALUE(E)", "(blank)"},
    {"DATETIMEVALUE(B)",
     "!date-shape: Müller is not a time like yyyy-MM-ddTHH:mm:ssXXX"},
    {"DATETIMEVALUE(\"2026-01-01\", \"yyyy-MM-dd\")",
     "2025-12-31T23:00:00.000Z"},
    {"DATETIMEVALUE(TODAY())",
     "?wrong-kind: 'DATETIMEVALUE' takes a text or a datetime here…"},
    {"DATE(E, 1, 1)", "(blank)"},
    {"DATE(2026, 13, 1)",
     "?no-date: \"2026, 13, 1\" is no year, month and day; "},
    {"DATE(0, 1, 1)", "?no-date: \"0, 1, 1\" is no year, month and day; "},
    {"DATE(10000, 1, 1)",
     "?no-date: \"10000, 1, 1\" is no year, month and day; "},
    {"DATE(2026, 2, B)", "!not-a-number: Müller is not a number like -1234.56"},
    {"YEAR(E)",
     "?wrong-kind: 'YEAR' takes a date or a datetime here, and thi…"},
    {"YEAR(NOW())", "2026"},
    {"YEAR(1)",
     "?wrong-kind: 'YEAR' takes a date or a datetime here, and thi…"},
    {"MONTH(E)",
     "?wrong-kind: 'MONTH' takes a date or a datetime here, and th…"},
    {"MONTH(A)",
     "?wrong-kind: 'MONTH' takes a date or a datetime here, and th…"},
    {"DAY(E)", "?wrong-kind: 'DAY' takes a date or a datetime here, and this…"},
    {"DAY(\"31\")",
     "?wrong-kind: 'DAY' takes a date or a datetime here, and this…"},
    {"ADDMONTHS(E, 1)",
     "?wrong-kind: 'ADDMONTHS' takes a date here, and this is a te…"},
    {"ADDMONTHS(TODAY(), E)", "(blank)"},
    {"ADDMONTHS(TODAY(), 999999)",
     "?date-range: \"999999\" months lead outside of the years 1 to…"},
    {"ADDMONTHS(D, 1)",
     "?wrong-kind: 'ADDMONTHS' takes a date here, and this is a te…"},
    {"TODAY(1)",
     "?argument-count: 'TODAY' takes 0 arguments, not 1; it is wri…"},
    {"TODAY()", "2026-01-31"},
    {"NOW(1)", "?argument-count: 'NOW' takes 0 arguments, not 1; it is writt…"},
    {"NOW()", "2026-01-31T09:30:00.000Z"},
    {"TRANSLATE(E, \"countries\")", "(blank)"},
    {"TRANSLATE(A, \"countries\", E)", "(blank)"},
    {"TRANSLATE(A, B)",
     "?not-constant: 'TRANSLATE' needs a text that is always the s…"},
    {"TRANSLATE(TODAY(), \"countries\")",
     "?wrong-kind: 'TRANSLATE' takes a text here, and this is a da…"},
    {"PARAM(\"country\")", "DE"},
    {"PARAM(E)",
     "?not-constant: 'PARAM' needs a text that is always the same…"},
    {"PARAM(A)",
     "?not-constant: 'PARAM' needs a text that is always the same…"},
    {"ROW()", "42"},
    {"ROW(1)", "?argument-count: 'ROW' takes 0 arguments, not 1; it is writt…"},
    {"FILENAME()", "in.csv"},
    {"FILENAME(1)",
     "?argument-count: 'FILENAME' takes 0 arguments, not 1; it is…"},
    {"RUN_ID()", "run-1"},
    {"RUN_ID(1)",
     "?argument-count: 'RUN_ID' takes 0 arguments, not 1; it is wr…"},
    {"CASESAFEID(E)", "(blank)"},
    {"CASESAFEID(\"001D000000IRFma\")", "001D000000IRFmaIAH"},
    {"CASESAFEID(\"001D000000IRFmaIAH\")", "001D000000IRFmaIAH"},
    {"CASESAFEID(\"001D000000IRFmaIAX\")",
     "?id-shape: \"001D000000IRFmaIAX\" is not a Salesforce Id; "},
    {"CASESAFEID(1)",
     "?wrong-kind: 'CASESAFEID' takes a text here, and this is a n…"},
    {"COUNT(A)",
     "?wrong-kind: 'COUNT' counts elements of XML; a CSV file has…"},
    {"COUNT(E)",
     "?wrong-kind: 'COUNT' counts elements of XML; a CSV file has…"},
    {"COUNT(\"x\")",
     "?wrong-kind: 'COUNT' counts elements of XML; a CSV file has…"},
};
#define CASE_COUNT (sizeof cases / sizeof *cases)
#define CASES_LEAST 2 /* of a function */

static bool
is_wanted(const char *got, const char *want)
{
    size_t len = strlen(want);
    bool is_part = len > 3 && strcmp(want + len - 3, "…") == 0;
    return is_part ? strncmp(got, want, len - 3) == 0 : strcmp(got, want) == 0;
}

static void
does_what_the_cases_say(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const char *got = formula_bench(cases[i].formula);
        if (!is_wanted(got, cases[i].want)) {
            print_message("%s\n  want %s\n  got  %s\n", cases[i].formula,
                          cases[i].want, got);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void
has_cases_of_each_function(void **state)
{
    (void)state;
    const struct function *function;
    for (size_t i = 0; (function = function_table_at(i)) != NULL; i++) {
        size_t count = 0, len = strlen(function->name);
        for (size_t j = 0; j < CASE_COUNT; j++) {
            count += strncmp(cases[j].formula, function->name, len) == 0 &&
                     cases[j].formula[len] == '(';
        }
        if (count < CASES_LEAST) {
            fail_msg("%s has %zu cases", function->name, count);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_what_the_cases_say),
        cmocka_unit_test(has_cases_of_each_function),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)formula_bench(""); /* gives back what the last one took */
    return failed;
}
