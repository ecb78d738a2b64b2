/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html_text.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define NONE "\xE2\x80\x93"        /* an en dash */

static const char *
entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return (unsigned char)c < 0x20 || c == 0x7f ? REPLACEMENT : NULL;
    }
}

static void
escape_valid(struct buffer *page, struct slice text)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = entity_of(text.ptr[i]);
        if (entity != NULL) {
            buffer_append(page, text.ptr + begin, i - begin);
            buffer_append_text(page, entity);
            begin = i + 1;
        }
    }
    buffer_append(page, text.ptr + begin, text.len - begin);
}

void
html_text_escape(struct buffer *page, struct slice text)
{
    while (text.len > 0) {
        size_t good = slice_utf8_valid_len(text);
        escape_valid(page, (struct slice){text.ptr, good});
        if (good < text.len) {
            buffer_append_text(page, REPLACEMENT);
            good++;
        }
        text.ptr += good;
        text.len -= good;
    }
}

void
html_text_put(struct buffer *page, const char *text)
{
    html_text_escape(page, slice_of(text));
}

void
html_text_count(struct buffer *page, uint64_t count)
{
    char digits[21];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            buffer_append_char(page, ',');
        }
        buffer_append_char(page, digits[i]);
    }
}

void
html_text_bytes(struct buffer *page, uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) {
        buffer_printf(page, "%" PRIu64 " B", bytes);
        return;
    }
    while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    buffer_printf(page, value < 9.95 ? "%.1f %s" : "%.0f %s", value,
                  units[unit]);
}

void
html_text_duration(struct buffer *page, int64_t ms)
{
    if (ms < 0) {
        buffer_append_text(page, NONE);
    } else if (ms < 1000) {
        buffer_printf(page, "%d ms", (int)ms);
    } else if (ms < 60000) {
        buffer_printf(page, "%d.%d s", (int)(ms / 1000),
                      (int)(ms % 1000 / 100));
    } else if (ms < 3600000) {
        buffer_printf(page, "%d min %02d s", (int)(ms / 60000),
                      (int)(ms % 60000 / 1000));
    } else {
        buffer_printf(page, "%" PRId64 " h %02d min", ms / 3600000,
                      (int)(ms % 3600000 / 60000));
    }
}

void
html_text_time(struct buffer *page, int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (wall_ms <= 0) {
        buffer_append_text(page, NONE);
        return;
    }
    clock_format(wall_ms, text);
    buffer_printf(page, "%.10s %.8s", text, text + 11);
}

void
html_text_rate(struct buffer *page, uint64_t rows, int64_t ms)
{
    if (ms <= 0) {
        buffer_append_text(page, NONE);
        return;
    }
    double rate = (double)rows * 1000 / (double)ms;
    if (rate < 9.95) {
        buffer_printf(page, "%.1f", rate);
    } else {
        html_text_count(page, (uint64_t)(rate + 0.5));
    }
}
