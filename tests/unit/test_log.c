/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/clock.h"
#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int64_t
fixed_ms(void)
{
    return 0;
}

static const char *
read_log(const char *path, struct buffer *bytes)
{
    struct error err = {0};
    buffer_reset(bytes);
    assert_true(file_read_whole(path, 1 << 20, bytes, &err));
    return buffer_text(bytes);
}

static void
lines_are_json(void **state)
{
    struct error err = {0};
    struct buffer bytes = {0};
    clock_replace((struct clock_source){.wall_ms = fixed_ms});
    char *path = scratch_path(state, "run.log");
    assert_true(log_open(path, &err));
    log_info("a \"quote\", a \\ and\ta tab: M\xc3\xbcller");
    log_debug("not shown, so not kept");
    log_show(LOG_ERROR);
    log_warning("cut \xff here");
    log_close();
    log_info("nobody hears this");
    assert_string_equal(
        read_log(path, &bytes),
        "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\","
        "\"message\":\"a \\\"quote\\\", a \\\\ and\\u0009a tab: "
        "M\xc3\xbcller\"}\n"
        "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"warning\","
        "\"message\":\"cut \"}\n");
    buffer_release(&bytes);
    free(path);
}

static void
what_cannot_be_opened_is_told(void **state)
{
    struct error err = {0};
    char *path = scratch_path(state, "missing/run.log");
    assert_false(log_open(path, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
    free(path);
}

static int calls;

static void
call(void)
{
    calls++;
}

/* Standard error is a file for a while. */
static void
standard_error_gets_what_is_shown(void **state)
{
    char *path = scratch_path(state, "stderr");
    int old = dup(STDERR_FILENO);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    dup2(fd, STDERR_FILENO);
    log_show(LOG_WARNING);
    log_around(call, call);
    log_info("too quiet");
    log_warning("row %d", 7);
    log_error("bad");
    log_error("an org's \x1b[2J\xc2\x9b"
              "31mtext\r\n\x7f M\xc3\xbcller \xfc");
    log_show_json(true);
    log_error("bad");
    log_show_json(false);
    log_around(NULL, NULL);
    dup2(old, STDERR_FILENO);
    close(old);
    close(fd);
    struct buffer bytes = {0};
    assert_string_equal(read_log(path, &bytes),
                        "sfetl: warning: row 7\nsfetl: error: bad\n"
                        "sfetl: error: an org's \\x1b[2J\\x9b31mtext\\r\\n"
                        "\\x7f M\xc3\xbcller \\xfc\n"
                        "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":"
                        "\"error\",\"message\":\"bad\"}\n");
    assert_int_equal(calls, 8);
    buffer_release(&bytes);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_json),
        cmocka_unit_test(what_cannot_be_opened_is_told),
        cmocka_unit_test(standard_error_gets_what_is_shown),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
