/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
page_is(struct buffer *page, const char *want)
{
    assert_string_equal(buffer_text(page), want);
    buffer_reset(page);
}

static void
texts_are_escaped(void **state)
{
    (void)state;
    struct buffer page = {0};
    html_text_put(&page, "<b title=\"x\">'&amp;\n\t</b>");
    page_is(&page, "&lt;b title=&quot;x&quot;&gt;&#39;&amp;amp;\n\t&lt;/b&gt;");
    html_text_put(&page, NULL);
    page_is(&page, "");
    html_text_escape(&page, (struct slice){"a\0b\x1B\xFF\xC3", 6});
    page_is(&page, "a\xEF\xBF\xBD"
                   "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    html_text_put(&page, "M\xC3\xBCller");
    page_is(&page, "M\xC3\xBCller");
    buffer_release(&page);
}

static void
numbers_are_for_people(void **state)
{
    (void)state;
    struct buffer page = {0};
    html_text_count(&page, 0);
    page_is(&page, "0");
    html_text_count(&page, 999);
    page_is(&page, "999");
    html_text_count(&page, 1234567);
    page_is(&page, "1,234,567");
    html_text_count(&page, UINT64_MAX);
    page_is(&page, "18,446,744,073,709,551,615");
    html_text_bytes(&page, 999);
    page_is(&page, "999 B");
    html_text_bytes(&page, 1500);
    page_is(&page, "1.5 kB");
    html_text_bytes(&page, 170000000);
    page_is(&page, "170 MB");
    html_text_bytes(&page, UINT64_MAX);
    page_is(&page, "18 EB");
    html_text_duration(&page, -1);
    page_is(&page, "\xE2\x80\x93");
    html_text_duration(&page, 850);
    page_is(&page, "850 ms");
    html_text_duration(&page, 12399);
    page_is(&page, "12.3 s");
    html_text_duration(&page, 245000);
    page_is(&page, "4 min 05 s");
    html_text_duration(&page, 7380000);
    page_is(&page, "2 h 03 min");
    html_text_time(&page, INT64_C(1700000000123));
    page_is(&page, "2023-11-14 22:13:20");
    html_text_time(&page, 0);
    page_is(&page, "\xE2\x80\x93");
    html_text_rate(&page, 5, 2000);
    page_is(&page, "2.5");
    html_text_rate(&page, 1000000, 60000);
    page_is(&page, "16,667");
    html_text_rate(&page, 5, 0);
    page_is(&page, "\xE2\x80\x93");
    buffer_release(&page);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(numbers_are_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
