/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_headers.h"

#include "base/clock.h"

#include <curl/curl.h>
#include <strings.h>

/* Ours: what an org sends is some 2 KB. */
#define HEADERS_LIMIT ((size_t)128 * 1024)
#define RETRY_AFTER_SECONDS_LIMIT 1000000000

static struct slice
header_value(const char *bytes, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    if (len <= name_len || strncasecmp(bytes, name, name_len) != 0 ||
        bytes[name_len] != ':') {
        return (struct slice){0};
    }
    return slice_trim((struct slice){bytes + name_len + 1, len - name_len - 1});
}

static void
copy_text(char *to, size_t size, struct slice value)
{
    if (value.ptr != NULL && value.len < size) {
        memcpy(to, value.ptr, value.len);
        to[value.len] = '\0';
    }
}

/* A new status line: what came before belonged to an interim answer. */
static void
forget_headers(struct http_headers *headers, struct http_answer *answer)
{
    answer->content_type[0] = answer->locator[0] = '\0';
    answer->limit_info[0] = headers->encoding[0] = '\0';
    headers->retry_after[0] = headers->records[0] = '\0';
    headers->whole = false;
    answer->date_ms = -1;
}

static void
read_content_type(struct http_answer *answer, struct slice value)
{
    const char *end = memchr(value.ptr, ';', value.len);
    if (end != NULL) {
        value.len = (size_t)(end - value.ptr);
    }
    copy_text(answer->content_type, sizeof answer->content_type,
              slice_trim(value));
    for (char *c = answer->content_type; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z') {
            *c = (char)(*c - 'A' + 'a');
        }
    }
}

static int64_t
parse_date(struct slice value)
{
    char text[64] = "";
    copy_text(text, sizeof text, value);
    time_t seconds = text[0] != '\0' ? curl_getdate(text, NULL) : -1;
    return seconds < 0 ? -1 : (int64_t)seconds * 1000;
}

static void
read_header(struct http_headers *headers, struct http_answer *answer,
            const char *bytes, size_t len)
{
    struct slice value = header_value(bytes, len, "Content-Type");
    if (value.ptr != NULL) {
        read_content_type(answer, value);
    }
    value = header_value(bytes, len, "Date");
    if (value.ptr != NULL) {
        answer->date_ms = parse_date(value);
    }
    copy_text(answer->locator, sizeof answer->locator,
              header_value(bytes, len, "Sforce-Locator"));
    copy_text(answer->limit_info, sizeof answer->limit_info,
              header_value(bytes, len, "Sforce-Limit-Info"));
    copy_text(headers->encoding, sizeof headers->encoding,
              header_value(bytes, len, "Content-Encoding"));
    copy_text(headers->retry_after, sizeof headers->retry_after,
              header_value(bytes, len, "Retry-After"));
    copy_text(headers->records, sizeof headers->records,
              header_value(bytes, len, "Sforce-NumberOfRecords"));
}

bool
http_headers_read(struct http_headers *headers, struct http_answer *answer,
                  struct slice line, struct error *err)
{
    headers->size += line.len;
    if (headers->size > HEADERS_LIMIT) {
        return error_set(err, ERROR_REMOTE, 0,
                         "the answer's headers are larger than %zu bytes",
                         HEADERS_LIMIT);
    }
    if (slice_begins(line, "HTTP/")) {
        forget_headers(headers, answer);
    } else if (slice_trim(line).len == 0) {
        headers->whole = true;
    } else {
        read_header(headers, answer, line.ptr, line.len);
    }
    return true;
}

static int64_t
retry_after_ms(const struct http_headers *headers,
               const struct http_answer *answer)
{
    struct slice text = slice_of(headers->retry_after);
    uint64_t seconds;
    if (text.len == 0) {
        return -1;
    }
    if (slice_to_u64(text, &seconds)) {
        return seconds > RETRY_AFTER_SECONDS_LIMIT
                   ? (int64_t)RETRY_AFTER_SECONDS_LIMIT * 1000
                   : (int64_t)seconds * 1000;
    }
    int64_t then_ms = parse_date(text);
    int64_t now_ms = answer->date_ms;
    if (now_ms < 0) {
        now_ms = clock_wall_ms();
    }
    return then_ms < 0 ? -1 : then_ms > now_ms ? then_ms - now_ms : 0;
}

void
http_headers_finish(const struct http_headers *headers,
                    struct http_answer *answer)
{
    uint64_t records;
    answer->retry_after_ms = retry_after_ms(headers, answer);
    answer->record_count = slice_to_u64(slice_of(headers->records), &records) &&
                                   records <= INT64_MAX
                               ? (int64_t)records
                               : -1;
}
