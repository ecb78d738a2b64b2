/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_defects.h"

#include "base/buffer.h"

#include <stdio.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static bool
has_replacement(struct slice text)
{
    return text.len > 0 && memmem(text.ptr, text.len, REPLACEMENT, 3) != NULL;
}

bool
csv_defects_none(const struct charset *charset, struct slice text,
                 uint64_t offset, bool replacement)
{
    if (charset != NULL && charset_fault(charset, offset, text.len) != NULL) {
        return false;
    }
    /* What was decoded is valid where it has no fault. */
    bool is_valid = charset != NULL || text.len == 0 ||
                    (memchr(text.ptr, '\0', text.len) == NULL &&
                     slice_utf8_valid_len(text) == text.len);
    return is_valid && !(replacement && has_replacement(text));
}

/* The first NUL and the first bad bytes of text that was decoded. */
static void
find_faults(struct csv_defects *defects, const struct charset *charset,
            struct slice text, uint64_t offset)
{
    size_t at = 0;
    const struct charset_fault *fault;
    while ((fault = charset_fault(charset, offset + at, text.len - at)) !=
           NULL) {
        at = (size_t)(fault->place - offset);
        if (text.ptr[at] == '\0' && !defects->has_nul) {
            defects->has_nul = true;
            defects->nul_offset = fault->offset;
        } else if (text.ptr[at] != '\0' && !defects->has_bad_byte) {
            defects->has_bad_byte = true;
            defects->bad_offset = fault->offset;
            defects->bad_len = fault->len;
            memcpy(defects->bad_bytes, fault->bytes, fault->len);
            defects->encoding = charset_name(charset);
        }
        at++;
    }
}

static void
find_as_it_is(struct csv_defects *defects, struct slice text, uint64_t offset)
{
    const char *nul = memchr(text.ptr, '\0', text.len);
    if (nul != NULL && !defects->has_nul) {
        defects->has_nul = true;
        defects->nul_offset = offset + (uint64_t)(nul - text.ptr);
    }
    size_t valid_len = slice_utf8_valid_len(text);
    if (valid_len < text.len && !defects->has_bad_byte) {
        defects->has_bad_byte = true;
        defects->bad_offset = offset + valid_len;
        defects->bad_bytes[0] = (unsigned char)text.ptr[valid_len];
        defects->bad_len = 1;
        defects->encoding = "UTF-8";
    }
}

void
csv_defects_find(struct csv_defects *defects, const struct charset *charset,
                 struct slice text, uint64_t offset, bool replacement)
{
    if (charset != NULL) {
        find_faults(defects, charset, text, offset);
    } else {
        find_as_it_is(defects, text, offset);
    }
    defects->has_replacement |= replacement && has_replacement(text);
}

/* Bad bytes that follow one another are one U+FFFD each, so that as many are
 * seen as there were. */
static struct slice
mended(struct arena *arena, struct slice cell)
{
    struct buffer text = {.limit = SIZE_MAX};
    while (cell.len > 0) {
        size_t valid_len = slice_utf8_valid_len(cell);
        buffer_append(&text, cell.ptr, valid_len);
        if (valid_len == cell.len) {
            break;
        }
        buffer_append_text(&text, REPLACEMENT);
        cell.ptr += valid_len + 1;
        cell.len -= valid_len + 1;
    }
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static void
reject_bad(const struct csv_defects *defects, struct batch *batch,
           struct record *record)
{
    char hex[sizeof defects->bad_bytes * 5 + 1] = "";
    for (size_t i = 0; i < defects->bad_len; i++) {
        snprintf(hex + 5 * i, 6, " 0x%02X", defects->bad_bytes[i]);
    }
    bool is_one = defects->bad_len == 1;
    batch_reject(batch, record, "bad-bytes",
                 "byte%s%s at offset %llu %s not %s", is_one ? "" : "s", hex,
                 (unsigned long long)defects->bad_offset, is_one ? "is" : "are",
                 defects->encoding);
}

void
csv_defects_reject(const struct csv_defects *defects, struct batch *batch,
                   struct record *record)
{
    if (defects->has_nul) {
        batch_reject(batch, record, "nul-byte",
                     "the row holds a NUL byte at offset %llu",
                     (unsigned long long)defects->nul_offset);
    }
    if (defects->has_bad_byte) {
        reject_bad(defects, batch, record);
    } else if (defects->has_replacement) {
        batch_reject(batch, record, "bad-bytes",
                     "the row still holds U+FFFD, which stands for bytes that "
                     "could not be read; put in the right character");
    }
    for (size_t i = 0; defects->has_bad_byte && i < record->field_count; i++) {
        struct slice *cell = &record->fields[i];
        if (slice_utf8_valid_len(*cell) < cell->len) {
            *cell = mended(&batch->arena, *cell);
        }
    }
}
