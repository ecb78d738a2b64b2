/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_text(struct error *err, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
set_text(struct error *err, const char *format, va_list args)
{
    vsnprintf(err->text, sizeof err->text, format, args);
}

bool
error_set(struct error *err, enum error_kind kind, int code, const char *format,
          ...)
{
    if (err->kind != ERROR_NONE) {
        return false;
    }
    va_list args;
    va_start(args, format);
    set_text(err, format, args);
    va_end(args);
    err->kind = kind;
    err->code = code;
    return false;
}

bool
error_set_errno(struct error *err, const char *format, ...)
{
    int cause = errno;
    if (err->kind != ERROR_NONE) {
        return false;
    }
    va_list args;
    va_start(args, format);
    set_text(err, format, args);
    va_end(args);
    size_t len = strlen(err->text);
    snprintf(err->text + len, sizeof err->text - len, ": %s", strerror(cause));
    err->kind = ERROR_SYSTEM;
    err->code = cause;
    return false;
}

bool
error_add_context(struct error *err, const char *format, ...)
{
    char cause[sizeof err->text];
    memcpy(cause, err->text, sizeof cause);
    va_list args;
    va_start(args, format);
    set_text(err, format, args);
    va_end(args);
    size_t len = strlen(err->text);
    snprintf(err->text + len, sizeof err->text - len, ": %s", cause);
    return false;
}

void
error_clear(struct error *err)
{
    *err = (struct error){0};
}

int
error_exit_code(const struct error *err)
{
    switch (err->kind) {
    case ERROR_NONE:
        return 0;
    case ERROR_USAGE:
        return 2;
    case ERROR_CONFIG:
        return 3;
    case ERROR_INPUT:
        return 4;
    case ERROR_AUTH:
        return 5;
    case ERROR_NETWORK:
    case ERROR_REMOTE:
        return 6;
    case ERROR_LIMIT:
        return 7;
    case ERROR_LOCKED:
        return 8;
    case ERROR_SYSTEM:
        return 9;
    case ERROR_CANCELLED:
        return 128 + err->code;
    case ERROR_INTERNAL:
        break;
    }
    return 70;
}
