/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql_lex.h"

static bool
is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == ':' ||
           c == '-' || c == '+';
}

static const char *
end_of_string(const char *at, const char *end)
{
    while (at < end && *at != '\'')
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at : NULL;
}

static bool
is_pair(const char *at, const char *end)
{
    return at + 1 < end && ((strchr("<>!", *at) && at[1] == '=') ||
                            (at[0] == '<' && at[1] == '>'));
}

bool
soql_lex_next(struct slice *rest, struct soql_token *token)
{
    const char *at = rest->ptr, *end = rest->ptr + rest->len;
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    const char *stop = at;
    if (at == end) {
        *token = (struct soql_token){TOKEN_END, {end, 0}};
    } else if (*at == '\'') {
        stop = end_of_string(at + 1, end);
        if (!stop)
            return false;
        *token = (struct soql_token){TOKEN_STRING,
                                     {at + 1, (size_t)(stop - at - 1)}};
        stop++;
    } else {
        while (stop < end && is_word(*stop))
            stop++;
        bool word = stop > at;
        if (!word)
            stop += is_pair(at, end) ? 2 : 1;
        *token = (struct soql_token){word ? TOKEN_WORD : TOKEN_SYMBOL,
                                     {at, (size_t)(stop - at)}};
    }
    *rest = (struct slice){stop, (size_t)(end - stop)};
    return true;
}

struct slice
soql_lex_unescape(struct slice text, bool keep_wildcards, struct arena *arena)
{
    char *out = arena_bytes(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != '\\' || i + 1 == text.len) {
            out[len++] = c;
            continue;
        }
        c = text.ptr[++i];
        if (keep_wildcards && (c == '%' || c == '_' || c == '\\'))
            out[len++] = '\\';
        const char *letter = strchr("nrtbf", c);
        out[len++] = c && letter ? "\n\r\t\b\f"[letter - "nrtbf"] : c;
    }
    return (struct slice){out, len};
}
