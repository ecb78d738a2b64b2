/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_PATH_H
#define ETL_SOURCE_XML_XML_PATH_H

#include "base/arena.h"
#include "base/error.h"
#include "model/source_spec.h"

#include <libxml/parser.h>

/*
 * Paths of an XML source (mapping.md, XML), read and checked: what a stream
 * can't serve is refused with the reason. Names are words of the parser's
 * dictionary, so that the same name is the same pointer.
 */
struct xml_name {
    const xmlChar *uri;   /* NULL: any */
    const xmlChar *local; /* NULL: any */
};

enum xml_test {
    XML_TEST_NONE,
    XML_TEST_INDEX,
    XML_TEST_CHILD,
    XML_TEST_ATTRIBUTE
};

struct xml_step {
    struct xml_name name;
    bool anywhere; /* behind "//" */
    enum xml_test test;
    uint64_t index;            /* from 1 */
    struct xml_name test_name; /* the child or attribute whose text is */
    struct slice test_text;
};

struct xml_path {
    size_t up_count; /* of ".." */
    struct xml_step *steps;
    size_t step_count;
    bool has_attribute;
    struct xml_name attribute;
};

/* Where paths are read: the arena owns what they hold. */
struct xml_path_scope {
    const struct source_spec *spec; /* for its namespaces */
    xmlDict *dict;
    struct arena *arena;
};

/* From the root: "/DEBMAS06/IDOC/E1KNA1M", "//Order". */
bool xml_path_read_record(const struct xml_path_scope *scope,
                          struct xml_path *path, struct error *err);
/* From the record to the elements nested in it whose rows a stream has. */
bool xml_path_read_each(const struct xml_path_scope *scope,
                        const struct source_stream *stream,
                        struct xml_path *path, struct error *err);
/* From the record, or from what is each_steps below it. */
bool xml_path_read_column(const struct xml_path_scope *scope,
                          const struct source_path *column,
                          const struct xml_path *record, size_t each_steps,
                          struct xml_path *path, struct error *err);
bool xml_path_same_step(const struct xml_step *a, const struct xml_step *b);

#endif
