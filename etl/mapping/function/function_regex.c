/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/function/function_steps.h"

#include "base/buffer.h"
#include "mapping/problem.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

/* A pattern that backtracks without end is stopped after so many steps, some
 * milliseconds (PCRE2's own default is 10,000,000). */
#define MATCH_LIMIT 200000
#define DEPTH_LIMIT 10000
#define HEAP_LIMIT_KIB 8192
#define GROUP_LIMIT 100
#define PATTERN_LIMIT 10000 /* bytes */

static void *
take_memory(size_t size, void *arena)
{
    return arena_alloc(arena, size);
}

static void
leave_memory(void *memory, void *arena)
{
    (void)memory;
    (void)arena; /* goes with the mapping */
}

void
function_regex_release(struct formula_scratch *scratch)
{
    pcre2_match_data_free(scratch->match);
    pcre2_match_context_free(scratch->limits);
    *scratch = (struct formula_scratch){0};
}

static void
prepare(struct formula_scratch *scratch)
{
    if (scratch->match == NULL) {
        scratch->match = pcre2_match_data_create(GROUP_LIMIT + 1, NULL);
        scratch->limits = pcre2_match_context_create(NULL);
        pcre2_set_match_limit(scratch->limits, MATCH_LIMIT);
        pcre2_set_depth_limit(scratch->limits, DEPTH_LIMIT);
        pcre2_set_heap_limit(scratch->limits, HEAP_LIMIT_KIB);
    }
}

/* The sign of the pattern that PCRE2 complains of, in its quotes; the first
 * when that can't be told, for "" and \n are written with two. */
static void
refuse_pattern(const struct formula_scope *scope, struct formula_node *node,
               int code, size_t at)
{
    PCRE2_UCHAR text[200];
    char help[300];
    struct formula_node *pattern = node->args[1];
    size_t len = pattern->constant.text.len;
    bool is_plain = pattern->text.len == len + 2;
    pcre2_get_error_message(code, text, sizeof text);
    snprintf(help, sizeof help,
             "patterns are regular expressions; a sign such as . ( [ * stands "
             "for itself behind a backslash");
    struct formula_node here = *pattern;
    if (is_plain) {
        size_t offset = 1 + (at < len ? at : len);
        here.text = (struct slice){pattern->text.ptr + offset, 1};
    }
    formula_compile_refuse(scope, &here, "regex", help,
                           "the pattern is wrong here: %s", (char *)text);
    pattern->is_wrong = true;
}

bool
function_regex_compile(const struct formula_scope *scope,
                       struct formula_node *node)
{
    struct slice pattern = node->args[1]->constant.text;
    int code;
    size_t at;
    uint32_t groups = 0;
    /* A whole match is one that is anchored at both ends. */
    bool is_test = node->function->kinds == KIND_BOOLEAN;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C |
                       (is_test ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
    pcre2_general_context *memory =
        pcre2_general_context_create(take_memory, leave_memory, scope->arena);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_set_max_pattern_length(context, PATTERN_LIMIT);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
                                         options, &code, &at, context);
    if (compiled == NULL) {
        refuse_pattern(scope, node, code, at);
        return false;
    }
    pcre2_pattern_info(compiled, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (groups > GROUP_LIMIT) {
        formula_compile_refuse(scope, node->args[1], "regex",
                               "write (?:…) where nothing is taken out",
                               "the pattern has over %d groups", GROUP_LIMIT);
        return false;
    }
    node->compiled = compiled;
    return true;
}

/* "$1" of a pattern without groups. */
bool
function_regex_replace_compile(const struct formula_scope *scope,
                               struct formula_node *node)
{
    const struct formula_node *with = node->args[2];
    uint32_t groups = 0;
    if (!function_regex_compile(scope, node)) {
        return false;
    }
    pcre2_pattern_info(node->compiled, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (with->kind != NODE_CONSTANT || with->constant.kind != KIND_TEXT) {
        return true;
    }
    struct slice text = with->constant.text;
    for (size_t i = 0; i + 1 < text.len; i++) {
        unsigned group = (unsigned)(text.ptr[i + 1] - '0');
        if (text.ptr[i] == '$' && text.ptr[i + 1] == '$') {
            i++;
        } else if (text.ptr[i] == '$' && group <= 9 && group > groups) {
            formula_compile_refuse(scope, node->args[2], "regex-group",
                                   "$1 is what the first (…) of the pattern "
                                   "matched, $0 all of it, $$ a dollar sign",
                                   "the pattern has %u group%s, there is no "
                                   "$%u",
                                   groups, groups == 1 ? "" : "s", group);
            return false;
        }
    }
    return true;
}

static bool
refuse_match(struct formula_run *run, struct slice text, int code)
{
    bool is_limit = code == PCRE2_ERROR_MATCHLIMIT ||
                    code == PCRE2_ERROR_DEPTHLIMIT ||
                    code == PCRE2_ERROR_HEAPLIMIT;
    return formula_eval_refuse(
        run, is_limit ? "regex-limit" : "regex-failed", text,
        is_limit ? SLICE_LITERAL("takes the pattern too long to match; make "
                                 "the pattern simpler")
                 : SLICE_LITERAL("can't be matched with the pattern"));
}

bool
function_regex_matches(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    *value = formula_value_truth(false);
    if (args[0].kind == KIND_BLANK) {
        return true;
    }
    prepare(run->scratch);
    int code = pcre2_match(node->compiled, (PCRE2_SPTR)args[0].text.ptr,
                           args[0].text.len, 0, 0, run->scratch->match,
                           run->scratch->limits);
    value->truth = code >= 0;
    return code >= 0 || code == PCRE2_ERROR_NOMATCH ||
           refuse_match(run, args[0].text, code);
}

/* "$1" and its like by what the groups matched. */
static void
append_replacement(struct buffer *text, struct slice with, struct slice subject,
                   const size_t *ends, size_t groups)
{
    for (size_t i = 0; i < with.len; i++) {
        char next = i + 1 < with.len ? with.ptr[i + 1] : '\0';
        if (with.ptr[i] != '$' || (next != '$' && (next < '0' || next > '9'))) {
            buffer_append_char(text, with.ptr[i]);
            continue;
        }
        i++;
        size_t group = (size_t)(next - '0');
        if (next == '$') {
            buffer_append_char(text, '$');
        } else if (group < groups && ends[2 * group] != PCRE2_UNSET) {
            buffer_append(text, subject.ptr + ends[2 * group],
                          ends[2 * group + 1] - ends[2 * group]);
        }
    }
}

/* Where to look on behind a match of nothing. */
static size_t
step_over(struct slice subject, size_t at)
{
    struct slice rest = {subject.ptr + at, subject.len - at};
    return at + (rest.len > 0 ? slice_utf8_prefix(rest, 1) : 1);
}

static int
replace(struct formula_run *run, const struct formula_node *node,
        struct slice subject, struct slice with, struct buffer *text)
{
    size_t at = 0, kept = 0;
    int count = 0;
    while (at <= subject.len && !text->overflowed) {
        count =
            pcre2_match(node->compiled, (PCRE2_SPTR)subject.ptr, subject.len,
                        at, 0, run->scratch->match, run->scratch->limits);
        if (count < 0) {
            break;
        }
        const size_t *ends = pcre2_get_ovector_pointer(run->scratch->match);
        if (ends[0] < kept || ends[1] < ends[0]) {
            break; /* \K in a look-behind */
        }
        buffer_append(text, subject.ptr + kept, ends[0] - kept);
        append_replacement(text, with, subject, ends, (size_t)count);
        kept = ends[1];
        at = ends[1] > ends[0] ? ends[1] : step_over(subject, ends[1]);
    }
    buffer_append(text, subject.ptr + kept, subject.len - kept);
    return count;
}

bool
function_regex_replace(struct formula_run *run, const struct formula_node *node,
                       const struct formula_value *args,
                       struct formula_value *value)
{
    struct slice with =
        args[2].kind == KIND_BLANK ? (struct slice){NULL, 0} : args[2].text;
    struct buffer text = {.limit = FORMULA_TEXT_LIMIT};
    prepare(run->scratch);
    int code = replace(run, node, args[0].text, with, &text);
    bool is_sound = code >= 0 || code == PCRE2_ERROR_NOMATCH ||
                    refuse_match(run, args[0].text, code);
    if (is_sound && text.overflowed) {
        is_sound =
            formula_eval_refuse(run, "text-size", (struct slice){NULL, 0},
                                SLICE_LITERAL("a text of over 4 MiB "
                                              "would be made"));
    }
    *value = formula_value_text(arena_copy(run->arena, buffer_slice(&text)));
    buffer_release(&text);
    return is_sound;
}
