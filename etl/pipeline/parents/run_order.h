/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PARENTS_RUN_ORDER_H
#define ETL_PIPELINE_PARENTS_RUN_ORDER_H

#include "pipeline/run.h"

/*
 * In which order a load's rows go (stage/order): said to who watches, kept in
 * the ledger for the report of a resume.
 */

/* By what rows of one group are kept together: "lock_group" or a column. */
const char *run_order_group(const struct load *load);
void run_order_tell(const struct run *run);
bool run_order_keep(const struct run *run, struct error *err);
bool run_order_recall(struct run *run, struct error *err);

#endif
