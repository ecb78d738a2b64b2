/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/choose.h"

#include "base/suggest.h"
#include "salesforce/api_limits.h"
#include "salesforce/bulk2_client.h"
#include "salesforce/rest_client.h"
#include "salesforce/soap/soap_client.h"
#include "sink/sink.h"

#include <stdlib.h>

static bool
is_allowed(const struct org *org, enum operation operation)
{
    switch (operation) {
    case OPERATION_INSERT:
        return org->allow_insert;
    case OPERATION_UPDATE:
        return org->allow_update;
    case OPERATION_UPSERT:
        return org->allow_upsert;
    case OPERATION_DELETE:
        return org->allow_delete;
    case OPERATION_HARD_DELETE:
        return org->allow_hard_delete;
    case OPERATION_UNDELETE:
        return org->allow_undelete;
    }
    return false;
}

static bool
check_allowed(const struct load *load, const struct org *org, struct error *err)
{
    const char *name = load_operation_name(load->operation);
    return is_allowed(org, load->operation) ||
           error_set(err, ERROR_CONFIG, 0,
                     "load '%s': org '%s' does not allow %s; add it to the "
                     "org's 'allow' in orgs.yaml [not-allowed]",
                     load->name, org->name, name);
}

static bool
check_name(const char *api, struct error *err)
{
    if (strcmp(api, "bulk1") == 0) {
        return error_set(err, ERROR_USAGE, 0,
                         "the API 'bulk1' is not in this version; use 'bulk2', "
                         "'rest', 'soap' or 'auto'");
    }
    size_t count = 0;
    while (sink_names[count] != NULL) {
        if (strcmp(api, sink_names[count]) == 0) {
            return true;
        }
        count++;
    }
    char suggestion[SUGGEST_SIZE];
    return error_set(
        err, ERROR_USAGE, 0, "there is no API '%.40s'%s", api,
        suggest_phrase(suggestion, slice_of(api), sink_names, count));
}

static int
rest_version(const struct load *load)
{
    return load->operation == OPERATION_UPSERT ? REST_COLLECTION_UPSERT_VERSION
                                               : REST_COLLECTION_VERSION;
}

static bool
has_version(const struct org *org, int lowest)
{
    return strtoul(org->api_version, NULL, 10) >= (unsigned long)lowest;
}

/* What only SOAP can do. */
static bool
needs_soap(const struct load *load)
{
    return load->operation == OPERATION_UNDELETE || load->headers.has_email;
}

/* What Bulk has no words for. */
static bool
needs_calls(const struct load *load)
{
    return load->all_or_none || load->headers.has_duplicate_rule ||
           load_has_files(load);
}

static bool
check_bulk2(const struct load *load, const struct org *org, struct error *err)
{
    if (!bulk2_client_knows(load->operation)) {
        return error_set(err, ERROR_CONFIG, 0,
                         "load '%s': the Bulk API 2.0 can't %s records; use "
                         "'api: soap'",
                         load->name, load_operation_name(load->operation));
    }
    if (load_has_files(load)) {
        return error_set(err, ERROR_CONFIG, 0,
                         "load '%s': the Bulk API 2.0 takes no files; use "
                         "'api: rest' or 'api: soap'",
                         load->name);
    }
    if (needs_calls(load) || load->headers.has_email) {
        return error_set(err, ERROR_CONFIG, 0,
                         "load '%s': the Bulk API 2.0 has no 'all_or_none' and "
                         "no 'headers'; use 'api: soap'",
                         load->name);
    }
    if (!has_version(org, BULK2_VERSION_LOWEST)) {
        return error_set(err, ERROR_CONFIG, 0,
                         "org '%s': the Bulk API 2.0 needs api_version %d.0 or "
                         "later, it is %s",
                         org->name, BULK2_VERSION_LOWEST, org->api_version);
    }
    return true;
}

static bool
check_rest(const struct load *load, const struct org *org, struct error *err)
{
    if (!rest_client_knows(load->operation)) {
        return error_set(err, ERROR_CONFIG, 0,
                         "load '%s': REST collections can't %s records; use "
                         "'api: bulk2'",
                         load->name, load_operation_name(load->operation));
    }
    if (load->headers.has_email) {
        return error_set(err, ERROR_CONFIG, 0,
                         "load '%s': REST collections have no 'email'; use "
                         "'api: soap'",
                         load->name);
    }
    if (!has_version(org, rest_version(load))) {
        return error_set(err, ERROR_CONFIG, 0,
                         "org '%s': REST collections need api_version %d.0 or "
                         "later to %s, it is %s",
                         org->name, rest_version(load),
                         load_operation_name(load->operation),
                         org->api_version);
    }
    return true;
}

static bool
check_soap(const struct load *load, const struct org *org, struct error *err)
{
    (void)org;
    return soap_client_knows(load->operation) ||
           error_set(err, ERROR_CONFIG, 0,
                     "load '%s': SOAP can't %s records; use 'api: bulk2'",
                     load->name, load_operation_name(load->operation));
}

typedef bool check_fn(const struct load *load, const struct org *org,
                      struct error *err);

static check_fn *
check_of(const char *api)
{
    return strcmp(api, "rest") == 0   ? check_rest
           : strcmp(api, "soap") == 0 ? check_soap
                                      : check_bulk2;
}

const char *
choose_default(const struct load *load)
{
    return needs_soap(load) ? "soap" : needs_calls(load) ? "rest" : "bulk2";
}

bool
choose_api(const char *api, const struct load *load, const struct org *org,
           struct choice *choice, struct error *err)
{
    bool is_asked = api != NULL && strcmp(api, "auto") != 0;
    if (!check_allowed(load, org, err) || (is_asked && !check_name(api, err))) {
        return false;
    }
    *choice = (struct choice){
        .api = is_asked ? api : choose_default(load),
        .why = is_asked ? "asked for" : "the default",
    };
    return check_of(choice->api)(load, org, err);
}

void
choose_by_size(const struct load *load, const struct org *org, uint64_t rows,
               uint64_t bytes, struct choice *choice)
{
    *choice = (struct choice){.api = "bulk2", .why = "more than 2,000 rows"};
    if (needs_soap(load)) {
        *choice = (struct choice){
            .api = "soap", .why = "no other API undeletes, or has 'email'"};
    } else if (needs_calls(load)) {
        *choice = (struct choice){
            .api = "rest",
            .why = load_has_files(load)
                       ? "Bulk takes no files"
                       : "Bulk has no 'all_or_none' and no 'duplicate_rule'"};
    } else if (!rest_client_knows(load->operation) ||
               (org != NULL && !has_version(org, rest_version(load)))) {
        choice->why = "REST collections can't do it";
    } else if (rows <= REST_AUTO_ROWS && bytes > REST_CHUNK_BYTES) {
        choice->why = "more than 4 MB";
    } else if (rows <= REST_AUTO_ROWS) {
        *choice = (struct choice){
            .api = "rest", .why = "2,000 rows or fewer: answered at once"};
    }
}
