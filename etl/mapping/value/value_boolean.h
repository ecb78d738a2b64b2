/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_VALUE_BOOLEAN_H
#define ETL_MAPPING_VALUE_VALUE_BOOLEAN_H

#include "base/slice.h"

/*
 * Booleans: the two texts of `boolean: [true text, false text]`, exactly, or
 * without them true yes y on 1 x and false no n off 0 in any case.
 */
struct boolean_texts {
    struct slice yes, no; /* ptr NULL: the usual words */
};

bool value_boolean_read(const struct boolean_texts *texts, struct slice text,
                        bool *value);

#endif
