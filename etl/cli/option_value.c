/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_value.h"

#include "base/slice.h"

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit time_units[] = {
    {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

static const struct unit size_units[] = {
    {"", 1},          {"B", 1},           {"kB", 1000},
    {"MB", 1000000},  {"GB", 1000000000}, {"KiB", 1 << 10},
    {"MiB", 1 << 20}, {"GiB", 1 << 30}};

/* Digits, then one of the units; case of units does not count. */
static bool
read_unit(const char *text, const struct unit *units, size_t unit_count,
          uint64_t *value)
{
    struct slice digits = {text, strspn(text, "0123456789")};
    uint64_t number;
    if (!slice_to_u64(digits, &number) || number == 0) {
        return false;
    }
    struct slice name = slice_of(text + digits.len);
    for (size_t i = 0; i < unit_count; i++) {
        if (slice_is_nocase(name, units[i].name)) {
            return !__builtin_mul_overflow(number, units[i].factor, value);
        }
    }
    return false;
}

bool
option_value_duration(const char *text, int64_t *ms)
{
    uint64_t value;
    if (!read_unit(text, time_units, sizeof time_units / sizeof time_units[0],
                   &value) ||
        value > INT64_MAX) {
        return false;
    }
    *ms = (int64_t)value;
    return true;
}

bool
option_value_size(const char *text, uint64_t *bytes)
{
    return read_unit(text, size_units, sizeof size_units / sizeof size_units[0],
                     bytes);
}

bool
option_value_count(const char *text, uint64_t *count)
{
    return slice_to_u64(slice_of(text), count);
}

bool
option_value_rows(const char *text, uint64_t *rows)
{
    if (strcmp(text, "all") == 0) {
        *rows = UINT64_MAX;
        return true;
    }
    return option_value_count(text, rows);
}

bool
option_value_errors(const char *text, struct option_errors *errors)
{
    struct slice digits = {text, strspn(text, "0123456789")};
    uint64_t number;
    if (!slice_to_u64(digits, &number)) {
        return false;
    }
    const char *rest = text + digits.len;
    bool is_percent = strcmp(rest, "%") == 0;
    if ((*rest != '\0' && !is_percent) || (is_percent && number > 100)) {
        return false;
    }
    *errors =
        (struct option_errors){.count = is_percent ? 0 : number,
                               .percent = is_percent ? (unsigned)number : 0,
                               .is_percent = is_percent};
    return true;
}
