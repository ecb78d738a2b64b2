/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/api_fault.h"

#include "base/buffer.h"
#include "salesforce/answer_json.h"
#include "salesforce/soap/soap_answer.h"

#include <stdio.h>
#include <stdlib.h>

/* Copies what fits of whole characters; control characters become blanks. */
static void
copy_clean(char *to, size_t size, const char *text)
{
    struct slice bytes = slice_of(text ? text : "");
    if (bytes.len >= size) {
        bytes.len = size - 1;
    }
    bytes.len = slice_utf8_valid_len(bytes);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        to[i] = bytes.ptr[i];
        if (c < ' ' || c == 127) {
            to[i] = ' ';
        }
    }
    to[bytes.len] = '\0';
}

/* [{"message","errorCode"}] of REST, {"error","error_description"} of OAuth. */
static bool
read_json(struct slice body, struct api_fault *fault)
{
    json_t *json =
        body.len > 0 ? json_loadb(body.ptr, body.len, 0, NULL) : NULL;
    const json_t *first = json_is_array(json) ? json_array_get(json, 0) : json;
    const char *code = answer_json_text(first, "errorCode");
    const char *message = answer_json_text(first, "message");
    if (code == NULL) {
        code = answer_json_text(first, "error");
        message = answer_json_text(first, "error_description");
    }
    bool is_known = code != NULL;
    if (is_known) {
        copy_clean(fault->code, sizeof fault->code, code);
        copy_clean(fault->message, sizeof fault->message, message);
    }
    json_decref(json);
    return is_known;
}

/* 300: several records have the external id; their addresses are the body. */
static bool
read_matches(const struct http_answer *answer, struct api_fault *fault)
{
    json_t *json = answer->status == 300
                       ? json_loadb(answer->body.ptr ? answer->body.ptr : "",
                                    answer->body.len, 0, NULL)
                       : NULL;
    struct buffer list = {.limit = sizeof fault->message};
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *url = json_string_value(json_array_get(json, i));
        const char *slash = url != NULL ? strrchr(url, '/') : NULL;
        buffer_printf(&list, "%s%s", i > 0 ? ", " : "",
                      slash != NULL ? slash + 1 : "?");
    }
    bool is_list = json_array_size(json) > 0;
    if (is_list) {
        char *ids = slice_dup(buffer_slice(&list));
        char text[sizeof fault->message];
        snprintf(text, sizeof text,
                 "more than one record found for external id field: [%s]", ids);
        copy_clean(fault->code, sizeof fault->code, "DUPLICATE_EXTERNAL_ID");
        copy_clean(fault->message, sizeof fault->message, text);
        free(ids);
    }
    buffer_release(&list);
    json_decref(json);
    return is_list;
}

static bool
looks_like_html(struct slice body)
{
    struct slice text = slice_trim(body);
    return slice_begins(text, "<!") || slice_begins(text, "<html") ||
           slice_begins(text, "<HTML");
}

void
api_fault_read(const struct http_answer *answer, struct api_fault *fault)
{
    *fault = (struct api_fault){.code = ""};
    if (read_matches(answer, fault) || read_json(answer->body, fault)) {
        return;
    }
    fault->is_soap =
        soap_answer_fault(answer->body, fault->code, sizeof fault->code,
                          fault->message, sizeof fault->message);
    if (fault->is_soap) {
        return;
    }
    const char *what = answer->body.len == 0           ? "without a body"
                       : looks_like_html(answer->body) ? "with an HTML page"
                                                       : "with an unknown body";
    snprintf(fault->message, sizeof fault->message, "status %ld %s",
             answer->status, what);
}

/* "InvalidJobState", "INVALID_JOB_STATE" and "INVALIDJOBSTATE" are one: the
 * APIs spell their codes differently. */
static bool
is_code(const char *code, const char *known)
{
    for (;;) {
        code += *code == '_';
        known += *known == '_';
        char c = *code;
        if (c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        if (c != *known) {
            return false;
        }
        if (c == '\0') {
            return true;
        }
        code++;
        known++;
    }
}

struct advice {
    const char *code;
    enum error_kind kind;
    const char *help; /* "" or beginning with "; " */
};

static const struct advice advices[] = {
    {"INVALID_SESSION_ID", ERROR_AUTH, ""},
    {"INVALID_AUTH_HEADER", ERROR_AUTH, ""},
    {"INVALID_LOGIN", ERROR_AUTH, ""},
    {"REQUEST_LIMIT_EXCEEDED", ERROR_LIMIT,
     "; the org's API calls of 24 hours are used up"},
    {"EXCEEDED_QUOTA", ERROR_LIMIT, "; a limit of the org is reached"},
    {"STORAGE_LIMIT_EXCEEDED", ERROR_LIMIT, "; the org's storage is full"},
    {"API_DISABLED_FOR_ORG", ERROR_REMOTE,
     "; the org's edition or the user's profile has no API access"},
    {"API_CURRENTLY_DISABLED", ERROR_REMOTE, "; the API is switched off"},
    {"FEATURE_NOT_ENABLED", ERROR_REMOTE, "; the user lacks a permission"},
    {"INSUFFICIENT_ACCESS", ERROR_REMOTE, "; the user lacks a permission"},
    {"INVALID_USER", ERROR_REMOTE, ""},
    {"INVALID_ENTITY", ERROR_REMOTE,
     "; this object can't be loaded by a Bulk API"},
    {"UNSUPPORTED_API_VERSION", ERROR_REMOTE, "; set another 'api_version'"},
    {"DUPLICATE_EXTERNAL_ID", ERROR_REMOTE,
     "; make the key unique in the org, or give the record's Id"},
    {"SERVER_UNAVAILABLE", ERROR_NETWORK, ""},
    {"TIMEOUT", ERROR_NETWORK, ""},
    {"TOO_MANY_LOCK_FAILURE", ERROR_NETWORK, ""},
};

static const struct advice *
known_advice(const struct api_fault *fault)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (is_code(fault->code, advices[i].code)) {
            return &advices[i];
        }
    }
    return NULL;
}

/* Two limits share a code; that of calls at once soon passes. */
static bool
is_crowd(const struct api_fault *fault, const struct advice *known)
{
    return known->kind == ERROR_LIMIT &&
           strstr(fault->message, "Concurrent") != NULL;
}

static struct advice
advice_of(const struct http_answer *answer, const struct api_fault *fault)
{
    const struct advice *known = known_advice(fault);
    if (known != NULL) {
        return is_crowd(fault, known) ? (struct advice){"", ERROR_NETWORK, ""}
                                      : *known;
    }
    long status = answer->status;
    if (fault->is_soap) {
        /* The org itself speaks: its code counts, and not the status. */
        bool passes = is_code(fault->code, "UNKNOWN_EXCEPTION") ||
                      is_code(fault->code, "INTERNAL_SERVER_ERROR");
        return (struct advice){"", passes ? ERROR_NETWORK : ERROR_REMOTE, ""};
    }
    if (status == 401) {
        return (struct advice){"", ERROR_AUTH, ""};
    }
    if (status == 408 || status == 429 || status >= 500) {
        return (struct advice){"", ERROR_NETWORK, ""};
    }
    if (status >= 301 && status <= 308 && status != 304) {
        return (struct advice){"", ERROR_REMOTE,
                               "; it points elsewhere: check 'login_url' and "
                               "'instance_url'"};
    }
    return (struct advice){"", ERROR_REMOTE, ""};
}

bool
api_fault_set_error(const struct http_answer *answer, const char *what,
                    struct error *err)
{
    if (answer->status == 0) {
        *err = answer->error;
        return error_add_context(err, "%s", what);
    }
    struct api_fault fault;
    api_fault_read(answer, &fault);
    struct advice advice = advice_of(answer, &fault);
    return error_set(err, advice.kind, 0, "%s: %s%s%s%s", what, fault.code,
                     fault.code[0] && fault.message[0] ? ": " : "",
                     fault.message, advice.help);
}

bool
api_fault_is_untouched(const struct http_answer *answer,
                       const struct error *cause)
{
    if (cause->kind != ERROR_NETWORK ||
        (answer->status >= 400 && answer->status < 500 &&
         answer->status != 408)) {
        return true;
    }
    struct api_fault fault;
    api_fault_read(answer, &fault);
    const struct advice *known = known_advice(&fault);
    return fault.is_soap && known != NULL && is_crowd(&fault, known);
}

bool
api_fault_is_lasting(const struct http_answer *answer,
                     const struct error *cause)
{
    struct api_fault fault;
    api_fault_read(answer, &fault);
    return cause->kind == ERROR_REMOTE &&
           (answer->status == 400 ||
            (fault.is_soap && known_advice(&fault) == NULL));
}

static bool
is_listed(struct slice code, const char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(code, codes[i])) {
            return true;
        }
    }
    return false;
}

enum row_advice
api_fault_row_advice(struct slice code, struct slice message)
{
    static const char *const again[] = {
        "UNABLE_TO_LOCK_ROW", "REQUEST_RUNNING_TOO_LONG",
        "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION",
        "QUERY_TIMEOUT",      "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "TooManyLockFailure", "Timeout",
    };
    static const char *const stop[] = {
        "STORAGE_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED",
        "API_DISABLED_FOR_ORG",   "ExceededQuota",
        "FeatureNotEnabled",      "InvalidUser",
    };
    if (is_listed(code, again, sizeof again / sizeof *again)) {
        return ROW_AGAIN;
    }
    if (is_listed(code, stop, sizeof stop / sizeof *stop)) {
        return ROW_STOP;
    }
    /* A trigger that met a lock reports it inside its own code. */
    bool hides_lock = slice_is(code, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY") &&
                      message.len > 0 &&
                      memmem(message.ptr, message.len, "UNABLE_TO_LOCK_ROW",
                             strlen("UNABLE_TO_LOCK_ROW")) != NULL;
    return hides_lock ? ROW_AGAIN : ROW_NEVER;
}
