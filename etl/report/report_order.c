/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_order.h"

#include "report/html_text.h"

void
report_order_put(struct buffer *page, const struct summary_load *load)
{
    if (load->waves == 0) {
        return;
    }
    buffer_append_text(page, "<p>");
    html_text_put(page, load->name);
    buffer_append_text(page, ": rows went in ");
    html_text_count(page, load->waves);
    buffer_append_text(page, load->waves == 1 ? " wave" : " waves");
    if (load->grouped_by != NULL) {
        buffer_append_text(page, ", together by ");
        html_text_put(page, load->grouped_by);
    }
    if (load->second_rows > 0) {
        buffer_append_text(page, "; in two passes: ");
        html_text_count(page, load->second_rows);
    }
    buffer_append_text(page, ".</p>\n");
}
