/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_ROW_KEY_H
#define ETL_MODEL_ROW_KEY_H

#include "model/load.h"

/*
 * What identifies a row in its chunk, as 128 bits, so that results that come
 * back in another order and with values spelled anew find their row
 * (architecture.md, "Outcomes are matched to rows"). For an upsert, update or
 * delete it is the key column's canonical value; for an insert a fingerprint
 * of all columns' canonical values.
 *
 * Canonical: numbers, dates, datetimes and booleans by value ("9.1E8" equals
 * "910000000.00"), Ids by their first 15 characters, text by bytes, in a key
 * column letters made small, one by
 * one, where the org does not tell case apart; absent, empty and
 * "#N/A" are one. Text that is not a value of its type counts by bytes. The
 * loose form trims text, makes line ends and runs of blanks equal and takes
 * numbers as the doubles they become: the second try for what the exact form
 * left over.
 */
struct row_key {
    uint64_t high, low;
};
enum row_key_form { ROW_KEY_EXACT, ROW_KEY_LOOSE };

/* Of one value of a column; texts that the org takes for the same parent, or
 * for the same key, have the same. All zeros for blank. */
struct row_key row_key_of_value(const struct load_column *column,
                                struct slice text);
/* Of a text as it is; all zeros for blank. */
struct row_key row_key_of_text(struct slice text);

/* fields: one a column of the load. */
struct row_key row_key_of(const struct load *load, const struct slice *fields,
                          enum row_key_form form);

#endif
