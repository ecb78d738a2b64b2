/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REPORT_HTML_TEXT_H
#define ETL_REPORT_HTML_TEXT_H

#include "base/buffer.h"

/*
 * Values as a page shows them. Texts come from outside: what HTML gives a
 * meaning is escaped, and what is no UTF-8 or a control character becomes
 * U+FFFD, so they are safe between tags and in quoted attributes.
 */
void html_text_escape(struct buffer *page, struct slice text);
/* As html_text_escape; NULL: nothing. */
void html_text_put(struct buffer *page, const char *text);

void html_text_count(struct buffer *page, uint64_t count); /* 1,234,567 */
void html_text_bytes(struct buffer *page, uint64_t bytes); /* 12.3 MB */
void html_text_duration(struct buffer *page, int64_t ms);  /* 4 min 05 s */
/* 2026-01-31 09:30:00, UTC; a dash when there is none. */
void html_text_time(struct buffer *page, int64_t wall_ms);
/* Rows a second; a dash without a time. */
void html_text_rate(struct buffer *page, uint64_t rows, int64_t ms);

#endif
