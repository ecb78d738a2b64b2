/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CSV_SOURCE_H
#define ETL_SOURCE_CSV_SOURCE_H

#include "source/source_ops.h"

/*
 * CSV files (csv_reader says how cells are read). source_ops.h declares its
 * table; this is for tests, which give tiny windows so that every construct is
 * cut somewhere. window_size 0: the usual.
 */
struct source *csv_source_open(const struct source_spec *spec,
                               size_t window_size, struct error *err);

#endif
