/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_CALL_SINK_H
#define ETL_SINK_CALL_SINK_H

#include "salesforce/save_result.h"
#include "sink/sink_ops.h"

/*
 * A chunk that is several calls, each of which is answered at once, record by
 * record and in order: what sObject Collections and SOAP have in common, which
 * is all but their words. The words are a struct call_wire; intent and fact of
 * each call, what becomes of a lost answer, and what is kept of the others is
 * written here, once.
 */
struct call_wire {
    const char *what;   /* "REST collections", for messages */
    const char *suffix; /* of a kept answer's file: "json" */
    uint64_t rows;      /* records a call */
    size_t answer_limit;
    /* Whether a call that may have been carried out can be made again. */
    bool (*may_repeat)(enum operation operation);
    /* Fills the request that sends count rows of the chunk from first on. */
    bool (*send)(const struct sink *sink, const struct sink_files *files,
                 uint64_t first, uint64_t count, struct http_request *request,
                 struct error *err);
    /* Changes nothing: does the org answer? */
    void (*probe)(struct http_request *request, const struct session *session);
    /* The results of count records. ERROR_NETWORK when the answer is anything
     * else: then nobody knows what became of the records. */
    bool (*parse)(struct slice answer, size_t count,
                  struct save_results *results, struct error *err);
};

struct sink *call_sink_new(const struct call_wire *wire);

/* The members of a sink_ops. */
enum sink_step call_sink_next(struct sink *sink, struct ticket *ticket,
                              const struct sink_files *files,
                              struct http_request *request, int64_t *wait_ms,
                              struct error *err);
bool call_sink_answer(struct sink *sink, struct ticket *ticket,
                      const struct sink_files *files,
                      const struct http_answer *answer, struct error *err);
bool call_sink_collect(struct sink *sink, const struct ticket *ticket,
                       const struct sink_files *files, result_row_fn *each,
                       void *cookie, struct error *err);
enum outcome_fate call_sink_missing(const struct sink *sink,
                                    const struct ticket *ticket,
                                    struct slice *code, struct slice *message);
void call_sink_close(struct sink *sink);

#endif
