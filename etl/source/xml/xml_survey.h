/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_SURVEY_H
#define ETL_SOURCE_XML_XML_SURVEY_H

#include "base/arena.h"
#include "base/error.h"

/*
 * What is in an XML file that nobody has described: its paths as a tree, each
 * with how often it comes and a value. Looked at are the first elements only.
 * Names are without prefixes, as paths of a mapping may be.
 */
#define XML_SURVEY_ELEMENTS 200000
#define XML_SURVEY_PATHS 5000

struct xml_survey_path {
    struct slice name; /* of the last step; "@k" is an attribute */
    size_t parent, first_child, last_child, next; /* SIZE_MAX: none */
    uint64_t count;                               /* in the file */
    uint64_t most;                                /* in one parent */
    uint64_t within;                              /* in this one */
    uint64_t parent_count;
    struct slice sample; /* a value of its own, cut; ptr NULL: it has none */
    size_t leaf_count;   /* paths below that have values */
};

struct xml_survey {
    struct arena arena;
    struct xml_survey_path *paths; /* the first is the root element */
    size_t path_count, path_capacity;
    uint64_t elements;
    bool is_whole; /* nothing follows */
    const char *encoding;
    size_t record; /* the path that is likeliest a row each */
};

/* Whether a file that begins so is XML. */
bool xml_survey_is(struct slice head);
/* A zeroed struct. stop_fd as in source_spec. */
bool xml_survey_read(struct xml_survey *survey, const char *path, int stop_fd,
                     struct error *err);
bool xml_survey_is_attribute(const struct xml_survey_path *path);
/* Whether outer is the path at, or above it. */
bool xml_survey_is_around(const struct xml_survey *survey, size_t outer,
                          size_t at);
/* From the root ("/a/b"), or from a path ("b", "../c"). */
struct slice xml_survey_spell(const struct xml_survey *survey, size_t from,
                              size_t path, struct arena *arena);
void xml_survey_release(struct xml_survey *survey);

#endif
