/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REPORT_REPORT_CHART_H
#define ETL_REPORT_REPORT_CHART_H

#include "base/buffer.h"
#include "report/summary.h"

/*
 * Charts of a run's jobs as inline SVG, from the time each was handed over to
 * the time it was seen to be done: rows through the org so far, rows a second,
 * and the jobs side by side. The rows of a job are spread evenly over its
 * time, for the org tells no more. Nothing is written when no job has both
 * times.
 */
#define REPORT_CHART_JOBS 100 /* bars at most; the first ones */

void report_chart_progress(struct buffer *page, const struct summary *summary);
void report_chart_jobs(struct buffer *page, const struct summary *summary);

#endif
