/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml_trap.h"

#include <stdio.h>

#define TEXT_SHOWN 100 /* bytes; a longer text is cut */

/* Begins something else than a text. */
#define SIGNS "[{\"!@*&%|>`"

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool
is_colon(struct slice line, size_t at)
{
    return line.ptr[at] == ':' &&
           (at + 1 == line.len || is_blank(line.ptr[at + 1]));
}

static size_t
skip_blanks(struct slice line, size_t at)
{
    while (at < line.len && is_blank(line.ptr[at])) {
        at++;
    }
    return at;
}

/* Behind the list dashes and the key; *begin is where the key stands. */
static size_t
value_offset(struct slice line, size_t *begin)
{
    size_t at = skip_blanks(line, 0);
    while (at + 1 < line.len && line.ptr[at] == '-' &&
           is_blank(line.ptr[at + 1])) {
        at = skip_blanks(line, at + 1);
    }
    *begin = at;
    if (at < line.len && strchr(SIGNS, line.ptr[at]) != NULL) {
        return at;
    }
    for (size_t i = at; i < line.len; i++) {
        if (is_colon(line, i)) {
            return skip_blanks(line, i + 1);
        }
    }
    return at;
}

/* The bracket or quote that closes the one at the offset; line.len if none. */
static size_t
closing_offset(struct slice line, size_t at)
{
    char open = line.ptr[at];
    char close = open == '[' ? ']' : open == '{' ? '}' : open;
    size_t depth = 0;
    for (size_t i = at + 1; i < line.len; i++) {
        if (open == '"' && line.ptr[i] == '\\') {
            i++;
        } else if (line.ptr[i] == close && depth == 0) {
            return i;
        } else if (open != close && line.ptr[i] == open) {
            depth++;
        } else if (line.ptr[i] == close) {
            depth--;
        }
    }
    return line.len;
}

/* "'a ''b'''", cut where it is long. */
static void
quote(struct slice text, char *quoted, size_t size)
{
    size_t len = 0;
    size_t shown = text.len;
    if (shown > TEXT_SHOWN) {
        for (shown = TEXT_SHOWN; (text.ptr[shown] & 0xC0) == 0x80; shown--) {
        }
    }
    for (size_t i = 0; i < shown && len + 8 < size; i++) {
        if (text.ptr[i] == '\'') {
            quoted[len++] = '\'';
        }
        quoted[len++] = text.ptr[i];
    }
    snprintf(quoted + len, size - len, "%s'", shown < text.len ? "…" : "");
}

static void
show_quoted(struct slice line, size_t begin, size_t at, size_t end, char *help)
{
    struct slice key = {line.ptr + begin, at - begin};
    struct slice text = slice_trim((struct slice){line.ptr + at, end - at});
    char quoted[2 * TEXT_SHOWN + 16];
    quote(text, quoted, sizeof quoted);
    if (key.len > TEXT_SHOWN / 2) {
        key.len = 0;
    }
    snprintf(help, YAML_TRAP_TEXT_SIZE, "write it in quotes: %.*s'%s",
             SLICE_ARGS(key), quoted);
}

void
yaml_trap_quote(struct slice line, char help[YAML_TRAP_TEXT_SIZE])
{
    size_t begin;
    size_t at = value_offset(line, &begin);
    show_quoted(line, begin, at, line.len, help);
}

static bool
begins_with_sign(struct slice line, size_t begin, size_t at,
                 struct yaml_trap *trap)
{
    char sign = line.ptr[at];
    if (strchr("[{\"", sign) != NULL) {
        size_t close = closing_offset(line, at);
        size_t next = close < line.len ? skip_blanks(line, close + 1) : close;
        if (next >= line.len || line.ptr[next] == '#' ||
            line.ptr[next] == ':') {
            return false;
        }
    }
    trap->offset = at;
    snprintf(trap->what, sizeof trap->what,
             "a text that begins with %c is not a text to YAML", sign);
    show_quoted(line, begin, at, line.len, trap->help);
    return true;
}

static bool
holds_colon(struct slice line, size_t begin, size_t at, struct yaml_trap *trap)
{
    for (size_t i = at; i < line.len; i++) {
        if (!is_colon(line, i)) {
            continue;
        }
        trap->offset = at;
        snprintf(trap->what, sizeof trap->what,
                 "': ' inside a text looks like a key to YAML");
        show_quoted(line, begin, at, line.len, trap->help);
        return true;
    }
    return false;
}

/* A sign where the parser stopped, inside { } or [ ]. */
static bool
stops_at_sign(struct slice line, size_t stop, struct yaml_trap *trap)
{
    if (stop >= line.len || strchr("!@*&%|>`", line.ptr[stop]) == NULL) {
        return false;
    }
    size_t end = stop;
    while (end < line.len && strchr(",]}", line.ptr[end]) == NULL) {
        end++;
    }
    trap->offset = stop;
    snprintf(trap->what, sizeof trap->what,
             "a text that begins with %c is not a text to YAML",
             line.ptr[stop]);
    show_quoted(line, stop, stop, end, trap->help);
    return true;
}

bool
yaml_trap_find(struct slice line, size_t stop, struct yaml_trap *trap)
{
    size_t begin;
    size_t at = value_offset(line, &begin);
    if (at >= line.len) {
        return false;
    }
    if (strchr(SIGNS, line.ptr[at]) != NULL &&
        begins_with_sign(line, begin, at, trap)) {
        return true;
    }
    if (strchr("[{\"'", line.ptr[at]) == NULL) {
        return holds_colon(line, begin, at, trap) ||
               stops_at_sign(line, stop, trap);
    }
    return stops_at_sign(line, stop, trap);
}

/* The words of libyaml 0.2. */
static const struct yaml_trap_fault faults[] = {
    {"could not find expected ':'", NULL, true, "a ':' is missing in this line",
     "a line is 'Key: text', with a blank behind the ':'"},
    {"found a tab character", NULL, false, "a tab indents this line",
     "YAML takes blanks only; let the editor replace tabs by blanks"},
    {"found character that cannot start any token", NULL, false,
     "no text can begin with this sign", "put the text in quotes"},
    {"found unexpected end of stream", "while scanning a quoted scalar", true,
     "the text that this quote begins never ends",
     "close it with the same sign; in single quotes '' is an apostrophe, in "
     "double quotes \\\" a quote"},
    {"did not find expected ',' or '}'", NULL, true,
     "this { } is not closed, or lacks a ','",
     "write { key: text, key: text }, and texts with , [ ] { } in quotes"},
    {"did not find expected ',' or ']'", NULL, true,
     "this [ ] is not closed, or lacks a ','",
     "write [text, text], and texts with , [ ] { } in quotes"},
    {"did not find expected key", "while parsing a block mapping", false,
     "this line does not begin where its neighbours do",
     "lines of one section are indented alike, with blanks"},
    {"did not find expected '-' indicator", NULL, false,
     "this line does not go on with the list above it",
     "begin it with '- ' below the other dashes, or indent it further"},
    {"mapping values are not allowed", NULL, false,
     "this ':' makes a key where none can be",
     "a line may be indented too far, or a text with ': ' wants quotes"},
    {"block sequence entries are not allowed", NULL, false,
     "a list can't begin here", "begin it in the line below its key"},
    {"block mapping entries are not allowed", NULL, false,
     "a key can't stand here", "begin it in a line of its own"},
    {"found unknown escape character", NULL, false,
     "a backslash with this sign means nothing in double quotes",
     "double the backslash, or use single quotes"},
};

const struct yaml_trap_fault *
yaml_trap_fault(const char *problem, const char *context)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct yaml_trap_fault *fault = &faults[i];
        bool is_context =
            fault->context == NULL ||
            (context != NULL &&
             strncmp(context, fault->context, strlen(fault->context)) == 0);
        if (is_context &&
            strncmp(problem, fault->problem, strlen(fault->problem)) == 0) {
            return fault;
        }
    }
    return NULL;
}
