/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_FORECAST_FORECAST_H
#define ETL_PIPELINE_FORECAST_FORECAST_H

#include "pipeline/plan.h"
#include "salesforce/limits.h"
#include "salesforce/login/credentials.h"

/*
 * What a plan says of the org's limits and of time. The rate is the one that
 * the newest run of the same mapping and org had; where there is none it is
 * what is usual, and that is said.
 */

/* What of the org's limits this run may use, and what look-ups need. */
void forecast_limits(struct plan *plan, const struct run_options *options,
                     const struct org *org, const struct limits *limits);
/* How long the org will take. runs_dir NULL: "runs". */
void forecast_time(struct plan *plan, const char *runs_dir,
                   const char *mapping_name, const char *org_name);

#endif
