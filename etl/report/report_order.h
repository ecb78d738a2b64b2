/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REPORT_REPORT_ORDER_H
#define ETL_REPORT_REPORT_ORDER_H

#include "base/buffer.h"
#include "report/summary.h"

/* A line of the page on the order of a load's rows, where that was not the
 * source's. */
void report_order_put(struct buffer *page, const struct summary_load *load);

#endif
