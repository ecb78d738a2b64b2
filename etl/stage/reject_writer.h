/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_REJECT_WRITER_H
#define ETL_STAGE_REJECT_WRITER_H

#include "model/batch.h"
#include "model/outcome.h"

/*
 * The fates of one load that are decided before sending: rejected by source or
 * mapping, skipped by a filter. The file grows in place; what was synced can
 * be gone on from.
 */
struct reject_writer {
    struct outcome_writer file;
    bool is_synced;
    uint64_t rejected, skipped; /* those of an interrupted run included */
};

/* Keeps the fates of rows up to last_row, no more; 0: begins anew. */
bool reject_writer_open(struct reject_writer *writer, const char *path,
                        uint64_t last_row, struct error *err);
/* A record that is not good. */
bool reject_writer_put(struct reject_writer *writer,
                       const struct record *record, struct error *err);
bool reject_writer_reject(struct reject_writer *writer, uint64_t row,
                          const char *code, const char *message,
                          struct error *err);
bool reject_writer_sync(struct reject_writer *writer, struct error *err);
void reject_writer_close(struct reject_writer *writer);

#endif
