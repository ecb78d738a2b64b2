/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/mem.h"
#include "source/charset.h"

#include <stdlib.h>

/*
 * Any bytes in an encoding that the first byte chooses, decoded at once and in
 * pieces of a size that the second gives: the same text with the same faults,
 * and it is UTF-8 but where a fault stands.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const encodings[] = {
    "UTF-16",      "UTF-16LE",   "UTF-16BE",     "UTF-32",
    "UTF-32LE",    "UTF-32BE",   "windows-1252", "windows-1258",
    "CP437",       "ISO-8859-7", "Shift_JIS",    "EUC-JP",
    "GBK",         "GB18030",    "BIG5",         "EUC-KR",
    "ISO-2022-JP", "UTF-7",      "KOI8-R",       "MACINTOSH",
    "BIG5-HKSCS",  "TIS-620",    "IBM1047",      "SHIFT_JISX0213",
    "ISO-2022-KR", "HZ"};
#define ENCODING_COUNT (sizeof encodings / sizeof *encodings)

struct decoded {
    struct buffer text;
    uint64_t fault_count, fault_hash;
};

static void
take_faults(struct charset *charset, struct decoded *all)
{
    const struct charset_fault *fault;
    uint64_t place = 0;
    while ((fault = charset_fault(charset, place, all->text.len - place)) !=
           NULL) {
        if (fault->place < place || fault->place >= all->text.len ||
            fault->len > sizeof fault->bytes) {
            abort();
        }
        all->fault_count++;
        all->fault_hash = all->fault_hash * 31 + fault->place * 7 +
                          fault->offset * 3 + fault->len;
        place = fault->place + 1;
    }
    charset_forget(charset, all->text.len);
}

static bool
decode(const char *name, struct slice bytes, size_t piece, struct decoded *all)
{
    struct error err = {0};
    struct charset *charset = charset_open(name, bytes, 0, &err);
    char *out = mem_alloc(bytes.len * CHARSET_GROWTH + CHARSET_SLACK);
    size_t begin = 0, end = 0;
    while (charset != NULL && begin < bytes.len) {
        size_t taken = 0;
        end = bytes.len - end < piece ? bytes.len : end + piece;
        struct slice part = {bytes.ptr + begin, end - begin};
        size_t len =
            charset_decode(charset, part, end == bytes.len, out, &taken);
        if (taken > part.len ||
            len > part.len * CHARSET_GROWTH + CHARSET_SLACK ||
            (end == bytes.len && taken < part.len)) {
            abort();
        }
        buffer_append_slice(&all->text, (struct slice){out, len});
        begin += taken;
    }
    if (charset != NULL) {
        take_faults(charset, all);
    }
    free(out);
    charset_close(charset);
    return charset != NULL;
}

/* The byte 0xFF stands for faults, and for nothing else. */
static void
check_text(const struct decoded *all)
{
    struct slice rest = buffer_slice(&all->text);
    while (rest.len > 0) {
        size_t len = slice_utf8_valid_len(rest);
        if (len < rest.len && (unsigned char)rest.ptr[len] != 0xFF) {
            abort();
        }
        len += len < rest.len;
        rest.ptr += len;
        rest.len -= len;
    }
}

/* Of these iconv tells a fault behind a shift at the shift or behind it, by
 * where its input was cut. */
static bool
has_shifts(const char *name)
{
    return strcmp(name, "UTF-7") == 0 || strcmp(name, "HZ") == 0 ||
           strncmp(name, "ISO-2022", 8) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 3) {
        return 0;
    }
    const char *name = encodings[bytes[0] % ENCODING_COUNT];
    struct slice text = {(const char *)bytes + 2, size - 2};
    struct decoded whole = {0}, pieces = {0};
    if (decode(name, text, text.len, &whole)) {
        check_text(&whole);
        decode(name, text, 1 + bytes[1] % 64, &pieces);
        if (!slice_equals(buffer_slice(&whole.text),
                          buffer_slice(&pieces.text)) ||
            whole.fault_count != pieces.fault_count ||
            (!has_shifts(name) && whole.fault_hash != pieces.fault_hash)) {
            abort();
        }
    }
    buffer_release(&whole.text);
    buffer_release(&pieces.text);
    return 0;
}
