/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_CHUNK_REPLAY_H
#define ETL_MODEL_CHUNK_REPLAY_H

#include "base/error.h"
#include "base/slice.h"

/*
 * Reads a staged chunk again, plain or gzip, for what its index does not keep.
 * The header line is passed over. Fields are lent for the call; a record that
 * has another number of them is ERROR_INTERNAL: the file is ours. false of the
 * callback: it has seen enough, and the rest is not read.
 */
typedef bool chunk_record_fn(void *cookie, const struct slice *fields);

bool chunk_replay_each(const char *path, size_t column_count,
                       chunk_record_fn *each, void *cookie, struct error *err);

#endif
