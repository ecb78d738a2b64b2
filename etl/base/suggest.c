/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <stdio.h>
#include <string.h>

#define WORD_LIMIT 80 /* longer words are not compared */

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t
smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance. */
static size_t
distance(struct slice a, struct slice b)
{
    size_t rows[3][WORD_LIMIT + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.len; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);
            size_t best = smaller(last[j], now[j - 1]) + 1;
            best = smaller(best, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
                y == lower(a.ptr[i - 2])) {
                best = smaller(best, before[j - 2] + 1);
            }
            now[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.len];
}

const char *
suggest_nearest(struct slice word, const char *const *candidates, size_t count)
{
    if (word.len == 0 || word.len > WORD_LIMIT) {
        return NULL;
    }
    const char *nearest = NULL;
    size_t limit = word.len < 3 ? 1 : word.len < 6 ? 2 : word.len / 3 + 1;
    size_t best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        struct slice candidate = slice_of(candidates[i]);
        if (candidate.len == 0 || candidate.len > WORD_LIMIT) {
            continue;
        }
        size_t edits = distance(word, candidate);
        if (edits < best && edits < candidate.len) {
            best = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}

const char *
suggest_phrase(char text[SUGGEST_SIZE], struct slice word,
               const char *const *candidates, size_t count)
{
    const char *nearest = suggest_nearest(word, candidates, count);
    text[0] = '\0';
    if (nearest != NULL) {
        snprintf(text, SUGGEST_SIZE, "; did you mean '%s'?", nearest);
    }
    return text;
}
