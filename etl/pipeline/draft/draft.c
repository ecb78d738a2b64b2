/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft.h"

#include "pipeline/cancel.h"
#include "pipeline/draft/draft_plan.h"
#include "pipeline/draft/draft_text.h"
#include "salesforce/describe.h"
#include "salesforce/login/credentials.h"
#include "salesforce/session.h"

struct drafting {
    const struct draft_options *options;
    struct orgs orgs;
    struct http_client *http;
    struct session session;
    struct schema schema;
    const struct schema_object *object; /* NULL: no metadata */
};

static bool
stop_asked(void *cookie)
{
    (void)cookie;
    return cancel_signal() != 0;
}

static bool
sign_in(struct drafting *drafting, const struct org *org, struct error *err)
{
    const struct http_options http_options = {
        .proxy = org->proxy,
        .no_proxy = org->no_proxy,
        .ca_file = org->ca_file,
        .stop = stop_asked,
    };
    drafting->http = http_client_new(&http_options, err);
    return drafting->http != NULL &&
           session_open(&drafting->session, org, drafting->http, err);
}

/* From the org that is named or the default; without one there is none. */
static bool
find_object(struct drafting *drafting, struct error *err)
{
    const struct draft_options *options = drafting->options;
    struct slice name = slice_of(options->object);
    const struct org *org = NULL;
    if (!credentials_load(&drafting->orgs, options->config_path, err)) {
        return false;
    }
    if (options->org != NULL || drafting->orgs.default_org != NULL) {
        org = credentials_org(&drafting->orgs, options->org, err);
        if (org == NULL) {
            return false;
        }
    }
    if (org == NULL) {
        return true;
    }
    bool done = options->offline ? describe_saved_object(org->name, NULL, name,
                                                         &drafting->schema, err)
                                 : sign_in(drafting, org, err) &&
                                       describe_object(&drafting->session, name,
                                                       &drafting->schema, err);
    drafting->object = schema_object(&drafting->schema, name);
    return done || err->kind == ERROR_NONE;
}

static void
close_drafting(struct drafting *drafting)
{
    session_close(&drafting->session);
    http_client_free(drafting->http);
    schema_release(&drafting->schema);
    credentials_release(&drafting->orgs);
}

bool
draft_write(const struct draft_options *options,
            const struct draft_source *source, struct buffer *text,
            struct draft_summary *summary, struct error *err)
{
    struct drafting drafting = {.options = options};
    *summary = (struct draft_summary){.columns = source->column_count};
    bool done = find_object(&drafting, err);
    if (done) {
        struct draft_plan plan = {.source = source,
                                  .object_name = options->object,
                                  .object = drafting.object};
        summary->types_checked = drafting.object != NULL;
        draft_plan_make(&plan);
        draft_text_mapping(&plan, options->source_path, text, summary);
        draft_plan_release(&plan);
    }
    close_drafting(&drafting);
    return done && (!text->overflowed ||
                    error_set(err, ERROR_INPUT, 0,
                              "the draft would be larger than a mapping is"));
}
