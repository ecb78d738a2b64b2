/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_request.h"

#include "rehearsal/soap/soap_reply.h"

#include <libxml/parser.h>
#include <stdlib.h>

static const char urn_envelope[] = "http://schemas.xmlsoap.org/soap/envelope/";
static const char urn_instance[] = "http://www.w3.org/2001/XMLSchema-instance";

#define MEMBER_LIMIT 4

bool
soap_request_is(const xmlNode *node, const char *name, const char *urn)
{
    return node && node->type == XML_ELEMENT_NODE && node->ns &&
           strcmp((const char *)node->name, name) == 0 &&
           strcmp((const char *)node->ns->href, urn) == 0;
}

bool
soap_request_is_data(const xmlNode *node, const char *name)
{
    static const char *const urns[] = {SOAP_REQUEST_SOBJECT,
                                       SOAP_REQUEST_PARTNER,
                                       "sobject.partner.soap.sforce.com"};
    if (!node || !node->ns ||
        (name && strcmp((const char *)node->name, name) != 0)) {
        return false;
    }
    for (size_t i = 0; i < sizeof urns / sizeof *urns; i++) {
        if (strcmp((const char *)node->ns->href, urns[i]) == 0) {
            return true;
        }
    }
    return false;
}

xmlNode *
soap_request_element(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE) {
        node = node->next;
    }
    return node;
}

const char *
soap_request_text(struct exchange *exchange, xmlNode *node)
{
    xmlChar *nil = xmlGetNsProp(node, (const xmlChar *)"nil",
                                (const xmlChar *)urn_instance);
    bool is_nil = nil && (strcmp((const char *)nil, "true") == 0 ||
                          strcmp((const char *)nil, "1") == 0);
    xmlFree(nil);
    if (is_nil) {
        return NULL;
    }
    xmlChar *text = xmlNodeGetContent(node);
    const char *copy = arena_strdup(&exchange->arena,
                                    slice_of(text ? (const char *)text : ""));
    xmlFree(text);
    return copy;
}

bool
soap_request_misplaced(struct exchange *exchange, const xmlNode *node)
{
    return soap_reply_client_fault(
        exchange, "Element {%s}%s invalid at this location",
        node->ns ? (const char *)node->ns->href : "", (const char *)node->name);
}

bool
soap_request_members(struct exchange *exchange, const xmlNode *parent,
                     const char *urn, const char *const *names,
                     const char **texts)
{
    xmlNode *node = soap_request_element(parent->children);
    for (size_t i = 0; names[i]; i++) {
        bool optional = names[i][0] == '?';
        const char *name = names[i] + optional;
        if (soap_request_is(node, name, urn)) {
            texts[i] = soap_request_text(exchange, node);
            node = soap_request_element(node->next);
        } else if (!optional) {
            return node ? soap_request_misplaced(exchange, node)
                        : soap_reply_client_fault(
                              exchange, "Required element {%s}%s is missing",
                              urn, name);
        }
    }
    return !node || soap_request_misplaced(exchange, node);
}

struct header {
    const char *name;
    const char *const *members; /* ends with NULL */
    void (*take)(struct soap_request *, const char *const *texts);
};

static bool
is_true(const char *text)
{
    return text && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

static void
take_session(struct soap_request *request, const char *const *texts)
{
    request->session = texts[0] ? texts[0] : "";
}

static void
take_all_or_none(struct soap_request *request, const char *const *texts)
{
    request->all_or_none = is_true(texts[0]);
}

static void
take_duplicate_rule(struct soap_request *request, const char *const *texts)
{
    request->allow_duplicates = is_true(texts[0]);
}

static void
take_assignment_rule(struct soap_request *request, const char *const *texts)
{
    request->assignment_rule = texts[0];
}

static void
take_query_options(struct soap_request *request, const char *const *texts)
{
    request->batch_size = texts[0] ? (unsigned)strtoul(texts[0], NULL, 10) : 0;
}

static const struct header headers[] = {
    {"SessionHeader", (const char *const[]){"sessionId", NULL}, take_session},
    {"AllOrNoneHeader", (const char *const[]){"allOrNone", NULL},
     take_all_or_none},
    {"DuplicateRuleHeader",
     (const char *const[]){"allowSave", "includeRecordDetails",
                           "runAsCurrentUser", NULL},
     take_duplicate_rule},
    {"AssignmentRuleHeader",
     (const char *const[]){"?assignmentRuleId", "?useDefaultRule", NULL},
     take_assignment_rule},
    {"EmailHeader",
     (const char *const[]){"triggerAutoResponseEmail", "triggerOtherEmail",
                           "triggerUserEmail", NULL},
     NULL},
    {"CallOptions", (const char *const[]){"?client", "?defaultNamespace", NULL},
     NULL},
    {"QueryOptions", (const char *const[]){"?batchSize", NULL},
     take_query_options},
};

static bool
read_header(struct exchange *exchange, const xmlNode *node,
            struct soap_request *request)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const char *texts[MEMBER_LIMIT] = {NULL};
        if (!soap_request_is(node, headers[i].name, SOAP_REQUEST_PARTNER)) {
            continue;
        }
        if (!soap_request_members(exchange, node, SOAP_REQUEST_PARTNER,
                                  headers[i].members, texts)) {
            return false;
        }
        if (headers[i].take) {
            headers[i].take(request, texts);
        }
        return true;
    }
    /* What is not understood is passed over, unless it must be. */
    xmlChar *must = xmlGetNsProp(node, (const xmlChar *)"mustUnderstand",
                                 (const xmlChar *)urn_envelope);
    bool refused = must && strcmp((const char *)must, "1") == 0;
    xmlFree(must);
    return !refused || soap_request_misplaced(exchange, node);
}

static bool
read_headers(struct exchange *exchange, const xmlNode *header,
             struct soap_request *request)
{
    for (xmlNode *node = soap_request_element(header->children); node;
         node = soap_request_element(node->next)) {
        if (!read_header(exchange, node, request)) {
            return false;
        }
    }
    return true;
}

static bool
read_body(struct exchange *exchange, const xmlNode *body,
          struct soap_request *request)
{
    xmlNode *behind = soap_request_element(body->next);
    if (behind) {
        return soap_request_misplaced(exchange, behind);
    }
    if (!soap_request_is(body, "Body", urn_envelope)) {
        return soap_request_misplaced(exchange, body);
    }
    request->call = soap_request_element(body->children);
    if (!request->call) {
        return soap_reply_client_fault(exchange, "The Body is empty");
    }
    behind = soap_request_element(request->call->next);
    return !behind || soap_request_misplaced(exchange, behind);
}

static bool
read_envelope(struct exchange *exchange, struct soap_request *request)
{
    xmlNode *envelope =
        request->document ? xmlDocGetRootElement(request->document) : NULL;
    if (!envelope || xmlGetIntSubset(request->document)) {
        return soap_reply_client_fault(exchange,
                                       "The request is no SOAP envelope");
    }
    if (!soap_request_is(envelope, "Envelope", urn_envelope)) {
        return soap_request_misplaced(exchange, envelope);
    }
    xmlNode *node = soap_request_element(envelope->children);
    if (node && soap_request_is(node, "Header", urn_envelope)) {
        if (!read_headers(exchange, node, request)) {
            return false;
        }
        node = soap_request_element(node->next);
    }
    return node ? read_body(exchange, node, request)
                : soap_reply_client_fault(exchange, "The envelope has no Body");
}

bool
soap_request_open(struct exchange *exchange, struct soap_request *request)
{
    *request = (struct soap_request){.session = ""};
    request->document = xmlReadMemory(
        exchange->body.bytes ? exchange->body.bytes : "",
        (int)exchange->body.len, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    return read_envelope(exchange, request);
}

void
soap_request_close(struct soap_request *request)
{
    xmlFreeDoc(request->document);
    *request = (struct soap_request){0};
}

/* What stands between the first of these, at or after at, and the next '<'. */
static struct slice
text_behind(struct slice body, const char *tag_end)
{
    const char *at =
        body.len ? memmem(body.ptr, body.len, tag_end, strlen(tag_end)) : NULL;
    if (!at) {
        return (struct slice){"", 0};
    }
    at += strlen(tag_end);
    size_t left = body.len - (size_t)(at - body.ptr);
    const char *end = memchr(at, '<', left);
    return (struct slice){at, end ? (size_t)(end - at) : left};
}

const char *
soap_request_peek_session(struct exchange *exchange)
{
    return arena_strdup(
        &exchange->arena,
        text_behind(buffer_slice(&exchange->body), "sessionId>"));
}

const char *
soap_request_peek_call(struct exchange *exchange)
{
    struct slice body = buffer_slice(&exchange->body);
    const char *at = body.len ? memmem(body.ptr, body.len, ":Body", 5) : NULL;
    const char *end = body.ptr + body.len;
    at = at ? memchr(at, '<', (size_t)(end - at)) : NULL;
    if (!at) {
        return "";
    }
    at++;
    size_t len = 0;
    while (at + len < end && !strchr(" />\t\r\n", at[len])) {
        len++;
    }
    const char *colon = memchr(at, ':', len);
    if (colon) {
        len -= (size_t)(colon + 1 - at);
        at = colon + 1;
    }
    return arena_strdup(&exchange->arena, (struct slice){at, len});
}
