/* SPDX-License-Identifier: Apache-2.0 */
#include "source/charset.h"

#include "base/mem.h"
#include "source/charset_table.h"

#include <endian.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#define STAND_IN '\xff'
/* A flush may emit a character that was waited with, and a shift. */
#define FLUSH_ROOM 16

struct charset {
    char *name;
    enum { BY_TABLE, UTF_16, UTF_32, BY_ICONV } kind;
    bool big; /* the high byte first */
    struct charset_table table;
    iconv_t converter;
    uint64_t offset, place; /* of what comes next, in the input and the text */
    struct charset_fault *faults;
    size_t fault_begin, fault_count, fault_capacity;
};

bool
charset_is_utf8(const char *name)
{
    struct slice text = slice_of(name);
    return slice_is_nocase(text, "utf-8") || slice_is_nocase(text, "utf8");
}

const char *
charset_of_mark(struct slice head, size_t *mark_len)
{
    static const struct {
        const char *mark, *name;
        size_t len;
    } marks[] = {{"\xef\xbb\xbf", "UTF-8", 3},
                 {"\xff\xfe\0\0", "UTF-32LE", 4}, /* before UTF-16LE's */
                 {"\0\0\xfe\xff", "UTF-32BE", 4},
                 {"\xff\xfe", "UTF-16LE", 2},
                 {"\xfe\xff", "UTF-16BE", 2}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *mark_len = marks[i].len;
        if (head.len >= marks[i].len &&
            memcmp(head.ptr, marks[i].mark, marks[i].len) == 0) {
            return marks[i].name;
        }
    }
    *mark_len = 0;
    return NULL;
}

/* UTF-16 and UTF-32, which are not left to iconv. */
static bool
choose_wide(struct charset *charset, struct slice head)
{
    static const struct {
        const char *name;
        int kind;
        char order; /* l, b, or ? */
    } wide[] = {
        {"UTF-16", UTF_16, '?'},   {"UTF16", UTF_16, '?'},
        {"UTF-16LE", UTF_16, 'l'}, {"UTF16LE", UTF_16, 'l'},
        {"UTF-16BE", UTF_16, 'b'}, {"UTF16BE", UTF_16, 'b'},
        {"UTF-32", UTF_32, '?'},   {"UTF32", UTF_32, '?'},
        {"UTF-32LE", UTF_32, 'l'}, {"UTF32LE", UTF_32, 'l'},
        {"UTF-32BE", UTF_32, 'b'}, {"UTF32BE", UTF_32, 'b'},
    };
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (slice_is_nocase(slice_of(charset->name), wide[i].name)) {
            charset->kind = wide[i].kind == UTF_16 ? UTF_16 : UTF_32;
            charset->big =
                wide[i].order == 'b' ||
                (wide[i].order == '?' && head.len > 0 && head.ptr[0] == '\0');
            return true;
        }
    }
    return false;
}

struct charset *
charset_open(const char *name, struct slice head, uint64_t offset,
             struct error *err)
{
    struct charset *charset = mem_zalloc(sizeof *charset);
    charset->name = mem_strdup(name);
    charset->offset = offset;
    charset->converter = (iconv_t)-1;
    if (choose_wide(charset, head)) {
        return charset;
    }
    /* "//TRANSLIT" and its like change data. */
    if (strchr(name, '/') == NULL) {
        charset->converter = iconv_open("UTF-8", name);
    }
    if (charset->converter == (iconv_t)-1) {
        error_set(err, ERROR_CONFIG, 0,
                  "the encoding '%s' is not known here; 'iconv -l' lists those "
                  "that are [source-encoding]",
                  name);
        charset_close(charset);
        return NULL;
    }
    bool is_table = charset_table_fill(&charset->table, charset->converter);
    charset->kind = is_table ? BY_TABLE : BY_ICONV;
    return charset;
}

const char *
charset_name(const struct charset *charset)
{
    return charset->name;
}

static void
add_fault(struct charset *charset, uint64_t place, uint64_t offset,
          const char *bytes, size_t len)
{
    if (charset->fault_count == charset->fault_capacity) {
        charset->fault_capacity = 2 * charset->fault_capacity + 16;
        charset->faults = mem_realloc_array(
            charset->faults, charset->fault_capacity, sizeof *charset->faults);
    }
    struct charset_fault *fault = &charset->faults[charset->fault_count++];
    *fault = (struct charset_fault){.place = place, .offset = offset};
    fault->len = len < sizeof fault->bytes ? len : sizeof fault->bytes;
    memcpy(fault->bytes, bytes, fault->len);
}

/* What is being decoded. */
struct decoding {
    const char *begin, *at, *end;
    char *out, *to;
};

static void
note(struct charset *charset, const struct decoding *text, size_t len)
{
    add_fault(charset, charset->place + (uint64_t)(text->to - text->out),
              charset->offset + (uint64_t)(text->at - text->begin), text->at,
              len);
}

/* The bytes at hand are no character. */
static void
stand_in(struct charset *charset, struct decoding *text, size_t len)
{
    note(charset, text, len);
    *text->to++ = STAND_IN;
    text->at += len;
}

static void
put(struct charset *charset, struct decoding *text, uint32_t c, size_t len)
{
    if (c == 0) {
        note(charset, text, len);
    }
    char *to = text->to;
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    }
    text->to = to;
    text->at += len;
}

static void
decode_table(struct charset *charset, struct decoding *text)
{
    while (text->at < text->end) {
        size_t taken;
        text->to = charset_table_decode(&charset->table, text->at,
                                        (size_t)(text->end - text->at),
                                        text->to, &taken);
        text->at += taken;
        if (text->at == text->end) {
            return;
        }
        if (*text->at == '\0' && charset->table.lens[0] > 0) {
            put(charset, text, 0, 1);
        } else {
            stand_in(charset, text, 1);
        }
    }
}

static uint32_t
unit16(const struct charset *charset, const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return charset->big ? (uint32_t)bytes[0] << 8 | bytes[1]
                        : (uint32_t)bytes[1] << 8 | bytes[0];
}

/* Four units that begin at at, the first lowest. */
static inline uint64_t
four_units(const char *at, bool big)
{
    uint64_t units;
    memcpy(&units, at, sizeof units);
    units = le64toh(units);
    return big ? (units & 0x00ff00ff00ff00ff) << 8 |
                     (units >> 8 & 0x00ff00ff00ff00ff)
               : units;
}

static inline bool
has_other_than_ascii(uint64_t units)
{
    return ((units | (units - 0x0001000100010001)) & 0xff80ff80ff80ff80) != 0;
}

static inline uint64_t
packed(uint64_t units)
{
    units = (units | units >> 8) & 0x0000ffff0000ffff;
    return (units | units >> 16) & 0xffffffff;
}

/* Eight ASCII characters at a time, none of them NUL. */
static void
decode_ascii16(const struct charset *charset, struct decoding *text)
{
    const char *at = text->at;
    char *to = text->to;
    bool big = charset->big;
    while (text->end - at >= 16) {
        uint64_t low = four_units(at, big), high = four_units(at + 8, big);
        if (has_other_than_ascii(low) || has_other_than_ascii(high)) {
            break;
        }
        uint64_t eight = htole64(packed(low) | packed(high) << 32);
        memcpy(to, &eight, sizeof eight);
        to += 8;
        at += 16;
    }
    text->at = at;
    text->to = to;
}

static void
decode_utf16(struct charset *charset, struct decoding *text)
{
    for (;;) {
        decode_ascii16(charset, text);
        size_t left = (size_t)(text->end - text->at);
        for (int i = 0; i < 8 && left >= 2; i++, left -= 2) {
            uint32_t ascii = unit16(charset, text->at);
            if (ascii == 0 || ascii >= 0x80) {
                break;
            }
            *text->to++ = (char)ascii;
            text->at += 2;
        }
        if (left < 2) {
            return;
        }
        uint32_t c = unit16(charset, text->at);
        if (c < 0xd800 || c > 0xdfff) {
            put(charset, text, c, 2);
            continue;
        }
        if (c < 0xdc00 && left < 4) {
            return;
        }
        uint32_t low = c < 0xdc00 ? unit16(charset, text->at + 2) : 0;
        if (low < 0xdc00 || low > 0xdfff) {
            stand_in(charset, text, 2);
        } else {
            put(charset, text, 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00)),
                4);
        }
    }
}

static void
decode_utf32(struct charset *charset, struct decoding *text)
{
    while (text->end - text->at >= 4) {
        uint32_t first = unit16(charset, text->at);
        uint32_t second = unit16(charset, text->at + 2);
        uint32_t c = charset->big ? first << 16 | second : second << 16 | first;
        if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
            stand_in(charset, text, 4);
        } else {
            put(charset, text, c, 4);
        }
    }
}

/* The n-th NUL of the text is that of the bytes: so it is in all charsets that
 * come here. */
static void
note_nuls(struct charset *charset, const struct decoding *text,
          const char *from, const char *to)
{
    const char *in = from;
    while ((to = memchr(to, '\0', (size_t)(text->to - to))) != NULL) {
        const char *nul = memchr(in, '\0', (size_t)(text->at - in));
        in = nul != NULL ? nul : in;
        add_fault(charset, charset->place + (uint64_t)(to - text->out),
                  charset->offset + (uint64_t)(in - text->begin), "", 1);
        in += nul != NULL;
        to++;
    }
}

static void
decode_iconv(struct charset *charset, struct decoding *text, bool at_end)
{
    const char *limit =
        text->out + CHARSET_GROWTH * (text->end - text->begin) + FLUSH_ROOM;
    while (text->at < text->end) {
        const char *from = text->at;
        char *to = text->to;
        /* iconv takes char ** for want of a better type; it writes nothing
         * there. */
        union {
            const char *read;
            char *given;
        } in = {.read = text->at};
        size_t left = (size_t)(text->end - text->at);
        /* A byte is kept for each stand-in there may be. */
        size_t room = (size_t)(limit - text->to) - left;
        size_t done =
            iconv(charset->converter, &in.given, &left, &text->to, &room);
        text->at = in.read;
        note_nuls(charset, text, from, to);
        if (done != (size_t)-1 || errno == EINVAL) {
            break;
        }
        if (errno == E2BIG && text->at > from) {
            continue;
        }
        stand_in(charset, text, 1);
    }
    if (at_end) {
        size_t room = FLUSH_ROOM;
        iconv(charset->converter, NULL, NULL, &text->to, &room);
    }
}

size_t
charset_decode(struct charset *charset, struct slice bytes, bool at_end,
               char *out, size_t *taken)
{
    struct decoding text = {
        bytes.ptr, bytes.ptr, bytes.ptr + bytes.len, out, out,
    };
    switch (charset->kind) {
    case BY_TABLE:
        decode_table(charset, &text);
        break;
    case UTF_16:
        decode_utf16(charset, &text);
        break;
    case UTF_32:
        decode_utf32(charset, &text);
        break;
    case BY_ICONV:
        decode_iconv(charset, &text, at_end);
        break;
    }
    if (at_end && text.at < text.end) {
        stand_in(charset, &text, (size_t)(text.end - text.at));
    }
    *taken = (size_t)(text.at - text.begin);
    charset->offset += *taken;
    size_t size = (size_t)(text.to - out);
    charset->place += size;
    return size;
}

const struct charset_fault *
charset_fault(const struct charset *charset, uint64_t place, size_t len)
{
    size_t low = charset->fault_begin, high = charset->fault_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (charset->faults[middle].place < place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_there =
        low < charset->fault_count && charset->faults[low].place - place < len;
    return is_there ? &charset->faults[low] : NULL;
}

void
charset_forget(struct charset *charset, uint64_t place)
{
    while (charset->fault_begin < charset->fault_count &&
           charset->faults[charset->fault_begin].place < place) {
        charset->fault_begin++;
    }
    if (charset->fault_begin == charset->fault_count) {
        charset->fault_begin = charset->fault_count = 0;
    } else if (charset->fault_begin > charset->fault_count / 2) {
        charset->fault_count -= charset->fault_begin;
        memmove(charset->faults, charset->faults + charset->fault_begin,
                charset->fault_count * sizeof *charset->faults);
        charset->fault_begin = 0;
    }
}

void
charset_close(struct charset *charset)
{
    if (charset == NULL) {
        return;
    }
    if (charset->converter != (iconv_t)-1) {
        iconv_close(charset->converter);
    }
    free(charset->name);
    free(charset->faults);
    free(charset);
}
