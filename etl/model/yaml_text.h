/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_YAML_TEXT_H
#define ETL_MODEL_YAML_TEXT_H

#include "base/buffer.h"

/* Texts as YAML takes them, also inside { } and [ ], for mappings that are
 * written by programs. */

/* In double quotes, on one line. */
void yaml_text_quoted(struct buffer *out, struct slice text);
/* Without quotes where it needs none. */
void yaml_text_put(struct buffer *out, struct slice text);

#endif
