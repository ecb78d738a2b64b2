/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DELIVERY_RESULT_FLOW_H
#define ETL_PIPELINE_DELIVERY_RESULT_FLOW_H

#include "results/matcher.h"
#include "sink/sink.h"

/*
 * Takes results from the thread that reads them to one that matches them, for
 * either is a second's work a million rows. Results are copied in bundles, a
 * few of which go round: memory is bounded, and what is read comes in order.
 */
struct result_flow;

struct result_flow *result_flow_new(struct error *err);
void result_flow_free(struct result_flow *flow);

/* What is put from now on are results of this load for this matcher; both are
 * left alone until the flow has ended. */
void result_flow_begin(struct result_flow *flow, const struct load *load,
                       struct matcher *matcher);
/* A result_row_fn; the cookie is the flow. Never fails. */
bool result_flow_put(void *cookie, const struct result_row *row,
                     struct error *err);
/* Waits until all is matched; false with the error of matcher_put. */
bool result_flow_end(struct result_flow *flow, struct error *err);

#endif
