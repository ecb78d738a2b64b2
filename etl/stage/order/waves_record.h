/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_WAVES_RECORD_H
#define ETL_STAGE_ORDER_WAVES_RECORD_H

#include "base/error.h"
#include "model/chunk.h"

#include <stddef.h>

/*
 * The chunks that staged rows have moved into, numbered behind those that they
 * came from, and their record (rows/LOAD.waves): before it stands all is done
 * anew, after it nothing is.
 */
struct waves {
    bool is_recorded;
    bool is_all;          /* no row is left in the first chunks */
    uint64_t first_count; /* of those */
    struct chunk *chunks; /* owned */
    size_t count, capacity;
    /* Of is_all: how many waves there are, the rows that are in two chunks,
     * the rows that were rejected, and whether groups are kept together. */
    uint64_t wave_count, second_rows, rejected_rows, is_grouped;
};

/* Waves of a load, and rows of one key, at most: what is sent again goes in
 * between. */
#define WAVES_LIMIT ((uint64_t)65535)

/* Where the record stands; on the heap. */
char *waves_record_path(const char *run_folder, const char *load_name);
bool waves_record_write(const struct waves *waves, const char *run_folder,
                        const char *load_name, struct error *err);
/* What an interrupted run has recorded. */
bool waves_record_read(const char *path, struct waves *waves,
                       struct error *err);
void waves_record_release(struct waves *waves);

#endif
