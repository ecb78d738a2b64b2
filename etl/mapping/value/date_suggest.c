/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/date_suggest.h"

#include "mapping/value/value_date.h"

#include <stdio.h>

/* What has been seen of a pattern, for letters that mean two things. */
struct seen {
    bool day, month, hour, is_half;
    char before; /* the sign in front of the run */
};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* .NET's `tt`, Oracle's `AM`. */
static bool
has_half(struct slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        bool is_tt = text.ptr[i] == 't' && text.ptr[i + 1] == 't';
        bool is_am = (text.ptr[i] | 0x20) == 'a' || (text.ptr[i] | 0x20) == 'p';
        if (is_tt || (is_am && (text.ptr[i + 1] | 0x20) == 'm')) {
            return true;
        }
    }
    return text.len > 0 && (text.ptr[text.len - 1] | 0x20) == 'a';
}

/* The letter here for one of another program; '\0': there is none. */
static char
letter_for(char theirs, size_t len, struct seen *seen)
{
    switch (theirs | 0x20) {
    case 'y': /* year */
    case 'j': /* Jahr */
        return 'y';
    case 't': /* Tag, T itself, or .NET's AM/PM */
        if (len == 1) {
            return theirs == 'T' ? 'T' : '\0';
        }
        if (seen->day) {
            return 'a';
        }
        seen->day = true;
        return 'd';
    case 'd':
        seen->day = true;
        return 'd';
    case 'm':
        if (seen->month || seen->hour) {
            return 'm';
        }
        seen->month = true;
        return 'M';
    case 'h':
        seen->hour = true;
        return seen->is_half ? 'h' : 'H';
    case 's':
        return seen->before == '.' || len == 3 ? 'S' : 's';
    case 'f': /* .NET's fractions */
        return 'S';
    case 'z':
    case 'x':
        return 'X';
    case 'a':
    case 'p':
        return 'a';
    default:
        return '\0';
    }
}

static size_t
run_len(struct slice text, size_t at)
{
    size_t len = 1;
    while (at + len < text.len &&
           (text.ptr[at + len] | 0x20) == (text.ptr[at] | 0x20)) {
        len++;
    }
    return len;
}

/* AM and PM are one sign here, the zone three. */
static size_t
written_len(struct slice text, size_t at, size_t *len, char letter)
{
    if (letter == 'a') {
        bool has_m =
            at + *len < text.len && (text.ptr[at + *len] | 0x20) == 'm';
        *len += has_m;
        return 1;
    }
    return letter == 'X' ? 3 : *len;
}

bool
date_suggest(struct slice text, char near[DATE_SUGGEST_SIZE])
{
    struct seen seen = {.is_half = has_half(text)};
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t len = 1, write = 1;
        char letter = text.ptr[at];
        if (is_letter(letter)) {
            len = run_len(text, at);
            letter = letter_for(letter, len, &seen);
            write = written_len(text, at, &len, letter);
        }
        if (letter == '\0' || count + write >= DATE_SUGGEST_SIZE) {
            return false;
        }
        memset(near + count, letter, write);
        count += write;
        at += len;
        seen.before = text.ptr[at - 1];
    }
    near[count] = '\0';
    struct date_pattern pattern;
    char why[DATE_WHY_SIZE];
    return !slice_is(text, near) &&
           value_date_pattern((struct slice){near, count}, &pattern, why);
}

const char *
date_suggest_help(struct slice text, const char *why,
                  char help[DATE_SUGGEST_HELP_SIZE])
{
    char near[DATE_SUGGEST_SIZE];
    if (date_suggest(text, near)) {
        snprintf(help, DATE_SUGGEST_HELP_SIZE, "did you mean '%s'?", near);
    } else {
        snprintf(help, DATE_SUGGEST_HELP_SIZE, "%s", why);
    }
    return help;
}
