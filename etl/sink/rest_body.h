/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SINK_REST_BODY_H
#define ETL_SINK_REST_BODY_H

#include "base/buffer.h"
#include "base/error.h"
#include "model/load.h"

/*
 * What a collection call says of the rows first to first + count of a staged
 * chunk: for a delete the Ids with commas between them, else
 * {"allOrNone":false,"records":[…]}. Values go by the types of the load's
 * columns: numbers and booleans as such, digit for digit; #N/A as null, blank
 * cells not at all; a parent by its key as an object of its own. What is no
 * JSON number or boolean goes as text, for the org to judge.
 */
bool rest_body_make(const struct load *load, const char *chunk_path,
                    uint64_t first, uint64_t count, struct buffer *body,
                    struct error *err);

#endif
