/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_chart.h"

#include "report/html_text.h"

#define STEPS 120 /* points along the time axis */
#define TICKS 4   /* at least, of an axis */

/* Pictures are drawn in about the pixels they are shown in. */
struct frame {
    int width, height, left;
};
#define RIGHT 12
#define TOP 12
#define BOTTOM 26
#define BAR 9 /* height of a job's bar with its gap */

static const struct frame chart_frame = {520, 180, 92};

struct span {
    int64_t begin, end; /* wall ms */
};

static bool
is_timed(const struct summary_job *job)
{
    return job->closed_at_ms > 0 && job->done_at_ms >= job->closed_at_ms;
}

static bool
find_span(const struct summary *summary, struct span *span)
{
    bool any = false;
    for (size_t i = 0; i < summary->job_count; i++) {
        const struct summary_job *job = &summary->jobs[i];
        if (is_timed(job)) {
            if (!any || job->closed_at_ms < span->begin) {
                span->begin = job->closed_at_ms;
            }
            if (!any || job->done_at_ms > span->end) {
                span->end = job->done_at_ms;
            }
            any = true;
        }
    }
    if (any && span->end == span->begin) {
        span->end++;
    }
    return any;
}

static double
smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Rows that the org went through up to each point of time. */
static void
sum_up(const struct summary *summary, struct span span, double sums[STEPS + 1])
{
    double step = (double)(span.end - span.begin) / STEPS;
    for (size_t i = 0; i < summary->job_count; i++) {
        const struct summary_job *job = &summary->jobs[i];
        if (!is_timed(job)) {
            continue;
        }
        double begin = (double)(job->closed_at_ms - span.begin);
        double length = (double)(job->done_at_ms - job->closed_at_ms);
        for (size_t k = 0; k <= STEPS; k++) {
            double passed = step * (double)k - begin;
            double share = length > 0 ? smaller(passed / length, 1) : 1;
            sums[k] += passed >= 0 ? share * (double)job->processed : 0;
        }
    }
}

/* 1, 2 or 5 times a power of ten, TICKS of which fit. */
static double
tick_of(double top)
{
    static const double factors[] = {2, 2.5, 2};
    double tick = 1;
    for (size_t i = 0; tick * TICKS * 2 < top && i < 60; i++) {
        tick *= factors[i % 3];
    }
    return tick;
}

static double
x_of(const struct frame *frame, double share)
{
    return frame->left + share * (frame->width - frame->left - RIGHT);
}

static double
y_of(const struct frame *frame, double share)
{
    return frame->height - BOTTOM - share * (frame->height - TOP - BOTTOM);
}

static void
begin_picture(struct buffer *page, const struct frame *frame, const char *label)
{
    buffer_printf(page,
                  "<svg viewBox=\"0 0 %d %d\" role=\"img\" "
                  "aria-label=\"%s\">\n",
                  frame->width, frame->height, label);
}

static void
draw_time_axis(struct buffer *page, const struct frame *frame, struct span span)
{
    for (int i = 0; i <= TICKS; i++) {
        double x = x_of(frame, (double)i / TICKS);
        buffer_printf(page, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
                      x, (double)frame->height - BOTTOM + 17,
                      i == 0       ? "start"
                      : i == TICKS ? "end"
                                   : "middle");
        if (i == 0) {
            buffer_append_char(page, '0');
        } else {
            html_text_duration(page, (span.end - span.begin) * i / TICKS);
        }
        buffer_append_text(page, "</text>\n");
    }
}

static void
draw_count_axis(struct buffer *page, const struct frame *frame, double top)
{
    double tick = tick_of(top);
    for (double at = 0; at <= top * 1.0001; at += tick) {
        double y = y_of(frame, at / top);
        buffer_printf(page,
                      "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                      "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">",
                      frame->left, frame->width - RIGHT, y, y, frame->left - 8,
                      y + 4);
        html_text_count(page, (uint64_t)at);
        buffer_append_text(page, "</text>\n");
    }
}

/* The line of values and the area below it. */
static void
draw_line(struct buffer *page, const struct frame *frame, const double *values,
          size_t count, double top)
{
    buffer_printf(page, "<path class=\"area\" d=\"M%.1f %.1f", x_of(frame, 0),
                  y_of(frame, 0));
    for (size_t i = 0; i < count; i++) {
        buffer_printf(page, "L%.1f %.1f",
                      x_of(frame, (double)i / (double)(count - 1)),
                      y_of(frame, values[i] / top));
    }
    buffer_printf(page, "L%.1f %.1fZ\"/>\n<path class=\"curve\" d=\"",
                  x_of(frame, 1), y_of(frame, 0));
    for (size_t i = 0; i < count; i++) {
        buffer_printf(page, "%c%.1f %.1f", i == 0 ? 'M' : 'L',
                      x_of(frame, (double)i / (double)(count - 1)),
                      y_of(frame, values[i] / top));
    }
    buffer_append_text(page, "\"/>\n");
}

static void
draw_chart(struct buffer *page, const char *title, struct span span,
           const double *values, size_t count)
{
    double top = 1;
    for (size_t i = 0; i < count; i++) {
        top = values[i] > top ? values[i] : top;
    }
    buffer_printf(page, "<figure><figcaption>%s</figcaption>\n", title);
    begin_picture(page, &chart_frame, title);
    draw_count_axis(page, &chart_frame, top);
    draw_line(page, &chart_frame, values, count, top);
    draw_time_axis(page, &chart_frame, span);
    buffer_append_text(page, "</svg></figure>\n");
}

void
report_chart_progress(struct buffer *page, const struct summary *summary)
{
    struct span span;
    double sums[STEPS + 1] = {0}, rates[STEPS];
    if (!find_span(summary, &span)) {
        return;
    }
    sum_up(summary, span, sums);
    double seconds = (double)(span.end - span.begin) / STEPS / 1000;
    for (size_t i = 0; i < STEPS; i++) {
        rates[i] = (sums[i + 1] - sums[i]) / seconds;
    }
    buffer_append_text(page, "<div class=\"charts\">\n");
    draw_chart(page, "Rows the org has gone through", span, sums, STEPS + 1);
    draw_chart(page, "Rows a second", span, rates, STEPS);
    buffer_append_text(page, "</div>\n");
}

static void
draw_job(struct buffer *page, const struct frame *frame,
         const struct summary_job *job, struct span span, double y)
{
    double length = (double)(span.end - span.begin);
    double from =
        x_of(frame, (double)(job->closed_at_ms - span.begin) / length);
    double to = x_of(frame, (double)(job->done_at_ms - span.begin) / length);
    double width = to - from < 1.5 ? 1.5 : to - from;
    double failed = job->processed > 0
                        ? smaller((double)job->failed, (double)job->processed) /
                              (double)job->processed
                        : 0;
    buffer_append_text(page, "<g><title>");
    html_text_put(page, job->id);
    buffer_append_text(page, ", ");
    html_text_put(page, job->load);
    buffer_printf(page, " chunk %u: ", (unsigned)job->chunk);
    html_text_count(page, job->processed);
    buffer_append_text(page, " rows, ");
    html_text_count(page, job->failed);
    buffer_append_text(page, " failed, ");
    html_text_duration(page, job->done_at_ms - job->closed_at_ms);
    buffer_printf(page,
                  "</title><rect class=\"good\" x=\"%.1f\" y=\"%.1f\" "
                  "width=\"%.1f\" height=\"%d\"/>",
                  from, y, width, BAR - 2);
    if (failed > 0) {
        buffer_printf(page,
                      "<rect class=\"bad\" x=\"%.1f\" y=\"%.1f\" "
                      "width=\"%.1f\" height=\"%d\"/>",
                      from + width * (1 - failed), y, width * failed, BAR - 2);
    }
    buffer_append_text(page, "</g>\n");
}

void
report_chart_jobs(struct buffer *page, const struct summary *summary)
{
    struct span span;
    size_t count = 0;
    if (!find_span(summary, &span)) {
        return;
    }
    for (size_t i = 0; i < summary->job_count; i++) {
        count += is_timed(&summary->jobs[i]);
    }
    count = count < REPORT_CHART_JOBS ? count : REPORT_CHART_JOBS;
    const struct frame frame = {1080, TOP + (int)count * BAR + BOTTOM, 0};
    buffer_append_text(page, "<figure><figcaption>Jobs, from handed over to "
                             "done <span>(red: the share that failed)</span>"
                             "</figcaption>\n");
    begin_picture(page, &frame, "Jobs over time");
    for (size_t i = 0, shown = 0; shown < count; i++) {
        if (is_timed(&summary->jobs[i])) {
            draw_job(page, &frame, &summary->jobs[i], span,
                     TOP + (double)shown * BAR);
            shown++;
        }
    }
    draw_time_axis(page, &frame, span);
    buffer_append_text(page, "</svg></figure>\n");
}
