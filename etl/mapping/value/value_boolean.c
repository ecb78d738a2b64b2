/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_boolean.h"

static const char *const yes_words[] = {"true", "yes", "y", "on", "1", "x"};
static const char *const no_words[] = {"false", "no", "n", "off", "0"};

static bool
is_one_of(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is_nocase(text, words[i])) {
            return true;
        }
    }
    return false;
}

bool
value_boolean_read(const struct boolean_texts *texts, struct slice text,
                   bool *value)
{
    if (texts->yes.ptr != NULL) {
        *value = slice_equals(text, texts->yes);
        return *value || slice_equals(text, texts->no);
    }
    *value = is_one_of(text, yes_words, sizeof yes_words / sizeof *yes_words);
    return *value ||
           is_one_of(text, no_words, sizeof no_words / sizeof *no_words);
}
