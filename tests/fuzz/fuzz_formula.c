/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/field_rule.h"
#include "mapping/formula/formula.h"
#include "mapping/mapping.h"
#include "mapping/problem.h"

/* A formula's text, compiled, and computed for rows of all sorts. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define FIELDS 6

static const struct slice rows[][FIELDS] = {
    {{"4711", 4},
     {"M\xC3\xBCller", 7},
     {"-1234.56", 8},
     {"20260131", 8},
     {" X ", 3},
     {"\xF0\x9F\x98\x80 \xC3\x9F", 7}},
    {{NULL, 0}, {"", 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}},
    {{"1.234,5", 7},
     {"a;b;c", 5},
     {"0", 1},
     {"2026-02-29", 10},
     {"$1", 2},
     {"9999999999999999999999999999999999", 34}},
};

static void
compute(struct formula *formula, struct formula_scratch *scratch)
{
    struct arena arena = {0};
    for (size_t i = 0; i < formula_column_count(formula); i++) {
        formula_column(formula, i)->index = i % (FIELDS + 1);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct formula_row row = {rows[i], FIELDS, i + 1, "in.csv", "r"};
        struct formula_fault fault = {0};
        struct slice value;
        if (formula_apply(formula, &row, &arena, scratch, &value, &fault)) {
            if (slice_utf8_valid_len(value) != value.len ||
                value.len > 2 * FORMULA_TEXT_LIMIT) {
                __builtin_trap();
            }
        } else if (fault.code == NULL || fault.text.len == 0) {
            __builtin_trap();
        }
    }
    arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice text = {(const char *)bytes, size};
    text.len = slice_utf8_valid_len(text);
    if (memchr(bytes, '\0', text.len) != NULL) {
        return 0;
    }
    struct arena arena = {0};
    struct problems problems = {0};
    struct translation *table = translation_new("t", false);
    (void)translation_put(table, SLICE_LITERAL("4711"), SLICE_LITERAL("Koeln"));
    const struct translation_set tables = {&table, 1};
    const struct mapping_param param = {SLICE_LITERAL("p"),
                                        SLICE_LITERAL("DE")};
    const struct slice null_value = SLICE_LITERAL("NULL");
    const struct text_list nulls = {&null_value, 1};
    const struct formula_scope scope = {
        .arena = &arena,
        .problems = &problems,
        .place = {1, 1, true},
        .params = &param,
        .param_count = 1,
        .tables = &tables,
        .null_values = &nulls,
        .now_ms = 1769851800000,
    };
    struct formula_scratch *scratch = formula_scratch_new();
    struct formula *formula = formula_compile(&scope, text);
    if ((formula == NULL) != (problems.error_count > 0)) {
        __builtin_trap();
    }
    if (formula != NULL) {
        compute(formula, scratch);
    }
    formula_scratch_free(scratch);
    translation_free(table);
    problem_release(&problems);
    arena_release(&arena);
    return 0;
}
