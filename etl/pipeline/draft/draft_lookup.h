/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_DRAFT_LOOKUP_H
#define ETL_PIPELINE_DRAFT_DRAFT_LOOKUP_H

#include "pipeline/draft/draft_org.h"
#include "pipeline/draft/draft_plan.h"

/*
 * Columns that name a parent ("Group No.", "Owner"), by a key of it: they
 * become `Rel.Key`. Which key is only guessed where there is one external id,
 * or a user name; else the line stays open and says what there is. Parents
 * are described as they are needed.
 */
bool draft_lookup_add(struct draft_plan *plan, struct draft_org *org,
                      struct error *err);
/* Whether a line fills the lookup field by a key. */
bool draft_lookup_is_mapped(const struct draft_plan *plan,
                            const struct schema_field *lookup);

#endif
