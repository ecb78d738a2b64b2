/* SPDX-License-Identifier: Apache-2.0 */
#include "http/download_version.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
headers_say_which_state_it_is(void **state)
{
    (void)state;
    struct download_version version = {.size = -1};
    download_version_header(&version, slice_of("ETag: \"a-1\"\r\n"));
    download_version_header(&version,
                            slice_of("last-modified: Mon, 1 Jan 2026\r\n"));
    download_version_header(&version, slice_of("Content-Length: 12\r\n"));
    download_version_header(&version, slice_of("Content-Type: text/csv\r\n"));
    assert_string_equal(version.etag, "\"a-1\"");
    assert_string_equal(version.modified, "Mon, 1 Jan 2026");
    assert_int_equal(version.size, 12);
    assert_string_equal(download_version_proof(&version), "\"a-1\"");
}

/* What proves nothing, or would not fit, or lead a header astray. */
static void
what_is_no_proof_is_none(void **state)
{
    (void)state;
    struct download_version version = {.size = -1};
    char long_tag[400] = "ETag: ";
    memset(long_tag + 6, 'x', sizeof long_tag - 7);
    long_tag[sizeof long_tag - 1] = '\0';
    static const char *const tags[] = {
        "ETag: W/\"weak\"\r\n", "ETag: a\nb: c\r\n", "ETag:\r\n", "ETag\r\n"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        download_version_header(&version, slice_of(tags[i]));
        assert_null(download_version_proof(&version));
    }
    download_version_header(&version, slice_of(long_tag));
    assert_null(download_version_proof(&version));
    download_version_header(&version, slice_of("Content-Length: -1\r\n"));
    download_version_header(
        &version, slice_of("Content-Length: 99999999999999999999\r\n"));
    assert_int_equal(version.size, -1);
    download_version_header(&version, slice_of("Last-Modified: x\r\n"));
    assert_string_equal(download_version_proof(&version), "x");
}

static void
it_is_kept_beside_the_file(void **state)
{
    char *path = scratch_path(state, "customers.csv");
    struct download_version version = {"\"t\"", "yesterday", 42}, read;
    download_version_write(&version, path);
    download_version_read(&read, path);
    assert_true(download_version_equals(&version, &read));
    read.size = 43;
    assert_false(download_version_equals(&version, &read));
    free(path);
}

static void
a_strange_file_is_unknown(void **state)
{
    static const char *const texts[] = {"", "\n\n\n", "x", "\001\n\002\n-5\n",
                                        "a\nb"};
    char *path = scratch_path(state, "odd.csv");
    char *own = scratch_path(state, "odd.csv.version");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error err = {0};
        struct download_version read;
        assert_true(file_replace(own, slice_of(texts[i]), &err));
        download_version_read(&read, path);
        assert_int_equal(read.size, -1);
    }
    free(own);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_say_which_state_it_is),
        cmocka_unit_test(what_is_no_proof_is_none),
        cmocka_unit_test(it_is_kept_beside_the_file),
        cmocka_unit_test(a_strange_file_is_unknown),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
