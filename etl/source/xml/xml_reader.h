/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_READER_H
#define ETL_SOURCE_XML_XML_READER_H

#include "base/error.h"
#include "source/xml/xml_element.h"

/*
 * libxml2's SAX2 push parser with the doors shut: no DTD is loaded, no entity
 * expanded but the five, nothing fetched; what is broken, or passes a limit,
 * ends the reading with its line and column. Bytes go in, elements and texts
 * come out by the listener's functions.
 */
struct xml_listener {
    /* These return false with the error told, and the reading ends. line is
     * what the listener asks where an element begins. */
    bool (*begin)(void *cookie, const struct xml_element *element,
                  struct error *err);
    bool (*text)(void *cookie, struct slice text, struct error *err);
    bool (*end)(void *cookie, struct error *err);
    void *cookie;
};

struct xml_reader {
    const char *name; /* of the source, in messages; borrowed */
    struct xml_listener listener;
    xmlParserCtxt *parser;
    size_t held_limit; /* bytes of a tag, comment and the like */
    size_t depth;      /* open elements */
    bool is_wide;      /* a NUL may be a part of a character */
    bool done;
    struct error failure;
};

/* head: the first bytes of the file, of which *taken are read already. encoding
 * NULL: the file says it; a byte order mark wins over both. max_bytes 0: the
 * usual. ERROR_CONFIG: the encoding is not known. */
bool xml_reader_open(struct xml_reader *reader, struct slice head,
                     const char *encoding, size_t max_bytes, size_t *taken,
                     struct error *err);
/* Sets done at the end, and failure when it is a bad one. */
void xml_reader_feed(struct xml_reader *reader, struct slice bytes,
                     bool is_last);
/* The line where the tag that was just read begins. */
uint64_t xml_reader_tag_line(const struct xml_reader *reader);
void xml_reader_close(struct xml_reader *reader);

#endif
