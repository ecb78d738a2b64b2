/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/properties.h"

#include "base/buffer.h"

#define PROPERTIES_LIMIT 10000 /* entries; an object has 800 fields */
#define SURROGATE_HIGH 0xD800
#define SURROGATE_LOW 0xDC00
#define SURROGATE_END 0xE000

struct reading {
    struct slice text;
    size_t at;
    int line;
    bool is_utf8;
    uint32_t high; /* half of a character that \u spells in two; 0: none */
    struct arena *arena;
    struct error *err;
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

static bool
is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool
at_end(const struct reading *reading)
{
    return reading->at >= reading->text.len;
}

static char
peek(const struct reading *reading)
{
    return reading->text.ptr[reading->at];
}

/* Past a line end, CR LF being one. */
static void
pass_line_end(struct reading *reading)
{
    bool is_cr = peek(reading) == '\r';
    reading->at++;
    reading->line++;
    if (is_cr && !at_end(reading) && peek(reading) == '\n') {
        reading->at++;
    }
}

static void
pass_blanks(struct reading *reading)
{
    while (!at_end(reading) && is_blank(peek(reading))) {
        reading->at++;
    }
}

static void
pass_comment(struct reading *reading)
{
    while (!at_end(reading) && !is_line_end(peek(reading))) {
        reading->at++;
    }
}

static void
append_character(struct buffer *out, uint32_t c)
{
    if (c < 0x80) {
        buffer_append_char(out, (char)c);
    } else if (c < 0x800) {
        buffer_append_char(out, (char)(0xC0 | c >> 6));
        buffer_append_char(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buffer_append_char(out, (char)(0xE0 | c >> 12));
        buffer_append_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buffer_append_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buffer_append_char(out, (char)(0xF0 | c >> 18));
        buffer_append_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        buffer_append_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buffer_append_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

/* A half of which the other is missing is no character. */
static void
append_unit(struct reading *reading, struct buffer *out, uint32_t unit)
{
    uint32_t high = reading->high;
    reading->high = 0;
    if (unit >= SURROGATE_HIGH && unit < SURROGATE_LOW) {
        reading->high = unit;
    } else if (unit >= SURROGATE_LOW && unit < SURROGATE_END) {
        append_character(out, high == 0
                                  ? 0xFFFD
                                  : 0x10000 + ((high - SURROGATE_HIGH) << 10) +
                                        (unit - SURROGATE_LOW));
    } else {
        append_character(out, unit);
    }
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Behind "\u". */
static bool
take_unicode(struct reading *reading, struct buffer *out)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = at_end(reading) ? -1 : hex_digit(peek(reading));
        if (digit < 0) {
            return error_set(reading->err, ERROR_CONFIG, 0,
                             "line %d: four hexadecimal digits must follow "
                             "\\u [sdl-syntax]",
                             reading->line);
        }
        unit = unit << 4 | (uint32_t)digit;
        reading->at++;
    }
    append_unit(reading, out, unit);
    return true;
}

/* Behind a backslash. */
static bool
take_escape(struct reading *reading, struct buffer *out)
{
    if (at_end(reading)) {
        return true;
    }
    char c = peek(reading);
    if (is_line_end(c)) {
        pass_line_end(reading);
        pass_blanks(reading);
        return true;
    }
    reading->at++;
    if (c == 'u') {
        return take_unicode(reading, out);
    }
    append_unit(reading, out,
                c == 't'   ? '\t'
                : c == 'n' ? '\n'
                : c == 'r' ? '\r'
                : c == 'f' ? '\f'
                           : (unsigned char)c);
    return true;
}

static void
take_byte(struct reading *reading, struct buffer *out)
{
    unsigned char c = (unsigned char)peek(reading);
    reading->at++;
    if (reading->is_utf8) {
        buffer_append_char(out, (char)c);
    } else {
        append_unit(reading, out, c);
    }
}

/* Up to the line's end; a key also up to what divides it from its value. */
static bool
take_text(struct reading *reading, bool is_key, struct slice *text)
{
    struct buffer out = {0};
    bool done = true;
    while (done && !at_end(reading) && !is_line_end(peek(reading))) {
        char c = peek(reading);
        if (is_key && (c == '=' || c == ':' || is_blank(c))) {
            break;
        }
        if (c == '\\') {
            reading->at++;
            done = take_escape(reading, &out);
        } else {
            take_byte(reading, &out);
        }
    }
    *text = arena_copy(reading->arena, buffer_slice(&out));
    buffer_release(&out);
    return done;
}

static bool
take_property(struct reading *reading, struct property *property)
{
    property->line = reading->line;
    if (!take_text(reading, true, &property->key)) {
        return false;
    }
    pass_blanks(reading);
    if (!at_end(reading) && (peek(reading) == '=' || peek(reading) == ':')) {
        reading->at++;
        pass_blanks(reading);
    }
    return take_text(reading, false, &property->value);
}

/* To where the next entry begins; false at the end. */
static bool
find_entry(struct reading *reading)
{
    while (!at_end(reading)) {
        pass_blanks(reading);
        if (at_end(reading)) {
            break;
        }
        char c = peek(reading);
        if (is_line_end(c)) {
            pass_line_end(reading);
        } else if (c == '#' || c == '!') {
            pass_comment(reading);
        } else {
            return true;
        }
    }
    return false;
}

/* An entry takes a line, so that there are no more than these. */
static size_t
count_lines(struct slice text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++) {
        count += is_line_end(text.ptr[i]);
    }
    return count;
}

bool
properties_read(struct slice text, struct arena *arena,
                struct property_list *list, struct error *err)
{
    struct reading reading = {
        .text = text, .line = 1, .arena = arena, .err = err};
    if (slice_begins(text, "\xEF\xBB\xBF")) {
        reading.is_utf8 = true;
        reading.at = 3;
        size_t valid = slice_utf8_valid_len(text);
        if (valid < text.len) {
            return error_set(err, ERROR_CONFIG, 0,
                             "the file says that it is UTF-8, and byte %zu is "
                             "not [sdl-syntax]",
                             valid + 1);
        }
    }
    size_t lines = count_lines(text);
    list->count = 0;
    list->items =
        arena_array(arena, lines < PROPERTIES_LIMIT ? lines : PROPERTIES_LIMIT,
                    sizeof *list->items);
    while (find_entry(&reading)) {
        if (list->count == PROPERTIES_LIMIT) {
            return error_set(err, ERROR_CONFIG, 0,
                             "the file has over %d lines, more than any "
                             "object has fields [sdl-syntax]",
                             PROPERTIES_LIMIT);
        }
        if (!take_property(&reading, &list->items[list->count])) {
            return false;
        }
        list->count++;
    }
    return true;
}
