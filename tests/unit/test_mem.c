/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
nothing_is_still_a_pointer(void **state)
{
    (void)state;
    void *a = mem_alloc(0), *b = mem_array(0, 8);
    assert_non_null(a);
    assert_non_null(b);
    free(a);
    free(b);
}

static void
arrays_are_zeroed(void **state)
{
    (void)state;
    unsigned char *bytes = mem_array(100, 3);
    for (int i = 0; i < 300; i++) {
        assert_int_equal(bytes[i], 0);
    }
    free(bytes);
}

static void
growing_keeps_what_is_there(void **state)
{
    (void)state;
    char *text = mem_strdup("abc");
    text = mem_realloc_array(text, 1000, 10);
    assert_string_equal(text, "abc");
    free(text);
    text = mem_printf("%d-%s", 7, "x");
    assert_string_equal(text, "7-x");
    free(text);
}

/* Sizes that can't be are as good a cause as an empty machine. */
static void
out_of_memory_ends_the_process(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        int null = dup(STDERR_FILENO);
        close(STDERR_FILENO);
        void *ptr = mem_realloc_array(NULL, SIZE_MAX / 2, 16);
        (void)ptr;
        _exit(null < 0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_still_a_pointer),
        cmocka_unit_test(arrays_are_zeroed),
        cmocka_unit_test(growing_keeps_what_is_there),
        cmocka_unit_test(out_of_memory_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
