/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/api/api_soap.h"

#include "rehearsal/api/api_oauth.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

static const char xml_type[] = "text/xml;charset=UTF-8";
static const char urn_partner[] = "urn:partner.soap.sforce.com";
static const char urn_envelope[] = "http://schemas.xmlsoap.org/soap/envelope/";
static const char xml_open[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
    "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" ";

/* What a call is given: its element within the body. */
struct soap_call {
    const char *name;
    void (*serve)(struct rehearsal *, struct exchange *, xmlNode *call);
    bool is_open; /* needs no session */
};

static void
append_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            buffer_append_text(out, "&lt;");
            break;
        case '>':
            buffer_append_text(out, "&gt;");
            break;
        case '&':
            buffer_append_text(out, "&amp;");
            break;
        default:
            buffer_append_char(out, *text);
        }
    }
}

static void
append_element(struct buffer *out, const char *name, const char *text)
{
    buffer_printf(out, "<%s>", name);
    append_escaped(out, text);
    buffer_printf(out, "</%s>", name);
}

/* kind is "LoginFault" or "UnexpectedErrorFault". */
static void
answer_fault(struct exchange *exchange, const char *kind, const char *code,
             const char *text)
{
    exchange_answer_text(exchange, 500, xml_type, xml_open);
    struct buffer *out = &exchange->answer;
    buffer_printf(out,
                  "xmlns:sf=\"urn:fault.partner.soap.sforce.com\" "
                  "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
                  "<soapenv:Body><soapenv:Fault><faultcode>sf:%s</faultcode>"
                  "<faultstring>%s: ",
                  code, code);
    append_escaped(out, text);
    buffer_printf(out,
                  "</faultstring><detail><sf:%s xsi:type=\"sf:%s\">"
                  "<sf:exceptionCode>%s</sf:exceptionCode>"
                  "<sf:exceptionMessage>",
                  kind, kind, code);
    append_escaped(out, text);
    buffer_printf(out,
                  "</sf:exceptionMessage></sf:%s></detail></soapenv:Fault>"
                  "</soapenv:Body></soapenv:Envelope>",
                  kind);
}

static bool
is_element(const xmlNode *node, const char *name, const char *urn)
{
    return node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0 && node->ns &&
           strcmp((const char *)node->ns->href, urn) == 0;
}

static xmlNode *
child(xmlNode *parent, const char *name, const char *urn)
{
    for (xmlNode *node = parent ? parent->children : NULL; node;
         node = node->next) {
        if (is_element(node, name, urn)) {
            return node;
        }
    }
    return NULL;
}

/* The text of a child, in the arena; "" when it is not there. */
static const char *
child_text(struct exchange *exchange, xmlNode *parent, const char *name)
{
    xmlNode *node = child(parent, name, urn_partner);
    xmlChar *text = node ? xmlNodeGetContent(node) : NULL;
    const char *copy = arena_strdup(&exchange->arena,
                                    slice_of(text ? (const char *)text : ""));
    xmlFree(text);
    return copy;
}

static void
append_user_info(struct rehearsal *rehearsal, struct buffer *out)
{
    buffer_append_text(
        out, "<userInfo><accessibilityMode>false</accessibilityMode>"
             "<chatterExternal>false</chatterExternal>"
             "<currencySymbol>$</currencySymbol>"
             "<orgAttachmentFileSizeLimit>26214400"
             "</orgAttachmentFileSizeLimit>"
             "<orgDefaultCurrencyIsoCode>USD</orgDefaultCurrencyIsoCode>"
             "<orgDefaultCurrencyLocale>en_US</orgDefaultCurrencyLocale>"
             "<orgDisallowHtmlAttachments>false</orgDisallowHtmlAttachments>"
             "<orgHasPersonAccounts>false</orgHasPersonAccounts>");
    append_element(out, "organizationId", store_org_id(rehearsal->store));
    buffer_append_text(
        out,
        "<organizationMultiCurrency>false</organizationMultiCurrency>"
        "<organizationName>Rehearsal</organizationName>"
        "<profileId>00e000000000001AAA</profileId><roleId xsi:nil=\"true\"/>"
        "<sessionSecondsValid>7200</sessionSecondsValid>"
        "<userDefaultCurrencyIsoCode xsi:nil=\"true\"/>"
        "<userEmail>" REHEARSAL_USERNAME "</userEmail>"
        "<userFullName>Rehearsal Loader</userFullName>");
    append_element(out, "userId", store_user_id(rehearsal->store));
    buffer_append_text(out, "<userLanguage>en_US</userLanguage>"
                            "<userLocale>en_US</userLocale>"
                            "<userName>" REHEARSAL_USERNAME "</userName>"
                            "<userTimeZone>UTC</userTimeZone>"
                            "<userType>Standard</userType>"
                            "<userUiSkin>Theme3</userUiSkin></userInfo>");
}

static void
answer_login(struct rehearsal *rehearsal, struct exchange *exchange,
             const char *token)
{
    struct arena *arena = &exchange->arena;
    const char *version = exchange->captures[0];
    const char *org = store_org_id(rehearsal->store);
    exchange_answer_text(exchange, 200, xml_type, xml_open);
    struct buffer *out = &exchange->answer;
    buffer_append_text(
        out, "xmlns=\"urn:partner.soap.sforce.com\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
             "<soapenv:Body><loginResponse><result>");
    append_element(out, "metadataServerUrl",
                   arena_printf(arena, "%s/services/Soap/m/%s/%.15s",
                                rehearsal->instance_url, version, org)
                       .ptr);
    append_element(out, "passwordExpired", "false");
    append_element(out, "sandbox", "true");
    append_element(out, "serverUrl",
                   arena_printf(arena, "%s/services/Soap/u/%s/%.15s",
                                rehearsal->instance_url, version, org)
                       .ptr);
    append_element(out, "sessionId", token);
    append_element(out, "userId", store_user_id(rehearsal->store));
    append_user_info(rehearsal, out);
    buffer_append_text(out, "</result></loginResponse></soapenv:Body>"
                            "</soapenv:Envelope>");
}

static void
serve_login(struct rehearsal *rehearsal, struct exchange *exchange,
            xmlNode *call)
{
    const char *user = child_text(exchange, call, "username");
    const char *password = child_text(exchange, call, "password");
    if (!faults_settings(rehearsal->faults).soap_login) {
        answer_fault(exchange, "LoginFault", "INVALID_OPERATION",
                     "SOAP API login() is disabled by default in this org");
        return;
    }
    if (strcasecmp(user, REHEARSAL_USERNAME) != 0 ||
        strcmp(password, REHEARSAL_PASSWORD) != 0) {
        answer_fault(exchange, "LoginFault", "INVALID_LOGIN",
                     "Invalid username, password, security token; or user "
                     "locked out.");
        return;
    }
    const char *token = api_oauth_open_session(rehearsal, &exchange->arena);
    if (token) {
        answer_login(rehearsal, exchange, token);
    } else {
        answer_fault(exchange, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION",
                     "An unexpected error occurred.");
    }
}

static const struct soap_call calls[] = {
    {"login", serve_login, true},
};

static bool
check_request(struct exchange *exchange)
{
    int version = router_read_version(exchange->captures[0]);
    const char *type = exchange_header(exchange, "Content-Type");
    if (!exchange_header(exchange, "SOAPAction")) {
        answer_fault(exchange, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION",
                     "SOAPAction HTTP header missing");
        return false;
    }
    if (!type || strncasecmp(type, "text/xml", 8) != 0) {
        exchange_answer_empty(exchange, 415);
        return false;
    }
    if (version < REHEARSAL_VERSION_OLDEST ||
        version > REHEARSAL_VERSION_NEWEST) {
        answer_fault(exchange, "UnexpectedErrorFault",
                     "UNSUPPORTED_API_VERSION",
                     "Invalid Api version specified on URL");
        return false;
    }
    return true;
}

static bool
session_is_live(struct rehearsal *rehearsal, struct exchange *exchange,
                xmlNode *envelope)
{
    xmlNode *header = child(child(envelope, "Header", urn_envelope),
                            "SessionHeader", urn_partner);
    return api_oauth_session_is_live(rehearsal,
                                     child_text(exchange, header, "sessionId"));
}

static void
serve_envelope(struct rehearsal *rehearsal, struct exchange *exchange,
               xmlDoc *document)
{
    xmlNode *envelope = xmlDocGetRootElement(document);
    bool fine = envelope && is_element(envelope, "Envelope", urn_envelope) &&
                !xmlGetIntSubset(document);
    xmlNode *body = fine ? child(envelope, "Body", urn_envelope) : NULL;
    xmlNode *call = body ? xmlFirstElementChild(body) : NULL;
    for (size_t i = 0; call && i < sizeof calls / sizeof *calls; i++) {
        if (!is_element(call, calls[i].name, urn_partner)) {
            continue;
        }
        if (calls[i].is_open ||
            session_is_live(rehearsal, exchange, envelope)) {
            calls[i].serve(rehearsal, exchange, call);
        } else {
            answer_fault(exchange, "UnexpectedErrorFault", "INVALID_SESSION_ID",
                         "Invalid Session ID found in SessionHeader: Illegal "
                         "Session");
        }
        return;
    }
    answer_fault(exchange, "UnexpectedErrorFault", "UNKNOWN_EXCEPTION",
                 call ? "No operation available for request"
                      : "The request is no SOAP envelope");
}

static void
serve_soap(struct rehearsal *rehearsal, struct exchange *exchange,
           const struct fault *fault)
{
    (void)fault;
    if (!check_request(exchange)) {
        return;
    }
    xmlDoc *document = xmlReadMemory(
        exchange->body.bytes ? exchange->body.bytes : "",
        (int)exchange->body.len, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    serve_envelope(rehearsal, exchange, document);
    xmlFreeDoc(document);
}

const struct route api_soap_routes[] = {
    {"soap", "POST", "/services/Soap/u/*", serve_soap, ROUTE_OWN_SESSION},
    {"soap", "POST", "/services/Soap/u/*/*", serve_soap, ROUTE_OWN_SESSION},
    {0},
};
