/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/setup.h"

#include "base/clock.h"
#include "pipeline/cancel.h"
#include "pipeline/draft/sdl_draft.h"
#include "pipeline/pickup/fetch.h"
#include "pipeline/tables/table_feed.h"
#include "salesforce/describe.h"

/* text absent: the file's, or what is remembered of it. */
static bool
open_mapping(struct setup *setup, const struct run_options *options,
             struct slice text, struct error *err)
{
    bool is_sdl = sdl_draft_is(options->mapping_path);
    const struct mapping_options mapping_options = {
        .path = options->mapping_path,
        .params = options->params,
        /* Those of an .sdl went into its text. */
        .param_count = is_sdl ? 0 : options->param_count,
        .input = options->input,
        .load_names = options->load_names,
        .load_name_count = options->load_name_count,
        .now_ms = setup->memory ? setup->memory->now_ms : clock_wall_ms(),
        .text = setup->memory ? setup->memory->mapping_text : text,
    };
    setup->problems.path = options->mapping_path;
    setup->problems.lines_only = is_sdl;
    setup->mapping = mapping_open(&mapping_options, &setup->problems, err);
    return setup->mapping != NULL;
}

/* False when the mapping has errors: they stand in the problems. */
static bool
is_sound(struct setup *setup, struct error *err)
{
    size_t count = setup->problems.error_count;
    if (count == 0) {
        return true;
    }
    problem_sort(&setup->problems);
    return error_set(err, ERROR_CONFIG, 0,
                     "the mapping '%s' has %zu error%s: nothing was sent",
                     setup->problems.path, count, count == 1 ? "" : "s");
}

static bool
pick_up(struct setup *setup, const struct run_options *options,
        struct error *err)
{
    const struct setup_memory *memory = setup->memory;
    const char *path = setup->source_spec.path;
    if (memory != NULL) {
        return memory->pickup(memory->cookie, &setup->pickup, err);
    }
    return pickup_find(&setup->pickup, path, options, err) &&
           (setup->pickup.kind != PICKUP_ADDRESS ||
            fetch_address(&setup->pickup, options, err));
}

static bool
open_source(struct setup *setup, const struct run_options *options,
            const struct source_spec *spec, struct error *err)
{
    setup->source_spec = *spec;
    setup->source_spec.stop_fd = cancel_fd();
    if (!pick_up(setup, options, err)) {
        return false;
    }
    pickup_apply(&setup->pickup, &setup->source_spec);
    setup->source = source_open(&setup->source_spec, err);
    return setup->source != NULL;
}

/* A result file that is fed back has the rows of one load. */
static bool
has_streams(const struct setup *setup, struct error *err)
{
    return setup->source_spec.stream_count <=
               source_stream_count(setup->source) ||
           error_set(err, ERROR_CONFIG, 0,
                     "'%s' is a result file, with the rows of one load, and "
                     "the loads of this mapping take different ones; name its "
                     "load with --load [one-stream]",
                     source_name(setup->source));
}

static bool
bind_source(struct setup *setup, const struct run_options *options,
            struct error *err)
{
    return (setup->source != NULL ||
            open_source(setup, options, mapping_source(setup->mapping), err)) &&
           has_streams(setup, err) &&
           mapping_bind_columns(setup->mapping, source_columns(setup->source),
                                source_name(setup->source), &setup->problems,
                                err);
}

static bool
stop_asked(void *cookie)
{
    (void)cookie;
    return cancel_signal() != 0;
}

static bool
sign_in(struct setup *setup, struct error *err)
{
    const struct http_options http_options = {
        .proxy = setup->org->proxy,
        .no_proxy = setup->org->no_proxy,
        .ca_file = setup->org->ca_file,
        .stop = stop_asked,
    };
    setup->http = http_client_new(&http_options, err);
    return setup->http != NULL &&
           session_open(&setup->session, setup->org, setup->http, err);
}

static bool
describe_one(struct setup *setup, struct slice name, struct error *err)
{
    if (setup->memory != NULL) {
        return setup->memory->describe(setup->memory->cookie, name,
                                       &setup->schema, err);
    }
    if (setup->session.token != NULL) {
        return describe_object(&setup->session, name, &setup->schema, err);
    }
    return describe_saved_object(setup->org ? setup->org->name : NULL, NULL,
                                 name, &setup->schema, err);
}

/* A wrong object is told where the mapping names it. */
static bool
add_place(const struct setup *setup, struct slice name, struct error *err)
{
    int line, column;
    if (err->kind != ERROR_CONFIG ||
        !mapping_object_place(setup->mapping, name, &line, &column)) {
        return false;
    }
    return error_add_context(err, "%s:%d:%d", setup->problems.path, line,
                             column);
}

/* With a session from the org, else from what was saved before. */
static bool
describe_objects(struct setup *setup, struct error *err)
{
    for (;;) {
        struct slice name =
            mapping_missing_object(setup->mapping, &setup->schema);
        if (name.ptr == NULL) {
            setup->types_checked = true;
            return true;
        }
        if (!describe_one(setup, name, err)) {
            return err->kind == ERROR_NONE || add_place(setup, name, err);
        }
        if (schema_object(&setup->schema, name) == NULL) {
            return error_set(err, ERROR_REMOTE, 0,
                             "the org describes another object when it is "
                             "asked for '%.*s'",
                             SLICE_ARGS(name));
        }
    }
}

static bool
feed_tables(struct setup *setup, struct error *err)
{
    const struct table_feed feed = {
        .mapping = setup->mapping,
        .session = setup->session.token ? &setup->session : NULL,
        .kept = setup->memory ? setup->memory->table : NULL,
        .cookie = setup->memory ? setup->memory->cookie : NULL,
        .problems = &setup->problems,
    };
    return table_feed_all(&feed, err);
}

static bool
open_org(struct setup *setup, const struct run_options *options, unsigned want,
         struct error *err)
{
    if (!credentials_load(&setup->orgs, options->config_path, err)) {
        return false;
    }
    bool asks_org = (want & SETUP_ORG) && !options->offline;
    if (asks_org || options->org != NULL || setup->orgs.default_org != NULL) {
        setup->org = credentials_org(&setup->orgs, options->org, err);
        if (setup->org == NULL) {
            return false;
        }
    }
    return !asks_org || sign_in(setup, err);
}

static bool
describe_for_sdl(void *cookie, struct slice object, struct error *err)
{
    return describe_one(cookie, object, err);
}

/* The .sdl, held against the source's header and the object's fields, becomes
 * the text of the mapping. */
static bool
convert_sdl(struct setup *setup, const struct sdl_settings *settings,
            const char *path, struct buffer *text, struct error *err)
{
    const struct sdl_describer describer = {describe_for_sdl, setup};
    struct sdl sdl = {0};
    setup->problems.path = path;
    bool done =
        sdl_draft_read(&sdl, path, settings->object, &setup->schema, &describer,
                       setup->source ? source_columns(setup->source) : NULL,
                       &setup->problems, err);
    setup->problems.lines_only = true;
    done = done && is_sound(setup, err);
    if (done) {
        sdl_text_in_place(&sdl, settings, text);
    }
    sdl_release(&sdl);
    return done;
}

static bool
open_sdl(struct setup *setup, const struct run_options *options, unsigned want,
         struct error *err)
{
    const struct source_spec spec = {
        .format = "csv",
        .path = options->input,
        .quote = '"',
        .has_header = true,
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT,
    };
    struct arena arena = {0};
    struct buffer text = {0};
    struct sdl_settings settings;
    bool done = sdl_draft_settings(options, true, &arena, &settings, err);
    if (done && options->input == NULL) {
        done = error_set(err, ERROR_USAGE, 0,
                         "an .sdl does not say where the rows come from; add "
                         "'--input FILE' [sdl-object]");
    }
    done =
        done && open_org(setup, options, want, err) &&
        (!(want & SETUP_SOURCE) || open_source(setup, options, &spec, err)) &&
        convert_sdl(setup, &settings, options->mapping_path, &text, err) &&
        open_mapping(setup, options, buffer_slice(&text), err);
    buffer_release(&text);
    arena_release(&arena);
    return done;
}

bool
setup_open(struct setup *setup, const struct run_options *options,
           unsigned want, struct error *err)
{
    bool is_sdl = setup->memory == NULL && sdl_draft_is(options->mapping_path);
    if (!sdl_draft_is(options->mapping_path) &&
        (options->object || options->operation || options->external_id)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'--object', '--operation' and '--external-id' are "
                         "for .sdl files; the mapping '%s' says them itself",
                         options->mapping_path);
    }
    bool opened = is_sdl ? open_sdl(setup, options, want, err)
                         : open_mapping(setup, options, (struct slice){0}, err);
    if (!opened || !is_sound(setup, err) ||
        ((want & SETUP_SOURCE) && !bind_source(setup, options, err)) ||
        (!is_sdl && !open_org(setup, options, want, err))) {
        return false;
    }
    return describe_objects(setup, err) &&
           mapping_bind_schema(setup->mapping,
                               setup->types_checked ? &setup->schema : NULL,
                               &setup->problems, err) &&
           (!(want & SETUP_SOURCE) || feed_tables(setup, err)) &&
           is_sound(setup, err);
}

void
setup_close(struct setup *setup)
{
    source_close(setup->source);
    mapping_close(setup->mapping);
    fetch_drop(&setup->pickup);
    pickup_release(&setup->pickup);
    session_close(&setup->session);
    http_client_free(setup->http);
    schema_release(&setup->schema);
    credentials_release(&setup->orgs);
    problem_release(&setup->problems);
    *setup = (struct setup){0};
}
