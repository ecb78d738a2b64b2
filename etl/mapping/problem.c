/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/problem.h"

#include "base/buffer.h"
#include "base/mem.h"
#include "mapping/excerpt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SHOWN_LIMIT 100 /* problems that show their line */

static void add(struct problems *problems, struct problem problem,
                const char *help, const char *what, va_list args)
    __attribute__((format(printf, 4, 0)));

/* Into the arena, without what a cut left of a character. */
static struct slice
keep_text(struct arena *arena, struct slice text)
{
    char *kept = arena_bytes(arena, text.len + 1);
    size_t len = 0;
    while (text.len > 0) {
        size_t valid = slice_utf8_valid_len(text);
        memcpy(kept + len, text.ptr, valid);
        len += valid;
        valid += valid < text.len;
        text = (struct slice){text.ptr + valid, text.len - valid};
    }
    return (struct slice){kept, len};
}

/* len 0: as much as belongs together. */
static void
show_place(struct problems *problems, struct problem *problem, size_t len)
{
    if (problems->text.len == 0 || problem->line <= 0 || problems->lines_only ||
        problems->count > SHOWN_LIMIT) {
        return;
    }
    struct buffer shown = {0};
    size_t offset =
        excerpt_offset(problems->text, problem->line, problem->column);
    excerpt_append(&shown, problems->text, offset,
                   len > 0 ? len : excerpt_word(problems->text, offset),
                   problem->line);
    problem->shown = keep_text(&problems->arena, buffer_slice(&shown));
    buffer_release(&shown);
}

static void
add(struct problems *problems, struct problem problem, const char *help,
    const char *what, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, what, args);
    if (problems->count == problems->capacity) {
        problems->capacity =
            problems->capacity == 0 ? 16 : problems->capacity * 2;
        problems->items = mem_realloc_array(problems->items, problems->capacity,
                                            sizeof *problems->items);
    }
    problem.what = keep_text(&problems->arena, slice_of(text));
    problem.help = keep_text(&problems->arena, slice_of(help));
    if (!problem.is_warning) {
        show_place(problems, &problem, 0);
    }
    problems->items[problems->count++] = problem;
    problems->error_count += !problem.is_warning;
}

void
problem_add(struct problems *problems, int line, int column, const char *code,
            const char *help, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    add(problems,
        (struct problem){.line = line, .column = column, .code = code}, help,
        what, args);
    va_end(args);
}

void
problem_warn(struct problems *problems, int line, int column, const char *code,
             const char *help, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    add(problems,
        (struct problem){
            .line = line, .column = column, .code = code, .is_warning = true},
        help, what, args);
    va_end(args);
}

void
problem_mark(struct problems *problems, size_t len)
{
    show_place(problems, &problems->items[problems->count - 1], len);
}

void
problem_show(struct problems *problems, struct slice lines)
{
    problems->items[problems->count - 1].shown =
        keep_text(&problems->arena, lines);
}

static int
compare(const void *a, const void *b)
{
    const struct problem *x = a, *y = b;
    if (x->line != y->line) {
        return x->line < y->line ? -1 : 1;
    }
    return (x->column > y->column) - (x->column < y->column);
}

void
problem_sort(struct problems *problems)
{
    if (problems->count > 0) {
        qsort(problems->items, problems->count, sizeof *problems->items,
              compare);
    }
}

struct slice
problem_text(struct problems *problems, const struct problem *problem)
{
    struct buffer text = {0};
    buffer_append_text(&text, problems->path ? problems->path : "mapping");
    if (problem->line > 0) {
        buffer_printf(&text, ":%d", problem->line);
    }
    if (problem->line > 0 && !problems->lines_only) {
        buffer_printf(&text, ":%d", problem->column);
    }
    buffer_append_text(&text, problem->is_warning ? ": warning: " : ": ");
    buffer_append_slice(&text, problem->what);
    if (problem->help.len > 0) {
        buffer_append_text(&text, "; ");
        buffer_append_slice(&text, problem->help);
    }
    buffer_printf(&text, " [%s]", problem->code);
    struct slice copy = arena_copy(&problems->arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

void
problem_release(struct problems *problems)
{
    free(problems->items);
    arena_release(&problems->arena);
    *problems = (struct problems){.path = problems->path,
                                  .lines_only = problems->lines_only};
}
