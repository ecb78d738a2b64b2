/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_SINK_OPS_H
#define ETL_SINK_SINK_OPS_H

#include "sink/sink.h"

/*
 * For those who add an API, in three steps: write NAME_sink.c with a const
 * struct sink_ops whose sink begins with struct sink; declare it here; put it
 * into the table of sink.c.
 */
struct sink {
    const struct sink_ops *ops;
    struct sink_target target;
};

/* The part of ticket.step that counts results: zero begins them anew. */
#define SINK_STEP_PART 0xff

struct sink_ops {
    const char *name; /* "bulk2" */
    struct chunk_limits limits;
    struct sink *(*open)(const struct sink_target *target, struct error *err);
    enum sink_step (*next)(struct sink *sink, struct ticket *ticket,
                           const struct sink_files *files,
                           struct http_request *request, int64_t *wait_ms,
                           struct error *err);
    bool (*answer)(struct sink *sink, struct ticket *ticket,
                   const struct sink_files *files,
                   const struct http_answer *answer, struct error *err);
    bool (*collect)(struct sink *sink, const struct ticket *ticket,
                    const struct sink_files *files, result_row_fn *each,
                    void *cookie, struct error *err);
    enum outcome_fate (*missing)(const struct sink *sink,
                                 const struct ticket *ticket,
                                 struct slice *code, struct slice *message);
    void (*close)(struct sink *sink);
};

extern const struct sink_ops bulk2_sink_ops;
extern const struct sink_ops rest_sink_ops;
extern const struct sink_ops soap_sink_ops;

#endif
