/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/formula/formula_parse.h"

#include "base/mem.h"
#include "mapping/formula/formula_lex.h"
#include "mapping/function/function_table.h"
#include "mapping/problem.h"

#include <stdio.h>
#include <stdlib.h>

/* Calls inside of one another, to which the operators of a chain such as
 * a + b - c add up. */
#define DEPTH_LIMIT 1000

/* How strongly operators bind, the weakest first. */
enum binding {
    BIND_NONE,
    BIND_OR,
    BIND_AND,
    BIND_NOT,
    BIND_COMPARE,
    BIND_JOIN,
    BIND_SUM,
    BIND_PRODUCT,
    BIND_UNARY,
};

struct parser {
    const struct formula_scope *scope;
    struct slice rest;
    struct token token; /* looked at, not taken */
    const char *last;   /* the end of what was taken */
    unsigned depth;
    bool failed;
};

static struct formula_node *parse_expression(struct parser *parser,
                                             enum binding least);

static void
advance(struct parser *parser)
{
    parser->last = parser->token.text.ptr + parser->token.text.len;
    parser->token = formula_lex_next(&parser->rest, parser->scope->arena);
}

static struct formula_node *
fail(struct parser *parser, struct slice where, const char *help,
     const char *what)
{
    if (!parser->failed) {
        const struct formula_scope *scope = parser->scope;
        formula_tell(scope->problems, scope->place, scope->text,
                     (size_t)(where.ptr - scope->text.ptr), where.len,
                     "formula-syntax", help, "%s", what);
    }
    parser->failed = true;
    return NULL;
}

static struct formula_node *
fail_at_token(struct parser *parser, const char *help, const char *what)
{
    const struct token *token = &parser->token;
    if (token->kind == TOKEN_WRONG) {
        return fail(parser, token->text, token->help, token->what);
    }
    return fail(parser, token->text, help, what);
}

static struct formula_node *
new_node(struct parser *parser, enum node_kind kind, struct slice text)
{
    struct formula_node *node =
        arena_array(parser->scope->arena, 1, sizeof *node);
    node->kind = kind;
    node->text = text;
    return node;
}

static struct formula_node *
new_call(struct parser *parser, const struct function *function,
         struct slice name, struct formula_node **args, size_t count)
{
    struct formula_node *node = new_node(parser, NODE_CALL, name);
    node->name = name;
    node->function = function;
    node->arg_count = (unsigned)count;
    node->args = arena_array(parser->scope->arena, count + 1, sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        node->args[i] = args[i];
        node->depth =
            args[i]->depth >= node->depth ? args[i]->depth + 1 : node->depth;
    }
    return node;
}

/* From the first argument, or the name, to what was taken last. */
static void
set_extent(const struct parser *parser, struct formula_node *node,
           const char *begin)
{
    node->text = (struct slice){begin, (size_t)(parser->last - begin)};
}

/* Things that come one after another, until their number is known. */
struct list {
    struct formula_node **items;
    size_t count, capacity;
};

static void
list_add(struct list *list, struct formula_node *item)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        list->items =
            mem_realloc_array(list->items, list->capacity, sizeof *list->items);
    }
    list->items[list->count++] = item;
}

/* Behind the opening bracket; false after a failure. */
static bool
parse_arguments(struct parser *parser, struct slice name, struct list *list)
{
    char help[120];
    snprintf(help, sizeof help, "'%.*s(' is not closed",
             (int)(name.len < 60 ? name.len : 60), name.ptr);
    if (parser->token.kind == TOKEN_CLOSE) {
        advance(parser);
        return true;
    }
    for (;;) {
        struct formula_node *arg = parse_expression(parser, BIND_NONE);
        if (arg == NULL) {
            return false;
        }
        list_add(list, arg);
        if (parser->token.kind == TOKEN_COMMA) {
            advance(parser);
            continue;
        }
        if (parser->token.kind == TOKEN_CLOSE) {
            advance(parser);
            return true;
        }
        (void)fail_at_token(parser, help,
                            "a comma or a closing bracket is missing here");
        return false;
    }
}

static void
refuse_function(struct parser *parser, struct formula_node *node)
{
    char help[FUNCTION_HELP_SIZE];
    function_table_suggest(node->name, help);
    formula_compile_refuse(parser->scope, node, "unknown-function", help,
                           "there is no function '%.*s'",
                           (int)(node->name.len < 60 ? node->name.len : 60),
                           node->name.ptr);
}

static struct formula_node *
parse_call(struct parser *parser, struct slice name)
{
    struct list list = {0};
    advance(parser); /* the bracket */
    struct formula_node *node = NULL;
    if (parse_arguments(parser, name, &list)) {
        node = new_call(parser, function_table_find(name), name, list.items,
                        list.count);
        if (node->function == NULL) {
            refuse_function(parser, node);
        }
        set_extent(parser, node, name.ptr);
    }
    free(list.items);
    return node;
}

static struct formula_node *
parse_name(struct parser *parser)
{
    struct slice name = parser->token.value;
    advance(parser);
    if (parser->token.kind == TOKEN_OPEN) {
        return parse_call(parser, name);
    }
    struct formula_node *node = new_node(parser, NODE_COLUMN, name);
    node->name = name;
    bool is_true = slice_is_nocase(name, "TRUE");
    if (is_true || slice_is_nocase(name, "FALSE")) {
        node->kind = NODE_CONSTANT;
        node->constant = formula_value_truth(is_true);
    }
    return node;
}

static struct formula_node *
parse_constant(struct parser *parser)
{
    const struct token token = parser->token;
    struct formula_node *node = new_node(parser, NODE_CONSTANT, token.text);
    struct decimal number;
    advance(parser);
    if (token.kind == TOKEN_TEXT) {
        node->constant = formula_value_text(token.value);
    } else if (decimal_read(token.value, &number)) {
        node->constant = formula_value_number(number);
    } else {
        return fail(parser, token.text, "a number has at most 34 digits",
                    "this number is too long");
    }
    return node;
}

static struct formula_node *
parse_prefix(struct parser *parser, const char *name, enum binding binding)
{
    struct slice sign = parser->token.text;
    advance(parser);
    struct formula_node *arg = parse_expression(parser, binding);
    if (arg == NULL) {
        return NULL;
    }
    struct formula_node *node =
        new_call(parser, function_table_operator(name), sign, &arg, 1);
    set_extent(parser, node, sign.ptr);
    return node;
}

static struct formula_node *
parse_group(struct parser *parser)
{
    const char *begin = parser->token.text.ptr;
    advance(parser);
    struct formula_node *node = parse_expression(parser, BIND_NONE);
    if (node == NULL) {
        return NULL;
    }
    if (parser->token.kind != TOKEN_CLOSE) {
        return fail_at_token(parser, "a bracket is open",
                             "a closing bracket is missing here");
    }
    advance(parser);
    set_extent(parser, node, begin);
    return node;
}

static bool
opens_call(const struct parser *parser)
{
    struct slice rest = slice_trim(parser->rest);
    return slice_begins(rest, "(");
}

static struct formula_node *
parse_operand(struct parser *parser)
{
    const struct token *token = &parser->token;
    switch (token->kind) {
    case TOKEN_TEXT:
    case TOKEN_NUMBER:
        return parse_constant(parser);
    case TOKEN_NAME:
        if (slice_is_nocase(token->text, "NOT") && !opens_call(parser)) {
            return parse_prefix(parser, "!", BIND_NOT);
        }
        return parse_name(parser);
    case TOKEN_COLUMN: {
        struct formula_node *node = new_node(parser, NODE_COLUMN, token->text);
        node->name = token->value;
        advance(parser);
        return node;
    }
    case TOKEN_OPEN:
        return parse_group(parser);
    case TOKEN_SIGN:
        if (slice_is(token->text, "-")) {
            return parse_prefix(parser, "negate", BIND_UNARY);
        }
        if (slice_is(token->text, "!")) {
            return parse_prefix(parser, "!", BIND_UNARY);
        }
        return fail_at_token(parser, "something to its left is missing",
                             "an operator can't stand here");
    case TOKEN_END:
        return fail_at_token(parser, "something is missing behind it",
                             "the formula ends too early");
    case TOKEN_CLOSE:
    case TOKEN_COMMA:
    case TOKEN_WRONG:
        break;
    }
    return fail_at_token(parser,
                         "a column, a text, a number or a function is missing",
                         "an argument is missing here");
}

struct infix {
    const char *sign, *name; /* as written; of the operator */
    enum binding binding;
    bool gathers; /* a chain of it is one call */
};
static const struct infix infixes[] = {
    {"||", "||", BIND_OR, true},       {"OR", "||", BIND_OR, true},
    {"&&", "&&", BIND_AND, true},      {"AND", "&&", BIND_AND, true},
    {"=", "=", BIND_COMPARE, false},   {"==", "=", BIND_COMPARE, false},
    {"<>", "<>", BIND_COMPARE, false}, {"!=", "<>", BIND_COMPARE, false},
    {"<", "<", BIND_COMPARE, false},   {"<=", "<=", BIND_COMPARE, false},
    {">", ">", BIND_COMPARE, false},   {">=", ">=", BIND_COMPARE, false},
    {"&", "&", BIND_JOIN, true},       {"+", "+", BIND_SUM, false},
    {"-", "-", BIND_SUM, false},       {"*", "*", BIND_PRODUCT, false},
    {"/", "/", BIND_PRODUCT, false},
};

static const struct infix *
find_infix(const struct token *token)
{
    for (size_t i = 0; i < sizeof infixes / sizeof *infixes; i++) {
        if ((token->kind == TOKEN_SIGN &&
             slice_is(token->text, infixes[i].sign)) ||
            (token->kind == TOKEN_NAME && infixes[i].sign[0] >= 'A' &&
             slice_is_nocase(token->text, infixes[i].sign))) {
            return &infixes[i];
        }
    }
    return NULL;
}

/* a & b & c: one call, however many there are. */
static struct formula_node *
parse_chain(struct parser *parser, const struct infix *infix,
            struct formula_node *left)
{
    struct list list = {0};
    const char *begin = left->text.ptr;
    struct slice sign = parser->token.text;
    struct formula_node *node = NULL;
    list_add(&list, left);
    const struct infix *next = infix;
    while (next != NULL && strcmp(next->name, infix->name) == 0) {
        advance(parser);
        struct formula_node *right = parse_expression(parser, infix->binding);
        if (right == NULL) {
            goto done;
        }
        list_add(&list, right);
        next = find_infix(&parser->token);
    }
    node = new_call(parser, function_table_operator(infix->name), sign,
                    list.items, list.count);
    set_extent(parser, node, begin);
done:
    free(list.items);
    return node;
}

static struct formula_node *
parse_pair(struct parser *parser, const struct infix *infix,
           struct formula_node *left)
{
    struct slice sign = parser->token.text;
    const char *begin = left->text.ptr;
    advance(parser);
    struct formula_node *args[] = {left,
                                   parse_expression(parser, infix->binding)};
    if (args[1] == NULL) {
        return NULL;
    }
    struct formula_node *node =
        new_call(parser, function_table_operator(infix->name), sign, args, 2);
    set_extent(parser, node, begin);
    const struct infix *next = find_infix(&parser->token);
    if (infix->binding == BIND_COMPARE && next != NULL &&
        next->binding == BIND_COMPARE) {
        return fail(parser, parser->token.text,
                    "compare two at a time and join the results with AND",
                    "comparisons can't be chained");
    }
    return node;
}

static struct formula_node *
parse_infixes(struct parser *parser, enum binding least,
              struct formula_node *left)
{
    const struct infix *infix = find_infix(&parser->token);
    while (left != NULL && infix != NULL && infix->binding > least) {
        if (left->depth > DEPTH_LIMIT) {
            return fail_at_token(parser, "put parts of it in brackets",
                                 "too many operators follow one another");
        }
        left = infix->gathers ? parse_chain(parser, infix, left)
                              : parse_pair(parser, infix, left);
        infix = find_infix(&parser->token);
    }
    return left;
}

static struct formula_node *
parse_expression(struct parser *parser, enum binding least)
{
    if (++parser->depth > FORMULA_NESTING_LIMIT) {
        return fail_at_token(parser, "there may be 100 of them",
                             "brackets are nested too deep");
    }
    struct formula_node *node =
        parse_infixes(parser, least, parse_operand(parser));
    parser->depth--;
    return node;
}

/* What stands where the formula should have ended. */
static struct formula_node *
refuse_rest(struct parser *parser)
{
    const struct token *token = &parser->token;
    if (token->kind == TOKEN_CLOSE) {
        return fail_at_token(parser, "take it out, or open it before",
                             "this bracket was never opened");
    }
    if (token->kind == TOKEN_COMMA) {
        return fail_at_token(parser,
                             "commas part the arguments of a function; "
                             "numbers have a point, as in 1.5",
                             "a comma can't stand here");
    }
    return fail_at_token(parser,
                         "texts are joined with &; a column whose name holds "
                         "blanks stands in brackets, as in [Customer No.]",
                         "an operator is missing here");
}

struct formula_node *
formula_parse(const struct formula_scope *scope)
{
    struct parser parser = {.scope = scope, .rest = scope->body};
    parser.token = (struct token){.text = {scope->body.ptr, 0}};
    advance(&parser);
    if (parser.token.kind == TOKEN_END) {
        return fail_at_token(&parser, "write one, as in =TRIM(Name)",
                             "there is no formula here");
    }
    struct formula_node *node = parse_expression(&parser, BIND_NONE);
    if (node != NULL && parser.token.kind != TOKEN_END) {
        return refuse_rest(&parser);
    }
    return node;
}
