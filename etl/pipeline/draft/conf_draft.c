/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/conf_draft.h"

#include "base/file.h"
#include "base/mem.h"
#include "mapping/convert/loader_property.h"
#include "mapping/convert/process_conf.h"
#include "mapping/value/field_type.h"
#include "model/load.h"
#include "pipeline/draft/conf_orgs.h"
#include "pipeline/draft/sdl_draft.h"

#include <stdlib.h>
#include <sys/stat.h>

#define CONF_LIMIT ((size_t)4 << 20) /* bytes */

struct drafting {
    const struct conf_draft *draft;
    struct process_conf conf;
    struct conf_summary *summary;
    struct conf_orgs orgs;
    struct buffer script, properties;
    struct arena arena;
};

/* One bean while it is converted. */
struct bean {
    struct drafting *drafting;
    const struct conf_bean *conf;
    const char *name, *refused; /* the latter NULL while all is well */
};

static const char *
value(const struct bean *bean, const char *key)
{
    struct slice text = process_conf_value(bean->conf, key);
    return text.ptr ? arena_strdup(&bean->drafting->arena, text) : NULL;
}

static void
tell(const struct bean *bean, const char *what)
{
    const struct conf_draft *draft = bean->drafting->draft;
    draft->tell(draft->cookie, bean->conf->line, bean->conf->name, what);
}

static bool
refuse(struct bean *bean, const char *why)
{
    bean->refused = why;
    tell(bean, why);
    return false;
}

/* Behind the last \ or /. */
static const char *
last_part(const char *path)
{
    const char *part = path;
    for (const char *c = path; *c != '\0'; c++) {
        part = *c == '/' || *c == '\\' ? c + 1 : part;
    }
    return part;
}

/* A bean's name as that of a file. */
static const char *
file_name(struct drafting *drafting, const char *name)
{
    char *copy = arena_strdup(&drafting->arena, slice_of(name));
    for (char *c = copy; *c != '\0'; c++) {
        bool fits = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= 'a' && *c <= 'z') || *c == '-' || *c == '_' ||
                    (*c == '.' && c != copy);
        *c = fits ? *c : '_';
    }
    return copy;
}

/* Where the bean says, beside the configuration by that path, or beside it. */
static const char *
find_sdl(const struct bean *bean, const char *path)
{
    struct arena *arena = &bean->drafting->arena;
    const char *conf = bean->drafting->draft->path;
    int folder = (int)(last_part(conf) - conf);
    char *unix_path = arena_strdup(arena, slice_of(path));
    for (char *c = unix_path; *c != '\0'; c++) {
        *c = *c == '\\' ? '/' : *c;
    }
    const char *candidates[] = {
        unix_path,
        arena_printf(arena, "%.*s%s%c", folder, conf, unix_path, 0).ptr,
        arena_printf(arena, "%.*s%s%c", folder, conf, last_part(path), 0).ptr,
        /* Windows hides the ending from people. */
        arena_printf(arena, "%.*s%s.sdl%c", folder, conf, last_part(path), 0)
            .ptr,
    };
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (file_exists(candidates[i])) {
            return candidates[i];
        }
    }
    return NULL;
}

static bool
is_true(const struct bean *bean, const char *key)
{
    return slice_is_nocase(process_conf_value(bean->conf, key), "true");
}

static void
take_input(struct bean *bean, struct sdl_settings *settings)
{
    struct arena *arena = &bean->drafting->arena;
    const char *path = value(bean, "dataAccess.name");
    const char *type = value(bean, "dataAccess.type");
    bool is_database = type != NULL && strncmp(type, "database", 8) == 0;
    if (is_database || path == NULL) {
        settings->input =
            arena_printf(arena, "%s.csv%c", settings->name, 0).ptr;
        settings->input_note =
            is_database ? arena_printf(arena,
                                       "rows came from the database query "
                                       "'%s': export it to this CSV file%c",
                                       path ? path : "", 0)
                              .ptr
                        : "the bean names no file";
        tell(bean, settings->input_note);
    } else if (path[0] == '/') {
        settings->input = path;
    } else {
        settings->input = last_part(path);
        settings->input_note =
            arena_printf(arena,
                         "Data Loader read '%s': put the file here, or change "
                         "the path%c",
                         path, 0)
                .ptr;
    }
    const char *charset = value(bean, "dataAccess.readCharset");
    bool is_utf8 = is_true(bean, "dataAccess.readUTF8");
    settings->encoding = is_utf8 ? "UTF-8" : charset;
}

static void
take_settings(struct bean *bean, struct sdl_settings *settings)
{
    const char *rule = value(bean, "sfdc.assignmentRule");
    *settings = (struct sdl_settings){
        .name = bean->name,
        .object = value(bean, "sfdc.entity"),
        .operation = value(bean, "process.operation"),
        .timezone = value(bean, "sfdc.timezone"),
        .european_dates = is_true(bean, "process.useEuropeanDates"),
        .insert_nulls = is_true(bean, "sfdc.insertNulls"),
        .truncate = is_true(bean, "sfdc.truncateFields"),
    };
    if (rule != NULL && field_type_is_id(slice_of(rule))) {
        settings->assignment_rule = rule;
    }
    if (settings->operation != NULL &&
        strcasecmp(settings->operation, "upsert") == 0) {
        settings->external_id = value(bean, "sfdc.externalIdField");
    }
    take_input(bean, settings);
}

static bool
take_operation(struct bean *bean, struct sdl_settings *settings)
{
    struct arena *arena = &bean->drafting->arena;
    enum operation operation;
    if (settings->object == NULL || settings->operation == NULL) {
        return refuse(bean, "it has no sfdc.entity or no process.operation");
    }
    char *name = arena_strdup(arena, slice_of(settings->operation));
    for (char *c = name; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + ('a' - 'A') : *c);
    }
    settings->operation =
        strcmp(name, "harddelete") == 0 ? "hard_delete" : name;
    if (!load_operation_of(slice_of(settings->operation), &operation)) {
        return refuse(bean, arena_printf(arena,
                                         "its operation '%s' loads nothing "
                                         "that sfetl knows%c",
                                         name, 0)
                                .ptr);
    }
    return operation != OPERATION_UPSERT || settings->external_id != NULL ||
           refuse(bean, "it upserts without sfdc.externalIdField");
}

static bool
describe(void *cookie, struct slice object, struct error *err)
{
    return draft_org_describe(cookie, object, err);
}

/* The problems of a bean's .sdl, as reasons. */
static bool
is_sound(struct bean *bean, struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        tell(bean, arena_strdup(&bean->drafting->arena,
                                problem_text(problems, &problems->items[i])));
    }
    if (problems->error_count > 0) {
        bean->refused = "its .sdl is wrong";
    }
    return problems->error_count == 0;
}

static bool
write_mapping(struct bean *bean, const struct sdl *sdl,
              const struct sdl_settings *settings, const char *sdl_path,
              struct error *err)
{
    struct buffer text = {0};
    char *path =
        mem_printf("%s/%s.yaml", bean->drafting->draft->folder, bean->name);
    sdl_text_write(sdl, settings, sdl_path, &text);
    bool done = file_replace(path, buffer_slice(&text), err);
    free(path);
    buffer_release(&text);
    return done;
}

/* False when the run has failed; a bean that is refused has not. */
static bool
convert_fields(struct bean *bean, struct sdl_settings *settings,
               struct error *err)
{
    struct draft_org *org = bean->drafting->draft->org;
    const struct sdl_describer describer = {describe, org};
    const char *named = value(bean, "process.mappingFile");
    const char *path = named ? find_sdl(bean, named) : NULL;
    if (path == NULL) {
        (void)refuse(bean, named == NULL
                               ? "it has no process.mappingFile"
                               : arena_printf(&bean->drafting->arena,
                                              "its mapping file '%s' is not at "
                                              "hand; put it beside the "
                                              "configuration%c",
                                              named, 0)
                                     .ptr);
        return true;
    }
    struct problems problems = {.path = path, .lines_only = true};
    struct sdl sdl = {0};
    bool done = sdl_draft_read(&sdl, path, settings->object, &org->schema,
                               &describer, NULL, &problems, err);
    if (!done && err->kind == ERROR_CONFIG) {
        (void)refuse(bean,
                     arena_strdup(&bean->drafting->arena, slice_of(err->text)));
        error_clear(err);
        done = true;
    } else if (done && is_sound(bean, &problems)) {
        done = write_mapping(bean, &sdl, settings, path, err);
    }
    sdl_release(&sdl);
    problem_release(&problems);
    return done;
}

static void
add_command(struct bean *bean)
{
    struct buffer *script = &bean->drafting->script;
    struct slice skip =
        process_conf_value(bean->conf, "process.loadRowToStartAt");
    uint64_t rows = 0;
    buffer_printf(script, "run %s.yaml --org %s", bean->name,
                  conf_orgs_name(&bean->drafting->orgs, bean->conf));
    if (skip.ptr != NULL && slice_to_u64(skip, &rows) && rows > 0) {
        buffer_printf(script, " --skip %llu", (unsigned long long)rows);
    }
    buffer_append_char(script, '\n');
}

static void
add_comment(struct buffer *script, const char *text)
{
    for (; *text != '\0'; text++) {
        buffer_append_char(script,
                           *text == '\n' || *text == '\r' ? ' ' : *text);
    }
}

/* No load: what it asks for stands in the script. */
static void
add_extract(struct bean *bean)
{
    struct buffer *script = &bean->drafting->script;
    const char *soql = value(bean, "sfdc.extractionSOQL");
    buffer_printf(script, "# %s extracts, which is no load: sfetl export \"",
                  bean->name);
    add_comment(script, soql ? soql : "");
    buffer_append_text(script, "\"\n");
    bean->drafting->summary->extracts++;
}

static void
add_properties(struct bean *bean)
{
    struct buffer *out = &bean->drafting->properties;
    buffer_printf(out, "%s (line %d)%s%s\n", bean->conf->name, bean->conf->line,
                  bean->refused ? ", not converted: " : "",
                  bean->refused ? bean->refused : "");
    for (size_t i = 0; i < bean->conf->entry_count; i++) {
        const struct conf_entry *entry = &bean->conf->entries[i];
        const struct loader_property *known = loader_property_find(entry->key);
        bool is_empty = entry->value.len == 0;
        buffer_printf(out, "  %.*s: %s%s\n", SLICE_ARGS(entry->key),
                      known->carried ? "carried over, as "
                                     : "not carried over: ",
                      known->carried ? known->carried : known->reason);
        if (is_empty) {
            buffer_append_text(out, "    it is empty here\n");
        }
    }
    buffer_append_char(out, '\n');
}

static bool
is_extract(const struct bean *bean)
{
    struct slice operation =
        process_conf_value(bean->conf, "process.operation");
    return slice_is_nocase(operation, "extract") ||
           slice_is_nocase(operation, "extract_all") ||
           slice_is_nocase(operation, "extractall");
}

static bool
convert_bean(struct drafting *drafting, const struct conf_bean *conf,
             struct error *err)
{
    struct bean bean = {drafting, conf, file_name(drafting, conf->name), NULL};
    struct sdl_settings settings;
    bool done = true;
    drafting->summary->beans++;
    if (is_extract(&bean)) {
        add_extract(&bean);
        bean.refused = "it extracts, which is no load";
    } else {
        take_settings(&bean, &settings);
        done = !take_operation(&bean, &settings) ||
               convert_fields(&bean, &settings, err);
        if (bean.refused != NULL) {
            drafting->summary->refused++;
            buffer_printf(&drafting->script,
                          "# %s is not converted: ", bean.name);
            add_comment(&drafting->script, bean.refused);
            buffer_append_char(&drafting->script, '\n');
        } else {
            drafting->summary->converted++;
            add_command(&bean);
        }
    }
    add_properties(&bean);
    return done;
}

static bool
put_file(const struct drafting *drafting, const char *name, struct buffer *text,
         bool can_run, struct error *err)
{
    char *path = mem_printf("%s/%s", drafting->draft->folder, name);
    bool done = file_replace(path, buffer_slice(text), err);
    if (done && can_run && chmod(path, 0700) != 0) {
        done = error_set_errno(err, "cannot make '%s' executable", path);
    }
    free(path);
    return done;
}

static bool
put_rest(struct drafting *drafting, struct error *err)
{
    struct buffer orgs = {0};
    buffer_append_text(&drafting->script, "exit \"$worst\"\n");
    conf_orgs_write(&drafting->orgs, &orgs);
    bool done =
        put_file(drafting, "orgs.yaml", &orgs, false, err) &&
        put_file(drafting, "run.sh", &drafting->script, true, err) &&
        put_file(drafting, "properties.txt", &drafting->properties, false, err);
    buffer_release(&orgs);
    return done;
}

static bool
convert_all(struct drafting *drafting, struct error *err)
{
    const struct conf_draft *draft = drafting->draft;
    bool done = true;
    if (file_exists(draft->folder)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' exists and is not written over; give another "
                         "name",
                         draft->folder);
    }
    done = file_make_folders(draft->folder, err);
    buffer_printf(&drafting->script,
                  "#!/bin/sh\n"
                  "# What the beans of %s did, by sfetl.\n"
                  "cd \"$(dirname \"$0\")\" || exit 9\n"
                  "worst=0\n"
                  "run() {\n"
                  "    sfetl run --config orgs.yaml \"$@\"\n"
                  "    code=$?\n"
                  "    [ \"$code\" -le \"$worst\" ] || worst=$code\n"
                  "}\n",
                  last_part(draft->path));
    buffer_append_text(&drafting->properties,
                       "What became of each setting of Data Loader.\n\n");
    for (size_t i = 0; done && i < drafting->conf.bean_count; i++) {
        if (drafting->conf.beans[i].is_process) {
            done = convert_bean(drafting, &drafting->conf.beans[i], err);
        }
    }
    return done && put_rest(drafting, err);
}

/* config.properties beside the beans, as Data Loader reads it. */
static bool
add_defaults(struct drafting *drafting, struct error *err)
{
    const char *conf = drafting->draft->path;
    char *path = mem_printf("%.*sconfig.properties",
                            (int)(last_part(conf) - conf), conf);
    struct buffer text = {.limit = CONF_LIMIT * 2};
    struct property_list list;
    bool done = true;
    if (file_exists(path)) {
        done = file_read_whole(path, CONF_LIMIT, &text, err) &&
               properties_read(buffer_slice(&text), &drafting->conf.arena,
                               &list, err);
        if (done) {
            process_conf_add_defaults(&drafting->conf, &list);
        } else {
            error_add_context(err, "%s", path);
        }
    }
    buffer_release(&text);
    free(path);
    return done;
}

bool
conf_draft_write(const struct conf_draft *draft, struct conf_summary *summary,
                 struct error *err)
{
    struct drafting drafting = {.draft = draft, .summary = summary};
    struct buffer text = {.limit = CONF_LIMIT * 2};
    *summary = (struct conf_summary){0};
    bool done = file_read_whole(draft->path, CONF_LIMIT, &text, err) &&
                process_conf_read(&drafting.conf, buffer_slice(&text),
                                  draft->path, err) &&
                add_defaults(&drafting, err);
    for (size_t i = 0; done && i < drafting.conf.bean_count; i++) {
        conf_orgs_add(&drafting.orgs, &drafting.conf.beans[i]);
    }
    done = done && convert_all(&drafting, err);
    conf_orgs_release(&drafting.orgs);
    buffer_release(&drafting.script);
    buffer_release(&drafting.properties);
    process_conf_release(&drafting.conf);
    arena_release(&drafting.arena);
    buffer_release(&text);
    return done;
}
