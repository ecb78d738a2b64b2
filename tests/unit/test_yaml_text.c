/* SPDX-License-Identifier: Apache-2.0 */
#include "model/yaml_text.h"

#include "base/yaml_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
complain(void *cookie, const struct yaml_complaint *complaint)
{
    (void)cookie;
    (void)complaint;
    fail_msg("%s", complaint->what);
}

/* Texts that mean something to YAML, or can't stand in it. */
static void
comes_back_as_it_was(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Name",
        "Customer No.",
        "=A & \"x\"",
        "a: b",
        "a # b",
        "[#3]",
        "{x}",
        "- x",
        "yes",
        "007",
        "a\nb\tc",
        "back\\slash",
        "\xc2\x85",
        "\xc2\x9f x",
        "\xef\xbb\xbf",
        "Gr\xc3\xb6\xc3\x9f"
        "e",
        "'quoted'",
        " blank ",
        "*x",
        "%d",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buffer out = {0};
        struct arena arena = {0};
        const struct yaml_listener listener = {complain, NULL};
        buffer_append_text(&out, "{k: ");
        yaml_text_put(&out, slice_of(texts[i]));
        buffer_append_text(&out, ", l: x}");
        const struct yaml_node *root =
            yaml_tree_read(buffer_slice(&out), &arena, &listener);
        assert_non_null(root);
        assert_int_equal(root->count, 2);
        assert_string_equal(arena_strdup(&arena, root->pairs[0].value->text),
                            texts[i]);
        arena_release(&arena);
        buffer_release(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
