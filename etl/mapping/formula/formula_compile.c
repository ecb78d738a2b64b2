/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/formula/formula_parse.h"

#include "base/map.h"
#include "base/mem.h"
#include "mapping/function/function_table.h"
#include "mapping/problem.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct compiler {
    const struct formula_scope *scope;
    struct formula *formula;
    struct formula_scratch *scratch;
    struct map columns; /* name -> its place among the columns, plus 1 */
    size_t column_capacity;
};

static void compile_node(struct compiler *compiler, struct formula_node *node);

void
formula_compile_refuse(const struct formula_scope *scope,
                       struct formula_node *node, const char *code,
                       const char *help, const char *what, ...)
{
    char text[600];
    va_list args;
    node->is_wrong = true;
    node->kinds = KIND_ANY;
    va_start(args, what);
    vsnprintf(text, sizeof text, what, args);
    va_end(args);
    formula_tell(scope->problems, scope->place, scope->text,
                 (size_t)(node->text.ptr - scope->text.ptr), node->text.len,
                 code, help, "%s", text);
}

static void
compile_column(struct compiler *compiler, struct formula_node *node)
{
    struct formula *formula = compiler->formula;
    uintptr_t known = (uintptr_t)map_get(&compiler->columns, node->name);
    node->kinds = KIND_TEXT;
    if (known == 0) {
        if (formula->column_count == compiler->column_capacity) {
            size_t capacity = compiler->column_capacity * 2 + 8;
            struct formula_column *columns =
                arena_array(compiler->scope->arena, capacity, sizeof *columns);
            if (formula->column_count > 0) {
                memcpy(columns, formula->columns,
                       formula->column_count * sizeof *columns);
            }
            formula->columns = columns;
            compiler->column_capacity = capacity;
        }
        formula->columns[formula->column_count] = (struct formula_column){
            .name = node->name,
            .offset = (size_t)(node->text.ptr - compiler->scope->text.ptr),
            .len = node->text.len,
            .index = SIZE_MAX};
        known = ++formula->column_count;
        map_put(&compiler->columns, node->name, (void *)known);
    }
    node->column = known - 1;
}

/* A separator as a formula writes it. */
static struct slice
quoted(struct arena *arena, struct slice text)
{
    char *out = arena_bytes(arena, 2 * text.len + 2);
    size_t len = 0;
    out[len++] = '"';
    for (size_t i = 0; i < text.len; i++) {
        const char *control = memchr("\n\t", text.ptr[i], 2);
        if (control != NULL || text.ptr[i] == '"') {
            out[len++] = control != NULL ? '\\' : '"';
        }
        out[len++] = control == NULL    ? text.ptr[i]
                     : *control == '\n' ? 'n'
                                        : 't';
    }
    out[len++] = '"';
    return (struct slice){out, len};
}

/*
 * Of XML, COUNT and JOIN read all elements that a path matches: a column of its
 * own, under the name of the call, so that a result file that is fed back has
 * it too. JOIN needs a separator that is the same for every row.
 */
static void
gather(struct compiler *compiler, const struct formula_node *call, unsigned at)
{
    struct arena *arena = compiler->scope->arena;
    struct formula_node *node = call->args[at];
    const struct formula_node *separator = call->args[0];
    bool counts = call->arg_count == 1;
    if (node->kind != NODE_COLUMN ||
        (!counts && (separator->kind != NODE_CONSTANT ||
                     separator->constant.kind != KIND_TEXT))) {
        compile_node(compiler, node);
        return;
    }
    struct slice path = node->name;
    struct slice between =
        counts ? (struct slice){NULL, 0} : separator->constant.text;
    node->name = counts ? arena_printf(arena, "COUNT([%.*s])", SLICE_ARGS(path))
                        : arena_printf(arena, "JOIN(%.*s, [%.*s])",
                                       SLICE_ARGS(quoted(arena, between)),
                                       SLICE_ARGS(path));
    compile_column(compiler, node);
    struct formula_column *column = &compiler->formula->columns[node->column];
    column->gather = counts ? GATHER_COUNT : GATHER_JOIN;
    column->path = path;
    column->separator = between;
}

static void
compile_arguments(struct compiler *compiler, const struct formula_node *node)
{
    const struct function *function = node->function;
    bool gathers = compiler->scope->reads_xml && function != NULL &&
                   function->gathers && node->arg_count >= function->least &&
                   node->arg_count <= function->most;
    for (unsigned i = 0; i < node->arg_count; i++) {
        if (gathers && (i > 0 || node->arg_count == 1)) {
            gather(compiler, node, i);
        } else {
            compile_node(compiler, node->args[i]);
        }
    }
}

static bool
check_count(const struct compiler *compiler, struct formula_node *node)
{
    const struct function *function = node->function;
    bool is_one = function->most == 1 ||
                  (function->most == UINT_MAX && function->least == 1);
    char help[160], wants[60];
    if (node->arg_count >= function->least &&
        node->arg_count <= function->most) {
        return true;
    }
    if (function->most == UINT_MAX) {
        snprintf(wants, sizeof wants, "at least %u", function->least);
    } else if (function->least == function->most) {
        snprintf(wants, sizeof wants, "%u", function->least);
    } else {
        snprintf(wants, sizeof wants, "%u to %u", function->least,
                 function->most);
    }
    snprintf(help, sizeof help, "it is written %s", function->usage);
    formula_compile_refuse(compiler->scope, node, "argument-count", help,
                           "'%s' takes %s argument%s, not %u", function->name,
                           wants, is_one ? "" : "s", node->arg_count);
    return false;
}

/* The kinds that an argument may be of. */
static unsigned
kinds_of(char letter)
{
    switch (letter) {
    case 't':
    case 'k':
        return KIND_TEXT;
    case 'n':
    case 'w':
    case 'v':
        return KIND_NUMBER | KIND_TEXT;
    case 'd':
        return KIND_DATE;
    case 'm':
        return KIND_DATE | KIND_DATETIME;
    case 'x':
        return KIND_TEXT | KIND_DATE | KIND_DATETIME;
    case 'y':
        return KIND_TEXT | KIND_DATETIME;
    case 's':
        return KIND_NUMBER | KIND_TEXT | KIND_DATE | KIND_DATETIME;
    case 'c':
        return KIND_BOOLEAN;
    default:
        return KIND_ANY;
    }
}

static const char *
wanted_name(char letter)
{
    switch (letter) {
    case 't':
    case 'k':
        return "a text";
    case 'n':
        return "a number";
    case 'w':
        return "a whole number";
    case 'v':
        return "a text or a number";
    case 'd':
        return "a date";
    case 'm':
        return "a date or a datetime";
    case 'x':
        return "a text, a date or a datetime";
    case 'y':
        return "a text or a datetime";
    case 's':
        return "a number or a date";
    default:
        return "a condition";
    }
}

/* How an argument becomes what is wanted. */
static void
advise(char letter, const struct formula_node *arg, char help[200])
{
    int len = (int)(arg->text.len < 50 ? arg->text.len : 50);
    const char *cut = arg->text.len > 50 ? "…" : "";
    const char *text = arg->text.ptr;
    help[0] = '\0';
    if (letter == 't' || letter == 'k' || letter == 'v') {
        snprintf(help, 200, "write TEXT(%.*s%s)", len, text, cut);
    } else if ((letter == 'd' || letter == 'm') && arg->kinds == KIND_TEXT) {
        snprintf(help, 200,
                 "write DATEVALUE(%.*s%s, \"yyyyMMdd\"), with the "
                 "pattern that the text has",
                 len, text, cut);
    } else if (letter == 'd' && arg->kinds == KIND_DATETIME) {
        snprintf(help, 200, "write DATEVALUE(%.*s%s)", len, text, cut);
    } else if (letter == 'c' && arg->kinds == KIND_TEXT) {
        snprintf(help, 200,
                 "compare it, as in %.*s%s = \"X\", or test it, as "
                 "in NOT ISBLANK(%.*s%s)",
                 len, text, cut, len, text, cut);
    } else if (letter == 'c') {
        snprintf(help, 200, "compare it, as in %.*s%s > 0", len, text, cut);
    }
}

static bool
check_constant(const struct compiler *compiler, const struct formula_node *node,
               struct formula_node *arg)
{
    if (arg->kind == NODE_CONSTANT && arg->constant.kind == KIND_TEXT) {
        return true;
    }
    formula_compile_refuse(compiler->scope, arg, "not-constant",
                           "write a text in quotes; it is read once, not for "
                           "each row",
                           "'%s' needs a text that is always the same here",
                           node->function->name);
    return false;
}

/* A constant text that stands for a number is one from now on. */
static bool
check_number(const struct compiler *compiler, char letter,
             struct formula_node *arg)
{
    struct decimal number;
    int64_t whole;
    if (arg->kind != NODE_CONSTANT || arg->constant.kind == KIND_BLANK) {
        return true;
    }
    if (arg->constant.kind == KIND_TEXT) {
        if (!decimal_read(arg->constant.text, &number)) {
            formula_compile_refuse(
                compiler->scope, arg, "not-a-number",
                "texts are joined with &; a number is written like -1234.56",
                "a number is needed here, and this text is none");
            return false;
        }
        arg->constant = formula_value_number(number);
        arg->kinds = KIND_NUMBER;
    }
    if (letter == 'w' && arg->constant.kind == KIND_NUMBER &&
        !decimal_to_whole(arg->constant.number, &whole)) {
        formula_compile_refuse(compiler->scope, arg, "not-whole",
                               "use ROUND, INT, CEILING or FLOOR",
                               "a whole number is needed here");
        return false;
    }
    return true;
}

static bool
check_argument(const struct compiler *compiler, const struct formula_node *node,
               struct formula_node *arg, char takes)
{
    char letter = (char)tolower((unsigned char)takes);
    char help[200], kinds[FORMULA_KINDS_SIZE];
    unsigned wanted = kinds_of(letter);
    if (letter == 'k') {
        return check_constant(compiler, node, arg);
    }
    if (arg->kinds != KIND_BLANK && (arg->kinds & wanted) == 0) {
        advise(letter, arg, help);
        formula_compile_refuse(compiler->scope, arg, "wrong-kind", help,
                               "'%s' takes %s here, and this is %s",
                               node->function->name, wanted_name(letter),
                               formula_value_kinds(arg->kinds, kinds));
        return false;
    }
    bool is_number = letter == 'n' || letter == 'w';
    return !is_number || check_number(compiler, letter, arg);
}

static bool
check_arguments(const struct compiler *compiler, struct formula_node *node)
{
    const char *takes = node->function->takes;
    bool is_sound = true;
    for (size_t i = 0; i < node->arg_count; i++) {
        if (!node->args[i]->is_wrong) {
            is_sound &= check_argument(compiler, node, node->args[i], *takes);
        }
        is_sound &= !node->args[i]->is_wrong;
        takes += takes[1] != '\0';
    }
    return is_sound;
}

static bool
is_constant(const struct formula_node *node)
{
    for (size_t i = 0; i < node->arg_count; i++) {
        if (node->args[i]->kind != NODE_CONSTANT) {
            return false;
        }
    }
    return !node->function->is_impure;
}

/* Computes what is the same for every row. */
static void
fold(struct compiler *compiler, struct formula_node *node)
{
    const struct formula_row row = {0};
    struct formula_fault fault = {0};
    struct formula_run run = {compiler->formula, &row, compiler->scope->arena,
                              compiler->scratch, &fault};
    struct formula_value value;
    if (!formula_eval_node(&run, node, &value)) {
        const char *quote = fault.value.ptr != NULL ? "\"" : "";
        formula_compile_refuse(
            compiler->scope, node, fault.code, "", "%s%.*s%s%s%.*s", quote,
            (int)(fault.value.len < 80 ? fault.value.len : 80),
            fault.value.ptr != NULL ? fault.value.ptr : "", quote,
            fault.value.ptr != NULL ? " " : "", SLICE_ARGS(fault.text));
        return;
    }
    node->kind = NODE_CONSTANT;
    node->constant = value;
    node->kinds = value.kind;
}

static void
compile_call(struct compiler *compiler, struct formula_node *node)
{
    const struct function *function = node->function;
    compile_arguments(compiler, node);
    if (function == NULL) {
        return; /* told when it was parsed */
    }
    node->kinds = function->kinds;
    if (!check_count(compiler, node)) {
        return;
    }
    if (!check_arguments(compiler, node) ||
        (function->compile != NULL &&
         !function->compile(compiler->scope, node))) {
        node->is_wrong = true;
        return;
    }
    if (node->kind == NODE_CALL && is_constant(node)) {
        fold(compiler, node);
    }
}

static void
compile_node(struct compiler *compiler, struct formula_node *node)
{
    switch (node->kind) {
    case NODE_CONSTANT:
        node->kinds = node->constant.kind;
        return;
    case NODE_COLUMN:
        compile_column(compiler, node);
        return;
    case NODE_CALL:
        compile_call(compiler, node);
        return;
    }
}

static void
check_truth(const struct formula_scope *scope, struct formula_node *root)
{
    char help[200], kinds[FORMULA_KINDS_SIZE];
    if (root->is_wrong || !scope->wants_truth ||
        (root->kinds & KIND_BOOLEAN) != 0 || root->kinds == KIND_BLANK) {
        return;
    }
    advise('c', root, help);
    formula_compile_refuse(scope, root, "wrong-kind", help,
                           "a condition is needed here, and this is %s",
                           formula_value_kinds(root->kinds, kinds));
}

/* A leading '=' is allowed everywhere. */
static struct slice
body_of(struct slice text)
{
    struct slice body = slice_trim(text);
    return slice_begins(body, "=") ? (struct slice){body.ptr + 1, body.len - 1}
                                   : body;
}

struct formula *
formula_compile(const struct formula_scope *given, struct slice text)
{
    struct formula_scope scope = *given;
    scope.text = text;
    size_t errors = scope.problems->error_count;
    if (text.len > FORMULA_SIZE_LIMIT) {
        formula_tell(scope.problems, scope.place, text, 0, 1, "formula-size",
                     "put what is long into a table",
                     "a formula may have 1 MiB");
        return NULL;
    }
    struct formula *formula = arena_array(scope.arena, 1, sizeof *formula);
    struct formula_scope inner = scope;
    inner.body = body_of(text);
    formula->text = text;
    formula->place = scope.place;
    formula->arena = scope.arena;
    formula->null_values = scope.null_values;
    formula->zone = scope.zone;
    formula->root = formula_parse(&inner);
    if (formula->root == NULL) {
        return NULL;
    }
    struct compiler compiler = {
        .scope = &inner, .formula = formula, .scratch = formula_scratch_new()};
    compile_node(&compiler, formula->root);
    check_truth(&inner, formula->root);
    map_release(&compiler.columns);
    formula_scratch_free(compiler.scratch);
    return scope.problems->error_count == errors ? formula : NULL;
}
