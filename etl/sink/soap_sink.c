/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "salesforce/api_limits.h"
#include "salesforce/soap/soap_answer.h"
#include "salesforce/soap/soap_client.h"
#include "sink/call_sink.h"
#include "sink/soap_body.h"

/* The words of the SOAP Partner API; call_sink does the rest. */
static bool
send(const struct sink *sink, const struct sink_files *files, uint64_t first,
     uint64_t count, struct http_request *request, struct error *err)
{
    struct buffer records = {.limit = SOAP_REQUEST_BYTES};
    bool done =
        soap_body_make(sink->target.load, files->chunk_path, first, count,
                       &records, err) &&
        soap_client_send(request, sink->target.session, sink->target.load,
                         buffer_slice(&records), err);
    buffer_release(&records);
    return done;
}

static const struct call_wire wire = {
    .what = "SOAP",
    .suffix = "xml",
    .rows = SOAP_CALL_ROWS,
    .answer_limit = SOAP_ANSWER_BYTES,
    .may_repeat = soap_client_may_repeat,
    .send = send,
    .probe = soap_client_probe,
    .parse = soap_answer_results,
};

static struct sink *
soap_open(const struct sink_target *target, struct error *err)
{
    const struct session *session = target->session;
    struct slice token = slice_of(session->token);
    /* "eyJ" begins a JWT's header; other tokens begin with the org's id. */
    if (slice_begins(token, "eyJ")) {
        error_set(err, ERROR_CONFIG, 0,
                  "org '%s': SOAP takes no session that is a JSON Web Token; "
                  "switch JWT-based access tokens off in the connected app, or "
                  "use 'api: rest'",
                  session->org->name);
        return NULL;
    }
    return call_sink_new(&wire);
}

const struct sink_ops soap_sink_ops = {
    .name = "soap",
    .limits = {.rows = SOAP_CHUNK_ROWS,
               .bytes = SOAP_CHUNK_BYTES,
               .rows_rounded = SOAP_CALL_ROWS,
               .row_characters = BULK_RECORD_CHARACTERS,
               .is_xml = true},
    .open = soap_open,
    .next = call_sink_next,
    .answer = call_sink_answer,
    .collect = call_sink_collect,
    .missing = call_sink_missing,
    .close = call_sink_close,
};
