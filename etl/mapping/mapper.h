/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_MAPPER_H
#define ETL_MAPPING_MAPPER_H

#include "mapping/mapping.h"
#include "mapping/value/field_type.h"

/*
 * Applies a bound mapping: rows in, records of one load out. The same input
 * gives the same output, always. Uses no state but its own scratch memory; one
 * mapper serves one thread.
 */
struct mapper;

struct mapper *mapper_new(const struct mapping *mapping);
/*
 * Fills mapped with one record for each of source, in order, with the same row
 * and line. Records that the source rejected stay rejected, with its reason.
 * Field slices may point into source's arena: both batches live together.
 */
void mapper_apply(struct mapper *mapper, size_t load,
                  const struct batch *source, struct batch *mapped);
/* What happened to a field's values so far that is no fault, but `check`
 * tells. */
const struct value_notes *mapper_notes(const struct mapper *mapper, size_t load,
                                       size_t column);
void mapper_free(struct mapper *mapper);

#endif
