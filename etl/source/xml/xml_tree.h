/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_TREE_H
#define ETL_SOURCE_XML_XML_TREE_H

#include "source/xml/xml_path.h"

/*
 * The paths of a source as one tree, so that an element is compared only with
 * the steps that may follow where its parent stands. Node 0 is the document;
 * the record's steps hang below it, the steps of each `each` below the
 * record's node. These are anchors: the columns hang below the one where their
 * paths start, with ".." one higher up. Links are indexes, XML_NONE ends a
 * list.
 */
#define XML_NONE SIZE_MAX

struct xml_node {
    struct xml_step step;
    size_t parent, first_child, next;
    size_t first_output;
    size_t slot;         /* of a step with an index: among the parent's */
    size_t slot_count;   /* children with an index */
    size_t stream;       /* whose rows begin here; XML_NONE */
    size_t first_column; /* of those that start at this anchor */
    bool has_anywhere;   /* a child step is behind "//" */
    bool has_text;       /* an output is the text */
    bool has_count;      /* an output is how many there are */
    bool is_test;        /* the child by whose text the parent is chosen */
    bool is_anchor;
    bool is_on_way; /* an anchor around the record, or the record itself */
};

/* A column that ends at a node: with its text or with an attribute. */
struct xml_output {
    const struct source_path *path;
    bool is_attribute;
    struct xml_name attribute;
    size_t next;          /* that ends at the same node */
    size_t anchor;        /* the node that its path starts from */
    size_t next_column;   /* that starts there too */
    size_t stream, field; /* whose column it is, and which of these */
};

struct xml_tree {
    struct xml_node *nodes;
    size_t node_count, node_capacity;
    struct xml_output *outputs; /* the columns of all streams */
    size_t column_count;
    size_t record; /* its node */
    size_t stream_count;
    size_t *field_counts; /* of each stream */
};

/* For spec's record and streams. */
bool xml_tree_build(struct xml_tree *tree, const struct xml_path_scope *scope,
                    struct error *err);
void xml_tree_release(struct xml_tree *tree);

#endif
