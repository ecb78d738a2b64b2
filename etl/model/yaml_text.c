/* SPDX-License-Identifier: Apache-2.0 */
#include "model/yaml_text.h"

void
yaml_text_quoted(struct buffer *out, struct slice text)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
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
        if (c == '\0' || (c < 0x80 && strchr(plain, c) == NULL)) {
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
