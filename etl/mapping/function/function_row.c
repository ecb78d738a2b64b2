/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include "base/mem.h"
#include "base/suggest.h"
#include "mapping/mapping.h"
#include "mapping/translation.h"
#include "mapping/value/field_type.h"

#include <openssl/evp.h>
#include <stdio.h>

#define NAMES_SHOWN 64 /* compared for a suggestion */
#define ID_SHORT 15
#define ID_LONG 18

bool
function_row_param_compile(const struct formula_scope *scope,
                           struct formula_node *node)
{
    const char *names[NAMES_SHOWN];
    char near[SUGGEST_SIZE], help[SUGGEST_SIZE + 60];
    struct slice name = node->args[0]->constant.text;
    size_t count = 0;
    for (size_t i = 0; i < scope->param_count; i++) {
        if (slice_equals(scope->params[i].name, name)) {
            node->kind = NODE_CONSTANT;
            node->constant = formula_value_text(scope->params[i].value);
            node->kinds = node->constant.kind;
            return true;
        }
        if (count < NAMES_SHOWN) {
            names[count++] = scope->params[i].name.ptr;
        }
    }
    suggest_phrase(near, name, names, count);
    snprintf(help, sizeof help, "add it to 'params' with its default%s", near);
    formula_compile_refuse(scope, node->args[0], "unknown-param", help,
                           "the parameter '%.*s' is not declared",
                           (int)(name.len < 80 ? name.len : 80), name.ptr);
    return false;
}

bool
function_row_row(struct formula_run *run, const struct formula_node *node,
                 const struct formula_value *args, struct formula_value *value)
{
    (void)node;
    (void)args;
    *value = formula_value_number(decimal_of((int64_t)run->row->row));
    return true;
}

bool
function_row_file_name(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    (void)node;
    (void)args;
    *value = formula_value_text(slice_of(run->row->file_name));
    return true;
}

bool
function_row_run_id(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)node;
    (void)args;
    *value = formula_value_text(slice_of(run->row->run_id));
    return true;
}

bool
function_row_case_safe_id(struct formula_run *run,
                          const struct formula_node *node,
                          const struct formula_value *args,
                          struct formula_value *value)
{
    (void)node;
    static const char checks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    struct slice id = args[0].text;
    *value = args[0];
    if (!field_type_is_id(id)) {
        return formula_eval_refuse(run, "id-shape", id,
                                   SLICE_LITERAL("is not a Salesforce Id"));
    }
    if (id.len == ID_LONG) {
        return true;
    }
    char *safe = arena_bytes(run->arena, ID_LONG);
    memcpy(safe, id.ptr, ID_SHORT);
    for (size_t group = 0; group < 3; group++) {
        unsigned capitals = 0;
        for (size_t i = 0; i < 5; i++) {
            char c = id.ptr[group * 5 + i];
            capitals |= (unsigned)(c >= 'A' && c <= 'Z') << i;
        }
        safe[ID_SHORT + group] = checks[capitals];
    }
    *value = formula_value_text((struct slice){safe, ID_LONG});
    return true;
}

bool
function_row_sha256(struct formula_run *run, const struct formula_node *node,
                    const struct formula_value *args,
                    struct formula_value *value)
{
    (void)node;
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (EVP_Digest(args[0].text.ptr, args[0].text.len, digest, &len,
                   EVP_sha256(), NULL) != 1) {
        mem_exhausted();
    }
    char *text = arena_bytes(run->arena, 2 * (size_t)len);
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 0xF];
    }
    *value = formula_value_text((struct slice){text, 2 * (size_t)len});
    return true;
}

static bool
refuse_table(const struct formula_scope *scope, struct formula_node *node,
             struct slice name)
{
    const char *names[NAMES_SHOWN];
    char near[SUGGEST_SIZE];
    size_t count = scope->tables == NULL ? 0 : scope->tables->count;
    count = count < NAMES_SHOWN ? count : NAMES_SHOWN;
    for (size_t i = 0; i < count; i++) {
        names[i] = translation_name(scope->tables->tables[i]);
    }
    suggest_phrase(near, name, names, count);
    formula_compile_refuse(scope, node->args[1], "unknown-table",
                           near[0] != '\0' ? near + 2
                                           : "add it to 'tables' at the top "
                                             "of the mapping",
                           "there is no table '%.*s'",
                           (int)(name.len < 80 ? name.len : 80), name.ptr);
    return false;
}

bool
function_row_translate_compile(const struct formula_scope *scope,
                               struct formula_node *node)
{
    struct slice name = node->args[1]->constant.text;
    node->compiled = scope->tables == NULL
                         ? NULL
                         : translation_set_find(scope->tables, name);
    if (node->compiled == NULL) {
        return refuse_table(scope, node, name);
    }
    if (node->arg_count > 2) {
        node->kinds = KIND_TEXT | node->args[2]->kinds;
    }
    return true;
}

bool
function_row_translate(struct formula_run *run, const struct formula_node *node,
                       struct formula_value *value)
{
    const struct translation *table = node->compiled;
    struct formula_value x;
    if (!formula_eval_node(run, node->args[0], &x)) {
        return false;
    }
    value->kind = KIND_BLANK;
    if (x.kind == KIND_BLANK) {
        return true;
    }
    struct slice key = formula_value_print(&x, run->arena);
    struct slice found = translation_find(table, key);
    if (found.ptr != NULL) {
        *value = formula_value_text(found);
        return true;
    }
    if (node->arg_count > 2) {
        return formula_eval_node(run, node->args[2], value);
    }
    return formula_eval_refuse(run, "not-in-table", key,
                               arena_printf(run->arena, "is not in table %s",
                                            translation_name(table)));
}

/* The source has counted; of a row that it can't have counted, none. */
bool
function_row_count(struct formula_run *run, const struct formula_node *node,
                   struct formula_value *value)
{
    if (!formula_eval_number(run, node->args[0], value)) {
        return false;
    }
    if (value->kind == KIND_BLANK) {
        *value = formula_value_number(decimal_of(0));
    }
    return true;
}

bool
function_row_count_compile(const struct formula_scope *scope,
                           struct formula_node *node)
{
    if (!scope->reads_xml) {
        formula_compile_refuse(scope, node, "wrong-kind",
                               "a CSV file has each column once",
                               "'COUNT' counts elements of XML");
    } else if (node->args[0]->kind != NODE_COLUMN) {
        formula_compile_refuse(scope, node, "wrong-kind",
                               "write COUNT([path]), and compute with that",
                               "'COUNT' takes a path and nothing else");
    }
    return !node->is_wrong;
}
