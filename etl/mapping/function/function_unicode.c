/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

static const uint8_t *
units(struct slice text)
{
    return (const uint8_t *)text.ptr;
}

static bool
is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool
is_blank(ucs4_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') ||
           (c >= 0x80 && uc_is_property_white_space(c));
}

/* One character of valid UTF-8; its length in bytes. */
static size_t
character(struct slice text, ucs4_t *c)
{
    int len = u8_mbtouc(c, units(text), text.len);
    return len > 0 ? (size_t)len : 1;
}

static struct slice
trim_left(struct slice text)
{
    ucs4_t c;
    while (text.len > 0) {
        size_t len = character(text, &c);
        if (!is_blank(c)) {
            break;
        }
        text = (struct slice){text.ptr + len, text.len - len};
    }
    return text;
}

static struct slice
trim_right(struct slice text)
{
    ucs4_t c;
    while (text.len > 0) {
        size_t len = 1;
        while (len < text.len && len < 4 &&
               ((unsigned char)text.ptr[text.len - len] & 0xC0) == 0x80) {
            len++;
        }
        (void)character((struct slice){text.ptr + text.len - len, len}, &c);
        if (!is_blank(c)) {
            break;
        }
        text.len -= len;
    }
    return text;
}

bool
function_unicode_trim(struct formula_run *run, const struct formula_node *node,
                      const struct formula_value *args,
                      struct formula_value *value)
{
    (void)run;
    (void)node;
    *value = formula_value_text(trim_right(trim_left(args[0].text)));
    return true;
}

bool
function_unicode_clean(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)node;
    struct slice rest = args[0].text;
    char *text = arena_bytes(run->arena, rest.len + 1);
    size_t len = 0;
    bool behind_blank = false;
    while (rest.len > 0) {
        ucs4_t c;
        size_t size = character(rest, &c);
        if (is_blank(c)) {
            if (!behind_blank) {
                text[len++] = ' ';
            }
            behind_blank = true;
        } else if (c >= ' ' && !(c >= 0x7F && c <= 0x9F)) {
            memcpy(text + len, rest.ptr, size);
            len += size;
            behind_blank = false;
        }
        rest = (struct slice){rest.ptr + size, rest.len - size};
    }
    *value = formula_value_text((struct slice){text, len});
    return true;
}

typedef uint8_t *case_map(const uint8_t *text, size_t len, const char *language,
                          uninorm_t form, uint8_t *result, size_t *size);

/* Full case mapping, the same in any locale: a text may change its length. */
static bool
map_case(struct formula_run *run, struct slice text, case_map *map,
         struct formula_value *value)
{
    size_t size = text.len + 16;
    uint8_t *room = (uint8_t *)arena_bytes(run->arena, size);
    uint8_t *mapped = map(units(text), text.len, NULL, NULL, room, &size);
    if (mapped == NULL) {
        return formula_eval_refuse(run, "not-unicode", text,
                                   SLICE_LITERAL("is no valid text"));
    }
    struct slice result = {(char *)mapped, size};
    if (mapped != room) {
        result = arena_copy(run->arena, result);
        free(mapped);
    }
    *value = formula_value_text(result);
    return true;
}

static bool
map_ascii(struct formula_run *run, struct slice text, char first,
          struct formula_value *value)
{
    char *mapped = arena_bytes(run->arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool turns = c >= first && c < first + 26;
        mapped[i] = turns ? (char)(c ^ 0x20) : c;
    }
    *value = formula_value_text((struct slice){mapped, text.len});
    return true;
}

bool
function_unicode_upper(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)node;
    return is_ascii(args[0].text)
               ? map_ascii(run, args[0].text, 'a', value)
               : map_case(run, args[0].text, u8_toupper, value);
}

bool
function_unicode_lower(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)node;
    return is_ascii(args[0].text)
               ? map_ascii(run, args[0].text, 'A', value)
               : map_case(run, args[0].text, u8_tolower, value);
}

bool
function_unicode_initcap(struct formula_run *run,
                         const struct formula_node *node,
                         const struct formula_value *args,
                         struct formula_value *value)
{
    (void)node;
    return map_case(run, args[0].text, u8_totitle, value);
}

/* Letters whose stroke or ligature is no mark that can be taken off. */
static const struct {
    ucs4_t letter;
    const char *spelled;
} letters[] = {
    {0xDF, "ss"},  {0x1E9E, "SS"}, {0xE6, "ae"}, {0xC6, "AE"},
    {0x153, "oe"}, {0x152, "OE"},  {0xF8, "o"},  {0xD8, "O"},
    {0x111, "d"},  {0x110, "D"},   {0xF0, "d"},  {0xD0, "D"},
    {0x142, "l"},  {0x141, "L"},   {0xFE, "th"}, {0xDE, "TH"},
};

static const char *
spelling_of(ucs4_t c)
{
    for (size_t i = 0; c >= 0x80 && i < sizeof letters / sizeof *letters; i++) {
        if (letters[i].letter == c) {
            return letters[i].spelled;
        }
    }
    return NULL;
}

/* From a decomposed text, without its marks. */
static struct slice
drop_marks(struct slice rest, struct arena *arena)
{
    char *text = arena_bytes(arena, rest.len + 1);
    size_t len = 0;
    while (rest.len > 0) {
        ucs4_t c;
        size_t size = character(rest, &c);
        const char *spelled = spelling_of(c);
        if (spelled != NULL) { /* never longer than what it stands for */
            memcpy(text + len, spelled, strlen(spelled));
            len += strlen(spelled);
        } else if (c < 0x80 ||
                   !uc_is_general_category(c, UC_NON_SPACING_MARK)) {
            memcpy(text + len, rest.ptr, size);
            len += size;
        }
        rest = (struct slice){rest.ptr + size, rest.len - size};
    }
    return (struct slice){text, len};
}

bool
function_unicode_unaccent(struct formula_run *run,
                          const struct formula_node *node,
                          const struct formula_value *args,
                          struct formula_value *value)
{
    (void)node;
    struct slice text = args[0].text;
    size_t size = 0;
    *value = args[0];
    if (is_ascii(text)) {
        return true;
    }
    uint8_t *apart =
        u8_normalize(UNINORM_NFD, units(text), text.len, NULL, &size);
    if (apart == NULL) {
        return formula_eval_refuse(run, "not-unicode", text,
                                   SLICE_LITERAL("is no valid text"));
    }
    struct slice bare =
        drop_marks((struct slice){(char *)apart, size}, run->arena);
    free(apart);
    *value = formula_value_text(bare);
    if (bare.len == 0 || is_ascii(bare)) {
        return true;
    }
    uint8_t *joined =
        u8_normalize(UNINORM_NFC, units(bare), bare.len, NULL, &size);
    if (joined != NULL) { /* syllables of Hangul, say */
        *value = formula_value_text(
            arena_copy(run->arena, (struct slice){(char *)joined, size}));
        free(joined);
    }
    return true;
}
