/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/sdl_draft.h"

#include "base/file.h"
#include "base/suggest.h"
#include "mapping/value/field_type.h"
#include "model/load.h"

#define SDL_LIMIT ((size_t)4 << 20) /* bytes; the largest seen has 12 KB */
#define SUFFIX ".sdl"

bool
sdl_draft_is(const char *path)
{
    size_t len = strlen(path), suffix = strlen(SUFFIX);
    return len > suffix &&
           slice_is_nocase((struct slice){path + len - suffix, suffix}, SUFFIX);
}

/* "accounts" of "conf/accounts.sdl", in the letters that a name may have. */
static const char *
mapping_name_of(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    struct slice base = slice_of(slash ? slash + 1 : path);
    base.len -= strlen(SUFFIX);
    char *name = arena_strdup(arena, base);
    for (char *c = name; *c != '\0'; c++) {
        bool fits = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= 'a' && *c <= 'z') || *c == '-' || *c == '_' ||
                    (*c == '.' && c != name);
        *c = fits ? *c : '_';
    }
    return name;
}

struct setting {
    const char *name;
    size_t offset;
    bool is_switch;
};

#define SETTING(name, member, is_switch)                                       \
    {                                                                          \
        name, offsetof(struct sdl_settings, member), is_switch                 \
    }

/* As Data Loader's configuration calls them (class AppConfig). */
static const struct setting settings_known[] = {
    SETTING("sfdc.timezone", timezone, false),
    SETTING("sfdc.assignmentRule", assignment_rule, false),
    SETTING("process.useEuropeanDates", european_dates, true),
    SETTING("sfdc.insertNulls", insert_nulls, true),
    SETTING("sfdc.truncateFields", truncate, true),
};
#define SETTING_COUNT (sizeof settings_known / sizeof *settings_known)

static bool
refuse_setting(struct slice name, struct error *err)
{
    const char *names[SETTING_COUNT];
    char near[SUGGEST_SIZE];
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        names[i] = settings_known[i].name;
    }
    return error_set(err, ERROR_USAGE, 0,
                     "'--set %.*s' says nothing of an .sdl%s; it takes %s, %s, "
                     "%s, %s and %s [unknown-param]",
                     SLICE_ARGS(name),
                     suggest_phrase(near, name, names, SETTING_COUNT), names[0],
                     names[1], names[2], names[3], names[4]);
}

static bool
take_switch(const struct mapping_param *param, bool *value, struct error *err)
{
    *value = slice_is_nocase(param->value, "true") ||
             slice_is_nocase(param->value, "yes");
    return *value || slice_is_nocase(param->value, "false") ||
           slice_is_nocase(param->value, "no") ||
           error_set(err, ERROR_USAGE, 0,
                     "'--set %.*s' is true or false, not '%.*s'",
                     SLICE_ARGS(param->name), SLICE_ARGS(param->value));
}

static bool
take_setting(struct sdl_settings *settings, const struct mapping_param *param,
             struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *known = &settings_known[i];
        if (!slice_is(param->name, known->name)) {
            continue;
        }
        char *member = (char *)settings + known->offset;
        if (known->is_switch) {
            return take_switch(param, (bool *)(void *)member, err);
        }
        const char *text = arena_strdup(arena, param->value);
        memcpy(member, &text, sizeof text);
        return true;
    }
    return refuse_setting(param->name, err);
}

/* Which record a row means is nothing that can be left open. */
static bool
check_operation(const struct run_options *options, struct error *err)
{
    enum operation operation;
    if (options->object == NULL || options->operation == NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "an .sdl does not say what it is for; add '--object "
                         "NAME' and '--operation insert|update|upsert|delete|"
                         "hard_delete|undelete' [sdl-object]");
    }
    if (!load_operation_of(slice_of(options->operation), &operation)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--operation' is one of insert, update, upsert, "
                         "delete, hard_delete and undelete, not '%s'",
                         options->operation);
    }
    if (operation == OPERATION_UPSERT && options->external_id == NULL) {
        return error_set(err, ERROR_USAGE, 0,
                         "an upsert finds records by a field: add "
                         "'--external-id FIELD' [sdl-object]");
    }
    return true;
}

bool
sdl_draft_settings(const struct run_options *options, bool wants_all,
                   struct arena *arena, struct sdl_settings *settings,
                   struct error *err)
{
    *settings = (struct sdl_settings){
        .name = mapping_name_of(options->mapping_path, arena),
        .object = options->object,
        .operation = options->operation,
        .external_id = options->external_id,
        .input = options->input,
    };
    if (wants_all && !check_operation(options, err)) {
        return false;
    }
    for (size_t i = 0; i < options->param_count; i++) {
        if (!take_setting(settings, &options->params[i], arena, err)) {
            return false;
        }
    }
    if (settings->assignment_rule != NULL &&
        !field_type_is_id(slice_of(settings->assignment_rule))) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--set sfdc.assignmentRule' takes the rule's Id, "
                         "not '%s'",
                         settings->assignment_rule);
    }
    return true;
}

bool
sdl_draft_read(struct sdl *sdl, const char *path, const char *object,
               struct schema *schema, const struct sdl_describer *describer,
               const struct columns *columns, struct problems *problems,
               struct error *err)
{
    const struct sdl_context context = {object, schema, columns};
    struct buffer text = {.limit = SDL_LIMIT * 2};
    bool done = file_read_whole(path, SDL_LIMIT, &text, err);
    if (!done && err->kind == ERROR_INPUT) {
        err->kind = ERROR_CONFIG;
    }
    bool asks = describer != NULL;
    while (done) {
        problem_release(problems);
        sdl_release(sdl);
        done = sdl_read(sdl, buffer_slice(&text), &context, problems, err);
        struct slice missing = sdl_missing_object(sdl, &context);
        if (!done || !asks || missing.ptr == NULL) {
            break;
        }
        /* Without metadata of one, the others still help. */
        asks = describer->describe(describer->cookie, missing, err) &&
               schema_object(schema, missing) != NULL;
        done = err->kind == ERROR_NONE;
    }
    buffer_release(&text);
    return done;
}
