/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/paragraph.h"

#include "cli/screen/terminal.h"

#include <string.h>

void
paragraph_print(FILE *stream, const char *text, size_t indent, size_t column)
{
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        size_t width = terminal_columns((struct slice){text, len});
        if (column > indent && column + 1 + width > PARAGRAPH_WIDTH) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', stream);
            column++;
        }
        fprintf(stream, "%.*s", (int)len, text);
        column += width;
        text += len + strspn(text + len, " ");
    }
    fputc('\n', stream);
}
