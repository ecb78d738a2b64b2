/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_LOG_H
#define ETL_BASE_LOG_H

#include "base/error.h"

/*
 * What happened, for people and for run.log. Each line goes to the log file,
 * when one is open, as a JSON object {"time","level","message"}, and to
 * standard error when its level is at or above the one that is shown. Never
 * pass a secret or a session id. Safe from any thread.
 */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* What standard error shows; LOG_WARNING until set. The file takes all but
 * LOG_DEBUG, which it takes when that is shown too. */
void log_show(enum log_level level);
/* Standard error as JSON lines too. */
void log_show_json(bool json);
/* Called before and after a line goes to standard error, so that a live
 * progress line can step aside. NULL: nothing. */
void log_around(void (*before)(void), void (*after)(void));

/* Appends to path, created 0600. One file at a time. */
bool log_open(const char *path, struct error *err);
void log_close(void);

void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
