/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_TREE_H
#define ETL_SOURCE_XML_XML_TREE_H

#include "source/xml/xml_path.h"

/*
 * The paths of a source as one tree, so that an element is compared only with
 * the steps that may follow where its parent stands. Node 0 is the document;
 * the record's steps hang below it, the columns below the record's node or,
 * with "..", below one on the way to it. Links are indexes, XML_NONE ends a
 * list.
 */
#define XML_NONE SIZE_MAX

struct xml_node {
    struct xml_step step;
    size_t first_child, next;
    size_t first_output;
    size_t slot;       /* of a step with an index: among the parent's */
    size_t slot_count; /* children with an index */
    bool has_anywhere; /* a child step is behind "//" */
    bool has_text;     /* an output is the text */
    bool is_test;      /* the child by whose text the parent is chosen */
    bool is_on_way;    /* to the record, or the record itself */
};

/* A column that ends at a node: with its text or with an attribute. */
struct xml_output {
    bool is_attribute;
    struct xml_name attribute;
    size_t column, next;
};

struct xml_tree {
    struct xml_node *nodes;
    size_t node_count, node_capacity;
    struct xml_output *outputs; /* one a column */
    size_t *anchors; /* of each column: the node that its path starts from */
    size_t column_count;
    size_t record; /* its node */
};

/* For spec's record and paths. */
bool xml_tree_build(struct xml_tree *tree, const struct xml_path_scope *scope,
                    struct error *err);
void xml_tree_release(struct xml_tree *tree);

#endif
