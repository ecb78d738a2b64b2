/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CSV_DEFECTS_H
#define ETL_SOURCE_CSV_DEFECTS_H

#include "model/batch.h"
#include "source/charset.h"

/*
 * What is wrong with the bytes of a row: a NUL byte, bytes that its encoding
 * does not have, U+FFFD in a file fed back. The first of each kind; offsets in
 * the input. charset is what the text was decoded with, NULL: it is the input.
 */
struct csv_defects {
    bool has_nul, has_bad_byte, has_replacement;
    uint64_t nul_offset, bad_offset;
    unsigned char bad_bytes[4];
    size_t bad_len;
    const char *encoding; /* that does not have them; borrowed */
};

/* replacement: U+FFFD is a defect, too. */
bool csv_defects_none(const struct charset *charset, struct slice text,
                      uint64_t offset, bool replacement);
void csv_defects_find(struct csv_defects *defects,
                      const struct charset *charset, struct slice text,
                      uint64_t offset, bool replacement);
/* Rejects the record for them, and shows its bad bytes as U+FFFD. */
void csv_defects_reject(const struct csv_defects *defects, struct batch *batch,
                        struct record *record);

#endif
