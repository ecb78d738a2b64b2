/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/soql_select.h"

#include <string.h>

/* A word, a quoted text, or one other character. */
struct token {
    struct slice text; /* empty at the end */
    bool is_word;
};

struct scan {
    struct slice rest;
    struct token token;
    struct arena *arena;
    struct soql_select *select;
    size_t capacity, unnamed; /* aggregates without an alias so far */
    bool is_aggregate;        /* the item that is being read */
    struct error *err;
};

static bool
is_word_part(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':' ||
           c == '-' || c == '+' || (unsigned char)c >= 0x80;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A quote in a text stands behind a backslash. */
static size_t
quoted_len(struct slice text)
{
    size_t len = 1;
    while (len < text.len && text.ptr[len] != '\'') {
        len += text.ptr[len] == '\\' && len + 1 < text.len ? 2 : 1;
    }
    return len < text.len ? len + 1 : text.len;
}

static void
next(struct scan *scan)
{
    struct slice rest = scan->rest;
    while (rest.len > 0 && is_blank(*rest.ptr)) {
        rest.ptr++;
        rest.len--;
    }
    size_t len = 0;
    while (len < rest.len && is_word_part(rest.ptr[len])) {
        len++;
    }
    scan->token.is_word = len > 0;
    if (len == 0 && rest.len > 0) {
        len = *rest.ptr == '\'' ? quoted_len(rest) : 1;
    }
    scan->token.text = (struct slice){rest.ptr, len};
    scan->rest = (struct slice){rest.ptr + len, rest.len - len};
}

static bool
is(const struct scan *scan, const char *text)
{
    return slice_is_nocase(scan->token.text, text);
}

static bool
refuse(struct scan *scan, const char *what, const char *help)
{
    return error_set(scan->err, ERROR_CONFIG, 0,
                     "the query %s; %s [export-query]", what, help);
}

static bool
is_listed(struct slice name, const char *const *names)
{
    while (*names != NULL && !slice_is_nocase(name, *names)) {
        names++;
    }
    return *names != NULL;
}

static void
add_column(struct scan *scan, struct slice name)
{
    struct soql_select *select = scan->select;
    if (select->count == scan->capacity) {
        size_t capacity = scan->capacity ? scan->capacity * 2 : 16;
        struct slice *more =
            arena_array(scan->arena, capacity, sizeof(struct slice));
        if (select->count > 0) {
            memcpy(more, select->columns, select->count * sizeof *more);
        }
        select->columns = more;
        scan->capacity = capacity;
    }
    select->columns[select->count++] = name;
}

/* Behind a '(': up to the ')' that closes it. *first is the first word. */
static bool
pass_arguments(struct scan *scan, struct slice *first)
{
    size_t depth = 1;
    *first = (struct slice){NULL, 0};
    while (depth > 0) {
        next(scan);
        if (scan->token.text.len == 0) {
            return refuse(scan, "ends inside parentheses",
                          "each '(' needs a ')'");
        }
        depth += is(scan, "(");
        depth -= is(scan, ")");
        if (first->ptr == NULL && scan->token.is_word) {
            *first = scan->token.text;
        }
    }
    next(scan);
    return true;
}

/* Its column is named by the field inside, or, of an aggregate, by number. */
static bool
take_call(struct scan *scan, struct slice function)
{
    static const char *const plain[] = {"toLabel", "FORMAT", "convertCurrency",
                                        "convertTimezone", NULL};
    struct slice inside;
    if (!pass_arguments(scan, &inside)) {
        return false;
    }
    if (slice_is_nocase(function, "FIELDS")) {
        return refuse(scan, "selects by FIELDS()", "name the fields");
    }
    if (slice_is_nocase(function, "COUNT") && inside.ptr == NULL) {
        return refuse(scan, "counts with COUNT() and has no rows",
                      "'SELECT COUNT(Id) FROM …' gives one");
    }
    if (is_listed(function, plain)) {
        add_column(scan, inside);
        return true;
    }
    scan->is_aggregate = true;
    scan->select->not_bulk = "an aggregate function";
    add_column(scan, arena_printf(scan->arena, "expr%zu", scan->unnamed));
    return true;
}

static bool
take_item(struct scan *scan)
{
    struct slice name = scan->token.text;
    if (is(scan, "(")) {
        return refuse(scan, "holds another query in its select list",
                      "export the child object by a query of its own");
    }
    if (is(scan, "TYPEOF")) {
        return refuse(scan, "holds a TYPEOF", "name the fields of one type");
    }
    if (!scan->token.is_word) {
        return refuse(scan, "is no list of fields behind SELECT",
                      "it reads 'SELECT Id, Name FROM Account'");
    }
    next(scan);
    scan->is_aggregate = false;
    bool is_call = is(scan, "(");
    if (is_call && !take_call(scan, name)) {
        return false;
    }
    if (!is_call) {
        add_column(scan, name);
    }
    bool has_alias = scan->token.is_word && !is(scan, "FROM");
    if (has_alias) {
        scan->select->columns[scan->select->count - 1] = scan->token.text;
        next(scan);
    } else {
        scan->unnamed += scan->is_aggregate;
    }
    return true;
}

static void
take_rest(struct scan *scan)
{
    while (scan->token.text.len > 0) {
        if (is(scan, "GROUP")) {
            scan->select->not_bulk = "GROUP BY";
        } else if (is(scan, "OFFSET")) {
            scan->select->not_bulk = "OFFSET";
        }
        next(scan);
    }
}

bool
soql_select_parse(struct slice soql, struct arena *arena,
                  struct soql_select *select, struct error *err)
{
    *select = (struct soql_select){0};
    struct scan scan = {
        .rest = soql, .arena = arena, .select = select, .err = err};
    next(&scan);
    if (!is(&scan, "SELECT")) {
        return refuse(&scan, "does not begin with SELECT",
                      "it reads 'SELECT Id, Name FROM Account'");
    }
    do {
        next(&scan);
        if (!take_item(&scan)) {
            return false;
        }
    } while (is(&scan, ","));
    if (!is(&scan, "FROM")) {
        return refuse(&scan, "has no FROM behind its fields",
                      "it reads 'SELECT Id, Name FROM Account'");
    }
    next(&scan);
    if (!scan.token.is_word) {
        return refuse(&scan, "names no object behind FROM",
                      "it reads 'SELECT Id, Name FROM Account'");
    }
    select->object = scan.token.text;
    take_rest(&scan);
    return true;
}
