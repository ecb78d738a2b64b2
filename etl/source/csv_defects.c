/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_defects.h"

#include "base/buffer.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static bool
has_replacement(struct slice text)
{
    return memmem(text.ptr, text.len, REPLACEMENT, 3) != NULL;
}

bool
csv_defects_none(struct slice text, bool replacement)
{
    return text.len == 0 || (memchr(text.ptr, '\0', text.len) == NULL &&
                             slice_utf8_valid_len(text) == text.len &&
                             !(replacement && has_replacement(text)));
}

void
csv_defects_find(struct csv_defects *defects, struct slice text,
                 uint64_t offset, bool replacement)
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
        defects->bad_byte = (unsigned char)text.ptr[valid_len];
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
        batch_reject(batch, record, "bad-bytes",
                     "byte 0x%02X at offset %llu is not UTF-8",
                     defects->bad_byte,
                     (unsigned long long)defects->bad_offset);
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
