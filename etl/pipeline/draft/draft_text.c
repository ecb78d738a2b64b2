/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft_text.h"

#include "model/yaml_text.h"
#include "pipeline/draft/draft_lookup.h"

#include <string.h>

#define COMMENT_COLUMN 48
#define EXAMPLE_CHARACTERS 30
#define NULL_ID "000000000000000AAA"

struct writing {
    const struct draft_plan *plan;
    struct buffer *text;
    struct draft_summary *summary;
    struct arena arena;
};

static bool
is_number(const struct schema_field *field)
{
    return field != NULL && schema_type_is_number(field->type);
}

/* By position where the name would mean another column, or something else. */
static void
put_column(struct writing *writing, size_t index)
{
    const struct draft_column *column = &writing->plan->source->columns[index];
    char first = column->name.len > 0 ? column->name.ptr[0] : '\0';
    if (column->is_ambiguous || first == '[' || first == '=' || first == '#') {
        buffer_printf(writing->text, "\"[#%zu]\"", index + 1);
    } else {
        /* Without quotes the remark would be taken for a part of it. */
        yaml_text_quoted(writing->text, column->name);
    }
}

static void
put_key_text(struct buffer *text, const char *key, const char *value)
{
    buffer_printf(text, ", %s: ", key);
    yaml_text_put(text, slice_of(value));
}

/* How Salesforce's own export spells that there is no parent. */
static bool
has_null_id(const struct column_profile *profile)
{
    for (size_t i = 0; i < profile->example_count; i++) {
        if (slice_is(profile->examples[i], NULL_ID)) {
            return true;
        }
    }
    return false;
}

static void
put_null_values(struct buffer *text, const struct schema_field *field,
                const struct column_profile *profile)
{
    bool is_date = field != NULL &&
                   (field->type == FIELD_DATE || field->type == FIELD_DATETIME);
    bool has_zeros = is_date && profile->placeholders > 0;
    if (field != NULL && field->type == FIELD_REFERENCE &&
        has_null_id(profile)) {
        buffer_append_text(text, ", null_values: [\"" NULL_ID "\"]");
        return;
    }
    if (!has_zeros && profile->unavailable == 0) {
        return;
    }
    buffer_append_text(text, ", null_values: [");
    if (has_zeros) {
        yaml_text_quoted(text, profile->placeholder);
    }
    if (profile->unavailable > 0) {
        buffer_append_text(text, has_zeros ? ", \"#N/A\"" : "\"#N/A\"");
    }
    buffer_append_char(text, ']');
}

/* What a field of this type needs said of the column's values. */
static void
put_conversion(struct writing *writing, const struct schema_field *field,
               const struct draft_column *column)
{
    struct buffer *text = writing->text;
    const struct column_guess *guess = &column->guess;
    if (is_number(field) && guess->number_shape != NULL) {
        put_key_text(text, "number", guess->number_shape);
    }
    if (field != NULL && field->type == FIELD_DATE && guess->shape != NULL) {
        put_key_text(text, "date", guess->shape);
    }
    if (field != NULL && field->type == FIELD_DATETIME &&
        guess->shape != NULL) {
        put_key_text(text, "datetime", guess->shape);
    }
    if (field != NULL && field->type == FIELD_BOOLEAN && guess->yes != NULL) {
        buffer_printf(text, ", boolean: [%s, %s]", guess->yes, guess->no);
    }
    put_null_values(text, field, &column->profile);
}

/* Behind the line, in a column of its own where it fits. */
static void
begin_comment(struct buffer *text, size_t line_begin)
{
    size_t width = text->len - line_begin;
    buffer_printf(text, "%*s# ",
                  width < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - width) : 2,
                  "");
}

/* One line, without control characters, cut. */
static void
put_example(struct buffer *text, const struct column_profile *profile)
{
    if (profile->example_count == 0) {
        return;
    }
    struct slice value = profile->examples[0];
    if (slice_utf8_valid_len(value) == value.len) {
        size_t len = slice_utf8_prefix(value, EXAMPLE_CHARACTERS);
        value.len = len < value.len ? len : value.len;
    } else {
        value.len = 0;
    }
    buffer_append_text(text, ", as in ");
    yaml_text_quoted(text, value);
}

/* Of values that will be rejected. */
static void
put_misses(struct writing *writing, size_t index)
{
    const struct column_guess *guess =
        &writing->plan->source->columns[index].guess;
    const struct schema_field *field = writing->plan->lines[index].match.field;
    bool is_kind =
        field != NULL &&
        (field->type == FIELD_DATE || field->type == FIELD_DATETIME ||
         field->type == FIELD_BOOLEAN || field->type == FIELD_EMAIL);
    uint64_t misses = is_number(field) ? guess->number_misses
                      : is_kind        ? guess->misses
                                       : 0;
    if (misses > 0) {
        buffer_printf(writing->text, "; %llu value%s not fit",
                      (unsigned long long)misses,
                      misses == 1 ? " does" : "s do");
    }
}

static bool
is_left_out(const struct draft_line *line)
{
    return line->note != NULL && strcmp(line->note, DRAFT_PLAN_READ_ONLY) == 0;
}

static void
put_remark(struct writing *writing, size_t index)
{
    const struct draft_column *column = &writing->plan->source->columns[index];
    const struct draft_line *line = &writing->plan->lines[index];
    const struct schema_field *field = line->match.field;
    struct buffer *text = writing->text;
    if (line->match.surety == MATCH_NONE) {
        buffer_printf(text, "%s%s",
                      column->profile.rows == column->profile.blanks
                          ? "always blank"
                          : "no field is known; ",
                      column->guess.kind == COLUMN_BLANK
                          ? ""
                          : column_profile_kind_name(column->guess.kind));
    } else if (line->is_open) {
        buffer_printf(text, "%s%s",
                      is_left_out(line) ? "left out: " : "open: ", line->note);
    } else {
        buffer_printf(text, "%s, %s",
                      line->match.surety == MATCH_SURE ? "sure" : "likely",
                      line->match.why);
    }
    if (line->is_open) {
        put_example(text, &column->profile);
    } else {
        put_misses(writing, index);
    }
    bool counts_characters =
        field != NULL && field->length > 0 && !is_number(field);
    if (!line->is_open && counts_characters &&
        column->profile.longest > field->length) {
        buffer_printf(text, "; open: up to %zu characters, it takes %u",
                      column->profile.longest, field->length);
        writing->summary->open++;
    }
}

static void
put_line(struct writing *writing, size_t index)
{
    const struct draft_column *column = &writing->plan->source->columns[index];
    const struct draft_line *line = &writing->plan->lines[index];
    struct buffer *text = writing->text;
    size_t begin = text->len;
    buffer_printf(text, "      %s%s: ", line->is_open ? "# " : "",
                  line->match.name != NULL ? line->match.name : "FIELD");
    size_t value = text->len;
    put_column(writing, index);
    size_t plain = text->len;
    put_conversion(writing, line->match.field, column);
    if (text->len > plain) {
        struct slice said =
            arena_copy(&writing->arena,
                       (struct slice){text->bytes + value, text->len - value});
        text->len = value;
        buffer_printf(text, "{ column: %.*s }", SLICE_ARGS(said));
    }
    begin_comment(text, begin);
    put_remark(writing, index);
    buffer_append_char(text, '\n');
    writing->summary->mapped += !line->is_open;
    writing->summary->open +=
        line->is_open && line->match.surety != MATCH_NONE && !is_left_out(line);
}

/* Fields that a new record can't be without. */
static void
put_required(struct writing *writing)
{
    const struct schema_object *object = writing->plan->object;
    for (size_t i = 0; object != NULL && i < object->field_count; i++) {
        const struct schema_field *field = &object->fields[i];
        bool is_required = field->createable && !field->nillable &&
                           !field->defaulted_on_create &&
                           field->type != FIELD_BOOLEAN;
        bool is_mapped = draft_plan_is_mapped(writing->plan, field->name) ||
                         draft_lookup_is_mapped(writing->plan, field);
        if (is_required && !is_mapped) {
            size_t begin = writing->text->len;
            buffer_printf(writing->text, "      # %s: COLUMN", field->name);
            begin_comment(writing->text, begin);
            buffer_append_text(writing->text,
                               "open: the org requires it; or give it a "
                               "constant, { value: … }\n");
            writing->summary->open++;
        }
    }
}

static void
put_operation(struct buffer *text, const char *operation, const char *remark)
{
    size_t begin = text->len;
    buffer_printf(text, "    operation: %s", operation);
    begin_comment(text, begin);
    buffer_printf(text, "%s\n", remark);
}

static void
put_load(struct writing *writing)
{
    const struct draft_plan *plan = writing->plan;
    struct buffer *text = writing->text;
    bool finds_by_id = draft_plan_is_mapped(plan, "Id");
    buffer_printf(text, "\nloads:\n  - object: %s\n", plan->object_name);
    if (finds_by_id) {
        put_operation(
            text, "update",
            "the column of Ids finds the records, which are this org's");
    } else if (plan->key != SIZE_MAX) {
        put_operation(text, "upsert", plan->key_note);
        buffer_printf(text, "    external_id: %s\n",
                      plan->lines[plan->key].match.name);
    } else {
        put_operation(text, "insert",
                      "no key was found: loading twice makes records twice");
    }
    buffer_append_text(text, "    fields:\n");
    for (size_t i = 0; i < plan->source->column_count; i++) {
        put_line(writing, i);
    }
    if (!finds_by_id) {
        put_required(writing);
    }
}

static void
put_head(struct writing *writing)
{
    const struct draft_source *source = writing->plan->source;
    struct buffer *text = writing->text;
    buffer_printf(text,
                  "# A draft by 'sfetl init', from %s%llu rows: look at each "
                  "line,\n# then run 'sfetl check'. Lines that begin with # "
                  "are not loaded.\n",
                  source->is_whole ? "all " : "the first ",
                  (unsigned long long)source->rows);
    if (writing->plan->object == NULL) {
        buffer_append_text(text, "# No org was asked: fields are named by "
                                 "what is usual, and not checked.\n");
    }
    if (source->bad_rows > 0) {
        buffer_printf(text,
                      "# %llu of these rows are ragged or damaged and will "
                      "be rejected.\n",
                      (unsigned long long)source->bad_rows);
    }
    buffer_append_text(text, "sfetl: 1\n\n");
}

void
draft_text_source(const struct draft_source *source, const char *path,
                  struct buffer *text)
{
    char delimiter[] = {source->spec.delimiter, '\0'};
    buffer_printf(text, "source:\n  format: %s\n  path: ", source->spec.format);
    yaml_text_put(text, slice_of(path));
    buffer_append_char(text, '\n');
    if (source->is_xml) {
        buffer_append_text(text, "  record: ");
        yaml_text_put(text, slice_of(source->spec.record));
        buffer_append_char(text, '\n');
        return;
    }
    if (source->column_count > 1) {
        buffer_printf(text, "  delimiter: \"%s\"\n",
                      source->spec.delimiter == '\t' ? "\\t" : delimiter);
    }
    if (source->spec.encoding != NULL) {
        buffer_printf(text,
                      "  encoding: %-35s# a guess: look at the "
                      "umlauts\n",
                      source->spec.encoding);
    }
    if (source->spec.skip_lines > 0) {
        buffer_printf(text, "  skip_lines: %-33zu# before the header\n",
                      source->spec.skip_lines);
    }
    if (!source->has_header) {
        buffer_append_text(text, "  header: [");
        for (size_t i = 0; i < source->column_count; i++) {
            buffer_append_text(text, i > 0 ? ", " : "");
            yaml_text_put(text, source->columns[i].name);
        }
        buffer_append_text(text, "]\n");
    }
}

void
draft_text_mapping(const struct draft_plan *plan, const char *path,
                   struct buffer *text, struct draft_summary *summary)
{
    struct writing writing = {plan, text, summary, {0}};
    put_head(&writing);
    draft_text_source(plan->source, path, text);
    put_load(&writing);
    arena_release(&writing.arena);
}
