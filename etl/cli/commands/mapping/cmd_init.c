/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/options.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/shell_word.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/draft/draft.h"
#include "pipeline/draft/draft_text.h"
#include "pipeline/draft/draft_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAPPING_LIMIT ((size_t)4 << 20) /* bytes; 5,000 columns take less */
#define SNIFF_WIDTH 80

static const char *
line_ends(const struct draft_source *source)
{
    int kinds = (source->crlf > 0) + (source->lf > 0) + (source->cr > 0);
    return kinds > 1          ? "mixed"
           : source->crlf > 0 ? "CRLF"
           : source->cr > 0   ? "CR"
           : source->lf > 0   ? "LF"
                              : "none";
}

static const char *
delimiter_name(char delimiter)
{
    return delimiter == ','    ? "comma"
           : delimiter == ';'  ? "semicolon"
           : delimiter == '\t' ? "tab"
                               : "pipe";
}

static void
print_xml_facts(const struct draft_source *source, const char *path)
{
    char rows[FIGURE_SIZE];
    struct buffer tree = {.limit = MAPPING_LIMIT};
    printf("%s\n", path);
    printf("  encoding    %s\n", source->encoding);
    printf("  record      %s\n", source->spec.record);
    printf("  records     %s%s\n", figure_count(rows, source->rows),
           source->is_whole ? "" : " looked at, more follow");
    if (source->bad_rows > 0) {
        printf("  bad records %s: they repeat what is alone in others\n",
               figure_count(rows, source->bad_rows));
    }
    draft_xml_tree(source, "  ", &tree);
    printf("\n%s", buffer_text(&tree));
    buffer_release(&tree);
}

static void
print_facts(const struct draft_source *source, const char *path)
{
    char rows[FIGURE_SIZE], bad[FIGURE_SIZE];
    printf("%s\n", path);
    printf("  encoding    %s%s%s\n", source->encoding,
           source->has_bom ? " with a byte order mark" : "",
           source->encoding_guessed ? ", a guess" : "");
    printf("  line ends   %s\n", line_ends(source));
    printf("  delimiter   %s\n", source->column_count == 1
                                     ? "none, there is one column"
                                     : delimiter_name(source->spec.delimiter));
    printf("  quote       %s\n", source->quotes ? "\"" : "none seen");
    printf("  header      %s", source->has_header ? "line " : "none\n");
    if (source->has_header) {
        printf("%zu\n", source->spec.skip_lines + 1);
    }
    printf("  rows        %s%s\n", figure_count(rows, source->rows),
           source->is_whole ? "" : " looked at, more follow");
    if (source->bad_rows > 0) {
        printf("  bad rows    %s: ragged, or with bytes that are no text\n",
               figure_count(bad, source->bad_rows));
    }
}

/* Two, where nobody can tell which. */
static void
put_shape(struct grid *grid, const struct column_guess *guess)
{
    bool is_number = guess->kind == COLUMN_NUMBER;
    const char *shape = is_number ? guess->number_shape : guess->shape;
    const char *other = is_number ? guess->number_other : guess->other;
    if (guess->kind == COLUMN_BOOLEAN && guess->yes != NULL) {
        grid_printf(grid, "%s, %s", guess->yes, guess->no);
    } else {
        grid_printf(grid, "%s%s%s", shape != NULL ? shape : "",
                    other != NULL ? " or " : "", other != NULL ? other : "");
    }
}

static void
print_columns(const struct draft_source *source)
{
    static const struct grid_column columns[] = {
        {"column", false, 30}, {"type", false, 0},   {"shape", false, 0},
        {"blank", true, 0},    {"longest", true, 0}, {"example", false, 24},
    };
    struct grid grid;
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < source->column_count; i++) {
        const struct draft_column *column = &source->columns[i];
        const struct column_profile *profile = &column->profile;
        grid_put(&grid, column->name);
        grid_printf(&grid, "%s%s", column_profile_kind_name(column->guess.kind),
                    column->guess.is_unique ? ", unique" : "");
        put_shape(&grid, &column->guess);
        grid_printf(&grid, "%llu", (unsigned long long)profile->blanks);
        grid_printf(&grid, "%zu", profile->longest);
        grid_put(&grid, profile->example_count > 0 ? profile->examples[0]
                                                   : SLICE_LITERAL(""));
    }
    putchar('\n');
    grid_print(&grid, stdout, terminal_width(stdout, SNIFF_WIDTH));
    grid_close(&grid);
}

static void
print_sniffed(const struct draft_source *source, const char *path)
{
    struct buffer text = {.limit = MAPPING_LIMIT};
    if (source->is_xml) {
        print_xml_facts(source, path);
    } else {
        print_facts(source, path);
    }
    print_columns(source);
    draft_text_source(source, path, &text);
    printf("\nIn a mapping:\n\n%s", buffer_text(&text));
    buffer_release(&text);
}

/* A mapping's path is seen from its folder: beside the current one it would
 * lead elsewhere. Owned by the caller. */
static char *
source_path(const struct options *options, const char *path)
{
    bool elsewhere =
        options->output != NULL && strchr(options->output, '/') != NULL;
    char *full = elsewhere ? realpath(path, NULL) : NULL;
    return full != NULL ? full : mem_strdup(path);
}

static bool
put_out(const struct options *options, struct buffer *text, struct error *err)
{
    if (options->output == NULL) {
        fputs(buffer_text(text), stdout);
        return true;
    }
    if (file_exists(options->output)) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' exists and is not written over; give another "
                         "name",
                         options->output);
    }
    return file_replace(options->output, buffer_slice(text), err);
}

static void
tell_summary(const struct options *options, const struct draft_summary *summary)
{
    if (!summary->types_checked) {
        log_warning("no metadata of '%s' was at hand: fields are named by "
                    "what is usual, and not checked; '--org NAME' asks an org",
                    options->run.object);
    }
    if (options->quiet) {
        return;
    }
    fprintf(stderr, "%zu of %zu columns are mapped, %zu point%s open%s\n",
            summary->mapped, summary->columns, summary->open,
            summary->open == 1 ? " is" : "s are",
            summary->open > 0 ? ": see the lines with 'open'" : "");
    if (summary->mapped == 0) {
        fputs("a mapping needs a line at least: put fields in the place of "
              "FIELD\n",
              stderr);
    }
    if (options->output != NULL) {
        fputs("next: sfetl check ", stderr);
        shell_word_print(options->output, stderr);
        if (options->run.org != NULL) {
            fputs(" --org ", stderr);
            shell_word_print(options->run.org, stderr);
        }
        fputc('\n', stderr);
    }
}

static bool
draft(const struct options *options, const struct draft_source *source,
      struct error *err)
{
    const char *path = options->operands[0];
    char *named = source_path(options, path);
    const struct draft_options draft_options = {
        .path = path,
        .object = options->run.object,
        .org = options->run.org,
        .config_path = options->run.config_path,
        .source_path = named,
        .offline = options->run.offline,
    };
    struct buffer text = {.limit = MAPPING_LIMIT};
    struct draft_summary summary;
    bool done = draft_write(&draft_options, source, &text, &summary, err) &&
                put_out(options, &text, err);
    if (done) {
        tell_summary(options, &summary);
    }
    buffer_release(&text);
    free(named);
    return done;
}

int
cmd_init_main(const struct options *options)
{
    struct error err = {0};
    struct draft_source source = {0};
    cancel_install();
    if (!options->sniff && options->run.object == NULL) {
        error_set(&err, ERROR_USAGE, 0,
                  "which object is the file for? give it with '--object "
                  "NAME', or '--sniff' to look at the file only");
        return talk_error(&err);
    }
    if (draft_source_read(&source, options->operands[0], &err)) {
        if (options->sniff) {
            print_sniffed(&source, options->operands[0]);
        } else {
            draft(options, &source, &err);
        }
    }
    draft_source_release(&source);
    return talk_error(&err);
}
