/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/conf_orgs.h"

#include "base/mem.h"
#include "model/yaml_text.h"

#include <stdlib.h>

#define DEFAULT_URL "https://login.salesforce.com"

/* Scheme and host: what is behind is the SOAP API's. */
static struct slice
site_of(struct slice endpoint)
{
    const char *scheme = endpoint.len > 8 && slice_begins(endpoint, "https://")
                             ? endpoint.ptr + 8
                             : NULL;
    if (scheme == NULL) {
        return SLICE_LITERAL(DEFAULT_URL);
    }
    size_t left = endpoint.len - 8;
    const char *slash = memchr(scheme, '/', left);
    size_t len = slash ? (size_t)(slash - endpoint.ptr) : endpoint.len;
    return (struct slice){endpoint.ptr, len};
}

static struct conf_org *
find(const struct conf_orgs *orgs, struct slice url, struct slice username)
{
    for (size_t i = 0; i < orgs->count; i++) {
        if (slice_equals(orgs->items[i].url, url) &&
            slice_equals(orgs->items[i].username, username)) {
            return &orgs->items[i];
        }
    }
    return NULL;
}

void
conf_orgs_add(struct conf_orgs *orgs, const struct conf_bean *bean)
{
    struct slice url = site_of(process_conf_value(bean, "sfdc.endpoint"));
    struct slice username = process_conf_value(bean, "sfdc.username");
    struct slice host = process_conf_value(bean, "sfdc.proxyHost");
    struct slice port = process_conf_value(bean, "sfdc.proxyPort");
    if (!bean->is_process || find(orgs, url, username) != NULL) {
        return;
    }
    if (orgs->count == orgs->capacity) {
        orgs->capacity = orgs->capacity ? orgs->capacity * 2 : 8;
        orgs->items =
            mem_realloc_array(orgs->items, orgs->capacity, sizeof *orgs->items);
    }
    struct conf_org *org = &orgs->items[orgs->count++];
    *org = (struct conf_org){.url = url, .username = username};
    org->name =
        orgs->count == 1
            ? "dataloader"
            : arena_printf(&orgs->arena, "dataloader%zu%c", orgs->count, 0).ptr;
    if (host.ptr != NULL) {
        org->proxy =
            arena_printf(&orgs->arena, "http://%.*s%s%.*s", SLICE_ARGS(host),
                         port.ptr ? ":" : "", SLICE_ARGS(port));
    }
}

const char *
conf_orgs_name(const struct conf_orgs *orgs, const struct conf_bean *bean)
{
    const struct conf_org *org =
        find(orgs, site_of(process_conf_value(bean, "sfdc.endpoint")),
             process_conf_value(bean, "sfdc.username"));
    return org ? org->name : "dataloader";
}

void
conf_orgs_write(const struct conf_orgs *orgs, struct buffer *text)
{
    buffer_append_text(
        text,
        "# Data Loader signed in with a user name and a password that "
        "was encrypted by\n# its own key: neither can be taken over. Make "
        "a connected app (or an external\n# client app) with the client "
        "credentials flow, give its consumer key here, and\n# put its "
        "secret into the file, readable by you alone (chmod 600).\n# "
        "Client credentials need the org's own address, My Domain. "
        "'man sfetl-orgs'\n# has the other ways to sign in.\n");
    buffer_append_text(text, "default: dataloader\norgs:\n");
    for (size_t i = 0; i < orgs->count; i++) {
        const struct conf_org *org = &orgs->items[i];
        buffer_printf(text, "  %s:\n    login_url: ", org->name);
        yaml_text_quoted(text, org->url);
        if (org->username.ptr != NULL) {
            buffer_append_text(text, "   # signed in as ");
            yaml_text_quoted(text, org->username);
        }
        buffer_printf(text,
                      "\n    auth: client_credentials\n"
                      "    client_id: CONSUMER-KEY\n"
                      "    client_secret_file: %s.secret\n",
                      org->name);
        if (org->proxy.ptr != NULL) {
            buffer_append_text(text, "    proxy: ");
            yaml_text_quoted(text, org->proxy);
            buffer_append_char(text, '\n');
        }
    }
}

void
conf_orgs_release(struct conf_orgs *orgs)
{
    free(orgs->items);
    arena_release(&orgs->arena);
    *orgs = (struct conf_orgs){0};
}
