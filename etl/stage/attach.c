/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/attach.h"

#include "base/file.h"
#include "base/mem.h"

#include <stdlib.h>

/* Three bytes become four letters; what is left over is filled with '='. */
static void
append_base64(struct buffer *text, struct slice bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++) {
            unsigned char byte =
                j < count ? (unsigned char)bytes.ptr[i + j] : 0;
            bits = bits << 8 | byte;
        }
        for (size_t j = 0; j < 4; j++) {
            char letter = letters[bits >> (18 - 6 * j) & 63];
            buffer_append_char(text, j <= count ? letter : '=');
        }
    }
}

bool
attach_append(struct buffer *text, struct slice path, size_t limit,
              struct error *err)
{
    char *name = slice_dup(path);
    struct buffer bytes = {.limit = limit + 1}; /* the reader asks for one */
    bool is_read = file_read_whole(name, limit, &bytes, err);
    if (is_read) {
        append_base64(text, buffer_slice(&bytes));
    }
    buffer_release(&bytes);
    free(name);
    return is_read;
}
