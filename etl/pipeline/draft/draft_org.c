/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft_org.h"

#include "pipeline/cancel.h"
#include "salesforce/describe.h"

static bool
stop_asked(void *cookie)
{
    (void)cookie;
    return cancel_signal() != 0;
}

static bool
sign_in(struct draft_org *draft, struct error *err)
{
    const struct http_options http_options = {
        .proxy = draft->org->proxy,
        .no_proxy = draft->org->no_proxy,
        .ca_file = draft->org->ca_file,
        .stop = stop_asked,
    };
    draft->http = http_client_new(&http_options, err);
    return draft->http != NULL &&
           session_open(&draft->session, draft->org, draft->http, err);
}

bool
draft_org_open(struct draft_org *draft, struct error *err)
{
    if (!credentials_load(&draft->orgs, draft->config_path, err)) {
        return false;
    }
    if (draft->name == NULL && draft->orgs.default_org == NULL) {
        return true;
    }
    draft->org = credentials_org(&draft->orgs, draft->name, err);
    return draft->org != NULL && (draft->offline || sign_in(draft, err));
}

bool
draft_org_describe(struct draft_org *draft, struct slice object,
                   struct error *err)
{
    if (draft->org == NULL) {
        return false;
    }
    return draft->offline
               ? describe_saved_object(draft->org->name, NULL, object,
                                       &draft->schema, err)
               : describe_object(&draft->session, object, &draft->schema, err);
}

void
draft_org_close(struct draft_org *draft)
{
    session_close(&draft->session);
    http_client_free(draft->http);
    schema_release(&draft->schema);
    credentials_release(&draft->orgs);
}
