/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"

#include "base/mem.h"

#include <strings.h>

bool
slice_is_nocase(struct slice a, const char *text)
{
    return a.len == strlen(text) && strncasecmp(a.ptr, text, a.len) == 0;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice
slice_trim(struct slice a)
{
    while (a.len > 0 && is_blank(a.ptr[0])) {
        a.ptr++;
        a.len--;
    }
    while (a.len > 0 && is_blank(a.ptr[a.len - 1])) {
        a.len--;
    }
    return a;
}

bool
slice_to_u64(struct slice a, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < a.len; i++) {
        unsigned digit = (unsigned)(unsigned char)a.ptr[i] - '0';
        if (digit > 9 || sum > (UINT64_MAX - digit) / 10) {
            return false;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
    return a.len > 0;
}

char *
slice_dup(struct slice a)
{
    char *copy = mem_alloc(a.len + 1);
    if (a.len > 0) {
        memcpy(copy, a.ptr, a.len);
    }
    copy[a.len] = '\0';
    return copy;
}

/* Bytes of the sequence at p, 0 when it is not valid or is cut by the end. */
static size_t
sequence_len(const unsigned char *p, size_t left)
{
    unsigned char lead = p[0];
    size_t len = lead < 0x80   ? 1
                 : lead < 0xc2 ? 0
                 : lead < 0xe0 ? 2
                 : lead < 0xf0 ? 3
                 : lead < 0xf5 ? 4
                               : 0;
    if (len == 0 || len > left) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((lead == 0xe0 && p[1] < 0xa0) || (lead == 0xed && p[1] > 0x9f) ||
        (lead == 0xf0 && p[1] < 0x90) || (lead == 0xf4 && p[1] > 0x8f)) {
        return 0;
    }
    return len;
}

size_t
slice_utf8_valid_len(struct slice a)
{
    const unsigned char *bytes = (const unsigned char *)a.ptr;
    size_t i = 0;
    while (i < a.len) {
        uint64_t word;
        if (a.len - i >= sizeof word) {
            memcpy(&word, bytes + i, sizeof word);
            if ((word & 0x8080808080808080u) == 0) {
                i += sizeof word;
                continue;
            }
        }
        size_t len = sequence_len(bytes + i, a.len - i);
        if (len == 0) {
            return i;
        }
        i += len;
    }
    return i;
}

size_t
slice_utf8_count(struct slice a)
{
    size_t count = 0;
    for (size_t i = 0; i < a.len; i++) {
        count += ((unsigned char)a.ptr[i] & 0xc0) != 0x80;
    }
    return count;
}

size_t
slice_utf8_prefix(struct slice a, size_t count)
{
    size_t i = 0;
    while (i < a.len) {
        if (((unsigned char)a.ptr[i] & 0xc0) != 0x80 && count-- == 0) {
            break;
        }
        i++;
    }
    return i;
}
