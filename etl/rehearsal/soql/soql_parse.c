/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql_parse.h"

#include "rehearsal/soql/soql_lex.h"

/* Characters of the query that an error shows around its place. */
#define SHOWN_BEFORE 200
#define SHOWN_AFTER 40

struct parser {
    const struct schema *schema;
    struct slice query;
    const char *at;
    struct soql_token token; /* the one to be looked at */
    struct arena *arena;
    struct soql_statement *statement;
    struct org_fault *fault;
    int depth;
};

struct name {
    struct slice text;
    struct name *next;
};

static bool
unexpected(struct parser *parser)
{
    if (parser->token.kind == TOKEN_END)
        return org_fault_set(parser->fault, "MALFORMED_QUERY", NULL,
                             "unexpected token: <EOF>");
    return org_fault_set(parser->fault, "MALFORMED_QUERY", NULL,
                         "unexpected token: %.*s",
                         SLICE_ARGS(parser->token.text));
}

/* With the place in the query, as the query compiler of the org shows it. */
static bool
refuse_at(struct parser *parser, struct slice place, const char *code,
          struct slice why)
{
    const char *begin = parser->query.ptr;
    const char *end = begin + parser->query.len;
    int row = 1;
    const char *line = begin;
    for (const char *c = begin; c < place.ptr; c++)
        if (*c == '\n') {
            row++;
            line = c + 1;
        }
    const char *from =
        place.ptr - line > SHOWN_BEFORE ? place.ptr - SHOWN_BEFORE : line;
    const char *to = place.ptr;
    while (to < end && *to != '\n' && to - place.ptr < SHOWN_AFTER)
        to++;
    return org_fault_set(parser->fault, code, NULL,
                         "\n%.*s\n%*s^\nERROR at Row:%d:Column:%d\n%.*s",
                         (int)(to - from), from, (int)(place.ptr - from), "",
                         row, (int)(place.ptr - line) + 1, SLICE_ARGS(why));
}

static bool
next(struct parser *parser)
{
    struct slice rest = {parser->at, (size_t)(parser->query.ptr +
                                              parser->query.len - parser->at)};
    if (!soql_lex_next(&rest, &parser->token)) {
        parser->token.kind = TOKEN_END;
        return unexpected(parser);
    }
    parser->at = rest.ptr;
    return true;
}

static bool
is(const struct parser *parser, const char *text)
{
    return parser->token.kind != TOKEN_STRING &&
           parser->token.kind != TOKEN_END &&
           slice_is_nocase(parser->token.text, text);
}

/* Passes the word or symbol when it is there. */
static bool
took(struct parser *parser, const char *text)
{
    return is(parser, text) && next(parser);
}

static bool
expect(struct parser *parser, const char *text)
{
    return took(parser, text) || unexpected(parser);
}

static bool
resolve(struct parser *parser, struct slice name, struct soql_path *path)
{
    struct slice why;
    return soql_path_resolve(parser->schema, parser->statement->object, name,
                             parser->arena, path, &why) ||
           refuse_at(parser, name, "INVALID_FIELD", why);
}

static bool
wrong_type(struct parser *parser, const struct schema_field *field, bool quoted)
{
    return refuse_at(
        parser, parser->token.text, "INVALID_FIELD",
        arena_printf(parser->arena,
                     "value of filter criterion for field '%s' must be of "
                     "type %s and should %sbe enclosed in quotes",
                     field->name, org_schema_type_name(field->type),
                     quoted ? "not " : ""));
}

static bool
wants_quotes(enum field_type type)
{
    return org_schema_type_is_text(type) || type == FIELD_ID ||
           type == FIELD_REFERENCE || type == FIELD_ANY;
}

/* One literal, in the form that records are compared in. */
static bool
read_value(struct parser *parser, struct soql_condition *condition,
           struct slice *value)
{
    const struct schema_field *field = condition->path.field;
    bool quoted = parser->token.kind == TOKEN_STRING;
    struct slice text = parser->token.text;
    if (parser->token.kind != TOKEN_STRING && parser->token.kind != TOKEN_WORD)
        return unexpected(parser);
    if (took(parser, "null")) {
        *value = (struct slice){0};
        return !parser->fault->code;
    }
    if (quoted != wants_quotes(field->type))
        return wrong_type(parser, field, quoted);
    bool is_id = field->type == FIELD_ID || field->type == FIELD_REFERENCE;
    if (quoted)
        text = soql_lex_unescape(text, condition->operator== SOQL_LIKE,
                                 parser->arena);
    if (quoted && !is_id) {
        *value = field_value_fold(text, parser->arena);
        return next(parser);
    }
    if (is_id && !text.len) {
        *value = (struct slice){0};
        return next(parser);
    }
    struct org_fault ignored = {0};
    struct schema_field wide = *field;
    wide.precision = 60;
    wide.scale = org_schema_type_is_decimal(field->type) ? 17 : 0;
    wide.digits = 0;
    if (!field_value_parse(&wide, text, VALUE_FROM_XML, parser->arena, value,
                           &ignored)) {
        if (is_id)
            return org_fault_set(parser->fault, "INVALID_QUERY_FILTER_OPERATOR",
                                 NULL, "invalid ID field: %.*s",
                                 SLICE_ARGS(text));
        return wrong_type(parser, field, false);
    }
    return next(parser);
}

static bool
read_list(struct parser *parser, struct soql_condition *condition)
{
    size_t capacity = 16;
    condition->values =
        arena_array(parser->arena, capacity, sizeof *condition->values);
    if (!expect(parser, "("))
        return false;
    do {
        if (condition->value_count == capacity) {
            struct slice *more =
                arena_array(parser->arena, capacity * 2, sizeof *more);
            memcpy(more, condition->values, capacity * sizeof *more);
            condition->values = more;
            capacity *= 2;
        }
        if (!read_value(parser, condition,
                        &condition->values[condition->value_count++]))
            return false;
    } while (took(parser, ","));
    return expect(parser, ")");
}

static bool
read_operator(struct parser *parser, struct soql_condition *condition)
{
    static const struct {
        const char *text;
        enum soql_operator operator;
    } operators[] = {
        {"=", SOQL_EQUAL},
        {"!=", SOQL_NOT_EQUAL},
        {"<>", SOQL_NOT_EQUAL},
        {"<", SOQL_LESS},
        {"<=", SOQL_AT_MOST},
        {">", SOQL_GREATER},
        {">=", SOQL_AT_LEAST},
        {"LIKE", SOQL_LIKE},
        {"IN", SOQL_IN},
        {"INCLUDES", SOQL_INCLUDES},
        {"EXCLUDES", SOQL_EXCLUDES},
    };
    bool negated = took(parser, "NOT");
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (!is(parser, operators[i].text))
            continue;
        condition->operator= operators[i].operator;
        if (negated && condition->operator!= SOQL_IN)
            break;
        if (negated)
            condition->operator= SOQL_NOT_IN;
        return next(parser);
    }
    return unexpected(parser);
}

static bool
read_comparison(struct parser *parser, struct soql_condition *condition)
{
    struct slice name = parser->token.text;
    if (parser->token.kind != TOKEN_WORD)
        return unexpected(parser);
    if (!resolve(parser, name, &condition->path) || !next(parser) ||
        !read_operator(parser, condition))
        return false;
    const struct schema_field *field = condition->path.field;
    bool is_set = condition->operator== SOQL_INCLUDES || condition->operator==
                  SOQL_EXCLUDES;
    if (is_set != (field->type == FIELD_MULTIPICKLIST) && is_set)
        return refuse_at(parser, name, "INVALID_QUERY_FILTER_OPERATOR",
                         SLICE_LITERAL("includes or excludes operator only "
                                       "valid on multipicklist field"));
    if (org_schema_type_is_text(field->type) && field->length > 255)
        return refuse_at(
            parser, name, "INVALID_FIELD",
            arena_printf(parser->arena,
                         "field '%s' can not be filtered in a query call",
                         field->name));
    if (is_set ||
        condition->operator== SOQL_IN || condition->operator== SOQL_NOT_IN)
        return read_list(parser, condition);
    if (condition->operator==
        SOQL_LIKE && !org_schema_type_is_text(field->type))
        return refuse_at(parser, name, "INVALID_QUERY_FILTER_OPERATOR",
                         SLICE_LITERAL("invalid operator"));
    condition->values =
        arena_array(parser->arena, 1, sizeof *condition->values);
    condition->value_count = 1;
    return read_value(parser, condition, condition->values);
}

static struct soql_condition *
new_condition(struct parser *parser, enum soql_kind kind)
{
    struct soql_condition *condition =
        arena_array(parser->arena, 1, sizeof *condition);
    condition->kind = kind;
    return condition;
}

static struct soql_condition *read_conditions(struct parser *parser);

static struct soql_condition *
read_condition(struct parser *parser)
{
    if (parser->depth > SOQL_DEPTH_LIMIT) {
        unexpected(parser);
        return NULL;
    }
    struct soql_condition *condition;
    parser->depth++;
    if (took(parser, "NOT")) {
        condition = new_condition(parser, SOQL_NOT);
        condition->left = read_condition(parser);
        if (!condition->left)
            return NULL;
    } else if (took(parser, "(")) {
        condition = read_conditions(parser);
        if (!condition || !expect(parser, ")"))
            return NULL;
    } else {
        condition = new_condition(parser, SOQL_COMPARE);
        if (!read_comparison(parser, condition))
            return NULL;
    }
    parser->depth--;
    return condition;
}

/* AND and OR don't mix without parentheses. */
static struct soql_condition *
read_conditions(struct parser *parser)
{
    struct soql_condition *all = read_condition(parser);
    enum soql_kind kind = is(parser, "OR") ? SOQL_OR : SOQL_AND;
    const char *word = kind == SOQL_OR ? "OR" : "AND";
    while (all && took(parser, word)) {
        struct soql_condition *both = new_condition(parser, kind);
        both->left = all;
        both->right = read_condition(parser);
        all = both->right ? both : NULL;
    }
    if (all && (is(parser, "AND") || is(parser, "OR"))) {
        unexpected(parser);
        return NULL;
    }
    return all;
}

static bool
read_order(struct parser *parser)
{
    struct soql_statement *statement = parser->statement;
    static const size_t limit = 32;
    statement->order =
        arena_array(parser->arena, limit, sizeof *statement->order);
    do {
        struct soql_order *order = &statement->order[statement->order_count++];
        if (parser->token.kind != TOKEN_WORD || statement->order_count > limit)
            return unexpected(parser);
        if (!resolve(parser, parser->token.text, &order->path) || !next(parser))
            return false;
        order->descending = took(parser, "DESC");
        if (!order->descending)
            took(parser, "ASC");
        if (took(parser, "NULLS")) {
            order->nulls_last = took(parser, "LAST");
            if (!order->nulls_last && !expect(parser, "FIRST"))
                return false;
        }
    } while (statement->order_count < limit && took(parser, ","));
    return true;
}

static bool
read_count(struct parser *parser, uint64_t *count)
{
    if (!slice_to_u64(parser->token.text, count))
        return unexpected(parser);
    return next(parser);
}

/* The list before FROM, whose names can be resolved only behind it. */
static bool
read_columns(struct parser *parser, struct name **names, size_t *count)
{
    if (is(parser, "COUNT")) {
        if (!next(parser) || !expect(parser, "(") || !expect(parser, ")"))
            return false;
        parser->statement->is_count = true;
        return true;
    }
    struct name **link = names;
    do {
        if (parser->token.kind != TOKEN_WORD || is(parser, "FROM"))
            return unexpected(parser);
        *link = arena_array(parser->arena, 1, sizeof **link);
        (*link)->text = parser->token.text;
        link = &(*link)->next;
        ++*count;
        if (!next(parser))
            return false;
    } while (took(parser, ","));
    return true;
}

static bool
read_object(struct parser *parser)
{
    struct slice name = parser->token.text;
    if (parser->token.kind != TOKEN_WORD)
        return unexpected(parser);
    parser->statement->object = org_schema_object(parser->schema, name);
    if (parser->statement->object)
        return next(parser);
    return refuse_at(
        parser, name, "INVALID_TYPE",
        arena_printf(parser->arena,
                     "sObject type '%.*s' is not supported. If you are "
                     "attempting to use a custom object, be sure to append "
                     "the '__c' after the entity name. Please reference your "
                     "WSDL or the describe call for the appropriate names.",
                     SLICE_ARGS(name)));
}

static bool
read_tail(struct parser *parser)
{
    struct soql_statement *statement = parser->statement;
    if (took(parser, "WHERE") && !(statement->where = read_conditions(parser)))
        return false;
    if (took(parser, "ORDER") && (!expect(parser, "BY") || !read_order(parser)))
        return false;
    if (took(parser, "LIMIT") && !read_count(parser, &statement->limit))
        return false;
    if (took(parser, "OFFSET") && !read_count(parser, &statement->offset))
        return false;
    if (statement->offset > SOQL_OFFSET_LIMIT)
        return org_fault_set(parser->fault, "NUMBER_OUTSIDE_VALID_RANGE", NULL,
                             "Maximum SOQL offset allowed is %d",
                             SOQL_OFFSET_LIMIT);
    return parser->token.kind == TOKEN_END || unexpected(parser);
}

bool
soql_parse_statement(const struct schema *schema, struct slice text,
                     struct arena *arena, struct soql_statement *statement,
                     struct org_fault *fault)
{
    *statement = (struct soql_statement){.limit = UINT64_MAX};
    struct parser parser = {.schema = schema,
                            .query = text,
                            .at = text.ptr,
                            .arena = arena,
                            .statement = statement,
                            .fault = fault};
    if (!text.len)
        return org_fault_set(fault, "MALFORMED_QUERY", NULL,
                             "unexpected token: <EOF>");
    if (text.len > SOQL_TEXT_LIMIT || memchr(text.ptr, '\0', text.len))
        return org_fault_set(fault, "MALFORMED_QUERY", NULL,
                             "SOQL statements cannot be longer than %d "
                             "characters.",
                             SOQL_TEXT_LIMIT);
    struct name *names = NULL;
    size_t count = 0;
    if (!next(&parser) || !expect(&parser, "SELECT") ||
        !read_columns(&parser, &names, &count) || !expect(&parser, "FROM") ||
        !read_object(&parser))
        return false;
    statement->columns =
        arena_array(arena, count + 1, sizeof *statement->columns);
    for (; names; names = names->next)
        if (!resolve(&parser, names->text,
                     &statement->columns[statement->column_count++]))
            return false;
    return read_tail(&parser);
}
