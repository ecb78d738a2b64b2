/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_FIELD_PICKLIST_H
#define ETL_MAPPING_VALUE_FIELD_PICKLIST_H

#include "mapping/value/field_type.h"

/* The values of a restricted picklist, matched exactly. False with a fault that
 * lists them. */
bool field_picklist_has(const struct field_check *check, struct slice value,
                        struct arena *arena, struct value_fault *fault);
/* The same of each value of "A;C". */
bool field_picklist_all(const struct field_check *check, struct slice text,
                        struct arena *arena, struct value_fault *fault);
/* "A;C" of " A ; ;C": values without the blanks around them, none empty. */
struct slice field_picklist_spell(struct slice text, struct arena *arena);

#endif
