/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_VALUES_H
#define ETL_SOURCE_XML_XML_VALUES_H

#include "base/buffer.h"
#include "source/xml/xml_tree.h"

/*
 * What the columns of a source are worth where the reading stands. Inside a
 * record values are places in its two texts, which go with it; around the
 * records they are kept. A value below a step whose test is not decided waits
 * for that: its guard is the frame (xml_record.c) that will know.
 */

/* A place in one of the two texts of a record. */
struct xml_span {
    size_t begin, len;
    bool is_side; /* attributes and joined texts */
    bool is_nil;
};

struct xml_value {
    uint64_t count; /* matches */
    struct xml_span span;
    struct buffer kept;  /* around the record, or joined: the text */
    struct slice lent;   /* the same in the batch; ptr NULL: not there */
    uint64_t known_from; /* around the record: how many rows were given when
                            its anchor began */
};

struct xml_waiting {
    size_t column, guard;
    struct xml_span span;
};

struct xml_values {
    const struct xml_tree *tree;
    struct xml_value *columns;
    struct buffer text, side;
    struct xml_waiting *waiting;
    size_t waiting_count, waiting_capacity;
    bool is_inside;     /* a record is being read */
    uint64_t given;     /* records so far */
    size_t bytes;       /* of the record, or held for those to come */
    size_t bytes_limit; /* passed: the file is refused */
    size_t late;        /* a column whose value stands behind records that read
                           it: the file is refused; XML_NONE */
};

void xml_values_init(struct xml_values *values, const struct xml_tree *tree,
                     size_t bytes_limit);
/* An anchor begins or ends: what its columns were worth is over. */
void xml_values_forget(struct xml_values *values, size_t anchor);
/* One more match. guard: a frame; XML_NONE: it counts at once. */
void xml_values_add(struct xml_values *values, size_t column, size_t guard,
                    const struct xml_span *span);
/* A place for text in the side text. */
struct xml_span xml_values_put_side(struct xml_values *values,
                                    struct slice text);
struct slice xml_values_text(const struct xml_values *values,
                             const struct xml_span *span);
/* The values that waited for a frame, the last from first on, go on to the
 * guard around it, outer, or are dropped. */
void xml_values_settle(struct xml_values *values, size_t first, size_t guard,
                       size_t outer, bool passed);
/* False when a limit is passed, or a value comes late. line: where the record
 * began; 0: none is being read. */
bool xml_values_check(const struct xml_values *values, const char *name,
                      uint64_t line, struct error *err);
/* Both texts are empty from now on, and nothing waits. */
void xml_values_reset(struct xml_values *values);
void xml_values_release(struct xml_values *values);

#endif
