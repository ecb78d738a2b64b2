/* SPDX-License-Identifier: Apache-2.0 */
#include "model/row_key.h"

#include "base/mem.h"
#include "model/canonical.h"

#include <stdlib.h>
#include <unicase.h>
#include <unistr.h>

#define XXH_INLINE_ALL /* a short key is hashed in less than a call costs */
#include <xxhash.h>

#define PIECE_SIZE 256   /* of text that is changed on its way */
#define GATHER_SIZE 2048 /* most rows fit: hashed at once */
#define FOLDED_SIZE 2048 /* an external id has 255 characters at most */
#define FOLDED_GROWTH 2  /* UTF-8 of a small letter beside the capital's */

/* What stands before each field, so that no two rows give the same bytes. */
enum field_mark { MARK_BLANK = 'b', MARK_VALUE = 'v', MARK_TEXT = 't' };

/* Bytes on their way into the hash: gathered, or streamed when they are many.
 * The state is set up only then; the hash is the same. */
struct gather {
    size_t len;
    bool streams;
    char bytes[GATHER_SIZE];
    XXH3_state_t state;
};

static void
spill(struct gather *gather)
{
    if (!gather->streams) {
        XXH3_128bits_reset(&gather->state);
        gather->streams = true;
    }
    XXH3_128bits_update(&gather->state, gather->bytes, gather->len);
    gather->len = 0;
}

static void
add(struct gather *gather, const void *bytes, size_t len)
{
    if (len > GATHER_SIZE - gather->len) {
        spill(gather);
        if (len > GATHER_SIZE) {
            XXH3_128bits_update(&gather->state, bytes, len);
            return;
        }
    }
    if (len > 0) {
        memcpy(gather->bytes + gather->len, bytes, len);
        gather->len += len;
    }
}

static void
add_text(struct gather *gather, struct slice text)
{
    uint32_t len = (uint32_t)text.len;
    add(gather, &len, sizeof len);
    add(gather, text.ptr, text.len);
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Runs of blanks and line ends as one space. The copy is the caller's. */
static char *
join_blanks(struct slice *text)
{
    char *copy = mem_alloc(text->len);
    size_t len = 0;
    for (size_t i = 0; i < text->len; i++) {
        bool blank = is_blank(text->ptr[i]);
        if (!blank || len == 0 || copy[len - 1] != ' ') {
            copy[len++] = blank ? ' ' : text->ptr[i];
        }
    }
    *text = (struct slice){copy, len};
    return copy;
}

static bool
is_ascii(struct slice text)
{
    unsigned char all = 0;
    for (size_t i = 0; i < text.len; i++) {
        all |= (unsigned char)text.ptr[i];
    }
    return all < 0x80;
}

static void
add_ascii_folded(struct gather *gather, struct slice text)
{
    char piece[PIECE_SIZE];
    uint32_t count = (uint32_t)text.len;
    add(gather, &count, sizeof count);
    for (size_t done = 0; done < text.len;) {
        size_t len =
            text.len - done < PIECE_SIZE ? text.len - done : PIECE_SIZE;
        for (size_t i = 0; i < len; i++) {
            char c = text.ptr[done + i];
            piece[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        add(gather, piece, len);
        done += len;
    }
}

/*
 * Letter by letter, as the org compares keys: a full folding would take two of
 * its records for one ("ss" and a sharp s), and so would a letter beyond ASCII
 * that becomes one of it (the Kelvin sign, the dotted capital I).
 */
static ucs4_t
small_letter(ucs4_t letter)
{
    ucs4_t small = uc_tolower(letter);
    return letter >= 0x80 && small < 0x80 ? letter : small;
}

/* to has room for FOLDED_GROWTH times the text; the length. */
static size_t
fold_letters(struct slice text, uint8_t *to)
{
    const uint8_t *from = (const uint8_t *)text.ptr;
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        ucs4_t letter;
        at += (size_t)u8_mbtouc(&letter, from + at, text.len - at);
        len += (size_t)u8_uctomb(to + len, small_letter(letter), 6);
    }
    return len;
}

static void
add_folded(struct gather *gather, struct slice text)
{
    if (is_ascii(text)) {
        add_ascii_folded(gather, text);
        return;
    }
    if (slice_utf8_valid_len(text) != text.len) {
        add_text(gather, text); /* libunistring would make U+FFFD of it */
        return;
    }
    uint8_t room[FOLDED_SIZE];
    uint8_t *folded = text.len * FOLDED_GROWTH <= sizeof room
                          ? room
                          : mem_alloc(text.len * FOLDED_GROWTH);
    size_t len = fold_letters(text, folded);
    add_text(gather, (struct slice){(const char *)folded, len});
    if (folded != room) {
        free(folded);
    }
}

static struct slice
trim(struct slice text)
{
    while (text.len > 0 && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

static void
add_plain(struct gather *gather, struct slice text, bool folds,
          enum row_key_form form)
{
    char *copy = form == ROW_KEY_LOOSE ? join_blanks(&text) : NULL;
    if (folds) {
        add_folded(gather, text);
    } else {
        add_text(gather, text);
    }
    free(copy);
}

static void
add_field(struct gather *gather, const struct load_column *column,
          struct slice text, bool folds, enum row_key_form form)
{
    text = form == ROW_KEY_LOOSE ? trim(text) : text;
    if (text.len == 0 || slice_is(text, "#N/A")) {
        add(gather, &(char){MARK_BLANK}, 1);
        return;
    }
    char value[CANONICAL_SIZE];
    int scale = column->rounds ? column->scale : CANONICAL_ALL_DECIMALS;
    size_t len = form == ROW_KEY_LOOSE
                     ? canonical_value_loose(column->type, scale, text, value)
                     : canonical_value(column->type, scale, text, value);
    if (len > 0) {
        add(gather, &(char){MARK_VALUE}, 1);
        add_text(gather, (struct slice){value, len});
    } else {
        add(gather, &(char){MARK_TEXT}, 1);
        add_plain(gather, text, folds, form);
    }
}

static struct row_key
finish(struct gather *gather)
{
    XXH128_hash_t hash;
    if (gather->streams) {
        spill(gather);
        hash = XXH3_128bits_digest(&gather->state);
    } else {
        hash = XXH3_128bits(gather->bytes, gather->len);
    }
    return (struct row_key){hash.high64, hash.low64};
}

struct row_key
row_key_of_value(const struct load_column *column, struct slice text)
{
    struct gather gather;
    gather.len = 0;
    gather.streams = false;
    if (text.len == 0 || slice_is(text, "#N/A")) {
        return (struct row_key){0, 0};
    }
    add_field(&gather, column, text, !column->case_sensitive, ROW_KEY_EXACT);
    return finish(&gather);
}

struct row_key
row_key_of_text(struct slice text)
{
    if (text.len == 0) {
        return (struct row_key){0, 0};
    }
    XXH128_hash_t hash = XXH3_128bits(text.ptr, text.len);
    return (struct row_key){hash.high64, hash.low64};
}

struct row_key
row_key_of(const struct load *load, const struct slice *fields,
           enum row_key_form form)
{
    struct gather gather;
    gather.len = 0;
    gather.streams = false;
    if (load->key_column != LOAD_NO_KEY) {
        const struct load_column *column = &load->columns[load->key_column];
        add_field(&gather, column, fields[load->key_column],
                  !column->case_sensitive, form);
    } else {
        for (size_t i = 0; i < load->column_count; i++) {
            add_field(&gather, &load->columns[i], fields[i], false, form);
        }
    }
    return finish(&gather);
}
