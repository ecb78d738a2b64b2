/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/screen/figure.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"

#include <inttypes.h>
#include <stdlib.h>

#define BAR_COLUMNS 20
#define BAR_WIDTH_LEAST 70 /* narrower terminals do without the bar */
#define ETA_FIRST_MS 1000  /* before, an estimate would only jump */
#define FALLBACK_WIDTH 80

struct phase_words {
    const char *name, *begins, *ended;
};

static const struct phase_words words[PROGRESS_PHASE_COUNT] = {
    [PROGRESS_READ] = {"read", "reading", "read"},
    [PROGRESS_SEND] = {"send", "sending", "sent"},
    [PROGRESS_PROCESS] = {"process", "the org is at work", "processed"},
    [PROGRESS_COLLECT] = {"collect", "collecting results", "collected"},
};

/*
 * The one that is on the screen: log_around's functions take no cookie. It is
 * set and cleared on the main thread; a log line of another thread finds it
 * under the stream's lock, which every drawing holds.
 */
static struct progress *shown;

enum progress_mode
progress_mode_of(const char *name, FILE *stream, bool is_quiet,
                 bool log_is_json)
{
    struct slice mode = slice_of(name);
    if (slice_is(mode, "auto")) {
        return is_quiet              ? PROGRESS_MODE_NONE
               : log_is_json         ? PROGRESS_MODE_JSON
               : terminal_is(stream) ? PROGRESS_MODE_BAR
                                     : PROGRESS_MODE_PLAIN;
    }
    return slice_is(mode, "bar")     ? PROGRESS_MODE_BAR
           : slice_is(mode, "plain") ? PROGRESS_MODE_PLAIN
           : slice_is(mode, "json")  ? PROGRESS_MODE_JSON
                                     : PROGRESS_MODE_NONE;
}

/* Adds a piece where it fits whole. */
static void
append_piece(struct buffer *text, size_t width, const char *piece)
{
    size_t used = terminal_columns(buffer_slice(text));
    if (used + 2 + terminal_columns(slice_of(piece)) <= width) {
        buffer_printf(text, "  %s", piece);
    }
}

static void
append_share(struct buffer *text, const struct progress_event *event,
             size_t width)
{
    double share = event->done >= event->total
                       ? 1.0
                       : (double)event->done / (double)event->total;
    if (width >= BAR_WIDTH_LEAST) {
        char bar[BAR_COLUMNS + 3] = "[";
        unsigned full = (unsigned)(share * BAR_COLUMNS);
        memset(bar + 1, '.', BAR_COLUMNS);
        memset(bar + 1, '#', full);
        bar[BAR_COLUMNS + 1] = ']';
        append_piece(text, width, bar);
    }
    char piece[FIGURE_SIZE];
    snprintf(piece, sizeof piece, "%3u %%", (unsigned)(share * 100));
    append_piece(text, width, piece);
}

static void
append_amount(struct buffer *text, const struct progress_line *line,
              int64_t elapsed_ms, size_t width)
{
    const struct progress_event *event = &line->last;
    char figure[FIGURE_SIZE], piece[FIGURE_SIZE + 16];
    bool is_bytes = event->phase == PROGRESS_SEND;
    uint64_t amount = is_bytes ? event->done : event->rows;
    snprintf(piece, sizeof piece, "%s%s",
             is_bytes ? figure_bytes(figure, amount)
                      : figure_count(figure, amount),
             is_bytes ? "" : " rows");
    append_piece(text, width, piece);
    uint64_t rate = figure_rate(amount, elapsed_ms);
    if (rate > 0) {
        snprintf(piece, sizeof piece, "%s/s",
                 is_bytes ? figure_bytes(figure, rate)
                          : figure_count(figure, rate));
        append_piece(text, width, piece);
    }
}

static void
append_time(struct buffer *text, const struct progress_line *line,
            int64_t elapsed_ms, size_t width)
{
    const struct progress_event *event = &line->last;
    char figure[FIGURE_SIZE], piece[FIGURE_SIZE + 16];
    if (event->ended) {
        snprintf(piece, sizeof piece, "in %s",
                 figure_duration(figure, elapsed_ms));
        append_piece(text, width, piece);
    } else if (event->done > 0 && event->done < event->total &&
               elapsed_ms >= ETA_FIRST_MS) {
        double left = (double)elapsed_ms *
                      (double)(event->total - event->done) /
                      (double)event->done;
        /* Seconds are as exact as an estimate gets. */
        snprintf(piece, sizeof piece, "ETA %" PRId64 ":%02" PRId64,
                 (int64_t)left / 60000, (int64_t)left / 1000 % 60);
        append_piece(text, width, piece);
    }
}

static void
append_errors(struct buffer *text, uint64_t errors, size_t width)
{
    char figure[FIGURE_SIZE], piece[FIGURE_SIZE + 16];
    if (errors > 0) {
        snprintf(piece, sizeof piece, "%s error%s",
                 figure_count(figure, errors), errors == 1 ? "" : "s");
        append_piece(text, width, piece);
    }
}

char *
progress_line_text(const struct progress_line *line, int64_t now_ms,
                   size_t width)
{
    const struct progress_event *event = &line->last;
    int64_t until = event->ended ? line->ended_ms : now_ms;
    int64_t elapsed_ms = until - line->began_ms;
    struct buffer text = {0};
    buffer_printf(&text, "%-7s", words[event->phase].name);
    if (event->total > 0 && !event->ended) {
        append_share(&text, event, width);
    }
    append_amount(&text, line, elapsed_ms, width);
    append_time(&text, line, elapsed_ms, width);
    append_errors(&text, event->errors, width);
    char *copy = slice_dup(buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static void
append_erase(struct progress *progress, struct buffer *screen)
{
    if (progress->drawn_count > 0) {
        buffer_append_text(screen, "\r");
        for (unsigned i = 1; i < progress->drawn_count; i++) {
            buffer_append_text(screen, "\033[A");
        }
        buffer_append_text(screen, "\033[J");
        progress->drawn_count = 0;
    }
}

static void
append_line(const struct progress *progress, const struct progress_line *line,
            struct buffer *screen)
{
    /* The last column stays free: some terminals wrap there. */
    size_t width = terminal_width(progress->stream, FALLBACK_WIDTH) - 1;
    char *text = progress_line_text(line, clock_monotonic_ms(), width);
    buffer_append_text(screen, text);
    free(text);
}

/* Ended phases on top scroll away; what is at work stays live below. */
static void
append_lines(struct progress *progress, struct buffer *screen)
{
    bool is_live = false;
    for (size_t i = 0; i < PROGRESS_PHASE_COUNT; i++) {
        struct progress_line *line = &progress->lines[i];
        if (!line->is_seen || line->is_committed) {
            continue;
        }
        is_live = is_live || !line->last.ended;
        if (progress->drawn_count > 0) {
            buffer_append_text(screen, "\n");
        }
        append_line(progress, line, screen);
        if (is_live) {
            progress->drawn_count++;
        } else {
            buffer_append_text(screen, "\n");
            line->is_committed = true;
        }
    }
}

static void
show(struct progress *progress, const struct buffer *screen)
{
    if (screen->len > 0) {
        fwrite(screen->bytes, 1, screen->len, progress->stream);
        fflush(progress->stream);
    }
}

static void
draw(struct progress *progress, const char *note)
{
    struct buffer screen = {0};
    flockfile(progress->stream);
    append_erase(progress, &screen);
    if (note != NULL) {
        buffer_printf(&screen, "%s\n", note);
    }
    append_lines(progress, &screen);
    show(progress, &screen);
    funlockfile(progress->stream);
    buffer_release(&screen);
}

/* Around a log line; the stream stays locked between the two. */
static void
step_aside(void)
{
    flockfile(stderr);
    if (shown != NULL) {
        struct buffer screen = {0};
        append_erase(shown, &screen);
        show(shown, &screen);
        buffer_release(&screen);
    }
}

static void
step_back(void)
{
    if (shown != NULL) {
        draw(shown, NULL);
    }
    funlockfile(stderr);
}

static void
say_plain(struct progress *progress, const struct progress_line *line,
          bool begins)
{
    const struct phase_words *word = &words[line->last.phase];
    if (begins && !line->last.ended) {
        fprintf(progress->stream, "sfetl: %s\n", word->begins);
        return;
    }
    char amount[FIGURE_SIZE], time[FIGURE_SIZE];
    bool is_bytes = line->last.phase == PROGRESS_SEND;
    fprintf(progress->stream, "sfetl: %s %s%s in %s", word->ended,
            is_bytes ? figure_bytes(amount, line->last.done)
                     : figure_count(amount, line->last.rows),
            is_bytes ? "" : " rows",
            figure_duration(time, line->ended_ms - line->began_ms));
    if (line->last.errors > 0) {
        fprintf(progress->stream, ", %s error%s",
                figure_count(amount, line->last.errors),
                line->last.errors == 1 ? "" : "s");
    }
    fputc('\n', progress->stream);
}

static void
say_json(struct progress *progress, const struct progress_event *event)
{
    char time[CLOCK_TEXT_SIZE];
    clock_format(clock_wall_ms(), time);
    json_t *line = json_pack("{s:s}", "time", time);
    if (event->phase == PROGRESS_NOTE) {
        json_object_set_new(line, "note",
                            talk_json_text(slice_of(event->text)));
    } else {
        json_t *figures = json_pack(
            "{s:s,s:I,s:I,s:I,s:I,s:b}", "phase", words[event->phase].name,
            "rows", (json_int_t)event->rows, "errors",
            (json_int_t)event->errors, "done", (json_int_t)event->done, "total",
            (json_int_t)event->total, "ended", event->ended);
        json_object_update(line, figures);
        json_decref(figures);
    }
    json_dumpf(line, progress->stream, JSON_COMPACT);
    fputc('\n', progress->stream);
    json_decref(line);
}

static void
take_note(struct progress *progress, const struct progress_event *event)
{
    if (progress->mode == PROGRESS_MODE_JSON) {
        say_json(progress, event);
        return;
    }
    struct buffer text = {0};
    buffer_append_visible(&text, slice_of(event->text));
    if (progress->mode == PROGRESS_MODE_PLAIN) {
        fprintf(progress->stream, "sfetl: %s\n", buffer_text(&text));
    } else {
        draw(progress, buffer_text(&text));
    }
    buffer_release(&text);
}

/* True when it is time to show a state that is no change of phase. */
static bool
is_due(struct progress *progress, int64_t now_ms, int64_t pace_ms)
{
    if (now_ms - progress->shown_ms < pace_ms) {
        return false;
    }
    progress->shown_ms = now_ms;
    return true;
}

static void
take_phase(struct progress *progress, const struct progress_event *event)
{
    struct progress_line *line = &progress->lines[event->phase];
    int64_t now_ms = clock_monotonic_ms();
    bool begins = !line->is_seen;
    bool ends = event->ended && (begins || !line->last.ended);
    flockfile(progress->stream);
    line->last = *event;
    line->last.text = NULL;
    line->is_seen = true;
    line->began_ms = begins ? now_ms : line->began_ms;
    line->ended_ms = ends ? now_ms : line->ended_ms;
    funlockfile(progress->stream);
    bool is_change = begins || ends;
    if (progress->mode == PROGRESS_MODE_PLAIN) {
        if (is_change) {
            say_plain(progress, line, begins);
        }
    } else if (progress->mode == PROGRESS_MODE_JSON) {
        if (is_due(progress, now_ms, PROGRESS_JSON_MS) || is_change) {
            say_json(progress, event);
        }
    } else if (is_due(progress, now_ms, PROGRESS_DRAW_MS) || is_change) {
        draw(progress, NULL);
    }
}

static void
on_event(void *cookie, const struct progress_event *event)
{
    struct progress *progress = cookie;
    if (progress->mode == PROGRESS_MODE_NONE) {
        return;
    }
    if (event->phase == PROGRESS_NOTE) {
        take_note(progress, event);
    } else {
        take_phase(progress, event);
    }
}

void
progress_begin(struct progress *progress, FILE *stream, enum progress_mode mode)
{
    *progress = (struct progress){.stream = stream, .mode = mode};
    if (mode == PROGRESS_MODE_BAR) {
        shown = progress;
        log_around(step_aside, step_back);
    }
}

struct progress_sink
progress_sink(struct progress *progress)
{
    return (struct progress_sink){on_event, progress};
}

void
progress_end(struct progress *progress)
{
    if (progress->mode == PROGRESS_MODE_BAR) {
        log_around(NULL, NULL);
        shown = NULL;
        draw(progress, NULL);
        if (progress->drawn_count > 0) {
            fputc('\n', progress->stream);
        }
    }
    progress->mode = PROGRESS_MODE_NONE;
}
