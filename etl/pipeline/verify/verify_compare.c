/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify/verify_compare.h"

#include "base/mem.h"
#include "model/canonical.h"

#include <stdlib.h>

#define CHOICE_LIMIT 500 /* of a multi-select picklist */

const char *
verify_compare_name(enum verify_verdict verdict)
{
    static const char *const names[VERIFY_VERDICT_COUNT] = {
        [VERIFY_SAME] = "same",       [VERIFY_ROUNDED] = "rounded",
        [VERIFY_TRIMMED] = "trimmed", [VERIFY_CASE] = "case",
        [VERIFY_CUT] = "cut",         [VERIFY_BLANK] = "blank",
        [VERIFY_FILLED] = "filled",   [VERIFY_CHANGED] = "changed",
        [VERIFY_GONE] = "gone",       [VERIFY_STILL_THERE] = "kept",
    };
    return names[verdict];
}

static bool
equals_nocase(struct slice a, struct slice b)
{
    char *text = slice_dup(b);
    bool equal = strlen(text) == b.len && slice_is_nocase(a, text);
    free(text);
    return equal;
}

/* Without blanks at the ends, and each line end as LF; owned. */
static char *
plain_text(struct slice text, bool trims, size_t *len)
{
    text = trims ? slice_trim(text) : text;
    char *out = mem_alloc(text.len + 1);
    *len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n') {
            continue;
        }
        out[(*len)++] = c;
        if (c == '\r') {
            out[*len - 1] = '\n';
        }
    }
    return out;
}

static bool
equals_plain(struct slice a, struct slice b, bool trims)
{
    size_t a_len, b_len;
    char *x = plain_text(a, trims, &a_len);
    char *y = plain_text(b, trims, &b_len);
    bool equal = a_len == b_len && memcmp(x, y, a_len) == 0;
    free(x);
    free(y);
    return equal;
}

static enum verify_verdict
compare_text(const struct load_column *column, struct slice sent,
             struct slice found)
{
    if (slice_equals(sent, found) || equals_plain(sent, found, false)) {
        return VERIFY_SAME;
    }
    if (equals_plain(sent, found, true)) {
        return VERIFY_TRIMMED;
    }
    if (equals_nocase(sent, found)) {
        /* A parent is found whatever the case of its key. */
        bool by_parent = strchr(column->name, '.') != NULL;
        return by_parent && !column->case_sensitive ? VERIFY_SAME : VERIFY_CASE;
    }
    bool begins =
        found.len < sent.len && memcmp(sent.ptr, found.ptr, found.len) == 0;
    return begins ? VERIFY_CUT : VERIFY_CHANGED;
}

static int
compare_slices(const void *a, const void *b)
{
    const struct slice *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len > 0 ? memcmp(x->ptr, y->ptr, len) : 0;
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static size_t
split_choices(struct slice text, struct slice *choices)
{
    size_t count = 0;
    while (count < CHOICE_LIMIT) {
        const char *end = memchr(text.ptr, ';', text.len);
        size_t len = end != NULL ? (size_t)(end - text.ptr) : text.len;
        choices[count++] = slice_trim((struct slice){text.ptr, len});
        if (end == NULL) {
            break;
        }
        text = (struct slice){end + 1, text.len - len - 1};
    }
    qsort(choices, count, sizeof *choices, compare_slices);
    return count;
}

static bool
same_choices(struct slice sent, struct slice found)
{
    struct slice *a = mem_array((size_t)2 * CHOICE_LIMIT, sizeof *a);
    struct slice *b = a + CHOICE_LIMIT;
    size_t count = split_choices(sent, a);
    bool same = count == split_choices(found, b);
    for (size_t i = 0; same && i < count; i++) {
        same = slice_equals(a[i], b[i]);
    }
    free(a);
    return same;
}

/* The same second, or the same number when it has the org's decimals or is
 * kept as a double. */
static bool
is_rounded(const struct load_column *column, struct slice sent,
           struct slice found)
{
    char a[CANONICAL_SIZE], b[CANONICAL_SIZE];
    if (column->type == FIELD_DATETIME) {
        int64_t x, y;
        size_t len = canonical_value(column->type, 0, sent, a);
        if (len != sizeof x ||
            canonical_value(column->type, 0, found, b) != sizeof y) {
            return false;
        }
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        return x / 1000 == y / 1000;
    }
    int scale = column->rounds ? column->scale : CANONICAL_ALL_DECIMALS;
    size_t len = canonical_value_loose(column->type, scale, sent, a);
    return len > 0 &&
           canonical_value_loose(column->type, scale, found, b) == len &&
           memcmp(a, b, len) == 0;
}

enum verify_verdict
verify_compare(const struct load_column *column, struct slice sent,
               struct slice found)
{
    char a[CANONICAL_SIZE], b[CANONICAL_SIZE];
    bool is_switch = column->type == FIELD_BOOLEAN;
    if (sent.len == 0) {
        bool blank = found.len == 0 || (is_switch && slice_is(found, "false"));
        return blank ? VERIFY_SAME : VERIFY_FILLED;
    }
    if (found.len == 0) {
        return VERIFY_BLANK;
    }
    if (column->type == FIELD_MULTIPICKLIST && same_choices(sent, found)) {
        return VERIFY_SAME;
    }
    size_t len = canonical_value(column->type, CANONICAL_ALL_DECIMALS, sent, a);
    size_t found_len =
        canonical_value(column->type, CANONICAL_ALL_DECIMALS, found, b);
    if (len == 0 || found_len == 0) {
        return compare_text(column, sent, found);
    }
    if (len == found_len && memcmp(a, b, len) == 0) {
        return VERIFY_SAME;
    }
    return is_rounded(column, sent, found) ? VERIFY_ROUNDED : VERIFY_CHANGED;
}
