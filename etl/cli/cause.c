/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cause.h"

#include "cli/explain/explain.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/terminal.h"

#include <inttypes.h>

#define INDENT "          "

/* A message of the mapping names its place ("file.csv:19: …"); one of the org
 * does not. */
static bool
names_its_line(const struct tally_example *example)
{
    char place[32];
    snprintf(place, sizeof place, ":%" PRIu64 ": ", example->line);
    return strstr(example->message, place) != NULL;
}

static void
print_example(FILE *stream, const struct tally_example *example)
{
    struct arena arena = {0};
    struct slice message = grid_visible(&arena, slice_of(example->message));
    fputs(INDENT, stream);
    if (!names_its_line(example)) {
        fprintf(stream, "row %" PRIu64 ", line %" PRIu64 ": ", example->row,
                example->line);
    }
    fprintf(stream, "%.*s\n", SLICE_ARGS(message));
    arena_release(&arena);
}

void
cause_print_examples(FILE *stream, const struct tally_code *code,
                     size_t example_count, const char *note)
{
    struct terminal_paint paint = terminal_paint(stream);
    char count[FIGURE_SIZE];
    struct arena arena = {0};
    struct slice name = grid_visible(&arena, slice_of(code->code));
    fprintf(stream, "  %s%6s  %.*s%s", paint.bold,
            figure_count(count, code->count), SLICE_ARGS(name), paint.off);
    arena_release(&arena);
    if (note != NULL) {
        fprintf(stream, " (%s)", note);
    }
    fputc('\n', stream);
    for (size_t i = 0; i < code->example_count && i < example_count; i++) {
        print_example(stream, &code->examples[i]);
    }
}

void
cause_print(FILE *stream, const struct tally_code *code, size_t example_count,
            const char *note)
{
    cause_print_examples(stream, code, example_count, note);
    const char *advice = explain_advice(code->code);
    if (advice != NULL) {
        fprintf(stream, INDENT "%s\n", advice);
    }
}
