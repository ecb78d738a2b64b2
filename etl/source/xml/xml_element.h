/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_ELEMENT_H
#define ETL_SOURCE_XML_XML_ELEMENT_H

#include "base/error.h"
#include "base/slice.h"
#include "source/xml/xml_path.h"

/*
 * An element as it begins, and what it may not pass, so that a hostile file
 * costs no more than a good one. The size of a record is limited by the mapping
 * (max_row_bytes).
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

static inline struct slice
xml_attribute_text(const xmlChar **attribute)
{
    return (struct slice){(const char *)attribute[3],
                          (size_t)(attribute[4] - attribute[3])};
}

static inline bool
xml_element_is(const struct xml_element *element, const struct xml_name *name)
{
    return (name->local == NULL || name->local == element->local) &&
           (name->uri == NULL || name->uri == element->uri);
}

/* One without a namespace is meant before others of the same local name; NULL:
 * there is none. */
const xmlChar **xml_element_find(const struct xml_element *element,
                                 const struct xml_name *name);
/* Holds it against the limits. depth: of the elements around it. *bytes is the
 * size of its names and values. */
bool xml_element_check(const struct xml_element *element, size_t depth,
                       size_t *bytes, struct error *err);

#endif
