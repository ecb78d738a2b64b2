/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_SEVERAL_SOURCE_H
#define ETL_SOURCE_SEVERAL_SOURCE_H

#include "source/source.h"

/*
 * Several files as one source, in the order of spec->files: rows are numbered
 * through, lines begin anew in each, a batch holds rows of one file. All must
 * have the same columns in the same order, which is looked at before the first
 * row is given (ERROR_INPUT [other-header] names the file and the column). Its
 * position counts the bytes of all files; its hash is that of theirs.
 */
struct source *several_source_open(const struct source_spec *spec,
                                   struct error *err);

#endif
