/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_rule.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct load_column columns[] = {{.name = "Id"}, {.name = "Name"}};
static const struct load load = {.columns = columns, .column_count = 2};

/* Rows until the chunk ends. */
static uint64_t
fill(struct chunk_rule *rule, uint64_t size)
{
    chunk_rule_begin(rule);
    while (!chunk_rule_ends_before(rule, size)) {
        chunk_rule_add(rule, size);
    }
    return rule->rows;
}

static void
assert_fill(struct chunk_limits limits, uint64_t size, uint64_t want)
{
    struct chunk_rule rule;
    chunk_rule_open(&rule, &limits, &load);
    assert_true(rule.header_size == 8); /* Id,Name and the line end */
    assert_true(fill(&rule, size) == want);
    assert_true(fill(&rule, size) == want);
    assert_true(rule.bytes == 8 + want * size);
}

static void
a_chunk_ends_at_its_limits(void **state)
{
    (void)state;
    assert_fill((struct chunk_limits){.rows = 7, .bytes = 1000}, 10, 7);
    assert_fill((struct chunk_limits){.rows = 700, .bytes = 108}, 10, 10);
    assert_fill((struct chunk_limits){.rows = 700, .bytes = 107}, 10, 9);
    assert_fill((struct chunk_limits){.rows = 700, .bytes = 5}, 10, 1);
}

static void
it_ends_at_a_whole_block_where_bytes_allow(void **state)
{
    (void)state;
    assert_fill(
        (struct chunk_limits){.rows = 700, .bytes = 108, .rows_rounded = 4}, 10,
        8);
    assert_fill(
        (struct chunk_limits){.rows = 700, .bytes = 128, .rows_rounded = 4}, 10,
        12);
    assert_fill(
        (struct chunk_limits){.rows = 700, .bytes = 38, .rows_rounded = 4}, 10,
        3);
}

/* The largest block so far is remembered from one chunk to the next. */
static void
the_next_block_is_judged_by_the_largest(void **state)
{
    (void)state;
    struct chunk_rule rule;
    const struct chunk_limits limits = {
        .rows = 700, .bytes = 108, .rows_rounded = 2};
    chunk_rule_open(&rule, &limits, &load);
    assert_true(fill(&rule, 30) == 2);
    assert_true(fill(&rule, 10) == 6); /* 60 bytes, 60 more might not fit */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chunk_ends_at_its_limits),
        cmocka_unit_test(it_ends_at_a_whole_block_where_bytes_allow),
        cmocka_unit_test(the_next_block_is_judged_by_the_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
