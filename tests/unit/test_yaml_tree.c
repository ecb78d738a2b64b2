/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml_tree.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct yaml_node *
parse(const char *text, struct arena *arena, struct error *err)
{
    return yaml_tree_parse(slice_of(text), "m.yaml", arena, err);
}

static void
refuses_each(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"a: 1\na: 2\n", "m.yaml:2:1: 'a' stands here a second time; the "
                         "first is in line 1; keep one of them [repeated-key]"},
        {"a: !ISBLANK(X)\n", "m.yaml:1:4: a text that begins with ! is a tag "
                             "to YAML; write it in quotes: a: '!ISBLANK(X)' "
                             "[yaml-tag]"},
        {"a: &b c\n", "m.yaml:1:4: a text that begins with & is an anchor"},
        {"a: & b c\n", "m.yaml:1:4: a text that begins with & is not a text "
                       "to YAML; write it in quotes: a: '& b c' [yaml-quote]"},
        {"a: *b\n", "m.yaml:1:4: a text that begins with * is an alias"},
        {"a: {<<: 1}\n", "m.yaml:1:5: a merge key"},
        {"a: 1\n---\nb: 1\n", "m.yaml:2:1: a second document begins here"},
        {"a: 1\nb: \xFF\n", "m.yaml:2:4: the file is not UTF-8 here"},
        {"\xFF\xFE"
         "a",
         "m.yaml:1:1: the file is not UTF-8 here"},
        {"a: b\x01\n", "m.yaml:1:5: control characters are not allowed"},
        {"[a]: b\n", "m.yaml:1:1: a key must be a text"},
        {": b\n",
         "m.yaml:1:1: this line does not begin where its neighbours do"},
        {"? {a: b}\n: c\n", "m.yaml:1:3: a key must be a text"},
        {"x:\n  Näme: =A & \": \" & B\n",
         "m.yaml:2:9: ': ' inside a text looks like a key to YAML; write it "
         "in quotes: Näme: '=A & \": \" & B' [yaml-quote]"},
        {"x:\n  Name: [Customer No.] & \"it's\"\n",
         "m.yaml:2:9: a text that begins with [ is not a text to YAML; write "
         "it in quotes: Name: '[Customer No.] & \"it''s\"' [yaml-quote]"},
        {"Name: \"a\" & B\nX: Y\n", "m.yaml:1:7: a text that begins with \" "},
        {"Name: {a} & B\nX: Y\n", "m.yaml:1:7: a text that begins with { "},
        {"Name: @A\n", "m.yaml:1:7: a text that begins with @ "},
        {"Name: `A\n", "m.yaml:1:7: a text that begins with ` "},
        {"Name: %A\n", "m.yaml:1:7: a text that begins with % "},
        {"Name: || A\n", "m.yaml:1:7: a text that begins with | "},
        {"Name: > 5 A\n", "m.yaml:1:7: a text that begins with > "},
        {"- Name: {formula: @B, x: y}\n",
         "m.yaml:1:19: a text that begins with @ is not a text to YAML; "
         "write it in quotes: '@B' [yaml-quote]"},
        {"a: \"b\n", "m.yaml:1:4: the text that this quote begins never ends"},
        {"a: 1\n  b: 2\n",
         "m.yaml:2:4: this ':' makes a key where none can be"},
        {"a: 1\nb = 2\nc: 3\n", "m.yaml:2:1: a ':' is missing in this line"},
        {"a:\n\tb: 1\n", "m.yaml:2:1: a tab indents this line"},
        {"a: b\n\tc: 1\n", "m.yaml:2:1: a tab indents this line"},
        {"a:\n  b: \"open\n", "m.yaml:2:6: the text that this quote begins "},
        {"a: [1, 2\nb: 3\n", "m.yaml:1:4: this [ ] is not closed"},
        {"- a\nb: 1\n", "m.yaml:2:1: this line does not go on with the list"},
        {"a: \"\\d\"\n", "m.yaml:1:5: a backslash with this sign means "},
        {"a: - b\n", "m.yaml:1:4: a list can't begin here"},
        {"a: {b: 1\n", "m.yaml:1:4: this { } is not closed, or lacks a ','"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct error err = {0};
        assert_null(parse(cases[i].text, &arena, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (strncmp(err.text, cases[i].want, strlen(cases[i].want)) != 0) {
            fail_msg("%s\nwant %s\ngot  %s", cases[i].text, cases[i].want,
                     err.text);
        }
        arena_release(&arena);
    }
}

static void
knows_places_and_texts(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct error err = {0};
    struct yaml_node *root =
        parse("\xEF\xBB\xBFname: NO  # why\nzip: 007\n'ü': {é: \"x\\ty\", b: "
              "c}\nlist:\n  - 1\n  - [2, 3]\nempty:\nblank: ''\nhash: a#b\n",
              &arena, &err);
    assert_non_null(root);
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 7);
    struct yaml_node *name = yaml_tree_get(root, "name");
    assert_true(slice_is(name->text, "NO"));
    assert_true(name->commented);
    assert_int_equal(name->line, 1);
    assert_int_equal(name->column, 7);
    assert_true(slice_is(yaml_tree_get(root, "zip")->text, "007"));
    assert_false(yaml_tree_get(root, "zip")->commented);
    struct yaml_node *flow = yaml_tree_get(root, "ü");
    assert_true(flow->flow);
    assert_int_equal(flow->pairs[1].key->line, 3);
    assert_int_equal(flow->pairs[1].key->column, 18);
    assert_true(slice_is(yaml_tree_get(flow, "é")->text, "x\ty"));
    assert_true(yaml_tree_get(flow, "é")->quoted);
    struct yaml_node *list = yaml_tree_get(root, "list");
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->count, 2);
    assert_null(list->pairs[0].key);
    assert_int_equal(list->pairs[1].value->count, 2);
    assert_int_equal(yaml_tree_get(root, "empty")->kind, YAML_NULL);
    assert_int_equal(yaml_tree_get(root, "blank")->kind, YAML_TEXT);
    assert_true(slice_is(yaml_tree_get(root, "hash")->text, "a#b"));
    assert_null(yaml_tree_get(root, "other"));
    assert_null(yaml_tree_get(list, "other"));
    arena_release(&arena);
}

static void
takes_empty_documents(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "# only\n", "---\n"};
    for (size_t i = 0; i < 4; i++) {
        struct arena arena = {0};
        struct error err = {0};
        struct yaml_node *root = parse(texts[i], &arena, &err);
        assert_non_null(root);
        assert_int_equal(root->kind, YAML_NULL);
        arena_release(&arena);
    }
}

struct heard {
    int count;
    char codes[400];
};

static void
hear(void *cookie, const struct yaml_complaint *complaint)
{
    struct heard *heard = cookie;
    heard->count++;
    size_t len = strlen(heard->codes);
    snprintf(heard->codes + len, sizeof heard->codes - len, "%d:%d %s ",
             complaint->line, complaint->column, complaint->code);
}

static void
tells_all_that_can_be_passed_over(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct heard heard = {0};
    struct yaml_listener listener = {hear, &heard};
    struct yaml_node *root =
        yaml_tree_read(SLICE_LITERAL("a: !b c\nd: &e f\na: 2\ng: *h\ni: j\n"),
                       &arena, &listener);
    assert_non_null(root);
    assert_string_equal(heard.codes, "1:4 yaml-tag 2:4 yaml-anchor "
                                     "4:4 yaml-alias 3:1 repeated-key ");
    assert_int_equal(root->count, 4);
    assert_true(yaml_tree_get(root, "a")->refused);
    assert_true(yaml_tree_get(root, "g")->refused);
    assert_false(yaml_tree_get(root, "i")->refused);
    arena_release(&arena);
}

static void
bounds_depth(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct error err = {0};
    struct buffer text = {0};
    for (int i = 0; i < 100000; i++) {
        buffer_append_char(&text, '[');
    }
    assert_null(yaml_tree_parse(buffer_slice(&text), "m", &arena, &err));
    assert_non_null(strstr(err.text, "[yaml-depth]"));
    buffer_release(&text);
    arena_release(&arena);
}

static void
reads_many_keys(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct error err = {0};
    struct buffer text = {0};
    for (int i = 0; i < 100000; i++) {
        buffer_printf(&text, "key%d: value%d\n", i, i);
    }
    buffer_append_text(&text, "key77: again\n");
    assert_null(yaml_tree_parse(buffer_slice(&text), "m", &arena, &err));
    assert_non_null(strstr(err.text, "m:100001:1: 'key77' stands here"));
    buffer_release(&text);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_each),
        cmocka_unit_test(knows_places_and_texts),
        cmocka_unit_test(takes_empty_documents),
        cmocka_unit_test(tells_all_that_can_be_passed_over),
        cmocka_unit_test(bounds_depth),
        cmocka_unit_test(reads_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
