/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_RESULTS_CONTRADICTION_H
#define ETL_RESULTS_CONTRADICTION_H

#include "base/buffer.h"
#include "results/matcher.h"

/* Why a row is in doubt that the org reported in two ways: both, in words. */
void contradiction_describe(struct buffer *text,
                            const struct matcher_result *first,
                            const struct matcher_result *second);

#endif
