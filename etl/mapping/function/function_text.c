/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include "base/buffer.h"
#include "base/mem.h"

#include <stdlib.h>

/* The result, within the limit. */
static bool
give(struct formula_run *run, struct slice text, struct formula_value *value)
{
    if (text.len > FORMULA_TEXT_LIMIT) {
        return formula_eval_refuse(run, "text-size", (struct slice){NULL, 0},
                                   SLICE_LITERAL("a text of over 4 MiB would "
                                                 "be made"));
    }
    *value = formula_value_text(text);
    return true;
}

static int64_t
whole_of(const struct formula_value *value)
{
    int64_t whole = 0;
    (void)decimal_to_whole(value->number, &whole);
    return whole;
}

/* Texts on their way into one. */
struct parts {
    struct slice few[16];
    struct slice *items;
    size_t count, total;
};

static bool
parts_take(struct formula_run *run, const struct formula_node *node,
           struct parts *parts)
{
    struct formula_value value;
    if (!formula_eval_node(run, node, &value)) {
        return false;
    }
    struct slice text = formula_value_print(&value, run->arena);
    parts->items[parts->count++] = text;
    parts->total += text.len;
    return parts->total <= FORMULA_TEXT_LIMIT ||
           formula_eval_refuse(run, "text-size", (struct slice){NULL, 0},
                               SLICE_LITERAL("a text of over 4 MiB would be "
                                             "made"));
}

static bool
parts_open(struct parts *parts, struct formula_run *run,
           const struct formula_node *node, unsigned first)
{
    size_t count = node->arg_count - first;
    parts->count = parts->total = 0;
    parts->items = parts->few;
    if (count > sizeof parts->few / sizeof *parts->few) {
        parts->items = arena_alloc(run->arena, count * sizeof *parts->items);
    }
    for (unsigned i = first; i < node->arg_count; i++) {
        if (!parts_take(run, node->args[i], parts)) {
            return false;
        }
    }
    return true;
}

bool
function_text_join_all(struct formula_run *run, const struct formula_node *node,
                       struct formula_value *value)
{
    struct parts parts;
    if (!parts_open(&parts, run, node, 0)) {
        return false;
    }
    char *text = arena_bytes(run->arena, parts.total + 1);
    size_t len = 0;
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.items[i].len > 0) {
            memcpy(text + len, parts.items[i].ptr, parts.items[i].len);
            len += parts.items[i].len;
        }
    }
    *value = formula_value_text((struct slice){text, len});
    return true;
}

bool
function_text_join(struct formula_run *run, const struct formula_node *node,
                   struct formula_value *value)
{
    struct parts parts;
    struct formula_value between;
    if (!formula_eval_node(run, node->args[0], &between) ||
        !parts_open(&parts, run, node, 1)) {
        return false;
    }
    struct slice separator = formula_value_print(&between, run->arena);
    size_t size = parts.total + separator.len * parts.count;
    if (size > FORMULA_TEXT_LIMIT) {
        return give(run, (struct slice){NULL, size}, value);
    }
    char *text = arena_bytes(run->arena, size + 1);
    size_t len = 0;
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.items[i].len == 0) {
            continue;
        }
        if (len > 0 && separator.len > 0) {
            memcpy(text + len, separator.ptr, separator.len);
            len += separator.len;
        }
        memcpy(text + len, parts.items[i].ptr, parts.items[i].len);
        len += parts.items[i].len;
    }
    *value = formula_value_text((struct slice){text, len});
    return true;
}

/* The bytes of the first n characters; less than one is none. */
static size_t
prefix(struct slice text, int64_t n)
{
    if (n <= 0) {
        return 0;
    }
    return (uint64_t)n >= text.len ? text.len
                                   : slice_utf8_prefix(text, (size_t)n);
}

bool
function_text_left(struct formula_run *run, const struct formula_node *node,
                   const struct formula_value *args,
                   struct formula_value *value)
{
    (void)run;
    (void)node;
    struct slice text = args[0].text;
    text.len = prefix(text, whole_of(&args[1]));
    *value = formula_value_text(text);
    return true;
}

bool
function_text_right(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)run;
    (void)node;
    struct slice text = args[0].text;
    int64_t wanted = whole_of(&args[1]);
    int64_t count = (int64_t)slice_utf8_count(text);
    size_t cut = wanted <= 0       ? text.len
                 : wanted >= count ? 0
                                   : prefix(text, count - wanted);
    *value = formula_value_text((struct slice){text.ptr + cut, text.len - cut});
    return true;
}

static bool
refuse_position(struct formula_run *run, const struct formula_value *position)
{
    return formula_eval_refuse(run, "position",
                               formula_value_print(position, run->arena),
                               SLICE_LITERAL("is no position: they count from "
                                             "1"));
}

bool
function_text_mid(struct formula_run *run, const struct formula_node *node,
                  const struct formula_value *args, struct formula_value *value)
{
    (void)node;
    struct slice text = args[0].text;
    int64_t start = whole_of(&args[1]);
    if (start < 1) {
        return refuse_position(run, &args[1]);
    }
    size_t skipped = prefix(text, start - 1);
    text = (struct slice){text.ptr + skipped, text.len - skipped};
    text.len = prefix(text, whole_of(&args[2]));
    *value = formula_value_text(text);
    return true;
}

bool
function_text_len(struct formula_run *run, const struct formula_node *node,
                  const struct formula_value *args, struct formula_value *value)
{
    (void)run;
    (void)node;
    size_t count =
        args[0].kind == KIND_BLANK ? 0 : slice_utf8_count(args[0].text);
    *value = formula_value_number(decimal_of((int64_t)count));
    return true;
}

/* A text of so many characters that repeats another. */
static struct slice
repeat(struct arena *arena, struct slice with, size_t characters)
{
    size_t unit = slice_utf8_count(with);
    size_t whole = characters / unit;
    size_t rest = slice_utf8_prefix(with, characters % unit);
    char *text = arena_bytes(arena, whole * with.len + rest + 1);
    for (size_t i = 0; i < whole; i++) {
        memcpy(text + i * with.len, with.ptr, with.len);
    }
    memcpy(text + whole * with.len, with.ptr, rest);
    return (struct slice){text, whole * with.len + rest};
}

static bool
pad(struct formula_run *run, const struct formula_node *node,
    const struct formula_value *args, bool at_left, struct formula_value *value)
{
    struct slice text = args[0].text;
    struct slice with = node->arg_count > 2 ? args[2].text : SLICE_LITERAL(" ");
    int64_t width = whole_of(&args[1]);
    int64_t count = (int64_t)slice_utf8_count(text);
    if (width <= count) {
        text.len = prefix(text, width);
        *value = formula_value_text(text);
        return true;
    }
    if ((uint64_t)width > FORMULA_TEXT_LIMIT / 4) {
        return formula_eval_refuse(run, "text-size",
                                   formula_value_print(&args[1], run->arena),
                                   SLICE_LITERAL("is too wide; 1048576 is the "
                                                 "most"));
    }
    struct slice fill = repeat(run->arena, with, (size_t)(width - count));
    struct slice a = at_left ? fill : text, b = at_left ? text : fill;
    char *padded = arena_bytes(run->arena, a.len + b.len);
    memcpy(padded, a.ptr, a.len);
    memcpy(padded + a.len, b.ptr, b.len);
    return give(run, (struct slice){padded, a.len + b.len}, value);
}

bool
function_text_pad_left(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    return pad(run, node, args, true, value);
}

bool
function_text_pad_right(struct formula_run *run,
                        const struct formula_node *node,
                        const struct formula_value *args,
                        struct formula_value *value)
{
    return pad(run, node, args, false, value);
}

static const char *
search(struct slice text, struct slice part)
{
    return part.len == 0 || part.len > text.len
               ? NULL
               : memmem(text.ptr, text.len, part.ptr, part.len);
}

static struct slice
text_of(const struct formula_value *value)
{
    return value->kind == KIND_BLANK ? SLICE_LITERAL("") : value->text;
}

bool
function_text_find(struct formula_run *run, const struct formula_node *node,
                   const struct formula_value *args,
                   struct formula_value *value)
{
    struct slice part = text_of(&args[0]), text = text_of(&args[1]);
    int64_t start = 1;
    if (node->arg_count > 2 && args[2].kind != KIND_BLANK) {
        start = whole_of(&args[2]);
    }
    if (start < 1) {
        return refuse_position(run, &args[2]);
    }
    size_t skipped = prefix(text, start - 1);
    const char *found =
        search((struct slice){text.ptr + skipped, text.len - skipped}, part);
    size_t position = 0;
    if (found != NULL) {
        position = 1 + slice_utf8_count((struct slice){
                           text.ptr, (size_t)(found - text.ptr)});
    }
    *value = formula_value_number(decimal_of((int64_t)position));
    return true;
}

bool
function_text_contains(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_truth(search(text_of(&args[0]), text_of(&args[1])) !=
                                 NULL);
    return true;
}

bool
function_text_begins(struct formula_run *run, const struct formula_node *node,
                     const struct formula_value *args,
                     struct formula_value *value)
{
    (void)run;
    (void)node;
    struct slice text = text_of(&args[0]), part = text_of(&args[1]);
    bool begins = part.len > 0 && part.len <= text.len &&
                  memcmp(text.ptr, part.ptr, part.len) == 0;
    *value = formula_value_truth(begins);
    return true;
}

bool
function_text_substitute(struct formula_run *run,
                         const struct formula_node *node,
                         const struct formula_value *args,
                         struct formula_value *value)
{
    (void)node;
    struct slice rest = args[0].text, part = text_of(&args[1]);
    struct slice with = text_of(&args[2]);
    struct buffer text = {.limit = FORMULA_TEXT_LIMIT + 1};
    const char *found = search(rest, part);
    if (found == NULL) {
        *value = args[0];
        return true;
    }
    for (; found != NULL; found = search(rest, part)) {
        size_t before = (size_t)(found - rest.ptr);
        buffer_append(&text, rest.ptr, before);
        buffer_append_slice(&text, with);
        rest.ptr += before + part.len;
        rest.len -= before + part.len;
    }
    buffer_append_slice(&text, rest);
    bool fits = !text.overflowed;
    struct slice made = fits ? arena_copy(run->arena, buffer_slice(&text))
                             : (struct slice){NULL, SIZE_MAX};
    buffer_release(&text);
    return give(run, made, value);
}

bool
function_text_split(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)node;
    struct slice rest = args[0].text, separator = args[1].text;
    int64_t wanted = whole_of(&args[2]);
    if (wanted < 1) {
        return refuse_position(run, &args[2]);
    }
    const char *end = search(rest, separator);
    for (int64_t i = 1; i < wanted; i++) {
        if (end == NULL) {
            value->kind = KIND_BLANK;
            return true;
        }
        rest.len -= (size_t)(end - rest.ptr) + separator.len;
        rest.ptr = end + separator.len;
        end = search(rest, separator);
    }
    rest.len = end == NULL ? rest.len : (size_t)(end - rest.ptr);
    *value = formula_value_text(rest);
    return true;
}

bool
function_text_char(struct formula_run *run, const struct formula_node *node,
                   const struct formula_value *args,
                   struct formula_value *value)
{
    (void)node;
    int64_t code = whole_of(&args[0]);
    char *text = arena_bytes(run->arena, 4);
    size_t len = 1;
    if (code < 1 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return formula_eval_refuse(run, "no-character",
                                   formula_value_print(&args[0], run->arena),
                                   SLICE_LITERAL("is the number of no "
                                                 "character"));
    }
    if (code < 0x80) {
        text[0] = (char)code;
    } else {
        len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        for (size_t i = len - 1; i > 0; i--, code >>= 6) {
            text[i] = (char)(0x80 | (code & 0x3F));
        }
        text[0] = (char)((0xF00 >> len & 0xFF) | code);
    }
    *value = formula_value_text((struct slice){text, len});
    return true;
}
