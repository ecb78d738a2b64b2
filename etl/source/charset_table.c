/* SPDX-License-Identifier: Apache-2.0 */
#include "source/charset_table.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#define HIGH_BITS 0x8080808080808080
#define LOW_BITS 0x0101010101010101

bool
charset_table_fill(struct charset_table *table, iconv_t converter)
{
    table->is_ascii = true;
    for (int c = 0; c < 256; c++) {
        char byte = (char)c, *in = &byte, *out = table->texts[c];
        size_t left = 1, room = sizeof table->texts[c];
        iconv(converter, NULL, NULL, NULL, NULL);
        size_t done = iconv(converter, &in, &left, &out, &room);
        table->lens[c] = (unsigned char)(sizeof table->texts[c] - room);
        bool is_missing = done == (size_t)-1 && errno == EILSEQ;
        bool is_alone = done != (size_t)-1 && left == 0 && table->lens[c] > 0;
        if (!is_missing && !is_alone) {
            iconv(converter, NULL, NULL, NULL, NULL);
            return false;
        }
        table->is_ascii &=
            c >= 0x80 || (table->lens[c] == 1 && table->texts[c][0] == byte);
    }
    iconv(converter, NULL, NULL, NULL, NULL);
    return true;
}

/* Eight ASCII characters at a time, none of them NUL. */
static size_t
copy_ascii(const char *bytes, size_t len, char *out)
{
    size_t at = 0;
    while (at + 8 <= len) {
        uint64_t eight;
        memcpy(&eight, bytes + at, sizeof eight);
        if (((eight | (eight - LOW_BITS)) & HIGH_BITS) != 0) {
            break;
        }
        memcpy(out + at, &eight, sizeof eight);
        at += 8;
    }
    return at;
}

char *
charset_table_decode(const struct charset_table *table, const char *bytes,
                     size_t len, char *out, size_t *taken)
{
    size_t at = 0;
    while (at < len) {
        if (table->is_ascii) {
            size_t copied = copy_ascii(bytes + at, len - at, out);
            at += copied;
            out += copied;
        }
        for (size_t stop = at + 8; at < len && at < stop; at++) {
            unsigned char c = (unsigned char)bytes[at];
            if (c == 0 || table->lens[c] == 0) {
                *taken = at;
                return out;
            }
            memcpy(out, table->texts[c], sizeof table->texts[c]);
            out += table->lens[c];
        }
    }
    *taken = at;
    return out;
}
