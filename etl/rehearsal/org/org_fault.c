/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/org_fault.h"

#include "base/slice.h"

#include <stdarg.h>
#include <stdio.h>

bool
org_fault_set(struct org_fault *fault, const char *code, const char *field,
              const char *format, ...)
{
    if (fault->code)
        return false;
    fault->code = code;
    fault->field = field;
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    size_t whole = slice_utf8_valid_len(slice_of(fault->text));
    fault->text[whole] = '\0';
    return false;
}
