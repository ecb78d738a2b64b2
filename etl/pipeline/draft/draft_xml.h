/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_XML_H
#define ETL_PIPELINE_DRAFT_DRAFT_XML_H

#include "base/buffer.h"
#include "pipeline/draft/draft_source.h"

/* What a draft says of an XML file beside its columns. */

/* The tree of paths, a line each, behind the prefix: how often it comes, how
 * often at most in one parent, a value. */
void draft_xml_tree(const struct draft_source *source, const char *prefix,
                    struct buffer *text);
/* Comments on what comes several times in a record. */
void draft_xml_repeats(const struct draft_source *source, struct buffer *text);

#endif
