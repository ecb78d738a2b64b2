/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_SOURCE_SPEC_H
#define ETL_MODEL_SOURCE_SPEC_H

#include "base/slice.h"

/*
 * What a mapping says of its source (mapping.md, Keys), for the source folder
 * to read by. All pointers are borrowed from the mapping.
 */
enum ragged_policy { RAGGED_REJECT, RAGGED_ERROR, RAGGED_PAD };

#define SOURCE_MAX_ROW_BYTES_DEFAULT ((size_t)4 << 20)

/* What an XML column makes of the elements that its path matches. */
enum source_gather {
    GATHER_ONE,   /* several reject the row */
    GATHER_COUNT, /* how many there are */
    GATHER_JOIN,  /* their texts, with the separator between those not blank */
};

/* XML: a column that fields read, and where the mapping first says so. */
struct source_path {
    struct slice text; /* the path */
    int line;
    enum source_gather gather;
    struct slice separator; /* GATHER_JOIN */
    struct slice name;      /* the column's; ptr NULL: the path is */
};

/* XML: rows of one kind, each record's or those of elements nested in it. All
 * are read in one pass; each stream has columns and row numbers of its own. */
struct source_stream {
    struct slice each; /* path from the record; ptr NULL: the record itself */
    int line;          /* of each */
    const struct source_path *paths; /* the columns, all distinct */
    size_t path_count;
};
struct source_namespace {
    struct slice prefix, uri;
};

/* One of several files; rows and messages go by its name. */
struct source_file {
    const char *path, *name;
};

struct source_spec {
    const char *format;   /* "csv" or "xml" */
    const char *path;     /* as it is to be opened; "-" is standard input */
    const char *encoding; /* NULL: UTF-8; a BOM wins */
    char delimiter;       /* 0: sniffed among , ; tab | */
    char quote;           /* '"' unless told */
    bool no_quotes;       /* a quote is data, everywhere */
    bool has_header;      /* else header names the columns */
    const struct slice *header;
    size_t header_count;
    size_t skip_lines;
    const char *comment; /* lines beginning so are passed over; NULL: none */
    enum ragged_policy ragged;
    size_t max_row_bytes;
    bool trim;
    const char *record; /* XML: path of the repeated element */
    const struct source_namespace *namespaces;
    size_t namespace_count;
    const struct source_stream *streams; /* XML: at least one */
    size_t stream_count;
    /* Read one after another as if they were one; path is then only what
     * messages call them all. Set by who opens the source; NULL: path alone. */
    const struct source_file *files;
    size_t file_count;
    int stop_fd; /* when it is readable, input is waited for no longer; 0: none,
                    set by who opens the source */
};

#endif
