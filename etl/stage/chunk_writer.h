/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_CHUNK_WRITER_H
#define ETL_STAGE_CHUNK_WRITER_H

#include "model/batch.h"
#include "stage/chunk_output.h"
#include "stage/chunk_rule.h"

/*
 * Spells the rows of one load as chunks: a header of API names, LF, an absent
 * value as nothing, a cleared one as #N/A. One chunk is open at a time; its
 * files are made with its first row. Inside a value CR LF and CR go as LF, for
 * Bulk 2.0 takes no other line end than the declared one there; they are
 * counted, and the index is made of what is sent.
 */
struct chunk_writer {
    const char *run_folder;
    const struct load *load;
    struct compressor *compressor; /* NULL: plain; borrowed */
    struct chunk_rule rule;
    struct chunk chunk; /* the open one; rows 0: none */
    struct chunk_output output;
    /* Where the load's rows have an order (stage/order/links.h). */
    struct row_index_writer links;
    struct row_key *link_keys;
    size_t link_count;
    uint64_t line_ends_changed;
    struct slice *sent; /* fields, where they go otherwise than given */
    struct buffer mended_text;
    struct buffer attached; /* a row's files, in base64 */
    bool has_files;
};

enum chunk_put {
    CHUNK_ADDED,
    CHUNK_FULL,         /* not added: finish the chunk, then put it again */
    CHUNK_ROW_TOO_LONG, /* not added: no chunk can hold it */
    CHUNK_ROW_NOT_XML,  /* not added: chunk_writer_not_xml tells where */
    CHUNK_FAILED,
};

/* Borrows all but limits. The first chunk gets the number after last_number. */
void chunk_writer_init(struct chunk_writer *writer, const char *run_folder,
                       const struct load *load, uint32_t load_index,
                       const struct chunk_limits *limits, uint32_t last_number,
                       struct compressor *compressor);
/* The record's fields: one a column of the load. */
enum chunk_put chunk_writer_put(struct chunk_writer *writer,
                                const struct record *record, struct error *err);
/* The first character of a value that XML 1.0 forbids; 0: there is none. */
unsigned chunk_writer_not_xml(struct slice value);
/* Closes the open chunk: durable and in its place afterwards. *chunk tells
 * what it is; rows 0 when there was none. */
bool chunk_writer_finish(struct chunk_writer *writer, struct chunk *chunk,
                         struct error *err);
void chunk_writer_release(struct chunk_writer *writer);

#endif
