/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_formula.h"

#include "mapping/excerpt.h"

bool
mapping_formula_is(const struct yaml_node *node)
{
    return node->kind == YAML_TEXT && node->text.len > 0 &&
           node->text.ptr[0] == '=';
}

/* The file's text from there on. Formulas come one after the other, so the
 * line of the last is kept: a large file is read once. */
static struct slice
text_at(struct mapping_reader *reader, int line, int column)
{
    struct slice rest = buffer_slice(&reader->mapping->text);
    if (line < reader->known_line || reader->known_line == 0) {
        reader->known_line = 1;
        reader->known_offset = 0;
    }
    rest.ptr += reader->known_offset;
    rest.len -= reader->known_offset;
    size_t begin = excerpt_offset(rest, line - reader->known_line + 1, 1);
    reader->known_line = line;
    reader->known_offset += begin;
    rest.ptr += begin;
    rest.len -= begin;
    size_t skipped = excerpt_offset(rest, 1, column);
    return (struct slice){rest.ptr + skipped, rest.len - skipped};
}

/* Where the formula begins, if it stands there as it is. */
static struct formula_place
place_of(struct mapping_reader *reader, const struct yaml_node *node)
{
    struct formula_place place = {node->line, node->column, false};
    struct slice there = text_at(reader, node->line, node->column);
    if (node->quoted && there.len > 0) {
        there = (struct slice){there.ptr + 1, there.len - 1};
    }
    if (there.len >= node->text.len &&
        memcmp(there.ptr, node->text.ptr, node->text.len) == 0) {
        place.column += node->quoted;
        place.is_exact = true;
    }
    return place;
}

struct formula *
mapping_formula_read(struct mapping_reader *reader,
                     const struct yaml_pair *pair, bool truth)
{
    struct mapping *mapping = reader->mapping;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text) ||
        mapping_reader_refuse_comment(reader, pair->value, "a formula")) {
        return NULL;
    }
    const struct formula_scope scope = {
        .arena = &mapping->arena,
        .problems = reader->problems,
        .place = place_of(reader, pair->value),
        .params = mapping->params,
        .param_count = mapping->param_count,
        .tables = &mapping->translations,
        .zone = mapping->shapes.zone,
        .zone_unsound =
            mapping->shapes.has_zone && mapping->shapes.zone == NULL,
        .null_values = &mapping->shapes.null_values,
        .now_ms = mapping->now_ms,
        .wants_truth = truth,
        .reads_xml = mapping->source.format != NULL &&
                     strcmp(mapping->source.format, "xml") == 0,
    };
    return formula_compile(&scope, text);
}

void
mapping_formula_where(struct mapping_reader *reader,
                      const struct yaml_pair *pair, struct load_plan *plan)
{
    plan->where = mapping_formula_read(reader, pair, true);
    plan->where_place = mapping_reader_place(pair->key);
    plan->where_reason = arena_printf(
        &reader->mapping->arena, "where is not met (mapping %s:%d)",
        reader->mapping->file_name, pair->key->line);
}

static void
take_rule(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct validation *validation = into;
    validation->has_rule = true;
    validation->rule = mapping_formula_read(reader, pair, true);
}

static void
take_message(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct validation *validation = into;
    if (mapping_formula_is(pair->value)) {
        validation->message_formula = mapping_formula_read(reader, pair, false);
    } else {
        (void)mapping_reader_text(reader, pair, &validation->message);
    }
}

static const struct mapping_key validation_keys[] = {
    {"rule", take_rule},
    {"message", take_message},
};

void
mapping_formula_validate(struct mapping_reader *reader,
                         const struct yaml_pair *pair, struct load_plan *plan)
{
    const struct yaml_node *list = pair->value;
    if (list->kind != YAML_LIST) {
        if (!list->refused) {
            problem_add(reader->problems, pair->key->line, pair->key->column,
                        "wrong-type",
                        "each begins with '- rule: …', indented, with "
                        "'message: …' below",
                        "'validate' has no list of rules");
        }
        return;
    }
    plan->validations = arena_array(&reader->mapping->arena, list->count,
                                    sizeof *plan->validations);
    plan->validation_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *node = list->pairs[i].value;
        struct validation *validation = &plan->validations[i];
        validation->place = mapping_reader_place(node);
        bool is_map = mapping_reader_keys(reader, node, "a rule",
                                          validation_keys, 2, validation);
        if (is_map && !validation->has_rule &&
            !mapping_reader_was_meant(reader, "rule")) {
            problem_add(reader->problems, node->line, node->column,
                        "missing-key", "add 'rule' with a condition",
                        "'validate' holds no rule here");
        }
    }
}
