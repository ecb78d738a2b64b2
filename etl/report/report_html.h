/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REPORT_REPORT_HTML_H
#define ETL_REPORT_REPORT_HTML_H

#include "report/summary.h"

/*
 * report.html of a run: one page for people with all that the summary holds.
 * It loads nothing, runs nothing and escapes everything; a policy in its head
 * says so to the browser. Light or dark as the reader has it.
 */
#define REPORT_HTML_JOBS 5000  /* rows of the job table at most */
#define REPORT_HTML_FILES 1000 /* of a source of several, a load */

bool report_html_write(const char *path, const struct summary *summary,
                       struct error *err);

#endif
