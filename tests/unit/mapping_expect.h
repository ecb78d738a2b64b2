/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_MAPPING_EXPECT_H
#define TESTS_UNIT_MAPPING_EXPECT_H

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

static inline struct mapping *
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
static inline void
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

static inline void
expect_each(void **state, const struct load_error *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect(state, cases[i].text, cases[i].want, 1);
    }
}
#define EXPECT_EACH(state, cases)                                              \
    expect_each(state, cases, sizeof cases / sizeof *cases)

#endif
