/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/excerpt.h"

#include <string.h>

#define SHOWN_BEFORE 48 /* characters of a long line before the caret */
#define SHOWN_LINE 70

/* The line that holds the offset; *offset is then counted in it. */
static struct slice
line_at(struct slice text, size_t *offset)
{
    size_t begin = *offset, end = *offset;
    while (begin > 0 && text.ptr[begin - 1] != '\n') {
        begin--;
    }
    while (end < text.len && text.ptr[end] != '\n') {
        end++;
    }
    *offset -= begin;
    return (struct slice){text.ptr + begin, end - begin};
}

static void
append_plain(struct buffer *shown, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        buffer_append_char(shown, c < ' ' || c == 0x7F ? ' ' : text.ptr[i]);
    }
}

/* What stands left of the line, or of the marks below it. */
static void
append_gutter(struct buffer *shown, int number, bool is_marks)
{
    if (number == 0) {
        buffer_append_text(shown, "    ");
    } else if (is_marks) {
        buffer_append_text(shown, "      | ");
    } else {
        buffer_printf(shown, "%5d | ", number);
    }
}

void
excerpt_append(struct buffer *shown, struct slice text, size_t offset,
               size_t len, int number)
{
    offset = offset < text.len ? offset : text.len;
    struct slice line = line_at(text, &offset);
    size_t before = slice_utf8_count((struct slice){line.ptr, offset});
    size_t skipped = 0;
    if (before > SHOWN_BEFORE && slice_utf8_count(line) > SHOWN_LINE) {
        skipped = slice_utf8_prefix(line, before - SHOWN_BEFORE);
        before = SHOWN_BEFORE + 1;
    }
    struct slice rest = {line.ptr + skipped, line.len - skipped};
    size_t cut = slice_utf8_prefix(rest, SHOWN_LINE);
    len = len < line.len - offset ? len : line.len - offset;
    size_t marks = slice_utf8_count((struct slice){line.ptr + offset, len});
    append_gutter(shown, number, false);
    buffer_append_text(shown, skipped > 0 ? "…" : "");
    append_plain(shown, (struct slice){rest.ptr, cut});
    buffer_append_text(shown, cut < rest.len ? "…\n" : "\n");
    append_gutter(shown, number, true);
    buffer_printf(shown, "%*s^", (int)before, "");
    for (size_t i = 1; i < marks && before + i < SHOWN_LINE; i++) {
        buffer_append_char(shown, '~');
    }
}

size_t
excerpt_offset(struct slice text, int line, int column)
{
    struct slice rest = text;
    for (int i = 1; i < line && rest.len > 0; i++) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.ptr) + 1;
        rest = (struct slice){rest.ptr + len, rest.len - len};
    }
    const char *end = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
    if (end != NULL) {
        rest.len = (size_t)(end - rest.ptr);
    }
    size_t skipped =
        slice_utf8_prefix(rest, column > 0 ? (size_t)column - 1 : 0);
    return (size_t)(rest.ptr - text.ptr) + skipped;
}

static bool
is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '_' || c == '.' || c == '-' || (unsigned char)c >= 0x80;
}

size_t
excerpt_word(struct slice text, size_t offset)
{
    if (offset >= text.len) {
        return 0;
    }
    char quote = text.ptr[offset];
    size_t end = offset + 1;
    if (quote == '"' || quote == '\'') {
        while (end < text.len && text.ptr[end] != quote &&
               text.ptr[end] != '\n') {
            end++;
        }
        return end < text.len && text.ptr[end] == quote ? end + 1 - offset : 1;
    }
    while (is_word(quote) && end < text.len && is_word(text.ptr[end])) {
        end++;
    }
    return end - offset;
}
