/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_ARCHIVE_H
#define ETL_SOURCE_ARCHIVE_H

#include "base/slice.h"
#include "source/stored.h"

/*
 * Unpacks gzip, of one member or several (RFC 1952), and a zip archive with
 * one file in it; folders and what macOS adds are no files. It reads ahead
 * only, so standard input will do; check sums and sizes are held against what
 * came out. Memory is bounded by two windows whatever a bomb unpacks to: there
 * is no limit to the ratio, as max_row_bytes bounds a row and the count of
 * rows is the source's own. What is wrong is ERROR_INPUT [source-form].
 */
struct archive;
enum archive_form { ARCHIVE_NONE, ARCHIVE_GZIP, ARCHIVE_ZIP };

enum archive_form archive_form(struct slice head);
/* stored is borrowed; head was read from it already. */
struct archive *archive_open(enum archive_form form, struct stored *stored,
                             struct slice head);
/* So many bytes; fewer only where they end. All of stored is read then. */
bool archive_read(struct archive *archive, char *bytes, size_t len, size_t *got,
                  struct error *err);
void archive_close(struct archive *archive);

#endif
