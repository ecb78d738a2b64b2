/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PARENTS_PARENTS_H
#define ETL_PIPELINE_PARENTS_PARENTS_H

#include "pipeline/delivery/chunk_pool.h"

/*
 * `require: parent`: when the parents' load is through and before anything of
 * the load is sent, rows whose parent did not make it leave the staged chunks,
 * and their fates stand in LOAD.orphans. The fates are written before a chunk
 * is touched, and that a load is settled is recorded last, so a kill in
 * between is gone on from: the file that stands is taken as it is.
 *
 * To be called before chunks are taken up; chunk_pool_next holds a load back
 * until it is settled.
 */
bool parents_settle(struct chunk_pool *pool, struct error *err);

#endif
