/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_PICKUP_PICKUP_H
#define ETL_PIPELINE_PICKUP_PICKUP_H

#include "base/arena.h"
#include "base/error.h"
#include "model/source_spec.h"
#include "pipeline/run_options.h"

/*
 * Which files a run reads (mapping.md, `path`; sfetl-run(1), --newest,
 * --marker, --archive). A path with * ? or [ is a pattern, unless a file has
 * just that name; regular files that match are read in the order of their
 * paths' bytes. What is found is recorded with the run (pickup_record), so
 * that a resume reads the same files and --archive moves no other.
 */
#define PICKUP_FILE_LIMIT                                                      \
    10000 /* ours: a pattern that matches more is wrong                        \
           */

enum pickup_kind {
    PICKUP_INPUT,   /* standard input */
    PICKUP_FILE,    /* one, by its name */
    PICKUP_PATTERN, /* all that match */
    PICKUP_ADDRESS, /* one, which is fetched (fetch.h) */
};

struct pickup_file {
    const char *path;
    /* As rows and messages call it: what follows the pattern's fixed folder;
     * also its place in the archive. */
    const char *name;
    uint64_t size, device, inode; /* who it was when it was found */
    int64_t changed_ns;           /* wall time of the last write */
};

struct pickup_list {
    struct pickup_file *files;
    size_t count;
};

struct pickup {
    struct arena arena; /* of the texts and lists */
    enum pickup_kind kind;
    const char *where;          /* as asked for: path, pattern or address */
    const char *archive;        /* NULL: files stay where they are */
    struct pickup_list files;   /* to be read; empty for PICKUP_INPUT */
    struct pickup_list older;   /* that --newest passes over */
    struct pickup_list markers; /* of the files to be read */
    struct source_file *parts;  /* files, for the source */
    uint64_t hash[2];           /* PICKUP_ADDRESS: XXH3-128 of the file */
    bool is_spooled;            /* the file lies in the spool, not yet kept */
    int lock_fd;                /* of its place there; 0: none */
    bool is_empty;              /* nothing is there that could be read */
};

/*
 * A zeroed struct, to be released in either case. False with ERROR_INPUT and
 * is_empty set when nothing is there yet; ERROR_USAGE when the options don't
 * suit path. Of an address only the kind is found out here.
 */
bool pickup_find(struct pickup *pickup, const char *path,
                 const struct run_options *options, struct error *err);
/* Makes spec read what was found; it then borrows from pickup. */
void pickup_apply(struct pickup *pickup, struct source_spec *spec);
/* Whether path is the same file, and as it was. */
bool pickup_is_same(const struct pickup_file *file, const char *path);
/* ERROR_INPUT [source-changed] when a file is not what was picked up. */
bool pickup_check(const struct pickup *pickup, struct error *err);
/* What to tell before the first row; "" for one plain file. */
const char *pickup_words(struct pickup *pickup);
void pickup_release(struct pickup *pickup);

#endif
