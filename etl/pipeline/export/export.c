/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/export/export.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "pipeline/export/export_job.h"
#include "salesforce/api_limits.h"
#include "salesforce/query/bulk2_query.h"
#include "salesforce/query/query.h"
#include "salesforce/query/soql_select.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARALLEL_DEFAULT 4

struct export
{
    const struct export_options *options;
    const struct progress_sink *progress;
    struct export_result *result;
    struct arena arena;
    struct soql_select select;
    struct orgs orgs;
    struct http_client *http;
    struct session session;
    struct export_file file;
    struct export_state state;
    char *state_path, *part_path;
    int lock_fd;     /* of the part file */
    bool is_asked;   /* an API was named */
    bool too_many;   /* for REST: it is left for a job */
    bool keeps_part; /* it is gone on with, or belongs to another query */
    int64_t end_ms;  /* monotonic; 0: none */
};

static bool
is_api(const struct export *export, const char *api)
{
    return export->options->api != NULL &&
           strcmp(export->options->api, api) == 0;
}

static bool
stop_asked(void *cookie)
{
    (void)cookie;
    return cancel_signal() != 0;
}

static bool
sign_in(struct export *export, struct error *err)
{
    const struct export_options *options = export->options;
    if (!credentials_load(&export->orgs, options->config_path, err)) {
        return false;
    }
    const struct org *org = credentials_org(&export->orgs, options->org, err);
    if (org == NULL) {
        return false;
    }
    const struct http_options http_options = {
        .proxy = org->proxy,
        .no_proxy = org->no_proxy,
        .ca_file = org->ca_file,
        .stop = stop_asked,
    };
    export->http = http_client_new(&http_options, err);
    return export->http != NULL &&
           session_open(&export->session, org, export->http, err);
}

/* What stands there is written over only when it is a file. */
static bool
check_output(const char *path, struct error *err)
{
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' is no file; an export is written aside and put "
                         "in its place whole",
                         path);
    }
    return true;
}

/* One export at a time writes there. The lock is the kernel's: a dead holder
 * has none. */
static bool
take_lock(struct export *export, struct error *err)
{
    struct stat held, named;
    export->lock_fd =
        open(export->part_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (export->lock_fd < 0) {
        return error_set_errno(err, "cannot create '%s'", export->part_path);
    }
    if (flock(export->lock_fd, LOCK_EX | LOCK_NB) != 0 ||
        fstat(export->lock_fd, &held) != 0 ||
        stat(export->part_path, &named) != 0 || held.st_ino != named.st_ino) {
        close(export->lock_fd);
        export->lock_fd = -1;
        return error_set(err, ERROR_LOCKED, 0,
                         "another export is writing '%s'; wait for its end, "
                         "or give another --output",
                         export->options->output);
    }
    return true;
}

/* Why a job of the Bulk API 2.0 can't have the query; NULL: it can. */
static const char *
why_not_bulk(const struct export *export)
{
    const struct org *org = export->session.org;
    if (export->select.not_bulk != NULL) {
        return export->select.not_bulk;
    }
    return strtoul(org->api_version, NULL, 10) < BULK2_QUERY_VERSION
               ? "an api_version below 47.0"
               : NULL;
}

static void
choose(struct export *export, const char *api, const char *why)
{
    export->result->api = api;
    export->result->why = export->is_asked ? "asked for" : why;
    log_info("%s goes by %s: %s", export->result->object, api,
             export->result->why);
}

static bool
belongs(const struct export *export)
{
    const struct export_state *state = &export->state;
    return strcmp(state->soql, export->options->soql) == 0 &&
           strcmp(state->instance_url, export->session.instance_url) == 0 &&
           strcmp(state->api_version, export->session.org->api_version) == 0 &&
           state->job_id[0] != '\0' && !is_api(export, "rest") &&
           file_size(export->part_path) >= state->size;
}

static void
begin_state(struct export *export)
{
    export_state_release(&export->state);
    struct export_state *state = &export->state;
    state->soql = export->options->soql;
    state->api_version = export->session.org->api_version;
    state->header = "";
    /* The session's is another text after each sign-in. */
    state->instance_url =
        arena_strdup(&state->arena, slice_of(export->session.instance_url));
}

static bool
open_file(struct export *export, struct error *err)
{
    const struct export_state *state = &export->state;
    export_file_close(&export->file);
    return export_file_open(&export->file, export->options->output, state->size,
                            state->rows, slice_of(state->header), err);
}

/* What an interrupted export left beside the output: gone on with when it is
 * this one. */
static bool
recall(struct export *export, bool *goes_on, struct error *err)
{
    *goes_on = export_state_read(&export->state, export->state_path, err);
    if (err->kind != ERROR_NONE) {
        return false;
    }
    if (*goes_on && !belongs(export)) {
        *goes_on = false;
        export->keeps_part = !export->options->force;
        if (export->keeps_part) {
            return error_set(
                err, ERROR_USAGE, 0,
                "an export of another query or org was interrupted at '%s'; "
                "give another --output, or --force to drop that one "
                "[export-open]",
                export->options->output);
        }
    }
    if (!*goes_on) {
        begin_state(export);
    }
    return true;
}

static bool
take_record(void *cookie, const struct slice *values, struct error *err)
{
    struct export *export = cookie;
    if (export->end_ms > 0 && clock_monotonic_ms() > export->end_ms) {
        return error_set(err, ERROR_LIMIT, 0,
                         "the export took longer than --timeout allows");
    }
    return cancel_check(err) &&
           export_file_put(&export->file, values, export->select.count, err);
}

static bool
take_total(void *cookie, uint64_t total)
{
    struct export *export = cookie;
    export->too_many = !export->is_asked && total > EXPORT_REST_ROWS &&
                       why_not_bulk(export) == NULL;
    return !export->too_many;
}

static bool
by_rest(struct export *export, const char *why, struct error *err)
{
    choose(export, "rest", why);
    const struct query query = {
        .session = &export->session,
        .soql = slice_of(export->options->soql),
        .fields = export->select.columns,
        .field_count = export->select.count,
        .on_record = take_record,
        .on_total = take_total,
        .cookie = export,
    };
    return open_file(export, err) &&
           export_file_put(&export->file, export->select.columns,
                           export->select.count, err) &&
           query_run(&query, err);
}

static bool
run_job(struct export *export, struct export_job *job, struct error *err)
{
    if (!open_file(export, err)) {
        return false;
    }
    bool done = export_job_run(job, err);
    memcpy(export->result->job_id, export->state.job_id,
           sizeof export->result->job_id);
    return done;
}

/* The job of an earlier process may be gone by now: then anew, once. */
static bool
by_job(struct export *export, const char *why, bool goes_on, struct error *err)
{
    unsigned parallel = export->options->parallel;
    struct export_job job = {
        .session = &export->session,
        .file = &export->file,
        .state = &export->state,
        .state_path = export->state_path,
        .soql = slice_of(export->options->soql),
        .parallel = parallel > 0 ? parallel : PARALLEL_DEFAULT,
        .end_ms = export->end_ms,
        .progress = export->progress,
    };
    choose(export, "bulk2", why);
    export->result->went_on = goes_on;
    bool done = run_job(export, &job, err);
    if (!done && goes_on && job.is_gone) {
        log_warning("%s; the query is asked anew", err->text);
        error_clear(err);
        export->result->went_on = false;
        job.is_gone = false;
        begin_state(export);
        done = run_job(export, &job, err);
    }
    if (!done && job.was_refused && !export->is_asked) {
        log_info("no query job: %s", err->text);
        error_clear(err);
        export->is_asked = true; /* whatever the number of records is */
        begin_state(export);
        done = by_rest(export, "the org takes no query job for it", err);
        export->result->why = "the org takes no query job for it";
    }
    export->result->can_go_on =
        !done && !job.is_gone && export->state.job_id[0] != '\0';
    export->keeps_part = export->result->can_go_on;
    return done;
}

/* A query with no row has no page, and its header is what it selects. */
static bool
finish(struct export *export, struct error *err)
{
    if (export->file.header.len == 0 &&
        !export_file_put(&export->file, export->select.columns,
                         export->select.count, err)) {
        return false;
    }
    export->result->rows = export->file.rows;
    export->result->bytes = export_file_size(&export->file);
    return export_file_commit(&export->file, err) &&
           file_remove_tree(export->state_path, err);
}

static bool
check_bulk(const struct export *export, struct error *err)
{
    const char *why = why_not_bulk(export);
    return why == NULL ||
           error_set(err, ERROR_CONFIG, 0,
                     "a query job of the Bulk API 2.0 takes no query with %s; "
                     "use --api rest [export-query]",
                     why);
}

static bool
fetch(struct export *export, struct error *err)
{
    bool goes_on;
    if (!recall(export, &goes_on, err)) {
        return false;
    }
    if (is_api(export, "bulk2") || goes_on) {
        return check_bulk(export, err) &&
               by_job(export, "it was begun so", goes_on, err);
    }
    bool is_long = !export->is_asked && why_not_bulk(export) == NULL &&
                   strlen(export->options->soql) > QUERY_URL_BYTES / 3;
    if (is_long) {
        return by_job(export, "the query is long", false, err);
    }
    if (!by_rest(export, "10,000 records or fewer", err)) {
        return false;
    }
    if (export->too_many) {
        begin_state(export);
        return by_job(export, "more than 10,000 records", false, err);
    }
    return true;
}

static void
drop_part(struct export *export)
{
    struct error ignored = {0};
    if (export->lock_fd >= 0 && !export->keeps_part) {
        file_remove_tree(export->part_path, &ignored);
        file_remove_tree(export->state_path, &ignored);
    }
}

static void
close_export(struct export *export)
{
    export_file_close(&export->file);
    export_state_release(&export->state);
    session_close(&export->session);
    http_client_free(export->http);
    credentials_release(&export->orgs);
    arena_release(&export->arena);
    if (export->lock_fd >= 0) {
        close(export->lock_fd);
    }
    free(export->state_path);
    free(export->part_path);
}

static void
take_totals(struct export *export)
{
    if (export->http != NULL) {
        struct http_totals totals = http_client_totals(export->http);
        export->result->calls = totals.requests;
        export->result->sent_bytes = totals.sent_bytes;
        export->result->received_bytes = totals.received_bytes;
    }
}

bool
export_run(const struct export_options *options,
           const struct progress_sink *progress, struct export_result *result,
           struct error *err)
{
    struct export export = {
        .options = options,
        .progress = progress,
        .result = result,
        .is_asked = options->api != NULL && strcmp(options->api, "auto") != 0,
        .file.part.fd = -1,
        .lock_fd = -1,
    };
    int64_t began_ms = clock_monotonic_ms();
    *result = (struct export_result){0};
    export.end_ms =
        options->timeout_ms > 0 ? began_ms + options->timeout_ms : 0;
    export.state_path = mem_printf("%s.state", options->output);
    export.part_path = mem_printf("%s.part", options->output);
    bool done = check_output(options->output, err) &&
                soql_select_parse(slice_of(options->soql), &export.arena,
                                  &export.select, err);
    if (done) {
        result->object = slice_dup(export.select.object);
    }
    done = done && sign_in(&export, err) && take_lock(&export, err) &&
           fetch(&export, err) && finish(&export, err);
    if (!done) {
        cancel_name(err);
        drop_part(&export);
    }
    take_totals(&export);
    close_export(&export);
    result->duration_ms = clock_monotonic_ms() - began_ms;
    return done;
}

void
export_release(struct export_result *result)
{
    free(result->object);
    *result = (struct export_result){0};
}
