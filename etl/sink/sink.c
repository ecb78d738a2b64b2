/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/sink.h"

#include "sink/choose.h"
#include "sink/sink_ops.h"

#include <stddef.h>

static const struct sink_ops *const registry[] = {
    &bulk2_sink_ops,
    &rest_sink_ops,
    &soap_sink_ops,
};
#define REGISTRY_COUNT (sizeof registry / sizeof registry[0])

const char *const sink_names[] = {"auto", "bulk2", "rest", "soap", NULL};

static const struct sink_ops *
find(const char *api)
{
    if (api == NULL || strcmp(api, "auto") == 0) {
        return registry[0];
    }
    for (size_t i = 0; i < REGISTRY_COUNT; i++) {
        if (strcmp(registry[i]->name, api) == 0) {
            return registry[i];
        }
    }
    return NULL;
}

struct sink *
sink_open(const char *api, const struct sink_target *target, struct error *err)
{
    struct choice choice;
    if (!choose_api(api, target->load, target->session->org, &choice, err)) {
        return NULL;
    }
    const struct sink_ops *ops = find(choice.api);
    struct sink *sink = ops != NULL ? ops->open(target, err) : NULL;
    if (sink != NULL) {
        sink->ops = ops;
        sink->target = *target;
    }
    return sink;
}

const char *
sink_name(const struct sink *sink)
{
    return sink->ops->name;
}

struct chunk_limits
sink_limits(const struct sink *sink)
{
    return sink->ops->limits;
}

bool
sink_limits_of(const char *api, struct chunk_limits *limits, struct error *err)
{
    const struct sink_ops *ops = find(api);
    if (ops == NULL) {
        return error_set(err, ERROR_USAGE, 0, "there is no API '%.40s'", api);
    }
    *limits = ops->limits;
    return true;
}

enum sink_step
sink_next(struct sink *sink, struct ticket *ticket,
          const struct sink_files *files, struct http_request *request,
          int64_t *wait_ms, struct error *err)
{
    ticket->settling = false;
    return sink->ops->next(sink, ticket, files, request, wait_ms, err);
}

bool
sink_answer(struct sink *sink, struct ticket *ticket,
            const struct sink_files *files, const struct http_answer *answer,
            struct error *err)
{
    return sink->ops->answer(sink, ticket, files, answer, err);
}

void
sink_take_back(struct ticket *ticket)
{
    if (ticket->settling) {
        return; /* the call that it was to settle is as lost as before */
    }
    if (ticket->state == TICKET_CREATING) {
        ticket->state = TICKET_NEW;
    } else if (ticket->state == TICKET_UPLOADING) {
        ticket->state = TICKET_CREATED;
    } else if (ticket->state == TICKET_CLOSING) {
        ticket->state = TICKET_UPLOADED;
    }
}

void
sink_abort(struct ticket *ticket)
{
    ticket->abort_wanted = true;
    ticket->poll_at_ms = 0;
}

bool
sink_collect(struct sink *sink, const struct ticket *ticket,
             const struct sink_files *files, result_row_fn *each, void *cookie,
             struct error *err)
{
    return sink->ops->collect(sink, ticket, files, each, cookie, err);
}

void
sink_fetch_again(struct ticket *ticket)
{
    ticket->state = ticket->message[0] ? TICKET_FAILED : TICKET_DONE;
    ticket->step &= ~(uint64_t)SINK_STEP_PART;
    ticket->fetches++;
}

enum outcome_fate
sink_missing(const struct sink *sink, const struct ticket *ticket,
             struct slice *code, struct slice *message)
{
    return sink->ops->missing(sink, ticket, code, message);
}

void
sink_close(struct sink *sink)
{
    if (sink != NULL) {
        sink->ops->close(sink);
    }
}
