/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_INPUT_H
#define ETL_SOURCE_INPUT_H

#include "base/slice.h"
#include "source/archive.h"
#include "source/charset.h"
#include "source/stored.h"

/*
 * The bytes of a source, a window at a time; after input_decode, as UTF-8 text.
 * What is read stays until it is taken, so a reader may leave the end of a
 * window and see it again with more behind it. Failures are those of stored.h.
 */
#define INPUT_WINDOW_SIZE ((size_t)64 * 1024)

struct input {
    struct stored stored;
    struct archive *archive; /* NULL: it is not packed */
    struct charset *charset; /* NULL: the text is the bytes as they are */
    char *raw;               /* with a charset: what is read and not decoded */
    size_t raw_len, raw_capacity;
    char *bytes;
    size_t begin, end, capacity; /* of what is there and not taken */
    size_t window_size;
    bool at_end;     /* nothing can be read any more */
    bool has_bom;    /* taken already */
    bool is_text;    /* decoded: characters are not cut */
    uint64_t offset; /* of the first byte not taken, in the text */
};

/* path "-" is standard input. window_size 0: INPUT_WINDOW_SIZE; tests give
 * tiny ones. What is packed is unpacked (archive.h says what). Its first bytes
 * are there then, as they are. */
bool input_open(struct input *input, const char *path, size_t window_size,
                int stop_fd, struct error *err);
/* From here on it is text, before any of it was taken. A byte order mark is
 * taken, and wins over encoding; NULL is UTF-8. ERROR_CONFIG: not known. */
bool input_decode(struct input *input, const char *encoding, struct error *err);
/* Reads a window more, whole unless the input ends in it. */
bool input_fill(struct input *input, struct error *err);
/* What is not taken, but for a character cut by the window's end. Valid until
 * the next fill. */
struct slice input_text(const struct input *input);
void input_take(struct input *input, size_t len);
/* The text is what is stored: offsets in one are those of the other. */
bool input_is_plain(const struct input *input);
/* "UTF-8", "windows-1252". */
const char *input_encoding(const struct input *input);
void input_close(struct input *input);

#endif
