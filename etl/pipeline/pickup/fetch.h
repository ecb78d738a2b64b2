/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PICKUP_FETCH_H
#define ETL_PIPELINE_PICKUP_FETCH_H

#include "pipeline/pickup/pickup.h"

/*
 * A source at an address (mapping.md, `path`): it is fetched whole before its
 * first row is read, with the sign-in that orgs.yaml's `connections` has for
 * it, into $XDG_STATE_HOME/sfetl/spool, where a later process goes on with what
 * one that was killed had; and then moved into the run's folder, source/, so
 * that a resume reads the same bytes, which its checksum proves.
 */

/* Of a PICKUP_ADDRESS: fills files and hash. is_empty is set when the marker
 * is not there yet. */
bool fetch_address(struct pickup *pickup, const struct run_options *options,
                   struct error *err);
/* Moves the file into the run's folder; of another kind nothing happens. */
bool fetch_keep(struct pickup *pickup, const char *run_folder,
                struct error *err);
/* Of a resume: finds it there. ERROR_INPUT [source-changed]: it is not what
 * was fetched. */
bool fetch_recall(struct pickup *pickup, const char *run_folder,
                  struct error *err);
/* What was fetched and not kept is removed. */
void fetch_drop(struct pickup *pickup);

#endif
