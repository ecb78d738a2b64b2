/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_VALUE_FAULT_H
#define ETL_MAPPING_VALUE_VALUE_FAULT_H

#include "base/slice.h"

/*
 * Why a value was refused: the end of a sentence that begins with the value,
 * as in "1.23x" `is not a number like 1.234,56`, and its stable name.
 */
struct value_fault {
    const char *code;  /* static */
    struct slice text; /* in the arena of the call */
};

#endif
