/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include "base/clock.h"
#include "cli/screen/terminal.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t now_ms;

static int64_t
test_clock(void)
{
    return now_ms;
}

/* A stream into memory: no terminal. */
struct screen {
    char *text;
    size_t size;
    FILE *stream;
    struct progress progress;
    struct progress_sink sink;
};

static void
begin(struct screen *screen, enum progress_mode mode)
{
    clock_replace((struct clock_source){.monotonic_ms = test_clock});
    now_ms = 1000;
    screen->stream = open_memstream(&screen->text, &screen->size);
    progress_begin(&screen->progress, screen->stream, mode);
    screen->sink = progress_sink(&screen->progress);
}

static void
tell(struct screen *screen, struct progress_event event)
{
    screen->sink.event(screen->sink.cookie, &event);
}

static const char *
end(struct screen *screen)
{
    progress_end(&screen->progress);
    fclose(screen->stream);
    clock_replace((struct clock_source){0});
    return screen->text;
}

static void
tell_a_run(struct screen *screen)
{
    tell(screen,
         (struct progress_event){
             .phase = PROGRESS_READ, .rows = 100, .done = 10, .total = 40});
    now_ms += 50;
    tell(screen,
         (struct progress_event){
             .phase = PROGRESS_READ, .rows = 200, .done = 20, .total = 40});
    now_ms += 1950;
    tell(screen, (struct progress_event){.phase = PROGRESS_READ,
                                         .rows = 1400,
                                         .errors = 1,
                                         .done = 40,
                                         .total = 40,
                                         .ended = true});
    tell(screen, (struct progress_event){.phase = PROGRESS_NOTE,
                                         .text = "job 750 is open"});
    tell(screen, (struct progress_event){
                     .phase = PROGRESS_SEND, .done = 1000, .total = 4000});
}

static void
plain_is_a_line_a_change(void **state)
{
    (void)state;
    struct screen screen = {0};
    begin(&screen, PROGRESS_MODE_PLAIN);
    tell_a_run(&screen);
    assert_string_equal(end(&screen),
                        "sfetl: reading\n"
                        "sfetl: read 1,400 rows in 2.0 s, 1 error\n"
                        "sfetl: job 750 is open\n"
                        "sfetl: sending\n");
    free(screen.text);
}

static void
json_is_an_object_a_line(void **state)
{
    (void)state;
    struct screen screen = {0};
    begin(&screen, PROGRESS_MODE_JSON);
    tell_a_run(&screen);
    const char *text = end(&screen);
    size_t lines = 0;
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        json_t *json = json_loadb(line, len, 0, NULL);
        assert_non_null(json);
        assert_true(json_is_string(json_object_get(json, "time")));
        json_decref(json);
        line += len + 1;
        lines++;
    }
    assert_int_equal(lines, 4); /* the one 50 ms later is left out */
    assert_non_null(strstr(text, "\"note\":\"job 750 is open\""));
    free(screen.text);
}

static void
none_says_nothing(void **state)
{
    (void)state;
    struct screen screen = {0};
    begin(&screen, PROGRESS_MODE_NONE);
    tell_a_run(&screen);
    assert_string_equal(end(&screen), "");
    free(screen.text);
}

static void
a_bar_is_drawn_over_and_stays_at_the_end(void **state)
{
    (void)state;
    struct screen screen = {0};
    begin(&screen, PROGRESS_MODE_BAR);
    tell_a_run(&screen);
    const char *text = end(&screen);
    const char *first = strstr(text, "\r\033[J");
    assert_non_null(first);
    /* What was not due was not drawn; the last state stands in full. */
    assert_null(strstr(text, " 200 rows"));
    const char *last = strstr(text, "read     1,400 rows  700/s  in 2.0 s  "
                                    "1 error\n");
    assert_non_null(last);
    const char *note = strstr(text, "job 750 is open\n");
    assert_true(note > last);
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(screen.text);
}

static void
two_phases_at_once_are_two_lines(void **state)
{
    (void)state;
    struct screen screen = {0};
    begin(&screen, PROGRESS_MODE_BAR);
    tell(&screen, (struct progress_event){.phase = PROGRESS_SEND, .total = 10});
    tell(&screen,
         (struct progress_event){.phase = PROGRESS_PROCESS, .total = 10});
    assert_int_equal(screen.progress.drawn_count, 2);
    now_ms += PROGRESS_DRAW_MS;
    tell(&screen, (struct progress_event){
                      .phase = PROGRESS_PROCESS, .rows = 5, .total = 10});
    const char *text = end(&screen);
    assert_non_null(strstr(text, "\r\033[A\033[J"));
    free(screen.text);
}

static void
lines_fit_the_width(void **state)
{
    (void)state;
    const struct progress_line line = {.last = {.phase = PROGRESS_READ,
                                                .rows = 123456,
                                                .errors = 12,
                                                .done = 50,
                                                .total = 100},
                                       .is_seen = true,
                                       .began_ms = 0};
    char *text = progress_line_text(&line, 10000, 100);
    assert_string_equal(text, "read     [##########..........]   50 %  "
                              "123,456 rows  12,345/s  ETA 0:10  12 errors");
    free(text);
    for (size_t width = 20; width < 120; width++) {
        text = progress_line_text(&line, 10000, width);
        assert_true(terminal_columns(slice_of(text)) <= width);
        free(text);
    }
    text = progress_line_text(&line, 10000, 30);
    assert_string_equal(text, "read      50 %  123,456 rows");
    free(text);
}

static void
modes_follow_the_stream(void **state)
{
    (void)state;
    FILE *stream = tmpfile();
    assert_int_equal(progress_mode_of("auto", stream, false, false),
                     PROGRESS_MODE_PLAIN);
    assert_int_equal(progress_mode_of("auto", stream, true, false),
                     PROGRESS_MODE_NONE);
    assert_int_equal(progress_mode_of("auto", stream, false, true),
                     PROGRESS_MODE_JSON);
    assert_int_equal(progress_mode_of("bar", stream, true, false),
                     PROGRESS_MODE_BAR);
    fclose(stream);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_is_a_line_a_change),
        cmocka_unit_test(json_is_an_object_a_line),
        cmocka_unit_test(none_says_nothing),
        cmocka_unit_test(a_bar_is_drawn_over_and_stays_at_the_end),
        cmocka_unit_test(two_phases_at_once_are_two_lines),
        cmocka_unit_test(lines_fit_the_width),
        cmocka_unit_test(modes_follow_the_stream),
    };
    cmocka_run_group_tests(tests, NULL, NULL);
    return 0;
}
