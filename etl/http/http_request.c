/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_request.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void
http_request_reset(struct http_request *request)
{
    struct arena arena = request->arena;
    arena_reset(&arena);
    *request = (struct http_request){.arena = arena};
}

void
http_request_release(struct http_request *request)
{
    arena_release(&request->arena);
    *request = (struct http_request){0};
}

void
http_request_add_header(struct http_request *request, const char *name,
                        const char *value)
{
    assert(request->header_count < HTTP_HEADER_COUNT);
    request->headers[request->header_count++] = (struct http_header){
        .name = name,
        .value = arena_strdup(&request->arena, slice_of(value)),
    };
}

void
http_request_set_url(struct http_request *request, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(len >= 0);
    char *url = arena_bytes(&request->arena, (size_t)len + 1);
    vsnprintf(url, (size_t)len + 1, format, args);
    va_end(args);
    request->url = url;
}

/* RFC 3986, "unreserved". */
static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

const char *
http_request_escape(struct http_request *request, struct slice bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_bytes(&request->arena, bytes.len * 3 + 1);
    char *end = text;
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        if (is_unreserved(bytes.ptr[i])) {
            *end++ = bytes.ptr[i];
        } else {
            *end++ = '%';
            *end++ = digits[c >> 4];
            *end++ = digits[c & 15];
        }
    }
    *end = '\0';
    return text;
}
