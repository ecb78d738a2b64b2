/* SPDX-License-Identifier: Apache-2.0 */
#include "model/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void
assert_path(const struct chunk *chunk, enum chunk_file file, const char *want)
{
    char *path = chunk_path("runs/r", "Account", chunk, file);
    assert_string_equal(path, want);
    free(path);
}

static void
files_are_named_by_load_and_number(void **state)
{
    (void)state;
    const struct chunk plain = {.number = 7};
    const struct chunk compressed = {.number = 1234567, .gzip = true};
    assert_path(&plain, CHUNK_CSV, "runs/r/chunks/Account-000007.csv");
    assert_path(&plain, CHUNK_INDEX, "runs/r/chunks/Account-000007.index");
    assert_path(&plain, CHUNK_OUTCOMES,
                "runs/r/chunks/Account-000007.outcomes");
    assert_path(&compressed, CHUNK_CSV, "runs/r/chunks/Account-1234567.csv.gz");
    assert_path(&compressed, CHUNK_INDEX,
                "runs/r/chunks/Account-1234567.index");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_named_by_load_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
