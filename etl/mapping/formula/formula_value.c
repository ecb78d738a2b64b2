/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/formula/formula_value.h"

#include "mapping/value/calendar.h"

#include <stdio.h>

#define MS_A_DAY 86400000
#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

bool
formula_value_date(int64_t days, struct formula_value *value)
{
    *value = (struct formula_value){.kind = KIND_DATE, .days = days};
    return days >= FIRST_DAY && days <= LAST_DAY;
}

bool
formula_value_datetime(int64_t ms, struct formula_value *value)
{
    *value = (struct formula_value){.kind = KIND_DATETIME, .ms = ms};
    return ms >= (int64_t)FIRST_DAY * MS_A_DAY &&
           ms < ((int64_t)LAST_DAY + 1) * MS_A_DAY;
}

static struct slice
print_datetime(int64_t ms, struct arena *arena, size_t len)
{
    char *text = arena_bytes(arena, DATETIME_TEXT_SIZE);
    int64_t rest = ms % 1000;
    rest += rest < 0 ? 1000 : 0;
    (void)calendar_print_utc((ms - rest) / 1000, (int)rest, text);
    return (struct slice){text, len};
}

struct slice
formula_value_print(const struct formula_value *value, struct arena *arena)
{
    switch (value->kind) {
    case KIND_TEXT:
        return value->text;
    case KIND_NUMBER:
        return decimal_print(value->number, arena);
    case KIND_DATE:
        return print_datetime(value->days * MS_A_DAY, arena,
                              DATE_TEXT_SIZE - 1);
    case KIND_DATETIME:
        return print_datetime(value->ms, arena, DATETIME_TEXT_SIZE - 1);
    case KIND_BOOLEAN:
        return value->truth ? SLICE_LITERAL("true") : SLICE_LITERAL("false");
    case KIND_BLANK:
        break;
    }
    return (struct slice){NULL, 0};
}

const char *
formula_value_kinds(unsigned kinds, char text[FORMULA_KINDS_SIZE])
{
    static const struct {
        enum formula_kind kind;
        const char *name;
    } names[] = {{KIND_TEXT, "a text"},
                 {KIND_NUMBER, "a number"},
                 {KIND_DATE, "a date"},
                 {KIND_DATETIME, "a datetime"},
                 {KIND_BOOLEAN, "a condition"}};
    size_t len = 0;
    snprintf(text, FORMULA_KINDS_SIZE, "blank");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((kinds & names[i].kind) != 0) {
            len +=
                (size_t)snprintf(text + len, FORMULA_KINDS_SIZE - len, "%s%s",
                                 len > 0 ? " or " : "", names[i].name);
        }
    }
    return text;
}
