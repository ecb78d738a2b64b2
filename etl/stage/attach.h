/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_STAGE_ATTACH_H
#define ETL_STAGE_ATTACH_H

#include "base/buffer.h"
#include "base/error.h"

/*
 * The bytes of a file, as base64 (RFC 4648, 4), behind what the buffer holds.
 * At most limit bytes are read, for a file may grow after it was looked at.
 */
bool attach_append(struct buffer *text, struct slice path, size_t limit,
                   struct error *err);

#endif
