/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/time_zone.h"

#include "mapping/value/value_date.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
knows_each_offset(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *local, *utc;
        bool at_change;
    } cases[] = {
        {"UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00.000Z", false},
        {"Europe/Berlin", "2026-01-31T09:30:00Z", "2026-01-31T08:30:00.000Z",
         false},
        {"Europe/Berlin", "2026-07-31T09:30:00Z", "2026-07-31T07:30:00.000Z",
         false},
        /* The gap of 29 March, 02:00 to 03:00: the offset before. */
        {"Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59.000Z",
         false},
        {"Europe/Berlin", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00.000Z",
         true},
        {"Europe/Berlin", "2026-03-29T02:59:59Z", "2026-03-29T01:59:59.000Z",
         true},
        {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00.000Z",
         false},
        /* The overlap of 25 October, 02:00 to 03:00: the first of both. */
        {"Europe/Berlin", "2026-10-25T01:59:59Z", "2026-10-24T23:59:59.000Z",
         false},
        {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00.000Z",
         true},
        {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00.000Z",
         false},
        /* By the footer's rule, and after its 400 years. */
        {"Europe/Berlin", "2099-07-01T12:00:00Z", "2099-07-01T10:00:00.000Z",
         false},
        {"Europe/Berlin", "2099-12-01T12:00:00Z", "2099-12-01T11:00:00.000Z",
         false},
        {"Europe/Berlin", "3999-07-01T12:00:00Z", "3999-07-01T10:00:00.000Z",
         false},
        {"Europe/Berlin", "9999-12-31T12:00:00Z", "9999-12-31T11:00:00.000Z",
         false},
        /* Local mean time. */
        {"Europe/Berlin", "1850-01-01T00:53:28Z", "1850-01-01T00:00:00.000Z",
         false},
        {"America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00.000Z",
         true},
        {"Europe/Dublin", "2050-07-01T12:00:00Z", "2050-07-01T11:00:00.000Z",
         false},
        {"Australia/Sydney", "2050-01-01T12:00:00Z", "2050-01-01T01:00:00.000Z",
         false},
        {"Asia/Kolkata", "2050-01-01T12:00:00Z", "2050-01-01T06:30:00.000Z",
         false},
        {"America/Nuuk", "2050-07-01T12:00:00Z", "2050-07-01T13:00:00.000Z",
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct date_parts parts;
        char why[TIME_ZONE_WHY_SIZE], got[DATETIME_TEXT_SIZE];
        bool at_change;
        const struct time_zone *zone =
            time_zone_load(slice_of(cases[i].zone), &arena, why);
        assert_non_null(zone);
        assert_true(value_date_read_iso(slice_of(cases[i].local), &parts));
        int64_t utc =
            time_zone_to_utc(zone, calendar_wall_seconds(&parts), &at_change);
        assert_true(calendar_print_utc(utc, 0, got));
        if (strcmp(got, cases[i].utc) != 0 || at_change != cases[i].at_change) {
            fail_msg("%s %s: %s", cases[i].zone, cases[i].local, got);
        }
        arena_release(&arena);
    }
}

static void
refuses_names_that_are_none(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",          "Europe/Berln",    "/etc/passwd", "../../../etc/passwd",
        "Europe",    "zone.tab",        "posixrules ", "Europe/Berlin\n",
        "tzdata.zi", "right/Asia/Tokyo"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct arena arena = {0};
        char why[TIME_ZONE_WHY_SIZE];
        assert_null(time_zone_load(slice_of(names[i]), &arena, why));
        assert_true(why[0] != '\0');
        arena_release(&arena);
    }
}

static void
refuses_broken_files(void **state)
{
    (void)state;
    struct arena arena = {0};
    char bytes[200] = "TZif2";
    assert_null(time_zone_parse((struct slice){bytes, 0}, &arena));
    assert_null(time_zone_parse((struct slice){bytes, 43}, &arena));
    assert_null(time_zone_parse((struct slice){bytes, 44}, &arena));
    memset(bytes + 20, 0xFF, 24);
    assert_null(time_zone_parse((struct slice){bytes, 200}, &arena));
    memset(bytes + 20, 0, 24);
    bytes[39] = 1; /* one type, and no second header behind it */
    assert_null(time_zone_parse((struct slice){bytes, 200}, &arena));
    bytes[4] = 0; /* the first version has none */
    assert_non_null(time_zone_parse((struct slice){bytes, 200}, &arena));
    bytes[35] = 1; /* one change, of a type that is not there */
    bytes[48] = 9;
    assert_null(time_zone_parse((struct slice){bytes, 200}, &arena));
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_offset),
        cmocka_unit_test(refuses_names_that_are_none),
        cmocka_unit_test(refuses_broken_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
