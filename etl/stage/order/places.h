/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ORDER_PLACES_H
#define ETL_STAGE_ORDER_PLACES_H

#include "base/spill_sort.h"
#include "stage/order/moved_rows.h"
#include "stage/order/wave_chunks.h"

/*
 * Where each row goes: added in any order, read sorted by wave, group and row,
 * and filled into chunks so that no group is in two chunks of a wave.
 */
struct place {
    uint64_t wave;  /* below WAVES_LIMIT */
    uint64_t first; /* the first row of its group; its own without one */
    uint64_t row;
    uint64_t len;    /* of its record */
    uint64_t offset; /* in the file of moved rows */
    bool strips;     /* goes without its links: a later wave has it whole */
};
#define PLACES_FIRST_LIMIT ((uint64_t)1 << 48)
#define PLACES_ROW_LIMIT ((uint64_t)1 << 40)

struct places;

struct places *places_new(const char *run_folder, const char *load_name,
                          size_t memory_size);
/* ERROR_CONFIG past a limit. */
bool places_add(struct places *places, const struct place *place,
                struct error *err);
/* second_wave: whose rows were sent before; UINT64_MAX: none. *wave_count:
 * with those that large groups took. */
bool places_fill(struct places *places, struct moved_rows *moved,
                 const struct wave_chunks_options *options,
                 uint64_t second_wave, struct waves *waves, struct error *err);
void places_free(struct places *places);

#endif
