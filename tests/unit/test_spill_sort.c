/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spill_sort.h"

#include "scratch.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SMALL_MEMORY ((size_t)64 * 1024) /* 1,365 entries at once */

/* xorshift64 */
static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int
compare(const struct spill_entry *a, const struct spill_entry *b)
{
    const uint64_t x[] = {a->key[0], a->key[1], a->row};
    const uint64_t y[] = {b->key[0], b->key[1], b->row};
    for (int i = 0; i < 3; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

/* Adds what make gives and checks that the same comes back, in order. */
static void
sort_all(void **state, size_t memory, uint64_t count,
         struct spill_entry (*make)(uint64_t i, uint64_t random))
{
    struct error err = {0};
    struct spill_sort *sort = spill_sort_new(*state, memory);
    uint64_t random = 88172645463325252u, sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct spill_entry entry = make(i, next_random(&random));
        sum += entry.key[0] ^ entry.key[1] * 3 ^ entry.row * 5;
        assert_true(spill_sort_add(sort, &entry, &err));
    }
    assert_true(spill_sort_finish(sort, &err));
    struct spill_entry last = {{0, 0}, 0}, entry;
    for (uint64_t i = 0; i < count; i++) {
        assert_int_equal(spill_sort_next(sort, &entry, &err), SPILL_ENTRY);
        if (i > 0 && compare(&last, &entry) > 0) {
            fail_msg("entry %llu is out of order", (unsigned long long)i);
        }
        last = entry;
        sum -= entry.key[0] ^ entry.key[1] * 3 ^ entry.row * 5;
    }
    assert_int_equal(spill_sort_next(sort, &entry, &err), SPILL_END);
    assert_int_equal(spill_sort_next(sort, &entry, &err), SPILL_END);
    assert_true(sum == 0);
    spill_sort_free(sort);
}

static struct spill_entry
hashed(uint64_t i, uint64_t random)
{
    return (struct spill_entry){{random, random * 7}, i};
}

static struct spill_entry
one_key(uint64_t i, uint64_t random)
{
    (void)random;
    return (struct spill_entry){{5, 5}, i};
}

static struct spill_entry
one_key_backwards(uint64_t i, uint64_t random)
{
    (void)random;
    return (struct spill_entry){{5, 5}, 1000000 - i};
}

static struct spill_entry
row_numbers(uint64_t i, uint64_t random)
{
    return (struct spill_entry){{random % 5000, i % 3}, i};
}

static struct spill_entry
equal_upper_bits(uint64_t i, uint64_t random)
{
    uint64_t upper = i % 2 ? (uint64_t)1 << 63 : 0;
    return (struct spill_entry){{upper | random % 1000, random}, 0};
}

static void
any_keys_come_back_in_order(void **state)
{
    struct spill_entry (*const makers[])(uint64_t, uint64_t) = {
        hashed, one_key, one_key_backwards, row_numbers, equal_upper_bits};
    static const uint64_t counts[] = {0, 1, 2, 1364, 1365, 1366, 20000};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            sort_all(state, SMALL_MEMORY, counts[j], makers[i]);
        }
    }
}

/* 64 entries a run: more than 64 runs, and more than 64 times 64. */
static void
many_runs_are_merged_in_passes(void **state)
{
    sort_all(state, 1, 64 * 70, hashed);
    sort_all(state, 1, 64 * 64 * 64 + 64 * 3 + 1, hashed);
}

static size_t
count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    while (readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count - 2;
}

static void
nothing_is_left_behind(void **state)
{
    struct error err = {0};
    struct spill_sort *sort = spill_sort_new(*state, 1);
    for (uint64_t i = 0; i < 1000; i++) {
        struct spill_entry entry = hashed(i, i * 77);
        assert_true(spill_sort_add(sort, &entry, &err));
    }
    assert_int_equal(count_files(*state), 0); /* not even now */
    spill_sort_free(sort);
    spill_sort_free(NULL);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct error err = {0};
    struct spill_sort *sort = spill_sort_new("missing/folder", 1);
    struct spill_entry entry = {{1, 2}, 3};
    bool done = true;
    for (int i = 0; done && i < 1000; i++) {
        done = spill_sort_add(sort, &entry, &err);
    }
    assert_false(done);
    assert_int_equal(err.kind, ERROR_SYSTEM);
    spill_sort_free(sort);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_keys_come_back_in_order),
        cmocka_unit_test(many_runs_are_merged_in_passes),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
