/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PICKUP_PUT_AWAY_H
#define ETL_PIPELINE_PICKUP_PUT_AWAY_H

#include "pipeline/run.h"

/*
 * --archive: moves what a run has loaded into the archive, below the same
 * names; with --newest also the older files that it stands for; then the
 * markers. Nothing there is ever written over: a name that is taken gets a
 * number behind it (customers.csv.2). Where each file goes is in the ledger
 * before the first is moved, so that a run that was killed goes on with the
 * same names. A file that is not the one that was read any more stays.
 */
/* What run picked up, once its result files stand; says what it did.
 * ERROR_SYSTEM: resume goes on. */
bool put_away_source(const struct run *run, struct error *err);

#endif
