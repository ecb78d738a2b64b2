/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/soap/soap_client.h"

#include "base/mem.h"
#include "salesforce/api_limits.h"
#include "salesforce/soap/soap_envelope.h"

#include <stdlib.h>
#include <zlib.h>

/* Fast: the slow part is the org, and XML shrinks well at any level. */
#define GZIP_LEVEL 1
#define GZIP_WINDOW (15 + 16) /* zlib: 15 bits, and 16 for a gzip header */
#define GZIP_MEMORY 8

/* A delete may be made again, but not unseen: see rest_client. */
static const struct {
    const char *name, *element;
    enum http_repeat repeat;
} calls[] = {
    [OPERATION_INSERT] = {"soap.create", "create", HTTP_REPEAT_NEVER},
    [OPERATION_UPDATE] = {"soap.update", "update", HTTP_REPEAT_SAFE},
    [OPERATION_UPSERT] = {"soap.upsert", "upsert", HTTP_REPEAT_SAFE},
    [OPERATION_DELETE] = {"soap.delete", "delete", HTTP_REPEAT_NEVER},
    [OPERATION_HARD_DELETE] = {NULL, NULL, HTTP_REPEAT_NEVER},
    [OPERATION_UNDELETE] = {"soap.undelete", "undelete", HTTP_REPEAT_NEVER},
};

bool
soap_client_knows(enum operation operation)
{
    return (size_t)operation < sizeof calls / sizeof *calls &&
           calls[operation].name != NULL;
}

bool
soap_client_may_repeat(enum operation operation)
{
    return soap_client_knows(operation) && operation != OPERATION_INSERT;
}

/* serverUrl of a login ends in the org's id; where the token does not tell it,
 * the org takes the address without. */
static void
begin(struct http_request *request, const struct session *session,
      const char *name)
{
    struct slice org_id = session_org_id(session);
    http_request_reset(request);
    request->name = name;
    request->method = "POST";
    request->answer_limit = SOAP_ANSWER_BYTES;
    http_request_set_url(request, "%s/services/Soap/u/%s%s%.*s",
                         session->instance_url, session->org->api_version,
                         org_id.len > 0 ? "/" : "", SLICE_ARGS(org_id));
    http_request_add_header(request, "Content-Type", "text/xml; charset=UTF-8");
    http_request_add_header(request, "SOAPAction", "\"\"");
}

static bool
compress_body(struct http_request *request, struct slice text,
              struct error *err)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text.ptr,
                       .avail_in = (uInt)text.len};
    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        mem_exhausted();
    }
    uLong room = deflateBound(&stream, (uLong)text.len);
    char *bytes = arena_bytes(&request->arena, room);
    stream.next_out = (Bytef *)bytes;
    stream.avail_out = (uInt)room;
    int status = deflate(&stream, Z_FINISH);
    request->body = (struct slice){bytes, (size_t)stream.total_out};
    deflateEnd(&stream);
    http_request_add_header(request, "Content-Encoding", "gzip");
    return status == Z_STREAM_END ||
           error_set(err, ERROR_INTERNAL, 0, "a SOAP call was not compressed");
}

static void
add_call(struct buffer *text, const struct load *load, struct slice records)
{
    const char *element = calls[load->operation].element;
    buffer_printf(text, "<%s>", element);
    if (load->operation == OPERATION_UPSERT) {
        soap_envelope_element(text, "externalIDFieldName",
                              slice_of(load->external_id));
    }
    buffer_append_slice(text, records);
    buffer_printf(text, "</%s>", element);
}

/* The text holds the session's id. */
static void
wipe(struct buffer *text)
{
    if (text->bytes != NULL) {
        explicit_bzero(text->bytes, text->capacity);
    }
    buffer_release(text);
}

bool
soap_client_send(struct http_request *request, const struct session *session,
                 const struct load *load, struct slice records,
                 struct error *err)
{
    struct buffer text = {.limit = SOAP_REQUEST_BYTES};
    bool done = true;
    begin(request, session, calls[load->operation].name);
    request->repeat = calls[load->operation].repeat;
    soap_envelope_begin(&text, session->token, load);
    add_call(&text, load, records);
    soap_envelope_end(&text);
    if (text.overflowed) {
        done = error_set(err, ERROR_INTERNAL, 0,
                         "load '%s': a SOAP call has more than %zu bytes",
                         load->name, SOAP_REQUEST_BYTES);
    } else if (session->org->gzip_uploads || session->org->auto_gzip) {
        done = compress_body(request, buffer_slice(&text), err);
    } else {
        request->body = arena_copy(&request->arena, buffer_slice(&text));
    }
    wipe(&text);
    return done;
}

void
soap_client_probe(struct http_request *request, const struct session *session)
{
    struct buffer text = {.limit = SOAP_REQUEST_BYTES};
    begin(request, session, "soap.probe");
    soap_envelope_begin(&text, session->token, NULL);
    buffer_append_text(&text, "<getUserInfo/>");
    soap_envelope_end(&text);
    request->body = arena_copy(&request->arena, buffer_slice(&text));
    wipe(&text);
}
