/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_element.h"

#include <string.h>

const xmlChar **
xml_element_find(const struct xml_element *element, const struct xml_name *name)
{
    const xmlChar **found = NULL;
    for (size_t i = 0; i < element->attribute_count; i++) {
        const xmlChar **attribute = element->attributes + 5 * i;
        const struct xml_element it = {.local = attribute[0],
                                       .uri = attribute[2]};
        if (xml_element_is(&it, name) &&
            (found == NULL || attribute[2] == NULL)) {
            found = attribute;
        }
    }
    return found;
}

bool
xml_element_check(const struct xml_element *element, size_t depth,
                  size_t *bytes, struct error *err)
{
    size_t len = strlen((const char *)element->local);
    const char *what = NULL;
    if (depth == XML_DEPTH_LIMIT) {
        what = "elements are nested deeper than 250 levels";
    } else if (element->attribute_count > XML_ATTRIBUTE_LIMIT) {
        what = "an element has more than 2048 attributes";
    } else if (len > XML_NAME_LIMIT) {
        what = "an element's name is longer than 1000 bytes";
    }
    for (size_t i = 0; what == NULL && i < element->attribute_count; i++) {
        const xmlChar **attribute = element->attributes + 5 * i;
        size_t name_len = strlen((const char *)attribute[0]);
        len += name_len + xml_attribute_text(attribute).len;
        if (name_len > XML_NAME_LIMIT) {
            what = "an attribute's name is longer than 1000 bytes";
        }
    }
    *bytes = len;
    return what == NULL ||
           error_set(err, ERROR_INPUT, 0, "%s [xml-limit]", what);
}
