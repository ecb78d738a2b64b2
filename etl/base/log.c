/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_LIMIT ((size_t)64 * 1024)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static enum log_level shown = LOG_WARNING;
static bool shown_as_json;
static void (*call_before)(void);
static void (*call_after)(void);
static int log_fd = -1;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void
log_show(enum log_level level)
{
    shown = level;
}

void
log_show_json(bool json)
{
    shown_as_json = json;
}

void
log_around(void (*before)(void), void (*after)(void))
{
    call_before = before;
    call_after = after;
}

bool
log_open(const char *path, struct error *err)
{
    log_close();
    log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0) {
        return error_set_errno(err, "cannot open '%s'", path);
    }
    return true;
}

void
log_close(void)
{
    if (log_fd >= 0) {
        close(log_fd);
    }
    log_fd = -1;
}

static void
append_json_text(struct buffer *line, const char *text)
{
    size_t len = slice_utf8_valid_len(slice_of(text));
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            buffer_printf(line, "\\%c", c);
        } else if (c < 0x20 || c == 0x7f) {
            buffer_printf(line, "\\u%04x", c);
        } else {
            buffer_append_char(line, (char)c);
        }
    }
}

static void
append_json(struct buffer *line, enum log_level level, const char *message)
{
    char time[CLOCK_TEXT_SIZE];
    clock_format(clock_wall_ms(), time);
    buffer_printf(line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":\"",
                  time, level_names[level]);
    append_json_text(line, message);
    buffer_append_text(line, "\"}\n");
}

static void
write_stderr(enum log_level level, const char *message, struct buffer *json)
{
    if (call_before) {
        call_before();
    }
    if (shown_as_json) {
        file_write_all(STDERR_FILENO, json->bytes, json->len);
    } else {
        const char *mark = level == LOG_WARNING ? "warning: "
                           : level == LOG_ERROR ? "error: "
                                                : "";
        struct buffer text = {.limit = LINE_LIMIT};
        buffer_append_visible(&text, slice_of(message));
        fprintf(stderr, "sfetl: %s%s\n", mark, buffer_text(&text));
        buffer_release(&text);
    }
    if (call_after) {
        call_after();
    }
}

static void log_line(enum log_level level, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
log_line(enum log_level level, const char *format, va_list args)
{
    bool to_stderr = level >= shown;
    bool to_file = log_fd >= 0 && (level > LOG_DEBUG || to_stderr);
    if (!to_stderr && !to_file) {
        return;
    }
    char message[4096];
    vsnprintf(message, sizeof message, format, args);
    struct buffer json = {.limit = LINE_LIMIT};
    append_json(&json, level, message);
    pthread_mutex_lock(&mutex);
    if (to_file) {
        file_write_all(log_fd, json.bytes, json.len);
    }
    if (to_stderr) {
        write_stderr(level, message, &json);
    }
    pthread_mutex_unlock(&mutex);
    buffer_release(&json);
}

#define DEFINE_LOG(name, level)                                                \
    void log_##name(const char *format, ...)                                   \
    {                                                                          \
        va_list args;                                                          \
        va_start(args, format);                                                \
        log_line(level, format, args);                                         \
        va_end(args);                                                          \
    }

DEFINE_LOG(debug, LOG_DEBUG)
DEFINE_LOG(info, LOG_INFO)
DEFINE_LOG(warning, LOG_WARNING)
DEFINE_LOG(error, LOG_ERROR)
