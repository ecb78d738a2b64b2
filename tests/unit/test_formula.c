/* SPDX-License-Identifier: Apache-2.0 */
#include "formula_bench.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct formula_case {
    const char *formula, *want; /* a want that ends in '…' is a beginning */
};

static bool
is_wanted(const char *got, const char *want)
{
    size_t len = strlen(want);
    bool is_part = len > 3 && strcmp(want + len - 3, "…") == 0;
    return is_part ? strncmp(got, want, len - 3) == 0 : strcmp(got, want) == 0;
}

static void
expect_each(const struct formula_case *cases, size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        const char *got = formula_bench(cases[i].formula);
        if (!is_wanted(got, cases[i].want)) {
            print_message("%s\n  want %s\n  got  %s\n", cases[i].formula,
                          cases[i].want, got);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}
#define EXPECT_EACH(cases) expect_each(cases, sizeof(cases) / sizeof *(cases))

static void
reads_operators(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"=1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"10 - 3 - 2", "5"},
        {"-2 * -3", "6"},
        {"1 & 2 + 3", "15"},
        {"\"a\" & \"\" & \"b\"", "ab"},
        {"\"say \"\"hi\"\"\\n\\t\\d\"", "say \"hi\"\n\t\\d"},
        {"NOT A = 7", "true"},
        {"!(A = 4711)", "false"},
        {"A = 4711 AND B <> \"x\" OR FALSE", "true"},
        {"FALSE && TRUE || TRUE", "true"},
        {"not(true)", "false"},
        {"A == \"4711\"", "true"},
        {"\"b\" > \"a\" && \"B\" < \"a\"", "true"},
        {"2 >= 2.0", "true"},
        {"E = \"\"", "true"},
        {"E <> \"\"", "false"},
        {"E <> \"X\"", "true"},
        {"E < 1", "false"},
        {"E >= 1", "false"},
        {"E + 1", "(blank)"},
        {"E & 1", "1"},
        {"\"\"", "(blank)"},
        {"[A] & [any text]", "4711"},
        {"1 / 0", "?division-by-zero: division by zero; "},
        {"A / (A - 4711)", "!division-by-zero:  division by zero"},
    };
    EXPECT_EACH(cases);
}

static void
keeps_digits(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"1.50", "1.50"},
        {"0.1 + 0.2", "0.3"},
        {"1.10 * 2", "2.20"},
        {"1 / 3", "0.3333333333333333333333333333333333"},
        {"C * 1.19", "-1469.1264"},
        {"9999999999999999999999999999999999 + 0", "99999999999999999999999999"
                                                   "99999999"},
        {"F + 1", "!not-a-number: 1.234,5 is not a number like -1234.56; "
                  "VALUE(F, \"1.234,56\") reads it"},
        {"B + 1", "!not-a-number: Müller is not a number like -1234.56"},
        {"\"x\" + 1", "?not-a-number: a number is needed here, and this text "
                      "is none; texts are joined with &"},
        {"ROUND(2.345, 2)", "2.35"},
        {"ROUND(-2.5, 0)", "-3"},
        {"ROUND(1250, -2)", "1300"},
        {"ROUND(E, 2)", "(blank)"},
        {"ROUND(1, 1.5)", "?not-whole…"},
        {"ABS(C)", "1234.56"},
        {"CEILING(1.2)", "2"},
        {"CEILING(-1.2)", "-1"},
        {"FLOOR(-1.2)", "-2"},
        {"INT(-1.9)", "-1"},
        {"MOD(7, 3)", "1"},
        {"MOD(-7, 3)", "2"},
        {"MOD(7, -3)", "-2"},
        {"MOD(7, 0)", "?division-by-zero…"},
        {"MIN(3, E, 2)", "2"},
        {"MAX(3, E, A)", "4711"},
        {"MAX(E, E)", "(blank)"},
        {"VALUE(F, \"1.234,56\")", "1234.5"},
        {"VALUE(B)", "!not-a-number…"},
        {"VALUE(B, \"1.234,56\")",
         "!number-shape: Müller is not a number like 1.234,56"},
        {"VALUE(A, \"abc\")", "?number-shape…"},
        {"VALUE(A, B)", "?not-constant…"},
        {"ISNUMBER(A)", "true"},
        {"ISNUMBER(F)", "false"},
        {"ISNUMBER(F, \"1.234,56\")", "true"},
        {"ISNUMBER(E)", "false"},
    };
    EXPECT_EACH(cases);
}

static void
decides(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"IF(ISBLANK(E), \"yes\", ERROR(\"no\"))", "yes"},
        {"IF(A = \"4711\", \"\", 1)", "(blank)"},
        {"CASE(A, \"1\", \"one\", 4711, \"it\", \"else\")", "it"},
        {"CASE(E, \"1\", \"one\", \"else\")", "else"},
        {"CASE(E, \"\", \"none\", \"else\")", "none"},
        {"CASE(A, \"1\", \"one\")", "?argument-count…"},
        {"BLANKVALUE(E, B)", "Müller"},
        {"ISBLANK(\"\")", "true"},
        {"AND(TRUE, E = \"\")", "true"},
        {"OR(FALSE, A = 1)", "false"},
        {"ERROR(\"bad \" & A)", "!formula-error:  bad 4711"},
        {"SKIP(\"old\")", "skip: old"},
        {"IF(A, 1, 2)", "?wrong-kind: 'IF' takes a condition here, and this "
                        "is a text; compare it, as in A = \"X\", or test it, "
                        "as in NOT ISBLANK(A)"},
        {"NOT(IF(E = \"\", \"\", TRUE))", "(blank)"},
    };
    EXPECT_EACH(cases);
}

static void
works_on_texts(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"TRIM(\"\xC2\xA0 a b \")", "a b"},
        {"TRIM(\"  \")", "(blank)"},
        {"CLEAN(\"a\\n\\t b\" & CHAR(7))", "a b"},
        {"UPPER(B & \" straße\")", "MÜLLER STRASSE"},
        {"LOWER(\"ÄB\")", "äb"},
        {"INITCAP(\"jean-luc o'NEILL\")", "Jean-Luc O'neill"},
        {"LEFT(B, 2)", "Mü"},
        {"LEFT(B, 99)", "Müller"},
        {"LEFT(B, 0)", "(blank)"},
        {"RIGHT(B, 5)", "üller"},
        {"MID(B, 2, 3)", "üll"},
        {"MID(B, 0, 3)", "!position: 0 is no position: they count from 1"},
        {"LEN(B)", "6"},
        {"LEN(E)", "0"},
        {"LPAD(A, 6, \"0\")", "004711"},
        {"LPAD(A, 2, \"0\")", "47"},
        {"LPAD(E, 10, \"0\")", "(blank)"},
        {"RPAD(A, 7, \"ab\")", "4711aba"},
        {"RPAD(A, 6) & \"|\"", "4711  |"},
        {"LPAD(A, 99999999, \"0\")", "!text-size…"},
        {"FIND(\"l\", B)", "3"},
        {"FIND(\"l\", B, 4)", "4"},
        {"FIND(\"x\", B)", "0"},
        {"FIND(\"x\", E)", "0"},
        {"CONTAINS(B, \"üll\")", "true"},
        {"CONTAINS(E, \"x\")", "false"},
        {"BEGINS(B, \"Mü\")", "true"},
        {"SUBSTITUTE(B, \"l\", \"\")", "Müer"},
        {"SUBSTITUTE(B, \"\", \"x\")", "Müller"},
        {"REGEX(A, \"\\d+\")", "true"},
        {"REGEX(A, \"\\d\")", "false"},
        {"REGEX(E, \".*\")", "false"},
        {"REGEX(A, \"(\")", "?regex…"},
        {"REGEX(LPAD(E & \"!\", 40, \"a\"), \"(a+)+\")", "!regex-limit…"},
        {"REGEX_REPLACE(A, \"(\\d)(\\d)\", \"$2$1\")", "7411"},
        {"REGEX_REPLACE(B, \"x*\", \"-\")", "-M-ü-l-l-e-r-"},
        {"REGEX_REPLACE(A, \"1\", \"$2\")", "?regex-group…"},
        {"SPLIT(\"a;b;c\", \";\", 2)", "b"},
        {"SPLIT(\"a;b;c\", \";\", 4)", "(blank)"},
        {"JOIN(\", \", A, E, B)", "4711, Müller"},
        {"JOIN(\", \", E)", "(blank)"},
        {"CHAR(8364)", "€"},
        {"CHAR(55296)", "?no-character…"},
        {"UNACCENT(\"Łódź Smørrebrød ÆŒßþð\")", "Lodz Smorrebrod AEOEssthd"},
        {"SHA256(\"abc\")", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
                            "b410ff61f20015ad"},
        {"TEXT(1.50)", "1.50"},
        {"TEXT(C, \"1.234,5-\")", "1.234,6-"},
        {"TEXT(1234567, \"1,234\")", "?number-shape…"},
        {"LEN(1)", "?wrong-kind: 'LEN' takes a text here, and this is a "
                   "number; write TEXT(1)"},
        {"TRIM(TODAY())", "?wrong-kind…"},
    };
    EXPECT_EACH(cases);
}

static void
works_on_dates(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"DATEVALUE(D, \"yyyyMMdd\")", "2026-01-31"},
        {"DATEVALUE(\"2026-01-31\") + 1", "2026-02-01"},
        {"DATEVALUE(D, \"yyyyMMdd\") - DATE(2026, 1, 1)", "30"},
        {"DATEVALUE(B, \"yyyyMMdd\")",
         "!date-shape: Müller is not a date like yyyyMMdd"},
        {"DATEVALUE(E)", "(blank)"},
        {"DATEVALUE(D, \"yyMM\")", "?date-pattern…"},
        {"DATE(2026, 2, 29)", "?no-date…"},
        {"DATE(9999, 12, 31) + 1", "?date-range…"},
        {"DATE(2026, 1, 1) + 0.5", "?not-whole…"},
        {"ADDMONTHS(DATE(2026, 1, 31), 1)", "2026-02-28"},
        {"ADDMONTHS(DATE(2026, 2, 28), 1)", "2026-03-31"},
        {"ADDMONTHS(DATE(2026, 3, 15), -13)", "2025-02-15"},
        {"YEAR(TODAY()) & MONTH(TODAY()) & DAY(TODAY())", "2026131"},
        {"NOW()", "2026-01-31T09:30:00.000Z"},
        {"NOW() + 0.5", "2026-01-31T21:30:00.000Z"},
        {"DATETIMEVALUE(\"2026-07-01 10:00\", \"yyyy-MM-dd HH:mm\")",
         "2026-07-01T08:00:00.000Z"},
        {"DATETIMEVALUE(\"2026-07-01 10:00\", \"yyyy-MM-dd HH:mm\", \"UTC\")",
         "2026-07-01T10:00:00.000Z"},
        {"DATETIMEVALUE(\"2026-01-31T09:30:00+01:00\")",
         "2026-01-31T08:30:00.000Z"},
        {"DATETIMEVALUE(D, \"yyyyMMdd\", \"Mars\")", "?unknown-timezone…"},
        {"TEXT(NOW(), \"d.M.yy h:mm a XXX\")", "31.1.26 10:30 AM +01:00"},
        {"TEXT(TODAY(), \"dd MMM yyyy\")", "31 Jan 2026"},
        {"TODAY() > \"2026\"", "?wrong-kind…"},
        {"TODAY() + TODAY()", "?wrong-kind…"},
        {"YEAR(D)", "?wrong-kind: 'YEAR' takes a date or a datetime here, and "
                    "this is a text; write DATEVALUE(D, \"yyyyMMdd\")…"},
    };
    EXPECT_EACH(cases);
}

static void
knows_its_run(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"TRANSLATE(PARAM(\"country\"), \"countries\")", "Germany"},
        {"TRANSLATE(A, \"countries\")",
         "!not-in-table: 4711 is not in table countries"},
        {"TRANSLATE(A, \"countries\", \"?\")", "?"},
        {"TRANSLATE(E, \"countries\")", "(blank)"},
        {"TRANSLATE(A, \"contries\")", "?unknown-table: there is no table "
                                       "'contries'; did you mean "
                                       "'countries'?"},
        {"PARAM(\"contry\")", "?unknown-param…"},
        {"ROW() & FILENAME() & RUN_ID()", "42in.csvrun-1"},
        {"CASESAFEID(\"001D000000IRFma\")", "001D000000IRFmaIAH"},
        {"CASESAFEID(B)", "!id-shape…"},
        {"COUNT([a])", "?wrong-kind…"},
    };
    EXPECT_EACH(cases);
}

static void
tells_what_is_wrong(void **state)
{
    (void)state;
    static const struct formula_case cases[] = {
        {"", "?formula-syntax: there is no formula here…"},
        {"LEFT(A, 2", "?formula-syntax: a comma or a closing bracket is "
                      "missing here; 'LEFT(' is not closed"},
        {"A B", "?formula-syntax: an operator is missing here…"},
        {"A; B", "?formula-syntax: a semicolon does not part arguments…"},
        {"'a'", "?formula-syntax: an apostrophe does not begin a text…"},
        {"\"a", "?formula-syntax: a text is not closed…"},
        {"[a", "?formula-syntax: a column's name is not closed…"},
        {"1st", "?formula-syntax: a number runs into letters…"},
        {"A = B = E", "?formula-syntax: comparisons can't be chained…"},
        {"A)", "?formula-syntax: this bracket was never opened…"},
        {"* 2", "?formula-syntax: an operator can't stand here…"},
        {"A &", "?formula-syntax: the formula ends too early…"},
        {"“a”", "?formula-syntax: this is not a straight quote…"},
        {"TRM(A)", "?unknown-function: there is no function 'TRM'; did you "
                   "mean 'TRIM'?"},
        {"VLOOKUP(A)", "?unknown-function: there is no function 'VLOOKUP'; use "
                       "TRANSLATE(x, \"table\")"},
        {"LEFT(A)", "?argument-count: 'LEFT' takes 2 arguments, not 1; it is "
                    "written LEFT(text, n)"},
    };
    EXPECT_EACH(cases);
}

static void
bounds_nesting_and_size(void **state)
{
    (void)state;
    struct buffer text = {0};
    for (int i = 0; i < 200; i++) {
        buffer_append_char(&text, '(');
    }
    assert_true(is_wanted(formula_bench(buffer_text(&text)),
                          "?formula-syntax: brackets are nested too deep…"));
    buffer_reset(&text);
    buffer_append_text(&text, "A");
    while (text.len < FORMULA_SIZE_LIMIT - 2) {
        buffer_append_text(&text, "&A");
    }
    assert_int_equal(strlen(formula_bench(buffer_text(&text))),
                     (FORMULA_SIZE_LIMIT / 2) * 4);
    buffer_append_text(&text, "&A&A");
    assert_true(is_wanted(formula_bench(buffer_text(&text)), "?formula-size…"));
    buffer_reset(&text);
    buffer_append_text(&text, "1");
    for (int i = 0; i < 5000; i++) {
        buffer_append_text(&text, "+A");
    }
    assert_true(is_wanted(formula_bench(buffer_text(&text)),
                          "?formula-syntax: too many operators…"));
    buffer_release(&text);
}

/* What mdoc writes for signs that mean something to it. */
static void
plain_of(char *line)
{
    static const struct {
        const char *written, *meant;
    } signs[] = {{"\\(dq", "\""}, {"\\e", "\\"}, {"\\&", ""}};
    char *to = line;
    while (*line != '\0') {
        size_t i = 0;
        while (i < 3 &&
               strncmp(line, signs[i].written, strlen(signs[i].written)) != 0) {
            i++;
        }
        if (i < 3) {
            line += strlen(signs[i].written);
            memcpy(to, signs[i].meant, strlen(signs[i].meant));
            to += strlen(signs[i].meant);
        } else {
            *to++ = *line++;
        }
    }
    *to = '\0';
}

static void
does_what_the_manual_says(void **state)
{
    (void)state;
    const char *source = getenv("srcdir");
    char path[4096];
    struct buffer page = {0};
    struct error err = {0};
    size_t count = 0, failed = 0;
    snprintf(path, sizeof path, "%s/man/sfetl-functions.5",
             source != NULL ? source : ".");
    assert_true(file_read_whole(path, 1 << 20, &page, &err));
    char *text = slice_dup(buffer_slice(&page)), *rest = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        char *want = strstr(line, " \\(-> ");
        if (strncmp(line, ".Dl ", 4) != 0 || want == NULL) {
            continue;
        }
        *want = '\0';
        want += strlen(" \\(-> ");
        line += strlen(".Dl ");
        plain_of(line);
        plain_of(want);
        const char *got = formula_bench(line);
        count++;
        if (strcmp(got, want) != 0) {
            print_message("%s\n  manual %s\n  got    %s\n", line, want, got);
            failed++;
        }
    }
    free(text);
    buffer_release(&page);
    assert_int_equal(failed, 0);
    assert_true(count >= 60);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_operators),
        cmocka_unit_test(keeps_digits),
        cmocka_unit_test(decides),
        cmocka_unit_test(works_on_texts),
        cmocka_unit_test(works_on_dates),
        cmocka_unit_test(knows_its_run),
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(bounds_nesting_and_size),
        cmocka_unit_test(does_what_the_manual_says),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)formula_bench(""); /* gives back what the last one took */
    return failed;
}
