/* SPDX-License-Identifier: Apache-2.0 */
#include "model/yaml_text.h"

/* Characters that YAML takes only as escapes, past ASCII: C1, and U+FEFF,
 * U+FFFE and U+FFFF. Their bytes; 0: it is none of these. */
static size_t
unprintable(struct slice text, size_t at, unsigned *code)
{
    const unsigned char *c = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at;
    if (left >= 2 && c[0] == 0xC2 && c[1] < 0xA0) {
        *code = c[1];
        return 2;
    }
    if (left >= 3 && c[0] == 0xEF &&
        ((c[1] == 0xBB && c[2] == 0xBF) || (c[1] == 0xBF && c[2] >= 0xBE))) {
        *code = 0xF000U | (c[1] & 0x3FU) << 6 | (c[2] & 0x3FU);
        return 3;
    }
    return 0;
}

void
yaml_text_quoted(struct buffer *out, struct slice text)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned code;
        size_t len = unprintable(text, i, &code);
        if (len > 0) {
            buffer_printf(out, "\\u%04x", code);
            i += len - 1;
        } else if (c == '"' || c == '\\') {
            buffer_append_char(out, '\\');
            buffer_append_char(out, (char)c);
        } else if (c < ' ' || c == 0x7F) {
            buffer_printf(out, "\\x%02x", c);
        } else {
            buffer_append_char(out, (char)c);
        }
    }
    buffer_append_char(out, '"');
}

static bool
is_plain(struct slice text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_ .-/";
    if (text.len == 0 || strchr(" .-/", text.ptr[0]) != NULL ||
        text.ptr[text.len - 1] == ' ') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned code;
        if (c == '\0' || unprintable(text, i, &code) > 0 ||
            (c < 0x80 && strchr(plain, c) == NULL)) {
            return false;
        }
    }
    return true;
}

void
yaml_text_put(struct buffer *out, struct slice text)
{
    if (is_plain(text)) {
        buffer_append_slice(out, text);
    } else {
        yaml_text_quoted(out, text);
    }
}
