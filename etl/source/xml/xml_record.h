/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_RECORD_H
#define ETL_SOURCE_XML_XML_RECORD_H

#include "model/batch.h"
#include "source/xml/xml_tree.h"

/*
 * From the elements of a file, told one after another, to records: where each
 * path stands is followed while they stream by, and only what a column reads
 * is kept. A record goes into the lent batch when its element ends.
 */

/* Levels of elements. Documents have some twenty; libxml2's own limit is 256.
 */
#define XML_DEPTH_LIMIT 250
/* Bytes of a name: the longest real ones have some sixty. */
#define XML_NAME_LIMIT 1000
/* Attributes of an element: a table of 1,024 columns kept in attributes. */
#define XML_ATTRIBUTE_LIMIT 2048

/* An element's begin as libxml2's SAX2 tells it; attributes are five pointers
 * each: local name, prefix, namespace, begin and end of the value. */
struct xml_element {
    const xmlChar *local, *uri;
    const xmlChar **attributes;
    size_t attribute_count;
};

struct xml_record;

/* spec and dict are borrowed; name is how messages call the source. */
struct xml_record *xml_record_new(const struct source_spec *spec,
                                  const char *name, xmlDict *dict,
                                  struct error *err);
/* Where records go from now on, until the next is lent. */
void xml_record_lend(struct xml_record *record, struct batch *batch);
/* These return false when the file passes a limit, or its root is not the
 * record path's. line is called only where a record begins. */
bool xml_record_begin(struct xml_record *record,
                      const struct xml_element *element,
                      uint64_t (*line)(void *cookie), void *cookie,
                      struct error *err);
bool xml_record_text(struct xml_record *record, struct slice text,
                     struct error *err);
void xml_record_end(struct xml_record *record);
uint64_t xml_record_count(const struct xml_record *record);
/* Elements that are open. */
size_t xml_record_depth(const struct xml_record *record);
/* Where the record that is being read began; 0: none is. */
uint64_t xml_record_line(const struct xml_record *record);
void xml_record_free(struct xml_record *record);

#endif
