/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/value_date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* "2026-01-31 09:30:00.000", with the zone behind it. */
static void
print(const struct date_parts *parts, char text[64])
{
    int len = snprintf(text, 64, "%04d-%02d-%02d %02d:%02d:%02d.%03d",
                       parts->year, parts->month, parts->day, parts->hour,
                       parts->minute, parts->second, parts->millisecond);
    if (parts->has_zone) {
        snprintf(text + len, 64 - (size_t)len, " %d", parts->zone_seconds);
    }
}

static void
reads_by_pattern(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text, *want; /* NULL: refused */
    } cases[] = {
        {"yyyyMMdd", "20260131", "2026-01-31 00:00:00.000"},
        {"yyyyMMdd", "2026013", NULL},
        {"yyyyMMdd", "202601311", NULL},
        {"yyyyMMdd", "00000000", NULL},
        {"yyyyMMdd", "20261301", NULL},
        {"yyyyMMdd", "20260431", NULL},
        {"yyyyMMdd", "20240229", "2024-02-29 00:00:00.000"},
        {"yyyyMMdd", "20230229", NULL},
        {"yyyyMMdd", "20000229", "2000-02-29 00:00:00.000"},
        {"yyyyMMdd", "19000229", NULL},
        {"yyyyMMdd", "2026 131", NULL},
        {"yyyyMMdd", "", NULL},
        {"dd.MM.yyyy", "31.01.2026", "2026-01-31 00:00:00.000"},
        {"dd.MM.yyyy", "1.1.2026", NULL},
        {"d.M.yyyy", "1.1.2026", "2026-01-01 00:00:00.000"},
        {"d.M.yyyy", "31.12.2026", "2026-12-31 00:00:00.000"},
        {"d.M.yyyy", "031.1.2026", NULL},
        {"dd.MM.yy", "01.01.69", "2069-01-01 00:00:00.000"},
        {"dd.MM.yy", "01.01.70", "1970-01-01 00:00:00.000"},
        {"dd.MM.yy", "01.01.99", "1999-01-01 00:00:00.000"},
        {"dd.MM.yy", "01.01.00", "2000-01-01 00:00:00.000"},
        {"dd-MMM-yyyy", "05-jan-2026", "2026-01-05 00:00:00.000"},
        {"dd-MMM-yyyy", "05-DEC-2026", "2026-12-05 00:00:00.000"},
        {"dd-MMM-yyyy", "05-Mai-2026", NULL},
        {"MMM d, yyyy", "May 5, 2026", "2026-05-05 00:00:00.000"},
        {"M/d/yyyy h:mm a", "1/5/2026 12:05 AM", "2026-01-05 00:05:00.000"},
        {"M/d/yyyy h:mm a", "1/5/2026 12:05 pm", "2026-01-05 12:05:00.000"},
        {"M/d/yyyy h:mm a", "1/5/2026 1:05 PM", "2026-01-05 13:05:00.000"},
        {"M/d/yyyy h:mm a", "1/5/2026 13:05 PM", NULL},
        {"M/d/yyyy h:mm a", "1/5/2026 0:05 PM", NULL},
        {"M/d/yyyy h:mm a", "1/5/2026 1:05 XM", NULL},
        {"yyyy-MM-dd HH:mm:ss.SSS", "2026-01-31 23:59:59.999",
         "2026-01-31 23:59:59.999"},
        {"yyyy-MM-dd HH:mm:ss", "2026-01-31 24:00:00", NULL},
        {"yyyy-MM-dd HH:mm:ss", "2026-01-31 23:60:00", NULL},
        {"yyyy-MM-dd HH:mm:ss", "2026-01-31 23:59:60", NULL},
        {"yyyy-MM-ddTHH:mm:ssXXX", "2026-01-31T09:30:00Z",
         "2026-01-31 09:30:00.000 0"},
        {"yyyy-MM-ddTHH:mm:ssXXX", "2026-01-31T09:30:00+05:30",
         "2026-01-31 09:30:00.000 19800"},
        {"yyyy-MM-ddTHH:mm:ssXXX", "2026-01-31T09:30:00-0100",
         "2026-01-31 09:30:00.000 -3600"},
        {"yyyy-MM-ddTHH:mm:ssXXX", "2026-01-31T09:30:00", NULL},
        {"yyyy-MM-ddTHH:mm:ssXXX", "2026-01-31T09:30:00+25:00", NULL},
        {"yyyy'Y'MM''dd", "2026Y01'31", "2026-01-31 00:00:00.000"},
        {"'at' d.M.yyyy", "at 1.2.2026", "2026-02-01 00:00:00.000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date_pattern pattern;
        struct date_parts parts;
        char why[DATE_WHY_SIZE] = "", got[64] = "refused";
        if (!value_date_pattern(slice_of(cases[i].pattern), &pattern, why)) {
            fail_msg("%s: %s", cases[i].pattern, why);
        }
        if (value_date_read(&pattern, slice_of(cases[i].text), &parts)) {
            print(&parts, got);
        }
        const char *want = cases[i].want != NULL ? cases[i].want : "refused";
        if (strcmp(got, want) != 0) {
            fail_msg("%s by %s: %s", cases[i].text, cases[i].pattern, got);
        }
    }
}

static void
refuses_patterns_that_make_no_date(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "",
        "yyyy",
        "yyyy-MM",
        "YYYY-MM-DD",
        "yyyy-mm-dd",
        "yyyyMMdd yyyy",
        "dMyyyy",
        "yyyy-MM-dd hh:mm",
        "yyyy-MM-dd HH:mm a",
        "yyyy-MM-dd HH hh a",
        "yyyy-MM-dd a",
        "yyyy-MM-dd mm:ss",
        "yyyy-MM-dd 'open",
        "yyyyy-MM-dd",
        "yyyy-MMMM-dd",
        "yyyy-MM-ddZ",
        "yyyy-MM-dd......................................................"
        "..................",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct date_pattern pattern;
        char why[DATE_WHY_SIZE] = "";
        if (value_date_pattern(slice_of(patterns[i]), &pattern, why)) {
            fail_msg("%s", patterns[i]);
        }
        assert_true(why[0] != '\0');
    }
}

static void
reads_what_the_org_writes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"2026-01-31T09:30:00Z", "2026-01-31 09:30:00.000 0"},
        {"2026-01-31T09:30:00.5Z", "2026-01-31 09:30:00.500 0"},
        {"2026-01-31T09:30:00.123456+01:00", "2026-01-31 09:30:00.123 3600"},
        {"2026-01-31T09:30:00.000+0000", "2026-01-31 09:30:00.000 0"},
        {"2026-01-31T09:30:00", NULL},
        {"2026-01-31 09:30:00Z", NULL},
        {"2026-01-31", NULL},
        {"2026-02-30T09:30:00Z", NULL},
        {"2026-01-31T09:30:00.Z", NULL},
        {"2026-01-31T09:30Z", NULL},
        {"2026-01-31T09:30:00Zx", NULL},
    };
    struct date_parts parts;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[64] = "refused";
        if (value_date_read_iso(slice_of(cases[i].text), &parts)) {
            print(&parts, got);
        }
        assert_string_equal(got, cases[i].want ? cases[i].want : "refused");
    }
    assert_true(value_date_read_plain(SLICE_LITERAL("2026-01-31"), &parts));
    assert_false(value_date_read_plain(SLICE_LITERAL("2026-1-31"), &parts));
    assert_false(value_date_read_plain(SLICE_LITERAL("2026-01-32"), &parts));
    assert_false(
        value_date_read_plain(SLICE_LITERAL("2026-01-31T00:00"), &parts));
    assert_true(value_date_read_time(SLICE_LITERAL("09:30:00"), &parts));
    assert_true(value_date_read_time(SLICE_LITERAL("09:30:00.250Z"), &parts));
    assert_int_equal(parts.millisecond, 250);
    assert_false(value_date_read_time(SLICE_LITERAL("9:30"), &parts));
    assert_false(value_date_read_time(SLICE_LITERAL("24:00:00"), &parts));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_by_pattern),
        cmocka_unit_test(refuses_patterns_that_make_no_date),
        cmocka_unit_test(reads_what_the_org_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
