/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_service.h"

#include "rehearsal/api/api_oauth.h"
#include "rehearsal/soap/soap_describe.h"
#include "rehearsal/soap/soap_query.h"
#include "rehearsal/soap/soap_reply.h"
#include "rehearsal/soap/soap_user.h"
#include "rehearsal/soap/soap_write.h"

/* What a call is given: its element within the body. */
static const struct {
    const char *name;
    void (*serve)(struct rehearsal *, struct exchange *,
                  const struct soap_request *);
    bool is_open; /* needs no session */
} calls[] = {
    {"login", soap_user_login, true},
    {"getUserInfo", soap_user_info, false},
    {"getServerTimestamp", soap_user_timestamp, false},
    {"create", soap_write_create, false},
    {"update", soap_write_update, false},
    {"upsert", soap_write_upsert, false},
    {"delete", soap_write_delete, false},
    {"undelete", soap_write_undelete, false},
    {"query", soap_query_run, false},
    {"queryAll", soap_query_all, false},
    {"queryMore", soap_query_more, false},
    {"describeSObject", soap_describe_one, false},
    {"describeSObjects", soap_describe_many, false},
};

static bool
check_request(struct exchange *exchange)
{
    int version = router_read_version(exchange->captures[0]);
    const char *type = exchange_header(exchange, "Content-Type");
    if (!exchange_header(exchange, "SOAPAction")) {
        return soap_reply_client_fault(exchange,
                                       "SOAPAction HTTP header missing");
    }
    if (!type || strncasecmp(type, "text/xml", 8) != 0) {
        exchange_answer_empty(exchange, 415);
        return false;
    }
    return (version >= REHEARSAL_VERSION_OLDEST &&
            version <= REHEARSAL_VERSION_NEWEST) ||
           soap_reply_fault(exchange, "UnexpectedErrorFault",
                            "UNSUPPORTED_API_VERSION",
                            "Invalid Api version specified on URL");
}

static void
dispatch(struct rehearsal *rehearsal, struct exchange *exchange,
         const struct soap_request *request)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (!soap_request_is(request->call, calls[i].name,
                             SOAP_REQUEST_PARTNER)) {
            continue;
        }
        if (!calls[i].is_open &&
            !api_oauth_session_is_live(rehearsal, request->session)) {
            soap_reply_fault(exchange, "UnexpectedErrorFault",
                             "INVALID_SESSION_ID",
                             "Invalid Session ID found in SessionHeader: "
                             "Illegal Session");
            return;
        }
        calls[i].serve(rehearsal, exchange, request);
        return;
    }
    soap_reply_client_fault(
        exchange,
        "No operation available for request {%s}%s, please check the WSDL for "
        "the service.",
        request->call->ns ? (const char *)request->call->ns->href : "",
        (const char *)request->call->name);
}

static void
serve_soap(struct rehearsal *rehearsal, struct exchange *exchange,
           const struct fault *fault)
{
    struct soap_request request = {0};
    if (!check_request(exchange)) {
        return;
    }
    if (soap_request_open(exchange, &request)) {
        request.fault = fault;
        dispatch(rehearsal, exchange, &request);
    }
    soap_request_close(&request);
}

const char *
soap_service_call(struct exchange *exchange)
{
    return arena_printf(&exchange->arena, "soap.%s",
                        soap_request_peek_call(exchange))
        .ptr;
}

void
soap_service_reshape(struct exchange *exchange)
{
    if (!exchange->content_type ||
        strncmp(exchange->content_type, "application/json", 16) != 0) {
        return;
    }
    json_t *list =
        json_loadb(exchange->answer.bytes, exchange->answer.len, 0, NULL);
    json_t *first = json_array_get(list, 0);
    const char *code = json_string_value(json_object_get(first, "errorCode"));
    const char *text = json_string_value(json_object_get(first, "message"));
    if (code && text) {
        const char *copy = arena_strdup(&exchange->arena, slice_of(text));
        soap_reply_fault(exchange, "UnexpectedErrorFault",
                         arena_strdup(&exchange->arena, slice_of(code)), "%s",
                         copy);
    }
    json_decref(list);
}

const struct route soap_service_routes[] = {
    {"soap", "POST", "/services/Soap/u/*", serve_soap,
     ROUTE_OWN_SESSION | ROUTE_SOAP},
    {"soap", "POST", "/services/Soap/u/*/*", serve_soap,
     ROUTE_OWN_SESSION | ROUTE_SOAP},
    {0},
};
