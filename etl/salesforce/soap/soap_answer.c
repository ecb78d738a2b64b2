/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/soap/soap_answer.h"

#include "base/buffer.h"
#include "base/mem.h"
#include "salesforce/soap/soap_screen.h"

#include <libxml/parser.h>
#include <stdio.h>

#define DEPTH_LIMIT 32
#define TEXT_LIMIT ((size_t)64 << 10) /* bytes of one element's */
#define ERRORS_LIMIT 20               /* of one record that are shown */
/* Of these: a code, a message and fields each. */
#define MESSAGE_LIMIT ((size_t)ERRORS_LIMIT * 3 * TEXT_LIMIT)
#define FEED_SIZE ((size_t)64 << 10)

enum element {
    IN_OTHER,
    IN_DOCUMENT,
    IN_ENVELOPE,
    IN_BODY,
    IN_RESPONSE,
    IN_RESULT,
    IN_CREATED,
    IN_ID,
    IN_SUCCESS,
    IN_ERRORS,
    IN_FIELDS,
    IN_MESSAGE,
    IN_STATUS_CODE,
    IN_SESSION_ID,
    IN_SERVER_URL,
    IN_FAULT,
    IN_FAULT_CODE,
    IN_FAULT_TEXT,
    IN_DETAIL,
    IN_DETAIL_FAULT,
    IN_EXCEPTION_CODE,
    IN_EXCEPTION_TEXT,
};

/* Which elements mean something, and where; name NULL: any other. */
static const struct {
    enum element parent;
    const char *name;
    enum element element;
} places[] = {
    {IN_DOCUMENT, "Envelope", IN_ENVELOPE},
    {IN_ENVELOPE, "Body", IN_BODY},
    {IN_BODY, "Fault", IN_FAULT},
    {IN_BODY, NULL, IN_RESPONSE},
    {IN_RESPONSE, "result", IN_RESULT},
    {IN_RESULT, "created", IN_CREATED},
    {IN_RESULT, "errors", IN_ERRORS},
    {IN_RESULT, "id", IN_ID},
    {IN_RESULT, "success", IN_SUCCESS},
    {IN_RESULT, "sessionId", IN_SESSION_ID},
    {IN_RESULT, "serverUrl", IN_SERVER_URL},
    {IN_ERRORS, "fields", IN_FIELDS},
    {IN_ERRORS, "message", IN_MESSAGE},
    {IN_ERRORS, "statusCode", IN_STATUS_CODE},
    {IN_FAULT, "faultcode", IN_FAULT_CODE},
    {IN_FAULT, "faultstring", IN_FAULT_TEXT},
    {IN_FAULT, "detail", IN_DETAIL},
    {IN_DETAIL, NULL, IN_DETAIL_FAULT},
    {IN_DETAIL_FAULT, "exceptionCode", IN_EXCEPTION_CODE},
    {IN_DETAIL_FAULT, "exceptionMessage", IN_EXCEPTION_TEXT},
};

/* What a result has said so far. */
enum said { SAID_NOTHING, SAID_TRUE, SAID_FALSE, SAID_NONSENSE };

struct reading {
    struct soap_answer *answer;
    xmlParserCtxt *parser;
    enum element stack[DEPTH_LIMIT];
    size_t depth, limit, capacity, bodies, responses, error_count;
    struct buffer text;   /* of the element that is open */
    struct buffer errors; /* of the result, as Bulk spells them */
    struct buffer fields;
    struct slice code, message; /* of the error that is open */
    struct slice first_code;
    enum said success, created;
    bool refused, is_sound;
};

static struct arena *
arena_of(struct reading *reading)
{
    return &reading->answer->results.arena;
}

static void
refuse(struct reading *reading)
{
    reading->refused = true;
    xmlStopParser(reading->parser);
}

static enum element
place_of(enum element parent, const char *name)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i].parent == parent &&
            (places[i].name == NULL || strcmp(places[i].name, name) == 0)) {
            return places[i].element;
        }
    }
    return IN_OTHER;
}

static void
begin_result(struct reading *reading)
{
    struct save_results *results = &reading->answer->results;
    if (results->count == reading->limit) {
        refuse(reading);
        return;
    }
    results->items[results->count] =
        (struct save_result){.id = {"", 0}, .code = {"", 0}};
    buffer_reset(&reading->errors);
    reading->error_count = 0;
    reading->first_code = (struct slice){"", 0};
    reading->success = reading->created = SAID_NOTHING;
}

static void
begin_element(void *cookie, const xmlChar *local, const xmlChar *prefix,
              const xmlChar *uri, int namespace_count,
              const xmlChar **namespaces, int count, int default_count,
              const xmlChar **attributes)
{
    struct reading *reading = cookie;
    (void)prefix;
    (void)uri;
    (void)namespace_count;
    (void)namespaces;
    (void)count;
    (void)default_count;
    (void)attributes;
    if (reading->refused || reading->depth == DEPTH_LIMIT) {
        refuse(reading);
        return;
    }
    enum element parent =
        reading->depth > 0 ? reading->stack[reading->depth - 1] : IN_DOCUMENT;
    enum element element = place_of(parent, (const char *)local);
    reading->stack[reading->depth++] = element;
    buffer_reset(&reading->text);
    if (element == IN_RESULT) {
        begin_result(reading);
    } else if (element == IN_ERRORS) {
        buffer_reset(&reading->fields);
        reading->code = reading->message = (struct slice){"", 0};
    } else if (element == IN_FAULT) {
        reading->answer->kind = SOAP_FAULT;
    }
    reading->bodies += element == IN_BODY;
    reading->responses += element == IN_RESPONSE || element == IN_FAULT;
}

static void
take_text(void *cookie, const xmlChar *text, int len)
{
    struct reading *reading = cookie;
    size_t room = TEXT_LIMIT - reading->text.len;
    if (!reading->refused && reading->depth > 0 &&
        reading->stack[reading->depth - 1] > IN_RESULT) {
        /* What is longer is cut: messages are to be read by people. */
        buffer_append(&reading->text, text,
                      (size_t)len < room ? (size_t)len : room);
    }
}

static enum said
read_boolean(struct slice text)
{
    return slice_is(text, "true") || slice_is(text, "1")    ? SAID_TRUE
           : slice_is(text, "false") || slice_is(text, "0") ? SAID_FALSE
                                                            : SAID_NONSENSE;
}

static bool
is_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9'))) {
            return false;
        }
    }
    return text.len == 15 || text.len == 18;
}

static bool
is_code(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return text.len > 0 && text.len <= 80;
}

static void
end_error(struct reading *reading)
{
    struct buffer *errors = &reading->errors;
    reading->is_sound &= is_code(reading->code);
    if (reading->error_count == 0) {
        reading->first_code = reading->code;
    }
    if (reading->error_count++ >= ERRORS_LIMIT) {
        return;
    }
    buffer_append_text(errors, errors->len > 0 ? "; " : "");
    buffer_append_slice(errors, reading->code);
    buffer_append_char(errors, ':');
    buffer_append_slice(errors, reading->message);
    buffer_append_char(errors, ':');
    buffer_append_slice(errors, buffer_slice(&reading->fields));
    buffer_append_text(errors, reading->fields.len > 0 ? " --" : "--");
}

/* What worked has an Id, what did not has a reason. */
static void
end_result(struct reading *reading)
{
    struct save_results *results = &reading->answer->results;
    struct save_result *result = &results->items[results->count++];
    result->success = reading->success == SAID_TRUE;
    result->created = reading->created == SAID_TRUE;
    result->code = reading->first_code;
    result->message =
        arena_copy(&results->arena, buffer_slice(&reading->errors));
    bool says = reading->success == SAID_TRUE || reading->success == SAID_FALSE;
    bool has_id = is_id(result->id);
    reading->is_sound &=
        says && reading->created != SAID_NONSENSE &&
        (result->success
             ? has_id && reading->error_count == 0
             : reading->error_count > 0 && (has_id || result->id.len == 0));
}

static void
add_field(struct reading *reading, struct slice name)
{
    if (name.len > 0) {
        buffer_append_text(&reading->fields,
                           reading->fields.len > 0 ? "," : "");
        buffer_append_slice(&reading->fields, name);
    }
}

/* "sf:INVALID_LOGIN" */
static struct slice
without_prefix(struct slice code)
{
    const char *colon = code.len > 0 ? memchr(code.ptr, ':', code.len) : NULL;
    if (colon != NULL) {
        code.len -= (size_t)(colon + 1 - code.ptr);
        code.ptr = colon + 1;
    }
    return code;
}

static void
take_leaf(struct reading *reading, enum element element, struct slice text)
{
    struct soap_answer *answer = reading->answer;
    struct save_result *result = &answer->results.items[answer->results.count];
    switch (element) {
    case IN_CREATED:
        reading->created = read_boolean(slice_trim(text));
        return;
    case IN_SUCCESS:
        reading->success = read_boolean(slice_trim(text));
        return;
    case IN_ID:
        result->id = arena_copy(arena_of(reading), text);
        return;
    case IN_FIELDS:
        add_field(reading, text);
        return;
    case IN_MESSAGE:
        text.len = slice_utf8_valid_len(text);
        reading->message = arena_copy(arena_of(reading), text);
        return;
    case IN_STATUS_CODE:
        reading->code = arena_copy(arena_of(reading), text);
        return;
    case IN_SESSION_ID:
        answer->session_id = arena_copy(arena_of(reading), text);
        return;
    case IN_SERVER_URL:
        answer->server_url = arena_copy(arena_of(reading), text);
        return;
    case IN_FAULT_CODE:
        answer->code =
            without_prefix(arena_copy(arena_of(reading), slice_trim(text)));
        return;
    case IN_EXCEPTION_CODE:
        answer->code = arena_copy(arena_of(reading), slice_trim(text));
        return;
    case IN_FAULT_TEXT:
    case IN_EXCEPTION_TEXT:
        answer->message = arena_copy(arena_of(reading), slice_trim(text));
        return;
    default:
        return;
    }
}

static void
end_element(void *cookie, const xmlChar *local, const xmlChar *prefix,
            const xmlChar *uri)
{
    struct reading *reading = cookie;
    (void)local;
    (void)prefix;
    (void)uri;
    if (reading->refused || reading->depth == 0) {
        return;
    }
    enum element element = reading->stack[--reading->depth];
    if (element == IN_ERRORS) {
        end_error(reading);
    } else if (element == IN_RESULT) {
        end_result(reading);
    } else {
        take_leaf(reading, element, buffer_slice(&reading->text));
    }
    buffer_reset(&reading->text);
}

#if LIBXML_VERSION >= 21200
typedef const xmlError *reported;
#else
typedef xmlError *reported;
#endif

/* What is wrong with it is the org's, or a gateway's, to know. */
static void
ignore_error(void *cookie, reported report)
{
    (void)cookie;
    (void)report;
}

static const xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = begin_element,
    .endElementNs = end_element,
    .characters = take_text,
    .ignorableWhitespace = take_text,
    .cdataBlock = take_text,
    .serror = ignore_error,
};

static bool
parse(struct reading *reading, struct slice body)
{
    xmlSAXHandler callbacks = handler;
    xmlInitParser();
    reading->parser =
        xmlCreatePushParserCtxt(&callbacks, reading, NULL, 0, NULL);
    if (reading->parser == NULL) {
        mem_exhausted();
    }
    xmlCtxtUseOptions(reading->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    bool going = true;
    while (going && !reading->refused && body.len > 0) {
        size_t len = body.len < FEED_SIZE ? body.len : FEED_SIZE;
        going = xmlParseChunk(reading->parser, body.ptr, (int)len, 0) == 0;
        body.ptr += len;
        body.len -= len;
    }
    going = going && !reading->refused &&
            xmlParseChunk(reading->parser, NULL, 0, 1) == 0 &&
            reading->parser->wellFormed;
    xmlFreeParserCtxt(reading->parser);
    return going;
}

void
soap_answer_read(struct slice body, size_t limit, struct soap_answer *answer)
{
    *answer = (struct soap_answer){.kind = SOAP_RESULTS};
    struct reading reading = {.answer = answer,
                              .limit = limit,
                              .text = {.limit = TEXT_LIMIT},
                              .errors = {.limit = MESSAGE_LIMIT},
                              .fields = {.limit = TEXT_LIMIT},
                              .is_sound = true};
    answer->results.items = arena_array(&answer->results.arena, limit + 1,
                                        sizeof *answer->results.items);
    bool whole = soap_screen_passes(body) && parse(&reading, body) &&
                 reading.bodies == 1 && reading.responses == 1;
    if (!whole) {
        answer->kind = SOAP_UNREADABLE;
    }
    answer->is_sound = reading.is_sound;
    buffer_release(&reading.text);
    buffer_release(&reading.errors);
    buffer_release(&reading.fields);
}

bool
soap_answer_results(struct slice body, size_t count,
                    struct save_results *results, struct error *err)
{
    struct soap_answer answer;
    soap_answer_read(body, count, &answer);
    *results = answer.results;
    return (answer.kind == SOAP_RESULTS && answer.is_sound &&
            results->count == count) ||
           error_set(err, ERROR_NETWORK, 0,
                     "SOAP: the answer does not say what became of the %zu "
                     "records sent",
                     count);
}

/* Terminated; control characters become blanks. */
static void
copy_clean(char *to, size_t size, struct slice text)
{
    if (text.len >= size) {
        text.len = size - 1;
    }
    text.len = slice_utf8_valid_len(text);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        to[i] = c < ' ' || c == 127 ? ' ' : text.ptr[i];
    }
    to[text.len] = '\0';
}

/* "CODE: text" of a faultstring, where there is no detail. */
static struct slice
without_code(struct slice message, struct slice code)
{
    if (message.len > code.len + 2 && code.len > 0 &&
        memcmp(message.ptr, code.ptr, code.len) == 0 &&
        memcmp(message.ptr + code.len, ": ", 2) == 0) {
        message.ptr += code.len + 2;
        message.len -= code.len + 2;
    }
    return message;
}

bool
soap_answer_fault(struct slice body, char *code, size_t code_size,
                  char *message, size_t message_size)
{
    struct soap_answer answer;
    soap_answer_read(body, 1, &answer);
    bool is_fault = answer.kind == SOAP_FAULT && answer.code.len > 0;
    if (is_fault) {
        copy_clean(code, code_size, answer.code);
        copy_clean(message, message_size,
                   without_code(answer.message, answer.code));
    }
    arena_release(&answer.results.arena);
    return is_fault;
}
