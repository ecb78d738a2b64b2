/* SPDX-License-Identifier: Apache-2.0 */
#include "source/zip_header.h"

#define ENCRYPTED 0x0001
#define DESCRIPTOR_FOLLOWS 0x0008
#define PATCH 0x0020
#define STRONGLY_ENCRYPTED 0x0040
#define SIZE_IN_ZIP64 0xffffffff

uint32_t
zip_header_number(const char *bytes, size_t len)
{
    uint32_t number = 0;
    while (len-- > 0) {
        number = number << 8 | (unsigned char)bytes[len];
    }
    return number;
}

struct zip_header
zip_header_parse(const char *bytes)
{
    struct zip_header header = {
        .flags = (uint16_t)zip_header_number(bytes + 6, 2),
        .method = (uint16_t)zip_header_number(bytes + 8, 2),
        .name_len = zip_header_number(bytes + 26, 2),
        .extra_len = zip_header_number(bytes + 28, 2),
    };
    zip_header_descriptor(&header, bytes + 14);
    header.has_descriptor = (header.flags & DESCRIPTOR_FOLLOWS) != 0;
    return header;
}

void
zip_header_descriptor(struct zip_header *header, const char *bytes)
{
    header->crc = zip_header_number(bytes, 4);
    header->packed_size = zip_header_number(bytes + 4, 4);
    header->size = zip_header_number(bytes + 8, 4);
}

const char *
zip_header_trouble(const struct zip_header *header)
{
    if ((header->flags & (ENCRYPTED | STRONGLY_ENCRYPTED)) != 0) {
        return "is encrypted; unpack it first";
    }
    if (header->packed_size == SIZE_IN_ZIP64 || header->size == SIZE_IN_ZIP64) {
        return "is of the zip64 kind, for 4 GiB and more; use gzip";
    }
    if ((header->method != ZIP_AS_IT_IS && header->method != ZIP_DEFLATED) ||
        (header->flags & PATCH) != 0) {
        return "is packed by another method than deflate; pack it anew";
    }
    if (header->method == ZIP_AS_IT_IS && header->has_descriptor) {
        return "does not say where it ends; pack it anew";
    }
    return NULL;
}

bool
zip_header_is_aside(struct slice name)
{
    return slice_begins(name, "__MACOSX/") ||
           (name.len > 0 && name.ptr[name.len - 1] == '/');
}

bool
zip_header_is_workbook(struct slice name)
{
    return slice_is(name, "[Content_Types].xml") ||
           slice_begins(name, "_rels/") || slice_begins(name, "xl/") ||
           slice_is(name, "mimetype");
}
