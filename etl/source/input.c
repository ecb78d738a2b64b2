/* SPDX-License-Identifier: Apache-2.0 */
#include "source/input.h"

#include "base/mem.h"

#include <stdlib.h>

#define PROBE_SIZE 256

/* Each second byte is zero, the first of them at from. */
static bool
looks_wide(const struct input *input, size_t from)
{
    size_t len = input->end < PROBE_SIZE ? input->end : PROBE_SIZE;
    for (size_t i = 0; i < len; i++) {
        if ((input->bytes[i] == '\0') != (i % 2 == from)) {
            return false;
        }
    }
    return len >= 4;
}

/* What is there is the begin of an archive: it is unpacked from here on. */
static bool
unpack(struct input *input, enum archive_form form, struct error *err)
{
    struct slice head = {input->bytes, input->end};
    input->archive = archive_open(form, &input->stored, head);
    input->end = 0;
    input->at_end = false;
    while (!input->at_end && input->end < PROBE_SIZE) {
        if (!input_fill(input, err)) {
            return false;
        }
    }
    if (archive_form((struct slice){input->bytes, input->end}) !=
        ARCHIVE_NONE) {
        return error_set(err, ERROR_INPUT, 0,
                         "the source '%s' is packed twice; unpack it first "
                         "[source-form]",
                         input->stored.name);
    }
    return true;
}

bool
input_open(struct input *input, const char *path, size_t window_size,
           int stop_fd, struct error *err)
{
    *input = (struct input){
        .window_size = window_size ? window_size : INPUT_WINDOW_SIZE,
    };
    bool done = stored_open(&input->stored, path, stop_fd, err);
    while (done && !input->at_end && input->end < PROBE_SIZE) {
        done = input_fill(input, err);
    }
    if (done) {
        enum archive_form form =
            archive_form((struct slice){input->bytes, input->end});
        done = form == ARCHIVE_NONE || unpack(input, form, err);
    }
    if (!done) {
        input_close(input);
    }
    return done;
}

/* The bytes that are there already become text. */
static bool
use_charset(struct input *input, const char *name, size_t mark_len,
            struct error *err)
{
    struct slice head = {input->bytes + mark_len, input->end - mark_len};
    input->charset = charset_open(name, head, mark_len, err);
    if (input->charset == NULL) {
        return false;
    }
    input->raw = input->bytes;
    input->raw_len = head.len;
    input->raw_capacity = input->capacity;
    memmove(input->raw, head.ptr, head.len);
    input->bytes = NULL;
    input->begin = input->end = input->capacity = 0;
    return true;
}

static void
make_room(struct input *input, size_t size)
{
    size_t held = input->end - input->begin;
    if (held > 0 && input->begin > 0) {
        memmove(input->bytes, input->bytes + input->begin, held);
    }
    input->begin = 0;
    input->end = held;
    if (input->capacity < held + size) {
        input->capacity = 2 * held + size;
        input->bytes = mem_realloc(input->bytes, input->capacity);
    }
}

static void
decode_raw(struct input *input)
{
    make_room(input, CHARSET_GROWTH * input->raw_len + CHARSET_SLACK);
    size_t taken;
    input->end += charset_decode(
        input->charset, (struct slice){input->raw, input->raw_len},
        input->at_end, input->bytes + input->end, &taken);
    input->raw_len -= taken;
    memmove(input->raw, input->raw + taken, input->raw_len);
}

bool
input_decode(struct input *input, const char *encoding, struct error *err)
{
    size_t mark_len;
    const char *name =
        charset_of_mark((struct slice){input->bytes, input->end}, &mark_len);
    input->has_bom = name != NULL;
    name = name ? name : encoding ? encoding : "UTF-8";
    input->is_text = true;
    if (!charset_is_utf8(name)) {
        if (!use_charset(input, name, mark_len, err)) {
            return false;
        }
        decode_raw(input);
        return true;
    }
    input_take(input, mark_len);
    if (looks_wide(input, 0) || looks_wide(input, 1)) {
        return error_set(err, ERROR_INPUT, 0,
                         "the source '%s' looks like UTF-16 without a byte "
                         "order mark; say it, as in 'encoding: UTF-16%s' "
                         "[source-form]",
                         input->stored.name,
                         looks_wide(input, 0) ? "BE" : "LE");
    }
    return true;
}

/* As they are, a window of them. */
static bool
read_bytes(struct input *input, char *bytes, size_t *got, struct error *err)
{
    bool done =
        input->archive != NULL
            ? archive_read(input->archive, bytes, input->window_size, got, err)
            : stored_read(&input->stored, bytes, input->window_size, got, err);
    input->at_end = done && *got < input->window_size;
    return done;
}

static bool
fill_raw(struct input *input, struct error *err)
{
    size_t size = input->raw_len + input->window_size;
    if (input->raw_capacity < size) {
        input->raw_capacity = size;
        input->raw = mem_realloc(input->raw, size);
    }
    size_t got;
    if (!read_bytes(input, input->raw + input->raw_len, &got, err)) {
        return false;
    }
    input->raw_len += got;
    decode_raw(input);
    return true;
}

bool
input_fill(struct input *input, struct error *err)
{
    if (input->at_end) {
        return true;
    }
    if (input->charset != NULL) {
        return fill_raw(input, err);
    }
    make_room(input, input->window_size);
    size_t got;
    if (!read_bytes(input, input->bytes + input->end, &got, err)) {
        return false;
    }
    input->end += got;
    return true;
}

/* Bytes of a sequence by its first; 1 for what can't be one. */
static size_t
sequence_len(unsigned char lead)
{
    return lead < 0xc2   ? 1
           : lead < 0xe0 ? 2
           : lead < 0xf0 ? 3
           : lead < 0xf5 ? 4
                         : 1;
}

struct slice
input_text(const struct input *input)
{
    struct slice text = {input->bytes + input->begin,
                         input->end - input->begin};
    bool may_be_cut =
        input->is_text && input->charset == NULL && !input->at_end;
    for (size_t back = 1; may_be_cut && back <= 3 && back <= text.len; back++) {
        unsigned char c = (unsigned char)text.ptr[text.len - back];
        if ((c & 0xc0) != 0x80) {
            text.len -= sequence_len(c) > back ? back : 0;
            break;
        }
    }
    return text;
}

void
input_take(struct input *input, size_t len)
{
    input->begin += len;
    input->offset += len;
    if (input->charset != NULL) {
        charset_forget(input->charset, input->offset);
    }
}

bool
input_is_plain(const struct input *input)
{
    return input->archive == NULL && input->charset == NULL;
}

const char *
input_encoding(const struct input *input)
{
    return input->charset ? charset_name(input->charset) : "UTF-8";
}

void
input_close(struct input *input)
{
    stored_close(&input->stored);
    archive_close(input->archive);
    charset_close(input->charset);
    free(input->raw);
    free(input->bytes);
    *input = (struct input){.stored.fd = -1};
}
