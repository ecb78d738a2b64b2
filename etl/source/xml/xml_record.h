/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_RECORD_H
#define ETL_SOURCE_XML_XML_RECORD_H

#include "model/batch.h"
#include "source/xml/xml_element.h"

/*
 * From the elements of a file, told one after another, to records: where each
 * path stands is followed while they stream by, and only what a column reads
 * is kept. The rows of a record go into the lent batches when its element ends.
 */
struct xml_record;

/* spec and dict are borrowed; name is how messages call the source. */
struct xml_record *xml_record_new(const struct source_spec *spec,
                                  const char *name, xmlDict *dict,
                                  struct error *err);
/* Where rows go from now on, until the next are lent: a batch for each stream.
 */
void xml_record_lend(struct xml_record *record, struct batch *batches);
/* These return false when the file passes a limit, its root is not the record
 * path's, or what a record has read comes behind it. line is called only where
 * a row begins. */
bool xml_record_begin(struct xml_record *record,
                      const struct xml_element *element,
                      uint64_t (*line)(void *cookie), void *cookie,
                      struct error *err);
bool xml_record_text(struct xml_record *record, struct slice text,
                     struct error *err);
bool xml_record_end(struct xml_record *record, struct error *err);
/* Rows of all streams. */
uint64_t xml_record_count(const struct xml_record *record);
/* Elements that are open. */
size_t xml_record_depth(const struct xml_record *record);
/* Where the record that is being read began; 0: none is. */
uint64_t xml_record_line(const struct xml_record *record);
void xml_record_free(struct xml_record *record);

#endif
