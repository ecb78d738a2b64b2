/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_XML_XML_SOURCE_H
#define ETL_SOURCE_XML_XML_SOURCE_H

#include "source/source_ops.h"

/*
 * XML files, by libxml2's SAX2 push parser: never more in memory than a window
 * and a record. No DTD is loaded, no entity expanded but the five, nothing
 * fetched. A result file that is fed back is read as the CSV it is.
 * source_ops.h declares its table; this is for tests, which give tiny windows
 * so that everything is cut somewhere. window_size 0: the usual.
 */
struct source *xml_source_open(const struct source_spec *spec,
                               size_t window_size, struct error *err);

#endif
