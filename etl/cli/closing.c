/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/closing.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/cause.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/shell_word.h"
#include "cli/screen/terminal.h"

#include <stdlib.h>
#include <string.h>

#define FALLBACK_WIDTH 80
#define TOP_ERRORS 3
#define COLUMN_COUNT 11

struct counts {
    uint64_t read, sent, created, updated, failed, rejected, skipped;
    uint64_t unprocessed; /* in-doubt rows too */
};

static struct counts
counts_of(const struct tally *tally)
{
    const uint64_t *fates = tally->by_fate;
    return (struct counts){
        .read = tally->read,
        .sent = tally->sent,
        .created = tally->created,
        .updated = tally->updated,
        .failed = fates[OUTCOME_FAILED],
        .rejected = fates[OUTCOME_REJECTED],
        .skipped = fates[OUTCOME_SKIPPED],
        .unprocessed = fates[OUTCOME_UNPROCESSED] + fates[OUTCOME_IN_DOUBT],
    };
}

static void
add_counts(struct counts *sum, const struct counts *more)
{
    sum->read += more->read;
    sum->sent += more->sent;
    sum->created += more->created;
    sum->updated += more->updated;
    sum->failed += more->failed;
    sum->rejected += more->rejected;
    sum->skipped += more->skipped;
    sum->unprocessed += more->unprocessed;
}

/* The column of unprocessed rows is there only when it is needed: without it
 * the table fits 80 columns. */
static void
put_counts(struct grid *grid, const char *name, const struct counts *counts,
           int64_t ms)
{
    const uint64_t figures[] = {
        counts->read,   counts->sent,     counts->created, counts->updated,
        counts->failed, counts->rejected, counts->skipped, counts->unprocessed};
    bool names_unprocessed = grid->column_count == COLUMN_COUNT;
    char text[FIGURE_SIZE];
    grid_put(grid, slice_of(name));
    for (size_t i = 0; i < 7U + names_unprocessed; i++) {
        grid_put(grid, slice_of(figure_count(text, figures[i])));
    }
    grid_put(grid, slice_of(figure_duration(text, ms)));
    grid_put(grid, slice_of(figure_count(text, figure_rate(counts->sent, ms))));
}

/* A run without its summary was cut off: its counts are not known yet. */
static bool
has_results(const struct run_result *result)
{
    if (result->folder == NULL) {
        return false;
    }
    char *path = mem_printf("%s/summary.json", result->folder);
    bool there = file_exists(path);
    free(path);
    return there;
}

/* "mappings/customers.yaml" is "customers" where space is short. */
static struct slice
short_name(const char *mapping_path)
{
    const char *slash = strrchr(mapping_path, '/');
    struct slice name = slice_of(slash != NULL ? slash + 1 : mapping_path);
    const char *dot = memrchr(name.ptr, '.', name.len);
    name.len =
        dot != NULL && dot > name.ptr ? (size_t)(dot - name.ptr) : name.len;
    return name;
}

static void
put_loads(struct grid *grid, const struct closing_run *run, bool is_series)
{
    const struct run_result *result = &run->result;
    for (size_t i = 0; i < result->load_count; i++) {
        const struct run_load_result *load = &result->loads[i];
        struct counts counts = counts_of(&load->tally);
        char *name = is_series
                         ? mem_printf("%.*s: %s",
                                      SLICE_ARGS(short_name(run->mapping_path)),
                                      load->name)
                         : mem_strdup(load->name);
        put_counts(grid, name, &counts,
                   result->load_count == 1 ? result->duration_ms
                                           : load->duration_ms);
        free(name);
    }
}

static struct counts
run_counts(const struct run_result *result)
{
    struct counts sum = {0};
    for (size_t i = 0; i < result->load_count; i++) {
        struct counts counts = counts_of(&result->loads[i].tally);
        add_counts(&sum, &counts);
    }
    return sum;
}

static void
open_table(struct grid *grid, bool names_unprocessed)
{
    static const struct grid_column all[COLUMN_COUNT] = {
        {"load", false, 40},   {"read", true, 0},    {"sent", true, 0},
        {"created", true, 0},  {"updated", true, 0}, {"failed", true, 0},
        {"rejected", true, 0}, {"skipped", true, 0}, {"unprocessed", true, 0},
        {"time", true, 0},     {"rows/s", true, 0},
    };
    static const struct grid_column few[COLUMN_COUNT - 1] = {
        {"load", false, 40},   {"read", true, 0},    {"sent", true, 0},
        {"created", true, 0},  {"updated", true, 0}, {"failed", true, 0},
        {"rejected", true, 0}, {"skipped", true, 0}, {"time", true, 0},
        {"rows/s", true, 0},
    };
    grid_open(grid, names_unprocessed ? all : few,
              names_unprocessed ? COLUMN_COUNT : COLUMN_COUNT - 1);
}

static void
print_table(const struct closing_run *runs, size_t count, FILE *stream)
{
    struct grid grid;
    struct counts sum = {0};
    size_t load_count = 0;
    int64_t ms = 0;
    for (size_t i = 0; i < count; i++) {
        struct counts counts = run_counts(&runs[i].result);
        add_counts(&sum, &counts);
        ms += runs[i].result.duration_ms;
    }
    open_table(&grid, sum.unprocessed > 0);
    for (size_t i = 0; i < count; i++) {
        if (has_results(&runs[i].result)) {
            put_loads(&grid, &runs[i], count > 1);
            load_count += runs[i].result.load_count;
        }
    }
    if (load_count > 1) {
        put_counts(&grid, "Total", &sum, ms);
    }
    if (load_count > 0) {
        fputc('\n', stream);
        grid_print(&grid, stream, terminal_width(stream, FALLBACK_WIDTH));
    }
    grid_close(&grid);
}

static void
print_finished(const struct run_result *result, FILE *stream)
{
    struct counts sum = run_counts(result);
    uint64_t out = sum.failed + sum.rejected + sum.unprocessed;
    char all[FIGURE_SIZE], bad[FIGURE_SIZE];
    figure_count(all, sum.read);
    figure_count(bad, out);
    if (sum.read == 0) {
        fprintf(stream, "the source has no rows: nothing was loaded\n");
    } else if (out > 0) {
        fprintf(stream, "finished, and %s of %s rows %s not in the org\n", bad,
                all, out == 1 ? "is" : "are");
    } else if (sum.skipped > 0) {
        fprintf(stream,
                "finished: every row that was to be loaded is in the org, %s "
                "of %s were skipped\n",
                figure_count(bad, sum.skipped), all);
    } else {
        fprintf(stream, "finished: all %s rows are in the org\n", all);
    }
}

static void
print_outcome(const struct closing_run *run, FILE *stream)
{
    const struct run_result *result = &run->result;
    struct terminal_paint paint = terminal_paint(stream);
    const char *colour = result->exit_code == 0   ? paint.green
                         : result->exit_code == 1 ? paint.yellow
                                                  : paint.red;
    fprintf(stream, "%s%s:%s ", colour,
            result->run ? result->run : run->mapping_path, paint.off);
    if (result->nothing[0] != '\0') {
        fprintf(stream, "nothing to do: %s\n", result->nothing);
    } else if (result->exit_code <= 1) {
        print_finished(result, stream);
    } else if (result->folder == NULL) {
        fprintf(stream, "nothing was sent\n");
    } else {
        struct buffer text = {0};
        buffer_append_visible(&text,
                              slice_of(result->error.kind != ERROR_NONE
                                           ? result->error.text
                                           : "some rows are unprocessed"));
        fprintf(stream, "stopped with exit code %d: %s\n", result->exit_code,
                buffer_text(&text));
        buffer_release(&text);
    }
    if (result->passed_over > 0) {
        char text[FIGURE_SIZE];
        fprintf(stream, "passed over by --skip and --limit: %s rows\n",
                figure_count(text, result->passed_over));
    }
}

struct top {
    const struct tally_code *code;
    const struct run_load_result *load;
};

static bool
is_error(const struct tally_code *code)
{
    return code->fate != OUTCOME_SUCCEEDED && code->fate != OUTCOME_SKIPPED;
}

/* Causes before what only follows from them, then by number. */
static bool
is_before(const struct tally_code *a, const struct tally_code *b)
{
    bool follows = tally_code_follows(a);
    return follows == tally_code_follows(b) ? a->count > b->count : !follows;
}

/* Keeps the most frequent ones, in order. */
static void
rank(struct top top[TOP_ERRORS], struct top next)
{
    for (size_t i = 0; i < TOP_ERRORS; i++) {
        if (top[i].code == NULL || is_before(next.code, top[i].code)) {
            struct top pushed = top[i];
            top[i] = next;
            next = pushed;
            if (next.code == NULL) {
                return;
            }
        }
    }
}

static void
print_errors(struct closing_run *runs, size_t count, FILE *stream)
{
    struct top top[TOP_ERRORS] = {{0}};
    size_t load_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct run_result *result = &runs[i].result;
        load_count += result->load_count;
        for (size_t j = 0; j < result->load_count; j++) {
            struct tally *tally = &result->loads[j].tally;
            tally_sort_codes(tally);
            for (size_t k = 0; k < tally->code_count; k++) {
                if (is_error(&tally->codes[k])) {
                    rank(top,
                         (struct top){&tally->codes[k], &result->loads[j]});
                }
            }
        }
    }
    if (top[0].code != NULL) {
        fprintf(stream, "\nMost frequent errors:\n");
    }
    for (size_t i = 0; i < TOP_ERRORS && top[i].code != NULL; i++) {
        cause_print(stream, top[i].code, 1,
                    load_count > 1 ? top[i].load->name : NULL);
    }
}

/* One that a run which stopped early may not have. */
static void
print_other(const char *folder, const char *name, FILE *stream)
{
    char *path = mem_printf("%s/%s", folder, name);
    if (file_exists(path)) {
        fprintf(stream, "  %s\n", path);
    }
    free(path);
}

static void
print_file(const char *folder, const char *name, uint64_t rows, FILE *stream)
{
    char text[FIGURE_SIZE];
    if (rows > 0) {
        fprintf(stream, "  %s/%s (%s row%s)\n", folder, name,
                figure_count(text, rows), rows == 1 ? "" : "s");
    }
}

static void
print_files(const struct run_result *result, FILE *stream)
{
    for (size_t i = 0; i < result->load_count && has_results(result); i++) {
        const struct run_load_result *load = &result->loads[i];
        struct counts counts = counts_of(&load->tally);
        print_file(load->folder, "success.csv",
                   load->tally.by_fate[OUTCOME_SUCCEEDED], stream);
        print_file(load->folder, "error.csv", counts.failed + counts.rejected,
                   stream);
        print_file(load->folder, "skipped.csv", counts.skipped, stream);
        print_file(load->folder, "unprocessed.csv", counts.unprocessed, stream);
    }
    print_other(result->folder, "report.html", stream);
    print_other(result->folder, "run.log", stream);
}

static void
print_option(const char *option, const char *value, FILE *stream)
{
    if (value != NULL) {
        fprintf(stream, " --%s ", option);
        shell_word_print(value, stream);
    }
}

static void
print_command(const char *command, const char *operand,
              const struct options *options, FILE *stream)
{
    fprintf(stream, "sfetl %s ", command);
    shell_word_print(operand, stream);
    print_option("config", options->run.config_path, stream);
    fputc('\n', stream);
}

enum next_step {
    NEXT_NONE,
    NEXT_RETRY,   /* rows failed */
    NEXT_RESUME,  /* it stopped on its way */
    NEXT_STATUS,  /* nothing more can be done by itself */
    NEXT_CHECK,   /* the mapping is wrong */
    NEXT_SIGN_IN, /* the org refuses us */
};

static enum next_step
next_step(const struct closing_run *run)
{
    const struct run_result *result = &run->result;
    struct counts counts = run_counts(result);
    switch (result->error.kind) {
    case ERROR_NONE:
        return counts.failed + counts.rejected > 0 ? NEXT_RETRY
               : counts.unprocessed > 0            ? NEXT_STATUS
                                                   : NEXT_NONE;
    case ERROR_AUTH:
        return NEXT_SIGN_IN;
    case ERROR_NETWORK:
    case ERROR_REMOTE:
    case ERROR_LIMIT:
    case ERROR_SYSTEM:
    case ERROR_CANCELLED:
        return result->folder != NULL ? NEXT_RESUME : NEXT_NONE;
    case ERROR_CONFIG:
        return run->has_problems ? NEXT_CHECK : NEXT_NONE;
    default:
        return result->folder != NULL ? NEXT_STATUS : NEXT_NONE;
    }
}

static void
print_next(const struct closing_run *run, const struct options *options,
           FILE *stream)
{
    const char *folder = run->result.folder;
    fputs("  ", stream);
    switch (next_step(run)) {
    case NEXT_RETRY:
        fputs("mend the mapping, the org or the rows of error.csv, then: ",
              stream);
        print_command("retry", folder, options, stream);
        break;
    case NEXT_RESUME:
        print_command("resume", folder, options, stream);
        break;
    case NEXT_STATUS:
        print_command("status", folder, options, stream);
        break;
    case NEXT_CHECK:
        fputs("mend the mapping, then: ", stream);
        print_command("check", run->mapping_path, options, stream);
        break;
    default:
        fputs("sfetl org test", stream);
        print_option("org", options->run.org, stream);
        print_option("config", options->run.config_path, stream);
        fputc('\n', stream);
    }
}

void
closing_print(struct closing_run *runs, size_t count,
              const struct options *options, FILE *stream)
{
    bool has_files = false, advises = false;
    for (size_t i = 0; i < count; i++) {
        print_outcome(&runs[i], stream);
        has_files = has_files || runs[i].result.folder != NULL;
        advises = advises || next_step(&runs[i]) != NEXT_NONE;
    }
    print_table(runs, count, stream);
    print_errors(runs, count, stream);
    fputs(has_files ? "\nFiles:\n" : "", stream);
    for (size_t i = 0; i < count; i++) {
        if (runs[i].result.folder != NULL) {
            print_files(&runs[i].result, stream);
        }
    }
    fputs(advises ? "\nNext:\n" : "", stream);
    for (size_t i = 0; i < count; i++) {
        if (next_step(&runs[i]) != NEXT_NONE) {
            print_next(&runs[i], options, stream);
        }
    }
}
