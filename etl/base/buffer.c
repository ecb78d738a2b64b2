/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

char *
buffer_reserve(struct buffer *buffer, size_t len)
{
    if (len <= buffer->capacity - buffer->len && !buffer->overflowed &&
        buffer->bytes != NULL) {
        return buffer->bytes + buffer->len;
    }
    size_t limit = buffer->limit ? buffer->limit : BUFFER_LIMIT_DEFAULT;
    if (buffer->overflowed || len > limit || buffer->len > limit - len) {
        buffer->overflowed = true;
        return NULL;
    }
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity - buffer->len < len) {
        capacity = capacity > limit / 2 ? limit : 2 * capacity;
    }
    capacity = capacity > limit ? limit : capacity;
    buffer->bytes = mem_realloc(buffer->bytes, capacity + 1); /* for a NUL */
    buffer->capacity = capacity;
    return buffer->bytes + buffer->len;
}

bool
buffer_append(struct buffer *buffer, const void *bytes, size_t len)
{
    char *end = buffer_reserve(buffer, len);
    if (end == NULL) {
        return false;
    }
    if (len > 0) {
        memcpy(end, bytes, len);
    }
    buffer->len += len;
    return true;
}

bool
buffer_append_slice(struct buffer *buffer, struct slice bytes)
{
    return buffer_append(buffer, bytes.ptr, bytes.len);
}

bool
buffer_append_text(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, text, strlen(text));
}

bool
buffer_append_char(struct buffer *buffer, char c)
{
    return buffer_append(buffer, &c, 1);
}

/* C0, DEL, and C1 (U+0080 to U+009F, two bytes of UTF-8). */
static size_t
control_len(struct slice text)
{
    unsigned char c = (unsigned char)text.ptr[0];
    if (c < 0x20 || c == 0x7f) {
        return 1;
    }
    bool is_c1 = c == 0xc2 && text.len > 1 && (unsigned char)text.ptr[1] < 0xa0;
    return is_c1 ? 2 : 0;
}

static bool
append_escape(struct buffer *buffer, unsigned char c)
{
    switch (c) {
    case '\n':
        return buffer_append_text(buffer, "\\n");
    case '\r':
        return buffer_append_text(buffer, "\\r");
    case '\t':
        return buffer_append_text(buffer, "\\t");
    default:
        return buffer_printf(buffer, "\\x%02x", c);
    }
}

bool
buffer_append_visible(struct buffer *buffer, struct slice text)
{
    size_t valid = slice_utf8_valid_len(text);
    while (text.len > 0 && !buffer->overflowed) {
        size_t control = valid > 0 ? control_len(text) : 1;
        size_t taken = control > 0 ? control : 1;
        if (control == 0) {
            buffer_append_char(buffer, text.ptr[0]);
        } else {
            append_escape(buffer, (unsigned char)text.ptr[control - 1]);
        }
        text = (struct slice){text.ptr + taken, text.len - taken};
        valid = valid > taken ? valid - taken : slice_utf8_valid_len(text);
    }
    return !buffer->overflowed;
}

bool
buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *end = len < 0 ? NULL : buffer_reserve(buffer, (size_t)len);
    if (end == NULL) {
        buffer->overflowed = true;
        return false;
    }
    va_start(args, format);
    vsnprintf(end, (size_t)len + 1, format, args);
    va_end(args);
    buffer->len += (size_t)len;
    return true;
}

const char *
buffer_text(struct buffer *buffer)
{
    if (buffer->bytes == NULL) {
        return "";
    }
    buffer->bytes[buffer->len] = '\0';
    return buffer->bytes;
}

struct slice
buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->bytes ? buffer->bytes : "", buffer->len};
}

void
buffer_reset(struct buffer *buffer)
{
    buffer->len = 0;
    buffer->overflowed = false;
}

void
buffer_release(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){.limit = buffer->limit};
}
