/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/formula/formula_lex.h"

#define NO_BREAK_SPACE "\xC2\xA0"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* All that is not ASCII is a letter, but for blanks and quotes. */
static bool
is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           is_digit(c) || (unsigned char)c >= 0x80;
}

static void
skip_blanks(struct slice *rest)
{
    for (;;) {
        size_t len = 0;
        if (rest->len > 0 && memchr(" \t\r\n", rest->ptr[0], 4) != NULL) {
            len = 1;
        } else if (slice_begins(*rest, NO_BREAK_SPACE)) {
            len = 2; /* comes along with what is pasted */
        }
        if (len == 0) {
            return;
        }
        rest->ptr += len;
        rest->len -= len;
    }
}

static struct token
wrong(struct slice text, const char *what, const char *help)
{
    return (struct token){
        .kind = TOKEN_WRONG, .text = text, .what = what, .help = help};
}

/* What a text in quotes means: "" is a quote, \n and \t are breaks, and any
 * other backslash is one, as regular expressions need it. */
static struct slice
unquote(struct slice inside, struct arena *arena)
{
    char *value = arena_bytes(arena, inside.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < inside.len; i++) {
        char c = inside.ptr[i];
        char next = i + 1 < inside.len ? inside.ptr[i + 1] : '\0';
        if (c == '"') {
            i++;
        } else if (c == '\\' && (next == 'n' || next == 't')) {
            c = next == 'n' ? '\n' : '\t';
            i++;
        } else if (c == '\\' && next == '\\') {
            value[len++] = c;
            i++;
        }
        value[len++] = c;
    }
    return (struct slice){value, len};
}

static struct token
take_text(struct slice rest, struct arena *arena)
{
    for (size_t i = 1; i < rest.len; i++) {
        if (rest.ptr[i] != '"') {
            continue;
        }
        if (i + 1 < rest.len && rest.ptr[i + 1] == '"') {
            i++;
            continue;
        }
        return (struct token){
            .kind = TOKEN_TEXT,
            .text = {rest.ptr, i + 1},
            .value = unquote((struct slice){rest.ptr + 1, i - 1}, arena)};
    }
    return wrong((struct slice){rest.ptr, 1}, "a text is not closed",
                 "it ends with a quote; a quote inside of it is written twice");
}

/* Brackets in a name go in pairs, as in [E1KNB1M[BUKRS='1000']/AKONT]. */
static size_t
column_len(struct slice rest)
{
    size_t depth = 0;
    for (size_t i = 0; i < rest.len; i++) {
        depth += rest.ptr[i] == '[';
        depth -= rest.ptr[i] == ']';
        if (depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

static struct token
take_column(struct slice rest)
{
    size_t len = column_len(rest);
    if (len == 0) {
        return wrong((struct slice){rest.ptr, 1},
                     "a column's name is not closed",
                     "it ends with a bracket, as in [Customer No.]");
    }
    if (len == 2) {
        return wrong((struct slice){rest.ptr, 2}, "the brackets name no column",
                     "write the column's name, as in [Customer No.]");
    }
    return (struct token){.kind = TOKEN_COLUMN,
                          .text = {rest.ptr, len},
                          .value = {rest.ptr + 1, len - 2}};
}

static struct token
take_number(struct slice rest)
{
    size_t len = 0;
    while (len < rest.len && is_digit(rest.ptr[len])) {
        len++;
    }
    if (len + 1 < rest.len && rest.ptr[len] == '.' &&
        is_digit(rest.ptr[len + 1])) {
        len++;
        while (len < rest.len && is_digit(rest.ptr[len])) {
            len++;
        }
    }
    struct slice text = {rest.ptr, len};
    if (len < rest.len && is_name_char(rest.ptr[len]) &&
        !slice_begins((struct slice){rest.ptr + len, rest.len - len},
                      NO_BREAK_SPACE)) {
        while (len < rest.len && is_name_char(rest.ptr[len])) {
            len++;
        }
        text.len = len;
        return wrong(text, "a number runs into letters",
                     "a column whose name begins with a digit stands in "
                     "brackets, as in [1st Name]; numbers have no exponent");
    }
    return (struct token){.kind = TOKEN_NUMBER, .text = text, .value = text};
}

/* Quotes that word processors make of straight ones. */
static bool
is_curly_quote(struct slice rest)
{
    return slice_begins(rest, "\xE2\x80\x9C") ||
           slice_begins(rest, "\xE2\x80\x9D") ||
           slice_begins(rest, "\xE2\x80\x9E") ||
           slice_begins(rest, "\xE2\x80\x98") ||
           slice_begins(rest, "\xE2\x80\x99");
}

static struct token
take_name(struct slice rest)
{
    size_t len = 0;
    while (len < rest.len && is_name_char(rest.ptr[len])) {
        struct slice here = {rest.ptr + len, rest.len - len};
        if (slice_begins(here, NO_BREAK_SPACE) || is_curly_quote(here)) {
            break;
        }
        len++;
    }
    struct slice text = {rest.ptr, len};
    return (struct token){.kind = TOKEN_NAME, .text = text, .value = text};
}

static struct token
take_wrong(struct slice rest)
{
    struct slice text = {rest.ptr, slice_utf8_prefix(rest, 1)};
    if (is_curly_quote(rest)) {
        return wrong(text, "this is not a straight quote",
                     "texts stand in straight quotes: \"…\"");
    }
    switch (rest.ptr[0]) {
    case '\'':
        return wrong(text, "an apostrophe does not begin a text",
                     "texts stand in double quotes: \"…\"");
    case ';':
        return wrong(text, "a semicolon does not part arguments",
                     "a comma does");
    case '{':
    case '}':
        return wrong(text, "there are no braces in formulas",
                     "a parameter is PARAM(\"name\"), a column [Name]");
    case '|':
        return wrong(text, "a single '|' is no operator", "'or' is || or OR");
    case '%':
        return wrong(text, "there is no percent sign in formulas",
                     "divide by 100, or use MOD(a, b) for the rest");
    case '^':
        return wrong(text, "there is no power in formulas", "multiply instead");
    default:
        return wrong(text, "this sign means nothing here",
                     "a column whose name holds it stands in brackets, as in "
                     "[Customer No.]");
    }
}

static size_t
sign_len(struct slice rest)
{
    static const char *const signs[] = {
        "||", "&&", "==", "<>", "!=", "<=", ">=", "=",
        "<",  ">",  "&",  "+",  "-",  "*",  "/",  "!"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (slice_begins(rest, signs[i])) {
            return strlen(signs[i]);
        }
    }
    return 0;
}

static struct token
take_token(struct slice rest, struct arena *arena)
{
    char c = rest.ptr[0];
    struct slice one = {rest.ptr, 1};
    size_t len = sign_len(rest);
    if (len > 0) {
        struct slice sign = {rest.ptr, len};
        return (struct token){.kind = TOKEN_SIGN, .text = sign, .value = sign};
    }
    switch (c) {
    case '"':
        return take_text(rest, arena);
    case '[':
        return take_column(rest);
    case '(':
        return (struct token){.kind = TOKEN_OPEN, .text = one};
    case ')':
        return (struct token){.kind = TOKEN_CLOSE, .text = one};
    case ',':
        return (struct token){.kind = TOKEN_COMMA, .text = one};
    default:
        break;
    }
    if (is_digit(c)) {
        return take_number(rest);
    }
    return is_name_char(c) && !is_curly_quote(rest) ? take_name(rest)
                                                    : take_wrong(rest);
}

struct token
formula_lex_next(struct slice *rest, struct arena *arena)
{
    skip_blanks(rest);
    if (rest->len == 0) {
        return (struct token){.kind = TOKEN_END, .text = *rest};
    }
    struct token token = take_token(*rest, arena);
    rest->ptr += token.text.len;
    rest->len -= token.text.len;
    return token;
}
