/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CSV_SNIFF_H
#define ETL_SOURCE_CSV_SNIFF_H

#include "source/csv_reader.h"

/*
 * Finds the delimiter among , ; tab and | by reading the sample with each.
 * The first row speaks first: what does not split it is no delimiter. Where
 * several do, one that splits all rows alike wins, alone or clearly; else it
 * asks: false, with ERROR_INPUT. A sample that nothing splits has one column.
 */
#define CSV_SNIFF_SAMPLE_SIZE ((size_t)64 * 1024)

/* column_count: known, of an input without a header; else 0. options'
 * delimiter is not looked at. whole: nothing follows the sample. */
bool csv_sniff_delimiter(const struct csv_reader_options *options,
                         struct slice sample, bool whole, size_t column_count,
                         char *delimiter, struct error *err);
/* "comma", "semicolon", "tab", "|": for people. */
const char *csv_sniff_name(char delimiter, char text[2]);

#endif
