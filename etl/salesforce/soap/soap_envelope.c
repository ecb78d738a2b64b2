/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/soap/soap_envelope.h"

static const char *
reference_of(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '\r':
        return "&#xD;"; /* a plain one would be read as a line feed */
    default:
        return NULL;
    }
}

void
soap_envelope_text(struct buffer *out, struct slice text)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *reference = reference_of(text.ptr[i]);
        if (reference != NULL) {
            buffer_append(out, text.ptr + begin, i - begin);
            buffer_append_text(out, reference);
            begin = i + 1;
        }
    }
    if (begin < text.len) {
        buffer_append(out, text.ptr + begin, text.len - begin);
    }
}

void
soap_envelope_element(struct buffer *out, const char *name, struct slice text)
{
    buffer_append_char(out, '<');
    buffer_append_text(out, name);
    buffer_append_char(out, '>');
    soap_envelope_text(out, text);
    buffer_append_text(out, "</");
    buffer_append_text(out, name);
    buffer_append_char(out, '>');
}

static void
add_switch(struct buffer *out, const char *name, bool value)
{
    soap_envelope_element(out, name, slice_of(value ? "true" : "false"));
}

/* For calls that write fields; the WSDL has them for no other. */
static void
add_rules(struct buffer *out, const struct load *load)
{
    const struct load_headers *headers = &load->headers;
    if (load->assignment_rule != NULL) {
        buffer_append_text(out, "<AssignmentRuleHeader>");
        soap_envelope_element(out, "assignmentRuleId",
                              slice_of(load->assignment_rule));
        buffer_append_text(out, "<useDefaultRule" SOAP_NIL
                                "/></AssignmentRuleHeader>");
    }
    if (headers->has_duplicate_rule) {
        buffer_append_text(out, "<DuplicateRuleHeader>");
        add_switch(out, "allowSave", headers->allow_save);
        add_switch(out, "includeRecordDetails", headers->record_details);
        add_switch(out, "runAsCurrentUser", headers->current_user);
        buffer_append_text(out, "</DuplicateRuleHeader>");
    }
}

static void
add_record_headers(struct buffer *out, const struct load *load)
{
    const struct load_headers *headers = &load->headers;
    bool undeletes = load->operation == OPERATION_UNDELETE;
    if (load->all_or_none) {
        buffer_append_text(out, "<AllOrNoneHeader>");
        add_switch(out, "allOrNone", true);
        buffer_append_text(out, "</AllOrNoneHeader>");
    }
    if (!undeletes && load->operation != OPERATION_DELETE) {
        add_rules(out, load);
    }
    if (!undeletes && headers->has_email) {
        buffer_append_text(out, "<EmailHeader>");
        add_switch(out, "triggerAutoResponseEmail", headers->auto_response);
        add_switch(out, "triggerOtherEmail", headers->other_email);
        add_switch(out, "triggerUserEmail", headers->user_email);
        buffer_append_text(out, "</EmailHeader>");
    }
}

void
soap_envelope_begin(struct buffer *out, const char *token,
                    const struct load *load)
{
    buffer_append_text(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "xmlns=\"urn:partner.soap.sforce.com\" "
        "xmlns:o=\"urn:sobject.partner.soap.sforce.com\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    if (token != NULL) {
        buffer_append_text(out, "<s:Header><SessionHeader>");
        soap_envelope_element(out, "sessionId", slice_of(token));
        buffer_append_text(
            out, "</SessionHeader><CallOptions><client>sfetl/" PACKAGE_VERSION
                 "</client><defaultNamespace" SOAP_NIL "/></CallOptions>");
        if (load != NULL) {
            add_record_headers(out, load);
        }
        buffer_append_text(out, "</s:Header>");
    }
    buffer_append_text(out, "<s:Body>");
}

void
soap_envelope_end(struct buffer *out)
{
    buffer_append_text(out, "</s:Body></s:Envelope>");
}
