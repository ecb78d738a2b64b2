/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_table.h"

#include "base/suggest.h"
#include "mapping/function/function_steps.h"

#include <limits.h>
#include <stdio.h>

#define MANY UINT_MAX
#define KIND_MOMENT (KIND_DATE | KIND_DATETIME)

#define APPLIES(f) .apply = function_##f
#define STEPS(f) .step = function_##f
#define COMPILES(f) .compile = function_##f

static const struct function functions[] = {
    /* logic */
    {"IF", "IF(condition, then, else)", "cAA", 3, 3, KIND_ANY, STEPS(logic_if),
     COMPILES(logic_if_compile)},
    {"CASE", "CASE(x, key, value, ..., else)", "A", 4, MANY, KIND_ANY,
     STEPS(logic_case), COMPILES(logic_case_compile)},
    {"AND", "AND(condition, ...)", "C", 1, MANY, KIND_BOOLEAN,
     STEPS(logic_and)},
    {"OR", "OR(condition, ...)", "C", 1, MANY, KIND_BOOLEAN, STEPS(logic_or)},
    {"NOT", "NOT(condition)", "c", 1, 1, KIND_BOOLEAN, APPLIES(logic_not)},
    {"ISBLANK", "ISBLANK(x)", "A", 1, 1, KIND_BOOLEAN, APPLIES(logic_is_blank)},
    {"BLANKVALUE", "BLANKVALUE(x, otherwise)", "A", 2, 2, KIND_ANY,
     STEPS(logic_blank_value), COMPILES(logic_blank_value_compile)},
    {"ERROR", "ERROR(text)", "T", 1, 1, KIND_BLANK, APPLIES(logic_error),
     .is_impure = true},
    {"SKIP", "SKIP(text)", "T", 1, 1, KIND_BLANK, APPLIES(logic_skip),
     .is_impure = true},

    /* text */
    {"TRIM", "TRIM(text)", "t", 1, 1, KIND_TEXT, APPLIES(unicode_trim)},
    {"CLEAN", "CLEAN(text)", "t", 1, 1, KIND_TEXT, APPLIES(unicode_clean)},
    {"UPPER", "UPPER(text)", "t", 1, 1, KIND_TEXT, APPLIES(unicode_upper)},
    {"LOWER", "LOWER(text)", "t", 1, 1, KIND_TEXT, APPLIES(unicode_lower)},
    {"INITCAP", "INITCAP(text)", "t", 1, 1, KIND_TEXT,
     APPLIES(unicode_initcap)},
    {"LEFT", "LEFT(text, n)", "tw", 2, 2, KIND_TEXT, APPLIES(text_left)},
    {"RIGHT", "RIGHT(text, n)", "tw", 2, 2, KIND_TEXT, APPLIES(text_right)},
    {"MID", "MID(text, start, n)", "tww", 3, 3, KIND_TEXT, APPLIES(text_mid)},
    {"LEN", "LEN(text)", "T", 1, 1, KIND_NUMBER, APPLIES(text_len)},
    {"LPAD", "LPAD(text, width, with)", "twt", 2, 3, KIND_TEXT,
     APPLIES(text_pad_left)},
    {"RPAD", "RPAD(text, width, with)", "twt", 2, 3, KIND_TEXT,
     APPLIES(text_pad_right)},
    {"FIND", "FIND(part, text, start)", "TTW", 2, 3, KIND_NUMBER,
     APPLIES(text_find)},
    {"CONTAINS", "CONTAINS(text, part)", "TT", 2, 2, KIND_BOOLEAN,
     APPLIES(text_contains)},
    {"BEGINS", "BEGINS(text, part)", "TT", 2, 2, KIND_BOOLEAN,
     APPLIES(text_begins)},
    {"SUBSTITUTE", "SUBSTITUTE(text, old, new)", "tTT", 3, 3, KIND_TEXT,
     APPLIES(text_substitute)},
    {"REGEX", "REGEX(text, pattern)", "Tk", 2, 2, KIND_BOOLEAN,
     APPLIES(regex_matches), COMPILES(regex_compile)},
    {"REGEX_REPLACE", "REGEX_REPLACE(text, pattern, replacement)", "tkT", 3, 3,
     KIND_TEXT, APPLIES(regex_replace), COMPILES(regex_replace_compile)},
    {"SPLIT", "SPLIT(text, separator, n)", "ttw", 3, 3, KIND_TEXT,
     APPLIES(text_split)},
    {"JOIN", "JOIN(separator, text, ...)", "TA", 2, MANY, KIND_TEXT,
     STEPS(text_join), .gathers = true},
    {"TEXT", "TEXT(x, pattern)", "ak", 1, 2, KIND_TEXT, APPLIES(format_text),
     COMPILES(format_text_compile)},
    {"CHAR", "CHAR(number)", "w", 1, 1, KIND_TEXT, APPLIES(text_char)},
    {"UNACCENT", "UNACCENT(text)", "t", 1, 1, KIND_TEXT,
     APPLIES(unicode_unaccent)},
    {"SHA256", "SHA256(text)", "t", 1, 1, KIND_TEXT, APPLIES(row_sha256)},

    /* number */
    {"VALUE", "VALUE(text, example)", "vk", 1, 2, KIND_NUMBER,
     APPLIES(number_value), COMPILES(number_shape_compile)},
    {"ABS", "ABS(number)", "n", 1, 1, KIND_NUMBER, APPLIES(number_abs)},
    {"ROUND", "ROUND(number, places)", "nw", 2, 2, KIND_NUMBER,
     APPLIES(number_round)},
    {"CEILING", "CEILING(number)", "n", 1, 1, KIND_NUMBER,
     APPLIES(number_ceiling)},
    {"FLOOR", "FLOOR(number)", "n", 1, 1, KIND_NUMBER, APPLIES(number_floor)},
    {"INT", "INT(number)", "n", 1, 1, KIND_NUMBER, APPLIES(number_int)},
    {"MOD", "MOD(number, divisor)", "nn", 2, 2, KIND_NUMBER,
     APPLIES(number_mod)},
    {"MIN", "MIN(number, ...)", "N", 1, MANY, KIND_NUMBER, STEPS(number_min)},
    {"MAX", "MAX(number, ...)", "N", 1, MANY, KIND_NUMBER, STEPS(number_max)},
    {"ISNUMBER", "ISNUMBER(text, example)", "Ak", 1, 2, KIND_BOOLEAN,
     APPLIES(number_is_number), COMPILES(number_shape_compile)},

    /* date */
    {"DATEVALUE", "DATEVALUE(text, pattern)", "xk", 1, 2, KIND_DATE,
     APPLIES(date_date_value), COMPILES(date_date_value_compile)},
    {"DATETIMEVALUE", "DATETIMEVALUE(text, pattern, zone)", "ykk", 1, 3,
     KIND_DATETIME, APPLIES(date_datetime_value),
     COMPILES(date_datetime_value_compile)},
    {"DATE", "DATE(year, month, day)", "www", 3, 3, KIND_DATE,
     APPLIES(date_date)},
    {"YEAR", "YEAR(date)", "m", 1, 1, KIND_NUMBER, APPLIES(date_year)},
    {"MONTH", "MONTH(date)", "m", 1, 1, KIND_NUMBER, APPLIES(date_month)},
    {"DAY", "DAY(date)", "m", 1, 1, KIND_NUMBER, APPLIES(date_day)},
    {"ADDMONTHS", "ADDMONTHS(date, n)", "dw", 2, 2, KIND_DATE,
     APPLIES(date_add_months)},
    {"TODAY", "TODAY()", "", 0, 0, KIND_DATE, COMPILES(date_today_compile)},
    {"NOW", "NOW()", "", 0, 0, KIND_DATETIME, COMPILES(date_now_compile)},

    /* tables, run */
    {"TRANSLATE", "TRANSLATE(x, \"table\", otherwise)", "tkA", 2, 3, KIND_TEXT,
     STEPS(row_translate), COMPILES(row_translate_compile),
     .is_impure = true /* the table is filled later */},
    {"PARAM", "PARAM(\"name\")", "k", 1, 1, KIND_TEXT,
     COMPILES(row_param_compile)},
    {"ROW", "ROW()", "", 0, 0, KIND_NUMBER, APPLIES(row_row),
     .is_impure = true},
    {"FILENAME", "FILENAME()", "", 0, 0, KIND_TEXT, APPLIES(row_file_name),
     .is_impure = true},
    {"RUN_ID", "RUN_ID()", "", 0, 0, KIND_TEXT, APPLIES(row_run_id),
     .is_impure = true},
    {"CASESAFEID", "CASESAFEID(id)", "t", 1, 1, KIND_TEXT,
     APPLIES(row_case_safe_id)},
    {"COUNT", "COUNT([path])", "a", 1, 1, KIND_NUMBER, STEPS(row_count),
     COMPILES(row_count_compile), .gathers = true},
};
#define FUNCTION_COUNT (sizeof functions / sizeof *functions)

static const struct function operators[] = {
    {"||", "a || b", "C", 2, MANY, KIND_BOOLEAN, STEPS(logic_or)},
    {"&&", "a && b", "C", 2, MANY, KIND_BOOLEAN, STEPS(logic_and)},
    {"!", "NOT a", "c", 1, 1, KIND_BOOLEAN, APPLIES(logic_not)},
    {"=", "a = b", "A", 2, 2, KIND_BOOLEAN, STEPS(logic_compare),
     COMPILES(logic_compare_compile)},
    {"<>", "a <> b", "A", 2, 2, KIND_BOOLEAN, STEPS(logic_compare),
     COMPILES(logic_compare_compile)},
    {"<", "a < b", "A", 2, 2, KIND_BOOLEAN, STEPS(logic_compare),
     COMPILES(logic_compare_compile)},
    {"<=", "a <= b", "A", 2, 2, KIND_BOOLEAN, STEPS(logic_compare),
     COMPILES(logic_compare_compile)},
    {">", "a > b", "A", 2, 2, KIND_BOOLEAN, STEPS(logic_compare),
     COMPILES(logic_compare_compile)},
    {">=", "a >= b", "A", 2, 2, KIND_BOOLEAN, STEPS(logic_compare),
     COMPILES(logic_compare_compile)},
    {"&", "a & b", "A", 2, MANY, KIND_TEXT, STEPS(text_join_all)},
    {"+", "a + b", "ss", 2, 2, KIND_NUMBER | KIND_MOMENT, APPLIES(number_plus),
     COMPILES(number_sum_compile)},
    {"-", "a - b", "ss", 2, 2, KIND_NUMBER | KIND_MOMENT, APPLIES(number_minus),
     COMPILES(number_sum_compile)},
    {"*", "a * b", "nn", 2, 2, KIND_NUMBER, APPLIES(number_times)},
    {"/", "a / b", "nn", 2, 2, KIND_NUMBER, APPLIES(number_divide)},
    {"negate", "-a", "n", 1, 1, KIND_NUMBER, APPLIES(number_negate)},
};

const struct function *
function_table_at(size_t index)
{
    return index < FUNCTION_COUNT ? &functions[index] : NULL;
}

const struct function *
function_table_find(struct slice name)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if (slice_is_nocase(name, functions[i].name)) {
            return &functions[i];
        }
    }
    return NULL;
}

const struct function *
function_table_operator(const char *name)
{
    size_t i = 0;
    while (strcmp(operators[i].name, name) != 0) {
        i++;
    }
    return &operators[i];
}

/* What Excel and Salesforce have and is spelled otherwise here. */
static const struct {
    const char *theirs, *help;
} others[] = {
    {"CONCATENATE", "texts are joined with &, as in A & \" \" & B"},
    {"CONCAT", "texts are joined with &, as in A & \" \" & B"},
    {"TEXTJOIN", "use JOIN(separator, text, ...)"},
    {"REPLACE", "use SUBSTITUTE(text, old, new)"},
    {"PROPER", "use INITCAP(text)"},
    {"IFERROR", "a row that can't be computed is rejected; test before, with "
                "ISNUMBER say"},
    {"ISNULL", "use ISBLANK(x)"},
    {"ISEMPTY", "use ISBLANK(x)"},
    {"NULLVALUE", "use BLANKVALUE(x, otherwise)"},
    {"VLOOKUP", "use TRANSLATE(x, \"table\")"},
    {"LOOKUP", "use TRANSLATE(x, \"table\")"},
    {"SWITCH", "use CASE(x, key, value, ..., else)"},
    {"INCLUDES", "use CONTAINS(text, part)"},
    {"SEARCH", "use FIND(part, text), with LOWER around both if case does not "
               "count"},
    {"SUM", "numbers are added with +"},
    {"EDATE", "use ADDMONTHS(date, n)"},
    {"ROUNDUP", "use CEILING(number)"},
    {"ROUNDDOWN", "use FLOOR(number) or INT(number)"},
    {"TRUNC", "use INT(number)"},
    {"MCEILING", "use CEILING(number)"},
    {"MFLOOR", "use FLOOR(number)"},
    {"NUMBERVALUE", "use VALUE(text, \"1.234,56\")"},
    {"TODATE", "use DATEVALUE(text, \"yyyyMMdd\")"},
    {"LTRIM", "use TRIM(text)"},
    {"RTRIM", "use TRIM(text)"},
    /* Excel in German. */
    {"WENN", "use IF(condition, then, else)"},
    {"WENNFEHLER", "a row that can't be computed is rejected; test before, "
                   "with ISNUMBER say"},
    {"UND", "use AND(a, b)"},
    {"ODER", "use OR(a, b)"},
    {"NICHT", "use NOT(a)"},
    {"ISTLEER", "use ISBLANK(x)"},
    {"ISTZAHL", "use ISNUMBER(text)"},
    {"GLÄTTEN", "use TRIM(text)"},
    {"SÄUBERN", "use CLEAN(text)"},
    {"GROSS", "use UPPER(text)"},
    {"KLEIN", "use LOWER(text)"},
    {"GROSS2", "use INITCAP(text)"},
    {"LINKS", "use LEFT(text, n)"},
    {"RECHTS", "use RIGHT(text, n)"},
    {"TEIL", "use MID(text, start, n)"},
    {"LÄNGE", "use LEN(text)"},
    {"FINDEN", "use FIND(part, text)"},
    {"SUCHEN", "use FIND(part, text)"},
    {"WECHSELN", "use SUBSTITUTE(text, old, new)"},
    {"ERSETZEN", "use SUBSTITUTE(text, old, new)"},
    {"VERKETTEN", "texts are joined with &, as in A & \" \" & B"},
    {"TEXTVERKETTEN", "use JOIN(separator, text, ...)"},
    {"ZEICHEN", "use CHAR(number)"},
    {"WERT", "use VALUE(text, \"1.234,56\")"},
    {"ZAHLENWERT", "use VALUE(text, \"1.234,56\")"},
    {"RUNDEN", "use ROUND(number, n)"},
    {"AUFRUNDEN", "use CEILING(number)"},
    {"ABRUNDEN", "use FLOOR(number)"},
    {"GANZZAHL", "use FLOOR(number)"},
    {"KÜRZEN", "use INT(number)"},
    {"REST", "use MOD(number, divisor)"},
    {"SUMME", "numbers are added with +"},
    {"DATUM", "use DATE(year, month, day)"},
    {"DATWERT", "use DATEVALUE(text, \"dd.MM.yyyy\")"},
    {"JAHR", "use YEAR(date)"},
    {"MONAT", "use MONTH(date)"},
    {"TAG", "use DAY(date)"},
    {"EDATUM", "use ADDMONTHS(date, n)"},
    {"HEUTE", "use TODAY()"},
    {"JETZT", "use NOW()"},
    {"SVERWEIS", "use TRANSLATE(x, \"table\")"},
    {"XVERWEIS", "use TRANSLATE(x, \"table\")"},
    {"VERWEIS", "use TRANSLATE(x, \"table\")"},
    {"WAHR", "write TRUE without brackets"},
    {"FALSCH", "write FALSE without brackets"},
    {"TRUE", "write TRUE without brackets"},
    {"FALSE", "write FALSE without brackets"},
};

void
function_table_suggest(struct slice name, char help[FUNCTION_HELP_SIZE])
{
    const char *names[FUNCTION_COUNT];
    char near[SUGGEST_SIZE];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (slice_is_nocase(name, others[i].theirs)) {
            snprintf(help, FUNCTION_HELP_SIZE, "%s", others[i].help);
            return;
        }
    }
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        names[i] = functions[i].name;
    }
    suggest_phrase(near, name, names, FUNCTION_COUNT);
    snprintf(help, FUNCTION_HELP_SIZE, "%s",
             near[0] != '\0' ? near + 2
                             : "sfetl-functions(5) lists them; a column does "
                               "not go with brackets behind it");
}
