/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/draft/column_profile.h"

#include "mapping/value/value_date.h"
#include "mapping/value/value_number.h"

#include <ctype.h>
#include <string.h>

/* Longer digit strings are keys: no field of the org counts so far. */
#define NUMBER_DIGITS_LIMIT 18
#define SCRATCH_SIZE 512 /* of one value's numbers */
#define KEPT_LIMIT 200   /* bytes of a value that are compared and shown */

/* The narrower form before the wider; decimals: which sign it says. */
static const struct number_form {
    const char *shape; /* NULL: as the org takes it */
    int comma_decimals;
} number_forms[] = {
    {NULL, 0},        {"1,234.56", -1},   {"1.234,56", 1},   {"1 234,56", 1},
    {"1 234.56", -1}, {"1'234.56", -1},   {"1,234.56-", -1}, {"1.234,56-", 1},
    {"1 234,56-", 1}, {"(1,234.56)", -1}, {"(1.234,56)", 1},
};

static const char *const date_forms[] = {
    "yyyy-MM-dd", "dd.MM.yyyy",  "yyyyMMdd",   "yyyy/MM/dd",  "dd/MM/yyyy",
    "MM/dd/yyyy", "d.M.yyyy",    "d/M/yyyy",   "M/d/yyyy",    "dd-MM-yyyy",
    "MM-dd-yyyy", "dd-MMM-yyyy", "d-MMM-yyyy", "d MMM yyyy",  "dd-MMM-yy",
    "dd.MM.yy",   "dd/MM/yy",    "MM/dd/yy",   "MMM d, yyyy",
};

static const char *const datetime_forms[] = {
    "iso", /* as the org takes it */
    "yyyy-MM-dd'T'HH:mm:ssXXX",
    "yyyy-MM-dd'T'HH:mm:ss",
    "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-dd HH:mm:ss.SSS",
    "yyyy-MM-dd HH:mm",
    "dd.MM.yyyy HH:mm:ss",
    "dd.MM.yyyy HH:mm",
    "d.M.yyyy H:mm",
    "dd/MM/yyyy HH:mm:ss",
    "MM/dd/yyyy HH:mm:ss",
    "dd/MM/yyyy HH:mm",
    "MM/dd/yyyy HH:mm",
    "d/M/yyyy H:mm",
    "M/d/yyyy H:mm",
    "M/d/yyyy h:mm a",
    "M/d/yyyy h:mm:ss a",
    "yyyyMMddHHmmss",
};

/* The first is what needs no 'boolean' key. */
static const struct boolean_pair {
    const char *yes, *no;
} boolean_pairs[] = {
    {"true", "false"},
    {"yes", "no"},
    {"y", "n"},
    {"1", "0"},
    {"on", "off"},
    {"ja", "nein"},
    {"j", "n"},
    {"t", "f"},
    {"wahr", "falsch"},
    {"oui", "non"},
    {"si", "no"},
    {"vrai", "faux"},
    {"active", "inactive"},
    {"aktiv", "inaktiv"},
};
#define USUAL_PAIRS 5

#define COUNT_OF(list) (sizeof(list) / sizeof(list)[0])
_Static_assert(COUNT_OF(number_forms) <= COLUMN_PROFILE_FORMS, "fits");
_Static_assert(COUNT_OF(date_forms) <= COLUMN_PROFILE_FORMS, "fits");
_Static_assert(COUNT_OF(datetime_forms) <= COLUMN_PROFILE_FORMS, "fits");
_Static_assert(COUNT_OF(boolean_pairs) <= COLUMN_PROFILE_FORMS, "fits");

/* One value in so many may be wrong, and one key in so many may come twice. */
#define MISS_SHARE 20
#define REPEAT_SHARE 50

void
column_profile_init(struct column_profile *profile)
{
    *profile = (struct column_profile){.rows = 0};
}

static bool
fits_number(size_t form, struct slice value, struct arena *arena)
{
    struct number_shape shape = value_number_plain;
    const char *why;
    struct slice number;
    if (number_forms[form].shape != NULL &&
        !value_number_shape(slice_of(number_forms[form].shape), &shape, &why)) {
        return false;
    }
    return value_number_read(&shape, value, arena, &number);
}

/* A year that data of today has: eight digits of a key are no date. */
static bool
is_likely_year(int year)
{
    return (year >= 1900 && year <= 2100) || year == 9999;
}

static bool
fits_pattern(const char *text, struct slice value)
{
    struct date_pattern pattern;
    struct date_parts parts = {0};
    char why[DATE_WHY_SIZE];
    return value_date_pattern(slice_of(text), &pattern, why) &&
           value_date_read(&pattern, value, &parts) &&
           is_likely_year(parts.year);
}

static bool
fits_datetime(size_t form, struct slice value)
{
    struct date_parts parts;
    return form == 0 ? value_date_read_iso(value, &parts)
                     : fits_pattern(datetime_forms[form], value);
}

static bool
is_placeholder(struct slice value)
{
    size_t zeros = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] != '0' && strchr(".-/: ", value.ptr[i]) == NULL) {
            return false;
        }
        zeros += value.ptr[i] == '0';
    }
    return zeros == 8 || zeros == 14;
}

static bool
fits_pair(size_t pair, struct slice value)
{
    return slice_is_nocase(value, boolean_pairs[pair].yes) ||
           slice_is_nocase(value, boolean_pairs[pair].no);
}

static void
try_forms(struct column_profile *profile, struct slice value,
          struct arena *scratch, struct arena *arena)
{
    for (size_t i = 0; i < COUNT_OF(number_forms); i++) {
        profile->number_misses[i] += !fits_number(i, value, scratch);
    }
    for (size_t i = 0; i < COUNT_OF(boolean_pairs); i++) {
        profile->boolean_misses[i] += !fits_pair(i, value);
    }
    if (is_placeholder(value)) {
        profile->placeholder = profile->placeholders++ > 0
                                   ? profile->placeholder
                                   : arena_copy(arena, value);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(date_forms); i++) {
        profile->date_misses[i] += !fits_pattern(date_forms[i], value);
    }
    for (size_t i = 0; i < COUNT_OF(datetime_forms); i++) {
        profile->datetime_misses[i] += !fits_datetime(i, value);
    }
}

static bool
is_email(struct slice value)
{
    const char *at = memchr(value.ptr, '@', value.len);
    if (at == NULL || at == value.ptr || memchr(value.ptr, ' ', value.len)) {
        return false;
    }
    return memchr(at, '.', (size_t)(value.ptr + value.len - at)) != NULL;
}

static bool
is_url(struct slice value)
{
    return slice_begins(value, "http://") || slice_begins(value, "https://") ||
           slice_begins(value, "www.");
}

/* Letters and digits of the right number, with both among them. */
static bool
is_id(struct slice value)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < value.len; i++) {
        digits += isdigit((unsigned char)value.ptr[i]) != 0;
        letters += isalpha((unsigned char)value.ptr[i]) != 0;
    }
    return (value.len == 15 || value.len == 18) && digits > 2 && letters > 0 &&
           digits + letters == value.len;
}

static bool
is_digits(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!isdigit((unsigned char)value.ptr[i])) {
            return false;
        }
    }
    return true;
}

static void
remember(struct column_profile *profile, struct slice value,
         struct arena *arena)
{
    value.len = value.len < KEPT_LIMIT ? value.len : KEPT_LIMIT;
    if (map_get(&profile->seen, value) != NULL) {
        profile->repeats++;
        return;
    }
    value = arena_copy(arena, value);
    map_put(&profile->seen, value, profile);
    if (profile->example_count < COLUMN_PROFILE_EXAMPLES) {
        profile->examples[profile->example_count++] = value;
    }
}

void
column_profile_add(struct column_profile *profile, struct slice value,
                   struct arena *arena)
{
    struct arena scratch = {.block_size = SCRATCH_SIZE};
    struct slice bare = slice_trim(value);
    profile->rows++;
    bool is_unavailable = slice_is(bare, "#N/A");
    profile->unavailable += is_unavailable;
    if (bare.len == 0 || is_unavailable) {
        profile->blanks++;
        return;
    }
    size_t len = slice_utf8_valid_len(value) == value.len
                     ? slice_utf8_count(value)
                     : value.len;
    profile->longest = len > profile->longest ? len : profile->longest;
    /* Blanks around a value are a part of it, and no number or date. */
    try_forms(profile, value, &scratch, arena);
    bool digits = is_digits(value);
    profile->digits += digits;
    profile->padded += digits && ((value.ptr[0] == '0' && value.len > 1) ||
                                  value.len > NUMBER_DIGITS_LIMIT);
    profile->emails += is_email(bare);
    profile->urls += is_url(bare);
    profile->ids += is_id(value);
    remember(profile, value, arena);
    arena_release(&scratch);
}

/* Few enough for a form that the column is meant to have. */
static bool
are_few(uint64_t misses, uint64_t values)
{
    return misses * MISS_SHARE <= values && misses < values;
}

/* The form with the fewest misses, the first of equals; SIZE_MAX: none. */
static size_t
best_form(const uint32_t *misses, size_t count, uint64_t values)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (are_few(misses[i], values) &&
            (best == SIZE_MAX || misses[i] < misses[best])) {
            best = i;
        }
    }
    return best;
}

static uint64_t
value_count(const struct column_profile *profile)
{
    return profile->rows - profile->blanks;
}

int
column_profile_decimals(const struct column_profile *profile)
{
    int said = 0;
    const uint32_t *misses = profile->number_misses;
    size_t best =
        best_form(misses, COUNT_OF(number_forms), value_count(profile));
    if (best == SIZE_MAX || best == 0) {
        return 0;
    }
    for (size_t i = 1; i < COUNT_OF(number_forms); i++) {
        int form = number_forms[i].comma_decimals;
        if (misses[i] > misses[best]) {
            continue;
        }
        if (said != 0 && form != said) {
            return 0;
        }
        said = form;
    }
    return said;
}

/* "1,234" is a thousand or little more than one, and so is "1.234": other
 * columns may tell. */
static void
guess_number(const struct column_profile *profile, int comma_decimals,
             struct column_guess *guess)
{
    const uint32_t *misses = profile->number_misses;
    size_t best =
        best_form(misses, COUNT_OF(number_forms), value_count(profile));
    if (best == SIZE_MAX) {
        return;
    }
    guess->is_number = true;
    for (size_t i = 1; i < COUNT_OF(number_forms); i++) {
        /* Digits alone say nothing; the file's other columns do. */
        if (comma_decimals != 0 && misses[i] == misses[best] &&
            profile->digits < value_count(profile) &&
            number_forms[i].comma_decimals == comma_decimals) {
            best = i;
            break;
        }
    }
    guess->number_shape = number_forms[best].shape;
    guess->number_misses = misses[best];
    if (best > 0 && comma_decimals == 0 &&
        column_profile_decimals(profile) == 0) {
        guess->number_other = "1.234,56";
    }
}

/* Month and day the other way round, when that fits as well. */
static const char *
other_order(const char *const *forms, size_t count, const uint32_t *misses,
            size_t chosen)
{
    char other = forms[chosen][0] == 'd' ? 'M' : 'd';
    for (size_t i = 0; i < count && forms[chosen][0] != 'y'; i++) {
        if (forms[i][0] == other && misses[i] == misses[chosen] &&
            strstr(forms[i], "MMM") == NULL) {
            return forms[i];
        }
    }
    return NULL;
}

static bool
guess_date(const struct column_profile *profile, const char *const *forms,
           size_t count, const uint32_t *misses, struct column_guess *guess)
{
    size_t best =
        best_form(misses, count, value_count(profile) - profile->placeholders);
    if (best == SIZE_MAX) {
        return false;
    }
    guess->shape = forms[best];
    guess->misses = misses[best];
    guess->other = other_order(forms, count, misses, best);
    return true;
}

static bool
guess_boolean(const struct column_profile *profile, struct column_guess *guess)
{
    size_t pair = best_form(profile->boolean_misses, COUNT_OF(boolean_pairs),
                            value_count(profile));
    if (pair == SIZE_MAX) {
        return false;
    }
    guess->kind = COLUMN_BOOLEAN;
    guess->misses = profile->boolean_misses[pair];
    if (pair >= USUAL_PAIRS) {
        guess->yes = boolean_pairs[pair].yes;
        guess->no = boolean_pairs[pair].no;
    }
    return true;
}

/* The rest, by how many values are such. */
static void
guess_text(const struct column_profile *profile, struct column_guess *guess)
{
    uint64_t values = value_count(profile);
    guess->kind = COLUMN_TEXT;
    if (are_few(values - profile->ids, values)) {
        guess->kind = COLUMN_ID;
        guess->misses = values - profile->ids;
    } else if (profile->padded > 0 &&
               are_few(values - profile->digits, values)) {
        guess->kind = COLUMN_DIGITS;
        guess->misses = values - profile->digits;
    } else if (guess->is_number) {
        bool whole = profile->digits + guess->number_misses >= values;
        guess->kind = whole ? COLUMN_WHOLE : COLUMN_NUMBER;
        guess->misses = guess->number_misses;
    } else if (are_few(values - profile->emails, values)) {
        guess->kind = COLUMN_EMAIL;
        guess->misses = values - profile->emails;
    } else if (are_few(values - profile->urls, values)) {
        guess->kind = COLUMN_URL;
        guess->misses = values - profile->urls;
    }
}

struct column_guess
column_profile_guess(const struct column_profile *profile, int comma_decimals)
{
    struct column_guess guess = {.kind = COLUMN_BLANK};
    uint64_t values = value_count(profile);
    uint64_t spoiled = profile->blanks + profile->repeats;
    guess.is_unique = values > 1 && spoiled == 0;
    guess.is_key = values > 1 && spoiled * REPEAT_SHARE <= profile->rows;
    if (values == 0) {
        return guess;
    }
    guess_number(profile, comma_decimals, &guess);
    if (guess_date(profile, date_forms, COUNT_OF(date_forms),
                   profile->date_misses, &guess)) {
        guess.kind = COLUMN_DATE;
        /* The first is what the org takes. */
        guess.shape = guess.shape == date_forms[0] ? NULL : guess.shape;
    } else if (guess_date(profile, datetime_forms, COUNT_OF(datetime_forms),
                          profile->datetime_misses, &guess)) {
        guess.kind = COLUMN_DATETIME;
        guess.shape = guess.shape == datetime_forms[0] ? NULL : guess.shape;
    } else if (!guess_boolean(profile, &guess)) {
        guess_text(profile, &guess);
    }
    return guess;
}

void
column_profile_release(struct column_profile *profile)
{
    map_release(&profile->seen);
}

const char *
column_profile_kind_name(enum column_kind kind)
{
    static const char *const names[] = {
        [COLUMN_BLANK] = "blank",       [COLUMN_TEXT] = "text",
        [COLUMN_DIGITS] = "digits",     [COLUMN_WHOLE] = "whole number",
        [COLUMN_NUMBER] = "number",     [COLUMN_DATE] = "date",
        [COLUMN_DATETIME] = "datetime", [COLUMN_BOOLEAN] = "boolean",
        [COLUMN_EMAIL] = "email",       [COLUMN_URL] = "url",
        [COLUMN_ID] = "record id",
    };
    return names[kind];
}
