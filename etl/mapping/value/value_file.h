/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_VALUE_FILE_H
#define ETL_MAPPING_VALUE_VALUE_FILE_H

#include "base/arena.h"
#include "mapping/value/value_fault.h"

/*
 * Files that rows name (mapping.md, `file`): a path below a folder. Rows come
 * from outside, so a path that leads out of it is refused, by '..', as an
 * absolute one or through a symbolic link.
 */
#define VALUE_FILE_LIMIT ((uint64_t)2900000) /* bytes: 4 MB in base64 */

/* folder as realpath gives it. *out: the file's own path, in the arena. The
 * file is there, is no folder, and can be read. */
bool value_file_find(const char *folder, struct slice text, struct arena *arena,
                     struct slice *out, struct value_fault *fault);

#endif
