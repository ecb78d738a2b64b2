/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/draft/column_profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Of values that are parted by |. */
static struct column_guess
guess_with(const char *values, int comma_decimals)
{
    struct column_profile profile;
    struct arena arena = {0};
    column_profile_init(&profile);
    for (;;) {
        size_t len = strcspn(values, "|");
        column_profile_add(&profile, (struct slice){values, len}, &arena);
        if (values[len] == '\0') {
            break;
        }
        values += len + 1;
    }
    struct column_guess guess = column_profile_guess(&profile, comma_decimals);
    column_profile_release(&profile);
    arena_release(&arena);
    return guess;
}

static struct column_guess
guess_of(const char *values)
{
    return guess_with(values, 0);
}

static void
tells_kinds(void **state)
{
    (void)state;
    assert_int_equal(guess_of("||").kind, COLUMN_BLANK);
    assert_int_equal(guess_of("#N/A|#N/A").kind, COLUMN_BLANK);
    assert_int_equal(guess_of("Berlin|Bonn").kind, COLUMN_TEXT);
    assert_int_equal(guess_of("12|7|1040").kind, COLUMN_WHOLE);
    assert_int_equal(guess_of("12.5|7|-10").kind, COLUMN_NUMBER);
    assert_int_equal(guess_of("007|012").kind, COLUMN_DIGITS);
    assert_int_equal(guess_of("a@b.example|c@d.example").kind, COLUMN_EMAIL);
    assert_int_equal(guess_of("https://a.example|www.b.example").kind,
                     COLUMN_URL);
    assert_int_equal(guess_of("0015e00000KTHRTAA5|0015e00000KTIjEAAX").kind,
                     COLUMN_ID);
}

static void
tells_numbers(void **state)
{
    (void)state;
    assert_null(guess_of("1.5|2").number_shape);
    assert_string_equal(guess_of("1.234,50|7,25").number_shape, "1.234,56");
    assert_string_equal(guess_of("1,234.50|7").number_shape, "1,234.56");
    assert_string_equal(guess_of("1.234,50-|7,25").number_shape, "1.234,56-");
    assert_false(guess_of("abc|7").is_number);
}

static void
says_when_nobody_can_tell(void **state)
{
    (void)state;
    assert_non_null(guess_of("1,234|5,678").number_other);
    assert_null(guess_with("1,234|5,678", 1).number_other);
    assert_string_equal(guess_with("1,234|5,678", 1).number_shape, "1.234,56");
    assert_string_equal(guess_with("1.234|5.678", 1).number_shape, "1.234,56");
    assert_string_equal(guess_of("03/04/2026|05/06/2026").other, "MM/dd/yyyy");
    assert_null(guess_of("13/04/2026|05/06/2026").other);
}

static void
tells_dates(void **state)
{
    (void)state;
    assert_int_equal(guess_of("2026-01-31|2025-02-01").kind, COLUMN_DATE);
    assert_null(guess_of("2026-01-31|2025-02-01").shape);
    assert_string_equal(guess_of("31.01.2026|00.00.0000").shape, "dd.MM.yyyy");
    assert_string_equal(guess_of("20260131|20251224").shape, "yyyyMMdd");
    assert_string_equal(guess_of("01/31/2026|12/24/2025").shape, "MM/dd/yyyy");
    assert_int_equal(guess_of("90210011|90210012").kind, COLUMN_WHOLE);
    struct column_guess time = guess_of("31.01.2026 09:30|01.02.2026 10:00");
    assert_int_equal(time.kind, COLUMN_DATETIME);
    assert_string_equal(time.shape, "dd.MM.yyyy HH:mm");
    assert_null(guess_of("2026-01-31T09:30:00.000Z").shape);
}

static void
tells_booleans(void **state)
{
    (void)state;
    assert_int_equal(guess_of("true|FALSE").kind, COLUMN_BOOLEAN);
    assert_null(guess_of("true|false").yes);
    assert_string_equal(guess_of("ja|nein|ja").yes, "ja");
}

static void
forgives_one_in_twenty(void **state)
{
    (void)state;
    assert_int_equal(guess_of("1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|"
                              "x")
                         .kind,
                     COLUMN_WHOLE);
    assert_int_equal(guess_of("1|2|3|x").kind, COLUMN_TEXT);
}

static void
tells_keys(void **state)
{
    (void)state;
    assert_true(guess_of("a|b|c").is_unique);
    assert_false(guess_of("a|b|a").is_unique);
    assert_false(guess_of("a|b|").is_unique);
    assert_false(guess_of("a").is_key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_kinds),
        cmocka_unit_test(tells_numbers),
        cmocka_unit_test(says_when_nobody_can_tell),
        cmocka_unit_test(tells_dates),
        cmocka_unit_test(tells_booleans),
        cmocka_unit_test(forgives_one_in_twenty),
        cmocka_unit_test(tells_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
