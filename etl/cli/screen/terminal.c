/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/screen/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <unistr.h>
#include <uniwidth.h>

#define WIDTH_LOWEST 20
#define WIDTH_HIGHEST 1000

bool
terminal_is(FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

unsigned
terminal_width(FILE *stream, unsigned fallback)
{
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return fallback;
    }
    return size.ws_col < WIDTH_LOWEST    ? WIDTH_LOWEST
           : size.ws_col > WIDTH_HIGHEST ? WIDTH_HIGHEST
                                         : size.ws_col;
}

struct terminal_paint
terminal_paint(FILE *stream)
{
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    bool refused = no_color != NULL && *no_color != '\0';
    if (refused || !terminal_is(stream) || term == NULL ||
        strcmp(term, "dumb") == 0) {
        return (struct terminal_paint){"", "", "", "", ""};
    }
    return (struct terminal_paint){"\033[1m", "\033[31m", "\033[33m",
                                   "\033[32m", "\033[0m"};
}

/* Of the character at text; *len gets its bytes. What is no character, or has
 * no width of its own, is shown as one column. */
static size_t
character_width(struct slice text, size_t *len)
{
    ucs4_t character;
    int bytes = u8_mbtouc(&character, (const uint8_t *)text.ptr, text.len);
    *len = bytes > 0 ? (size_t)bytes : 1;
    int width = uc_width(character, "UTF-8");
    return width < 0 ? 1 : (size_t)width;
}

size_t
terminal_columns(struct slice text)
{
    size_t taken = 0, columns = 0;
    while (taken < text.len) {
        size_t len;
        struct slice rest = {text.ptr + taken, text.len - taken};
        columns += character_width(rest, &len);
        taken += len;
    }
    return columns;
}

size_t
terminal_prefix(struct slice text, size_t columns)
{
    size_t taken = 0, used = 0;
    while (taken < text.len) {
        size_t len;
        struct slice rest = {text.ptr + taken, text.len - taken};
        size_t width = character_width(rest, &len);
        if (width > columns - used) {
            break;
        }
        used += width;
        taken += len;
    }
    return taken;
}
