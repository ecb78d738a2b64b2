/* SPDX-License-Identifier: Apache-2.0 */
#include "model/chunk_replay.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <zlib.h>

#include <cmocka.h>

static const char chunk[] = "A,B\n1,\"x\n\"\"y\"\"\"\n , z \n\"\",\"\"\n,\n";

static bool
gather(void *cookie, const struct slice *fields)
{
    struct buffer *seen = cookie;
    buffer_printf(seen, "[%.*s|%.*s]", SLICE_ARGS(fields[0]),
                  SLICE_ARGS(fields[1]));
    return true;
}

static bool
take_one(void *cookie, const struct slice *fields)
{
    gather(cookie, fields);
    return false;
}

static void
plain_and_gzip(void **state)
{
    struct error err = {0};
    char *plain = scratch_path(state, "a.csv");
    char *packed = scratch_path(state, "a.csv.gz");
    assert_true(file_replace(plain, slice_of(chunk), &err));
    gzFile file = gzopen(packed, "wb");
    assert_int_equal(gzwrite(file, chunk, sizeof chunk - 1), sizeof chunk - 1);
    gzclose(file);
    for (unsigned i = 0; i < 2; i++) {
        struct buffer seen = {0};
        assert_true(
            chunk_replay_each(i ? packed : plain, 2, gather, &seen, &err));
        assert_string_equal(buffer_text(&seen), "[1|x\n\"y\"][ | z ][|][|]");
        buffer_reset(&seen);
        assert_true(
            chunk_replay_each(i ? packed : plain, 2, take_one, &seen, &err));
        assert_string_equal(buffer_text(&seen), "[1|x\n\"y\"]");
        buffer_release(&seen);
    }
    free(plain);
    free(packed);
}

static void
damage_is_told(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "b.csv.gz");
    static const char *const bad[] = {"A,B\n1\n", "A,B\n1,2,3\n",
                                      "A,B\n1,\"2\n", "A,B\n1,\"2\"3\n"};
    struct buffer seen = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(file_replace(path, slice_of(bad[i]), &err));
        assert_false(chunk_replay_each(path, 2, gather, &seen, &err));
        assert_int_equal(err.kind, ERROR_INTERNAL);
        error_clear(&err);
    }
    gzFile file = gzopen(path, "wb");
    for (unsigned i = 0; i < 5000; i++) {
        gzprintf(file, "%u,%u\n", i * 7919U, i * 104729U);
    }
    gzclose(file);
    assert_int_equal(truncate(path, (off_t)(file_size(path) / 2)), 0);
    assert_false(chunk_replay_each(path, 2, gather, &seen, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    error_clear(&err);
    assert_false(chunk_replay_each("no/such", 2, gather, &seen, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    buffer_release(&seen);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_gzip),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
