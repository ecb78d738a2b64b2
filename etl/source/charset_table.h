/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_CHARSET_TABLE_H
#define ETL_SOURCE_CHARSET_TABLE_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>

/* A charset of single bytes: what each is in UTF-8. */
struct charset_table {
    char texts[256][4];
    unsigned char lens[256]; /* 0: the charset does not have the byte */
    bool is_ascii;           /* its first half is ASCII */
};

/* Asks the converter for each byte. False when one of them is no character
 * alone, or waits for what follows. */
bool charset_table_fill(struct charset_table *table, iconv_t converter);
/* Up to the first byte that is NUL, or that the charset does not have. Returns
 * the end of the text; up to 8 bytes more may be written. */
char *charset_table_decode(const struct charset_table *table, const char *bytes,
                           size_t len, char *out, size_t *taken);

#endif
