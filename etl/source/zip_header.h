/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_ZIP_HEADER_H
#define ETL_SOURCE_ZIP_HEADER_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* The header before a member of a zip archive (APPNOTE.TXT 4.3.7, 4.3.9). */
#define ZIP_HEADER_SIZE 30
#define ZIP_DESCRIPTOR_SIZE 12 /* without its signature */

struct zip_header {
    uint16_t flags, method;
    uint32_t crc, packed_size, size; /* in a descriptor behind the data, when
                                        has_descriptor */
    size_t name_len, extra_len;      /* these follow */
    bool has_descriptor;
};

enum zip_method { ZIP_AS_IT_IS = 0, ZIP_DEFLATED = 8 };

uint32_t zip_header_number(const char *bytes, size_t len);
/* bytes: ZIP_HEADER_SIZE of them. */
struct zip_header zip_header_parse(const char *bytes);
void zip_header_descriptor(struct zip_header *header, const char *bytes);
/* Why the member can't be read; NULL: it can. */
const char *zip_header_trouble(const struct zip_header *header);
/* A folder, or what macOS puts beside a file. */
bool zip_header_is_aside(struct slice name);
/* The parts of an Excel or OpenDocument workbook. */
bool zip_header_is_workbook(struct slice name);

#endif
