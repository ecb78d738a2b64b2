/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_EXPORT_EXPORT_FILE_H
#define ETL_PIPELINE_EXPORT_EXPORT_FILE_H

#include "base/file.h"

/*
 * The CSV file of an export while it grows: "PATH.part", in the place of PATH
 * when it is whole. Every cell is quoted, as the Bulk API writes them, so that
 * the file has one form whatever it came by. Pages of the org are copied as
 * they are; of all but the first the header line is left out.
 */
struct export_file {
    char *path, *part_path; /* owned */
    struct file_writer part;
    struct buffer header; /* with its line end; empty before the first page */
    struct buffer line;
    uint64_t rows;
};

/* Anew, or, with size, behind the first size bytes of what is there; header
 * then is the one that it has. */
bool export_file_open(struct export_file *file, const char *path, uint64_t size,
                      uint64_t rows, struct slice header, struct error *err);
uint64_t export_file_size(const struct export_file *file);

/* The header, and then a record a call; ptr NULL is an empty cell. */
bool export_file_put(struct export_file *file, const struct slice *cells,
                     size_t count, struct error *err);

enum export_page { EXPORT_PAGE_TAKEN, EXPORT_PAGE_CUT, EXPORT_PAGE_FAILED };
/*
 * Adds a page. announced: the rows it should have, -1: not said. A cut one is
 * one that ends inside a row, has another header or other than the announced
 * rows: nothing of it stays. A page that is not there holds no row.
 */
enum export_page export_file_append(struct export_file *file,
                                    const char *page_path, int64_t announced,
                                    struct error *err);
/* To the disk, so that it can be gone on from. */
bool export_file_sync(struct export_file *file, struct error *err);
/* In its place, with the disk told. */
bool export_file_commit(struct export_file *file, struct error *err);
/* What was not committed stays as PATH.part. */
void export_file_close(struct export_file *file);

#endif
