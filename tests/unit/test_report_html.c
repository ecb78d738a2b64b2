/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_html.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define EVIL "<script src=\"http://x\">'&\xFF"

static const char *
written(void **state, const struct summary *summary, struct buffer *page)
{
    char *path = scratch_path(state, "report.html");
    struct error err = {0};
    assert_true(report_html_write(path, summary, &err));
    assert_true(file_read_whole(path, 1 << 24, page, &err));
    free(path);
    return buffer_text(page);
}

static size_t
occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++) {
        count++;
    }
    return count;
}

static void
everything_is_escaped(void **state)
{
    struct tally tally = {.read = 21, .by_fate = {1, 2, 3, 4, 5, 6}};
    for (int i = 0; i < OUTCOME_FATE_COUNT; i++) {
        tally_add_code(&tally,
                       &(struct outcome){.row = 3,
                                         .fate = (enum outcome_fate)i,
                                         .code = SLICE_LITERAL(EVIL),
                                         .message = SLICE_LITERAL(EVIL)},
                       4);
    }
    const struct summary_load loads[] = {
        {EVIL, EVIL, EVIL, EVIL, EVIL, &tally, 5, 3, 2, EVIL, EVIL},
        {"b", "B", "insert", NULL, "bulk2", &tally, 0, 0, 0, NULL, NULL},
    };
    const struct summary_job job = {.id = EVIL,
                                    .state = EVIL,
                                    .load = EVIL,
                                    .message = EVIL,
                                    .closed_at_ms = 1000,
                                    .done_at_ms = 2000,
                                    .processed = 9,
                                    .failed = 20};
    const struct summary summary = {.run = EVIL,
                                    .folder = EVIL,
                                    .mapping = EVIL,
                                    .source = EVIL,
                                    .source_description = EVIL,
                                    .org = EVIL,
                                    .instance_url = EVIL,
                                    .api_version = EVIL,
                                    .outcome = EVIL,
                                    .error = EVIL,
                                    .retry_of = EVIL,
                                    .exit_code = 6,
                                    .loads = loads,
                                    .load_count = 2,
                                    .jobs = &job,
                                    .job_count = 1};
    struct buffer page = {0};
    const char *text = written(state, &summary, &page);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "\"http"));
    assert_null(strstr(text, "\xFF"));
    assert_null(strstr(text, "url("));
    assert_null(strstr(text, "src=\""));
    assert_null(strstr(text, "href=\""));
    assert_non_null(strstr(text, "default-src 'none'"));
    assert_non_null(strstr(text, "Row accounting failed"));
    assert_int_equal(occurrences(text, "<td"), occurrences(text, "</td>"));
    assert_int_equal(occurrences(text, "<tr"), occurrences(text, "</tr>"));
    assert_int_equal(occurrences(text, "<g>"), occurrences(text, "</g>"));
    assert_int_equal(slice_utf8_valid_len(buffer_slice(&page)), page.len);
    buffer_release(&page);
    tally_release(&tally);
}

static void
runs_without_jobs_or_rows(void **state)
{
    struct tally tally = {0};
    const struct summary_load load = {.name = "a", .tally = &tally};
    const struct summary summary = {
        .outcome = "done", .balanced = true, .loads = &load, .load_count = 1};
    struct buffer page = {0};
    const char *text = written(state, &summary, &page);
    assert_non_null(strstr(text, "Row accounting holds"));
    assert_non_null(strstr(text, "None was made."));
    assert_null(strstr(text, "<svg"));
    buffer_release(&page);
    struct error err = {0};
    assert_false(report_html_write("no/such/x.html", &summary, &err));
    assert_int_equal(err.kind, ERROR_SYSTEM);
}

static void
many_jobs_are_cut(void **state)
{
    size_t count = REPORT_HTML_JOBS + 7;
    struct summary_job *jobs = mem_array(count, sizeof *jobs);
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (struct summary_job){
            .id = "750",
            .chunk = (uint32_t)i,
            .processed = 10000,
            .closed_at_ms = INT64_C(1700000000000) + (int64_t)i * 1000,
            .done_at_ms = INT64_C(1700000000000) + (int64_t)i * 1000 +
                          (int64_t)(i % 3) * 700};
    }
    const struct summary summary = {.jobs = jobs, .job_count = count};
    struct buffer page = {0};
    const char *text = written(state, &summary, &page);
    assert_non_null(strstr(text, ">7 more stand in"));
    assert_int_equal(occurrences(text, "<svg"), 3);
    assert_int_equal(occurrences(text, "<g>"), 100);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf "));
    buffer_release(&page);
    free(jobs);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_escaped),
        cmocka_unit_test(runs_without_jobs_or_rows),
        cmocka_unit_test(many_jobs_are_cut),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
