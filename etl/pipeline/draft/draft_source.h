/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_SOURCE_H
#define ETL_PIPELINE_DRAFT_DRAFT_SOURCE_H

#include "base/error.h"
#include "mapping/draft/column_profile.h"
#include "model/source_spec.h"
#include "source/xml/xml_survey.h"

/*
 * What a file is that nobody has described. Of CSV that is found in its first
 * bytes (encoding, line ends, delimiter, lines before the header) and its first
 * rows (header, what the columns hold); XML has the element that is likeliest a
 * row for its record, and the paths that come once in it for its columns.
 * Nothing is kept of rows but what the profiles remember.
 */
#define DRAFT_ROW_LIMIT 10000 /* looked at */

struct draft_column {
    struct slice name;  /* of the header; "Column 3" where there is none */
    struct slice label; /* what fields are matched by: of a path its end */
    bool is_ambiguous;  /* blank, or another has the name: by position only */
    struct column_profile profile;
    struct column_guess guess;
};

struct draft_source {
    struct arena arena;
    bool is_xml;              /* then it is known by its paths: */
    struct xml_survey survey; /* all that are in the file */
    struct source_spec spec;  /* to read it by */
    const char *encoding;     /* "UTF-8", "windows-1252" … */
    bool has_bom, encoding_guessed;
    size_t crlf, lf, cr; /* line ends in the sample */
    bool quotes;         /* some cell is quoted */
    bool has_header;
    struct draft_column *columns;
    size_t column_count;
    uint64_t rows, bad_rows; /* looked at; ragged, or with bad bytes */
    bool is_whole;           /* no rows follow */
    int comma_decimals;
};

/* A zeroed struct; path borrowed. */
bool draft_source_read(struct draft_source *draft, const char *path,
                       struct error *err);
void draft_source_release(struct draft_source *draft);

#endif
