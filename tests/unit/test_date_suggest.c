/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/date_suggest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
knows_the_letters_of_others(void **state)
{
    (void)state;
    static const struct {
        const char *theirs, *want; /* "": nothing better */
    } cases[] = {
        {"YYYYMMDD", "yyyyMMdd"},
        {"YYYY-MM-DD", "yyyy-MM-dd"},
        {"TT.MM.JJJJ", "dd.MM.yyyy"},
        {"jjjjMMtt", "yyyyMMdd"},
        {"dd.mm.yyyy", "dd.MM.yyyy"},
        {"dd.mm.yy hh:mm", "dd.MM.yy HH:mm"},
        {"dd.MM.yyyy hh:mm:ss", "dd.MM.yyyy HH:mm:ss"},
        {"M/d/yyyy h:mm tt", "M/d/yyyy h:mm a"},
        {"MM/DD/YYYY HH:MM AM", "MM/dd/yyyy hh:mm a"},
        {"yyyy-MM-ddTHH:mm:ss.fffzzz", "yyyy-MM-ddTHH:mm:ss.SSSXXX"},
        {"yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ssXXX"},
        {"yyyyMMdd", ""},
        {"yyyy", ""},
        {"%d.%m.%Y", ""},
        {"", ""},
        {"Quartal 1", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char near[DATE_SUGGEST_SIZE] = "";
        bool found = date_suggest(slice_of(cases[i].theirs), near);
        assert_string_equal(found ? near : "", cases[i].want);
    }
}

static void
bounds_what_it_writes(void **state)
{
    (void)state;
    char long_text[300], near[DATE_SUGGEST_SIZE];
    memset(long_text, 'Z', sizeof long_text);
    for (size_t i = 1; i < sizeof long_text; i += 2) {
        long_text[i] = '-';
    }
    assert_false(
        date_suggest((struct slice){long_text, sizeof long_text}, near));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_letters_of_others),
        cmocka_unit_test(bounds_what_it_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
