/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/fault_plan.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "base/yaml_tree.h"

#include <errno.h>
#include <stdlib.h>

enum { RULE_LIMIT = 1000 };

static const char *const kind_names[FAULT_KIND_COUNT] = {
    [FAULT_REFUSE] = "refuse",
    [FAULT_RESET] = "reset",
    [FAULT_STALL] = "stall",
    [FAULT_DRIP] = "drip",
    [FAULT_STATUS] = "status",
    [FAULT_LIMIT] = "limit-exceeded",
    [FAULT_SESSION] = "session-expired",
    [FAULT_LOST] = "lost-answer",
    [FAULT_TWICE] = "duplicated-answer",
    [FAULT_LENGTH] = "wrong-content-length",
    [FAULT_CUT] = "cut",
    [FAULT_CUT_DECLARED] = "cut-declared",
    [FAULT_CLOCK] = "clock-skew",
    [FAULT_JOB_FAILED] = "job-failed",
    [FAULT_JOB_ABORTED] = "job-aborted",
    [FAULT_LOCKS] = "lock-errors",
    [FAULT_RESTART] = "restart",
    [FAULT_ROWS_MISSING] = "rows-missing",
    [FAULT_ROWS_ADDED] = "rows-added",
    [FAULT_ROWS_DOUBLED] = "rows-doubled",
    [FAULT_OTHER_JOB] = "other-job",
    [FAULT_COLUMNS] = "columns-renamed",
};

void
fault_plan_free(struct fault_plan *plan)
{
    for (size_t i = 0; plan && i < plan->count; i++) {
        if (plan->rules[i].has_path) {
            regfree(&plan->rules[i].path);
        }
    }
    if (plan) {
        arena_release(&plan->arena);
        free(plan);
    }
}

struct fault_plan *
fault_plan_new(int64_t latency_ms)
{
    struct fault_plan *plan = mem_zalloc(sizeof *plan);
    plan->random = clock_random();
    plan->settings = (struct fault_settings){
        .daily_api_requests = 1000000,
        .daily_batches = 15000, /* salesforce.md */
        .daily_query_jobs = 10000,
        .session_seconds = 7200,
        .latency_ms = latency_ms,
        .soap_login = true,
        .upload_gzip = true,
        .shuffle = true,
    };
    return plan;
}

static bool
read_number(const struct yaml_node *node, const char *name, double low,
            double high, double *value, struct error *err)
{
    char *text = slice_dup(node->text);
    char *end = text;
    errno = 0;
    double number = node->kind == YAML_TEXT ? strtod(text, &end) : 0;
    bool fine = end != text && *end == '\0' && errno == 0 && number >= low &&
                number <= high;
    free(text);
    if (!fine) {
        return error_set(err, ERROR_CONFIG, 0,
                         "%s:%d:%d: '%.*s' is no number from %.0f to %.0f",
                         name, node->line, node->column, SLICE_ARGS(node->text),
                         low, high);
    }
    *value = number;
    return true;
}

static bool
read_integer(const struct yaml_node *node, const char *name, int64_t *value,
             struct error *err)
{
    double number;
    if (!read_number(node, name, -1e15, 1e15, &number, err)) {
        return false;
    }
    *value = (int64_t)number;
    return true;
}

static bool
read_count(const struct yaml_node *node, const char *name, uint64_t *value,
           struct error *err)
{
    double number;
    if (!read_number(node, name, 0, 1e15, &number, err)) {
        return false;
    }
    *value = (uint64_t)number;
    return true;
}

static bool
read_switch(const struct yaml_node *node, const char *name, bool *value,
            struct error *err)
{
    *value = slice_is(node->text, "true");
    return *value || slice_is(node->text, "false") ||
           error_set(err, ERROR_CONFIG, 0,
                     "%s:%d:%d: '%.*s' is neither true nor false", name,
                     node->line, node->column, SLICE_ARGS(node->text));
}

static bool
unknown_key(const struct yaml_node *key, const char *name,
            const char *const *known, size_t count, struct error *err)
{
    char phrase[SUGGEST_SIZE];
    return error_set(err, ERROR_CONFIG, 0, "%s:%d:%d: unknown '%.*s'%s", name,
                     key->line, key->column, SLICE_ARGS(key->text),
                     suggest_phrase(phrase, key->text, known, count));
}

static bool
read_settings(const struct yaml_node *map, const char *name,
              struct fault_settings *settings, struct error *err)
{
    static const char *const known[] = {
        "daily_api_requests", "daily_batches",
        "daily_query_jobs",   "session_seconds",
        "clock_skew_ms",      "latency_ms",
        "hard_delete",        "soap_login",
        "upload_gzip",        "shuffle",
    };
    int64_t *numbers[] = {
        &settings->daily_api_requests, &settings->daily_batches,
        &settings->daily_query_jobs,   &settings->session_seconds,
        &settings->clock_skew_ms,      &settings->latency_ms,
    };
    bool *switches[] = {&settings->hard_delete, &settings->soap_login,
                        &settings->upload_gzip, &settings->shuffle};
    enum {
        NUMBERS = sizeof numbers / sizeof *numbers,
        ALL = sizeof known / sizeof *known
    };
    for (size_t i = 0; i < map->count; i++) {
        const struct yaml_pair *pair = &map->pairs[i];
        size_t k = 0;
        while (k < ALL && pair->key && !slice_is(pair->key->text, known[k])) {
            k++;
        }
        if (!pair->key || k == ALL) {
            return unknown_key(pair->key ? pair->key : pair->value, name, known,
                               ALL, err);
        }
        bool fine =
            k < NUMBERS
                ? read_integer(pair->value, name, numbers[k], err)
                : read_switch(pair->value, name, switches[k - NUMBERS], err);
        if (!fine) {
            return false;
        }
    }
    return true;
}

static bool
read_path(const struct yaml_node *node, const char *name,
          struct fault_rule *rule, struct error *err)
{
    char *text = slice_dup(node->text);
    rule->has_path = regcomp(&rule->path, text, REG_EXTENDED | REG_NOSUB) == 0;
    free(text);
    return rule->has_path ||
           error_set(err, ERROR_CONFIG, 0,
                     "%s:%d:%d: '%.*s' is no regular expression", name,
                     node->line, node->column, SLICE_ARGS(node->text));
}

static bool
read_when(const struct yaml_node *node, const char *name,
          struct fault_plan *plan, struct fault_rule *rule, struct error *err)
{
    static const char *const known[] = {"call", "method", "path", "object"};
    if (node->kind == YAML_TEXT) {
        rule->call = arena_strdup(&plan->arena, node->text);
        return true;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const char *text = arena_strdup(&plan->arena, pair->value->text);
        if (!pair->key) {
            return unknown_key(node, name, known, 4, err);
        } else if (slice_is(pair->key->text, "call")) {
            rule->call = text;
        } else if (slice_is(pair->key->text, "method")) {
            rule->method = text;
        } else if (slice_is(pair->key->text, "object")) {
            rule->object = text;
        } else if (!slice_is(pair->key->text, "path")) {
            return unknown_key(pair->key, name, known, 4, err);
        } else if (!read_path(pair->value, name, rule, err)) {
            return false;
        }
    }
    return true;
}

static bool
read_what(const struct yaml_node *node, const char *name,
          struct fault_rule *rule, struct error *err)
{
    for (int i = 1; i < FAULT_KIND_COUNT; i++) {
        if (slice_is(node->text, kind_names[i])) {
            rule->fault.kind = (enum fault_kind)i;
            return true;
        }
    }
    return unknown_key(node, name, kind_names, FAULT_KIND_COUNT, err);
}

static bool
read_rule_key(const struct yaml_node *key, const struct yaml_node *value,
              const char *name, struct fault_plan *plan,
              struct fault_rule *rule, struct error *err)
{
    static const char *const known[] = {
        "when",  "what",  "at",         "ms",          "status",
        "rows",  "text",  "percent",    "retry_after", "after",
        "every", "times", "probability"};
    struct fault *fault = &rule->fault;
    int64_t number;
    if (slice_is(key->text, "when")) {
        return read_when(value, name, plan, rule, err);
    } else if (slice_is(key->text, "what")) {
        return read_what(value, name, rule, err);
    } else if (slice_is(key->text, "at")) {
        return read_integer(value, name, &fault->at, err);
    } else if (slice_is(key->text, "ms")) {
        return read_integer(value, name, &fault->ms, err);
    } else if (slice_is(key->text, "rows")) {
        return read_integer(value, name, &fault->rows, err);
    } else if (slice_is(key->text, "retry_after")) {
        return read_integer(value, name, &fault->retry_after, err);
    } else if (slice_is(key->text, "percent")) {
        return read_number(value, name, 0, 100, &fault->percent, err);
    } else if (slice_is(key->text, "probability")) {
        return read_number(value, name, 0, 1, &rule->probability, err);
    } else if (slice_is(key->text, "after")) {
        return read_count(value, name, &rule->after, err);
    } else if (slice_is(key->text, "every")) {
        return read_count(value, name, &rule->every, err);
    } else if (slice_is(key->text, "times")) {
        return read_count(value, name, &rule->times, err);
    } else if (slice_is(key->text, "status")) {
        bool fine = read_integer(value, name, &number, err);
        fault->status =
            fine && number >= 100 && number < 600 ? (unsigned)number : 500;
        return fine;
    } else if (slice_is(key->text, "text")) {
        size_t len = value->text.len < sizeof fault->text - 1
                         ? value->text.len
                         : sizeof fault->text - 1;
        if (len > 0) {
            memcpy(fault->text, value->text.ptr, len);
        }
        return true;
    }
    return unknown_key(key, name, known, sizeof known / sizeof *known, err);
}

static bool
read_rule(const struct yaml_node *node, const char *name,
          struct fault_plan *plan, struct fault_rule *rule, struct error *err)
{
    rule->every = 1;
    rule->probability = 1;
    rule->fault.status = 503;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        if (!pair->key ||
            !read_rule_key(pair->key, pair->value, name, plan, rule, err)) {
            return error_set(err, ERROR_CONFIG, 0,
                             "%s:%d:%d: a rule is a map of when, what, …", name,
                             node->line, node->column);
        }
    }
    if (rule->fault.kind == FAULT_NONE) {
        return error_set(err, ERROR_CONFIG, 0, "%s:%d:%d: 'what' is missing",
                         name, node->line, node->column);
    }
    rule->every = rule->every ? rule->every : 1;
    return true;
}

static bool
read_rules(const struct yaml_node *list, const char *name,
           struct fault_plan *plan, struct error *err)
{
    if (list->kind != YAML_LIST || list->count > RULE_LIMIT) {
        return list->kind == YAML_NULL ||
               error_set(err, ERROR_CONFIG, 0,
                         "%s:%d:%d: 'rules' is a list of at most %d", name,
                         list->line, list->column, RULE_LIMIT);
    }
    plan->rules = arena_array(&plan->arena, list->count, sizeof *plan->rules);
    for (size_t i = 0; i < list->count; i++) {
        plan->count = i + 1;
        if (!read_rule(list->pairs[i].value, name, plan, &plan->rules[i],
                       err)) {
            return false;
        }
    }
    return true;
}

static bool
read_plan(const struct yaml_node *root, const char *name,
          struct fault_plan *plan, struct error *err)
{
    static const char *const known[] = {"seed", "settings", "rules"};
    for (size_t i = 0; i < root->count; i++) {
        const struct yaml_node *key = root->pairs[i].key;
        const struct yaml_node *value = root->pairs[i].value;
        bool fine;
        if (!key) {
            return unknown_key(root, name, known, 3, err);
        } else if (slice_is(key->text, "seed")) {
            fine = read_count(value, name, &plan->random, err);
        } else if (slice_is(key->text, "settings")) {
            fine = read_settings(value, name, &plan->settings, err);
        } else if (slice_is(key->text, "rules")) {
            fine = read_rules(value, name, plan, err);
        } else {
            fine = unknown_key(key, name, known, 3, err);
        }
        if (!fine) {
            return false;
        }
    }
    return true;
}

struct fault_plan *
fault_plan_read(struct slice yaml, const char *name, int64_t latency_ms,
                struct error *err)
{
    struct arena arena = {0};
    struct fault_plan *plan = fault_plan_new(latency_ms);
    struct yaml_node *root = yaml_tree_parse(yaml, name, &arena, err);
    if (!root || !read_plan(root, name, plan, err)) {
        fault_plan_free(plan);
        plan = NULL;
    }
    arena_release(&arena);
    return plan;
}
