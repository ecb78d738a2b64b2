/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_FORMULA_BENCH_H
#define TESTS_UNIT_FORMULA_BENCH_H

#include "mapping/field_rule.h"
#include "mapping/formula/formula.h"
#include "mapping/mapping.h"
#include "mapping/problem.h"
#include "mapping/value/time_zone.h"

#include <stdio.h>

/*
 * A formula computed for one row whose columns are A = "4711", B = "Müller",
 * C = "-1234.56", D = "20260131", E blank, F = "1.234,5", and any other name
 * blank. The result is the value as text, "(blank)", "!code: message" for a
 * row that is refused, "skip: text", or "?code: problem" of a formula that is
 * wrong. In memory that the next call takes back.
 */
static inline const char *
formula_bench(const char *text)
{
    static struct arena arena;
    static const struct slice fields[] = {{"4711", 4},     {"M\xC3\xBCller", 7},
                                          {"-1234.56", 8}, {"20260131", 8},
                                          {NULL, 0},       {"1.234,5", 7}};
    arena_release(&arena);
    struct problems problems = {0};
    char why[TIME_ZONE_WHY_SIZE];
    struct translation *table = translation_new("countries", false);
    (void)translation_put(table, SLICE_LITERAL("DE"), SLICE_LITERAL("Germany"));
    const struct translation_set tables = {&table, 1};
    const struct mapping_param param = {SLICE_LITERAL("country"),
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
        .zone = time_zone_load(SLICE_LITERAL("Europe/Berlin"), &arena, why),
        .null_values = &nulls,
        .now_ms = 1769851800000, /* 2026-01-31T09:30:00Z */
    };
    const struct formula_row row = {fields, 6, 42, "in.csv", "run-1"};
    struct formula_scratch *scratch = formula_scratch_new();
    struct formula_fault fault = {0};
    struct slice out = {NULL, 0};
    struct formula *formula = formula_compile(&scope, slice_of(text));
    if (formula == NULL) {
        const struct problem *problem = &problems.items[0];
        out =
            arena_printf(&arena, "?%s: %.*s; %.*s", problem->code,
                         SLICE_ARGS(problem->what), SLICE_ARGS(problem->help));
    } else {
        for (size_t i = 0; i < formula_column_count(formula); i++) {
            struct formula_column *column = formula_column(formula, i);
            column->index = column->name.len == 1 && column->name.ptr[0] >= 'A'
                                ? (size_t)(column->name.ptr[0] - 'A')
                                : SIZE_MAX;
        }
        if (formula_apply(formula, &row, &arena, scratch, &out, &fault)) {
            out = out.ptr == NULL ? SLICE_LITERAL("(blank)") : out;
        } else if (fault.is_skip) {
            out = arena_printf(&arena, "skip: %.*s", SLICE_ARGS(fault.text));
        } else {
            out = arena_printf(&arena, "!%s: %.*s %.*s", fault.code,
                               SLICE_ARGS(fault.value), SLICE_ARGS(fault.text));
        }
    }
    const char *result = arena_strdup(&arena, out);
    formula_scratch_free(scratch);
    translation_free(table);
    problem_release(&problems);
    return result;
}

#endif
