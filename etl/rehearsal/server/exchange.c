/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/server/exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char type_json[] = "application/json;charset=UTF-8";

const char *
exchange_header(const struct exchange *exchange, const char *name)
{
    return exchange->lookup ? exchange->lookup(exchange, name) : NULL;
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *
exchange_decode(struct arena *arena, struct slice text, bool plus)
{
    char *out = arena_bytes(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%' && i + 2 < text.len && hex_value(text.ptr[i + 1]) >= 0 &&
            hex_value(text.ptr[i + 2]) >= 0) {
            c = (char)(hex_value(text.ptr[i + 1]) * 16 +
                       hex_value(text.ptr[i + 2]));
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        out[len++] = c;
    }
    out[len] = '\0';
    return out;
}

/* The value of a name in "a=1&b=2". */
static const char *
find_field(struct arena *arena, struct slice form, const char *name)
{
    while (form.len > 0) {
        const char *end = memchr(form.ptr, '&', form.len);
        size_t len = end ? (size_t)(end - form.ptr) : form.len;
        const char *equals = memchr(form.ptr, '=', len);
        size_t name_len = equals ? (size_t)(equals - form.ptr) : len;
        const char *key =
            exchange_decode(arena, (struct slice){form.ptr, name_len}, true);
        if (strcmp(key, name) == 0) {
            size_t skip = equals ? name_len + 1 : len;
            return exchange_decode(
                arena, (struct slice){form.ptr + skip, len - skip}, true);
        }
        size_t step = end ? len + 1 : len;
        form.ptr += step;
        form.len -= step;
    }
    return NULL;
}

const char *
exchange_parameter(struct exchange *exchange, const char *name)
{
    const char *query = strchr(exchange->uri, '?');
    return query ? find_field(&exchange->arena, slice_of(query + 1), name)
                 : NULL;
}

const char *
exchange_form_field(struct exchange *exchange, const char *name)
{
    return find_field(&exchange->arena, buffer_slice(&exchange->body), name);
}

json_t *
exchange_json(struct exchange *exchange)
{
    json_error_t problem;
    json_t *value =
        json_loadb(exchange->body.bytes ? exchange->body.bytes : "",
                   exchange->body.len, JSON_REJECT_DUPLICATES, &problem);
    if (!value) {
        exchange_answer_error(exchange, 400, "JSON_PARSER_ERROR",
                              "%s at [line:%d, column:%d]", problem.text,
                              problem.line, problem.column);
    }
    return value;
}

void
exchange_add_header(struct exchange *exchange, const char *name,
                    const char *value)
{
    if (exchange->header_count == EXCHANGE_HEADERS) {
        return;
    }
    size_t i = exchange->header_count++;
    exchange->headers[i].name = arena_strdup(&exchange->arena, slice_of(name));
    exchange->headers[i].value =
        arena_strdup(&exchange->arena, slice_of(value));
}

void
exchange_answer_empty(struct exchange *exchange, unsigned status)
{
    exchange->status = status;
    exchange->content_type = NULL;
    exchange->answer_path = NULL;
    buffer_reset(&exchange->answer);
}

void
exchange_answer_text(struct exchange *exchange, unsigned status,
                     const char *content_type, const char *text)
{
    exchange_answer_empty(exchange, status);
    exchange->content_type = content_type;
    buffer_append_text(&exchange->answer, text);
}

static int
append_json(const char *bytes, size_t len, void *buffer)
{
    return buffer_append(buffer, bytes, len) ? 0 : -1;
}

void
exchange_answer_json(struct exchange *exchange, unsigned status, json_t *value)
{
    exchange_answer_empty(exchange, status);
    exchange->content_type = type_json;
    json_dump_callback(value, append_json, &exchange->answer,
                       JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(value);
}

void
exchange_answer_file(struct exchange *exchange, const char *content_type,
                     const char *path)
{
    exchange_answer_empty(exchange, 200);
    exchange->content_type = content_type;
    exchange->answer_path = arena_strdup(&exchange->arena, slice_of(path));
}

json_t *
exchange_error_object(const char *code, const char *message, json_t *fields)
{
    json_t *error =
        json_pack("{s:s, s:s}", "message", message, "errorCode", code);
    if (fields) {
        json_object_set_new(error, "fields", fields);
    }
    return error;
}

void
exchange_answer_error(struct exchange *exchange, unsigned status,
                      const char *code, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    /* A text from outside may have been cut inside a character. */
    text[slice_utf8_valid_len(slice_of(text))] = '\0';
    json_t *errors = json_array();
    json_array_append_new(errors, exchange_error_object(code, text, NULL));
    exchange_answer_json(exchange, status, errors);
}

void
exchange_release(struct exchange *exchange)
{
    if (exchange->spool_path) {
        unlink(exchange->spool_path);
        free(exchange->spool_path);
    }
    if (exchange->answer_path_is_ours && exchange->answer_path) {
        unlink(exchange->answer_path);
    }
    buffer_release(&exchange->body);
    buffer_release(&exchange->answer);
    arena_release(&exchange->arena);
}
