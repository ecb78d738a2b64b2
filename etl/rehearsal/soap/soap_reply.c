/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_reply.h"

#include <stdarg.h>
#include <stdio.h>

static const char xml_type[] = "text/xml;charset=UTF-8";
static const char xml_open[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
    "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" ";

void
soap_reply_text(struct buffer *out, const char *text)
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
        case '\r':
            buffer_append_text(out, "&#xD;");
            break;
        default:
            buffer_append_char(out, *text);
        }
    }
}

void
soap_reply_element(struct buffer *out, const char *name, const char *text)
{
    if (!text) {
        buffer_printf(out, "<%s xsi:nil=\"true\"/>", name);
        return;
    }
    buffer_printf(out, "<%s>", name);
    soap_reply_text(out, text);
    buffer_printf(out, "</%s>", name);
}

static void
append_limits(struct rehearsal *rehearsal, struct buffer *out)
{
    buffer_printf(
        out,
        "<soapenv:Header><LimitInfoHeader><limitInfo><current>%llu</current>"
        "<limit>%lld</limit><type>API REQUESTS</type></limitInfo>"
        "</LimitInfoHeader></soapenv:Header>",
        (unsigned long long)store_counted(rehearsal->store, STORE_API_CALLS),
        (long long)faults_settings(rehearsal->faults).daily_api_requests);
}

void
soap_reply_begin(struct rehearsal *rehearsal, struct exchange *exchange,
                 const char *response)
{
    exchange_answer_text(exchange, 200, xml_type, xml_open);
    struct buffer *out = &exchange->answer;
    buffer_append_text(
        out, "xmlns=\"urn:partner.soap.sforce.com\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
             "xmlns:sf=\"urn:sobject.partner.soap.sforce.com\">");
    if (strcmp(response, "loginResponse") != 0) {
        append_limits(rehearsal, out);
    }
    buffer_printf(out, "<soapenv:Body><%s>", response);
}

void
soap_reply_end(struct exchange *exchange, const char *response)
{
    buffer_printf(&exchange->answer, "</%s></soapenv:Body></soapenv:Envelope>",
                  response);
}

static void
begin_fault(struct exchange *exchange)
{
    exchange_answer_text(exchange, 500, xml_type, xml_open);
    buffer_append_text(
        &exchange->answer,
        "xmlns:sf=\"urn:fault.partner.soap.sforce.com\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
        "<soapenv:Body><soapenv:Fault>");
}

static const char *
format_text(struct exchange *exchange, const char *format, va_list args)
{
    char text[2000];
    vsnprintf(text, sizeof text, format, args);
    return arena_strdup(&exchange->arena, slice_of(text));
}

bool
soap_reply_fault(struct exchange *exchange, const char *kind, const char *code,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(exchange, format, args);
    va_end(args);
    begin_fault(exchange);
    struct buffer *out = &exchange->answer;
    buffer_printf(out, "<faultcode>sf:%s</faultcode><faultstring>%s: ", code,
                  code);
    soap_reply_text(out, text);
    buffer_printf(out,
                  "</faultstring><detail><sf:%s xsi:type=\"sf:%s\">"
                  "<sf:exceptionCode>%s</sf:exceptionCode>",
                  kind, kind, code);
    soap_reply_element(out, "sf:exceptionMessage", text);
    if (strcmp(kind, "InvalidFieldFault") == 0 ||
        strcmp(kind, "InvalidSObjectFault") == 0 ||
        strcmp(kind, "MalformedQueryFault") == 0) {
        /* Where in a query; -1: in none. */
        buffer_append_text(out, "<sf:row>-1</sf:row><sf:column>-1</sf:column>");
    }
    buffer_printf(out,
                  "</sf:%s></detail></soapenv:Fault></soapenv:Body>"
                  "</soapenv:Envelope>",
                  kind);
    return false;
}

bool
soap_reply_client_fault(struct exchange *exchange, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(exchange, format, args);
    va_end(args);
    begin_fault(exchange);
    struct buffer *out = &exchange->answer;
    buffer_append_text(out, "<faultcode>soapenv:Client</faultcode>");
    soap_reply_element(out, "faultstring", text);
    buffer_append_text(out,
                       "</soapenv:Fault></soapenv:Body></soapenv:Envelope>");
    return false;
}
