/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_lines.h"

const char *
csv_lines_find(const char *found, const char *at, const char *end, char c)
{
    if (found >= at) {
        return found;
    }
    found = memchr(at, c, (size_t)(end - at));
    return found ? found : end;
}

bool
csv_lines_next(struct csv_lines *lines, const char *at, struct csv_line *line)
{
    const char *end = lines->end;
    lines->next_lf = csv_lines_find(lines->next_lf, at, end, '\n');
    lines->next_cr = csv_lines_find(lines->next_cr, at, end, '\r');
    const char *stop =
        lines->next_lf < lines->next_cr ? lines->next_lf : lines->next_cr;
    size_t end_len = stop < end;
    if (stop < end && *stop == '\r') {
        if (stop + 1 < end && stop[1] == '\n') {
            end_len = 2;
        } else if (stop + 1 == end && !lines->at_end) {
            end_len = 0; /* the LF may still come */
        }
    }
    *line = (struct csv_line){{at, (size_t)(stop - at) + end_len}, end_len};
    return line->text.len > 0;
}
