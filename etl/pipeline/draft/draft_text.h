/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_TEXT_H
#define ETL_PIPELINE_DRAFT_DRAFT_TEXT_H

#include "base/buffer.h"
#include "pipeline/draft/draft.h"
#include "pipeline/draft/draft_plan.h"

/* The plan as the text of a mapping; counts into the summary. */
void draft_text_mapping(const struct draft_plan *plan, const char *path,
                        struct buffer *text, struct draft_summary *summary);
/* Only the lines of the key 'source'. */
void draft_text_source(const struct draft_source *source, const char *path,
                       struct buffer *text);

#endif
