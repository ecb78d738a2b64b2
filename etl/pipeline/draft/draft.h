/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_H
#define ETL_PIPELINE_DRAFT_DRAFT_H

#include "base/buffer.h"
#include "pipeline/draft/draft_source.h"

/*
 * A mapping for a file that nobody has mapped: a line for each column, with
 * what was guessed and how sure it is as a comment. What is not known stands
 * there as a comment only, so that nothing is loaded by a guess without ground.
 */
struct draft_options {
    const char *path, *object;
    const char *org, *config_path; /* NULL: the default */
    const char *source_path;       /* as the mapping is to name the file */
    bool offline;
};

struct draft_summary {
    size_t columns, mapped, open; /* open: what somebody has to decide */
    bool types_checked;           /* there was metadata */
};

/* source has been read. Appends the mapping's text. */
bool draft_write(const struct draft_options *options,
                 const struct draft_source *source, struct buffer *text,
                 struct draft_summary *summary, struct error *err);

#endif
