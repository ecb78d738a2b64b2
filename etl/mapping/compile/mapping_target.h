/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_TARGET_H
#define ETL_MAPPING_COMPILE_MAPPING_TARGET_H

#include "mapping/compile/mapping_parts.h"

/*
 * What a line of `fields` writes: `Name`, `Rel.Field` by the parent's key, or
 * `Type:Rel.Field` where the lookup may lead to several objects.
 */
struct mapping_target {
    const struct schema_field *written; /* of the load's object */
    const struct schema_field *value;   /* whose type the value has */
};

/* False after a problem was told. */
bool mapping_target_find(const struct schema *schema,
                         const struct schema_object *object,
                         const struct field_rule *rule,
                         struct problems *problems,
                         struct mapping_target *target);

/* What a column is told of the field that it writes. */
void mapping_target_bind(const struct mapping_target *target,
                         const struct schema_object *object,
                         const struct field_rule *rule, struct arena *arena,
                         struct load_column *column);

/* The object that a target's relationship leads to; absent when it has none
 * or does not say which. */
struct slice mapping_target_parent(const struct schema_object *object,
                                   struct slice target);

#endif
