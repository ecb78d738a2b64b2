/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/mem.h"
#include "cli/cause.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/screen/figure.h"
#include "cli/screen/parent_list.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/parents/parent_check.h"
#include "pipeline/setup.h"
#include "pipeline/staging/stream_batches.h"
#include "report/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_DIFFERS 1

struct check_load {
    const struct load *load;
    struct tally tally;
    uint64_t good;
    struct value_notes *notes; /* of its columns */
};

struct check {
    const struct options *options;
    const char *mapping_path;
    struct setup setup;
    struct progress progress;
    struct progress_sink sink;
    struct check_load *loads;
    size_t load_count;
    uint64_t read;
    struct parent_check *parents; /* NULL: none are looked for */
    struct error error;
};

static void
count_record(struct check_load *load, const struct record *record)
{
    load->tally.read++;
    if (record->fate == RECORD_GOOD) {
        load->good++;
        return;
    }
    const struct outcome outcome = {
        .row = record->row,
        .fate = record->fate == RECORD_REJECTED ? OUTCOME_REJECTED
                                                : OUTCOME_SKIPPED,
        .code = slice_of(record->code),
        .message = record->reason,
    };
    load->tally.by_fate[outcome.fate]++;
    tally_add_code(&load->tally, &outcome, record->line);
}

static void
tell_progress(struct check *check, bool ended)
{
    uint64_t rejected = 0;
    for (size_t i = 0; i < check->load_count; i++) {
        rejected += check->loads[i].tally.by_fate[OUTCOME_REJECTED];
    }
    const struct progress_event event = {
        .phase = PROGRESS_READ,
        .rows = check->read,
        .errors = rejected,
        .done = source_position(check->setup.source).bytes,
        .total = source_size(check->setup.source),
        .ended = ended,
    };
    check->sink.event(check->sink.cookie, &event);
}

static bool
map_batch(struct check *check, struct mapper *mapper,
          const struct stream_batches *rows, struct batch *mapped)
{
    check->read = rows->records;
    for (size_t i = 0; i < check->load_count; i++) {
        mapper_apply(mapper, i, &rows->items[check->loads[i].load->stream],
                     mapped);
        for (size_t j = 0; j < mapped->count; j++) {
            count_record(&check->loads[i], &mapped->records[j]);
        }
        if (!parent_check_add(check->parents, i, mapped, &check->error)) {
            return false;
        }
    }
    tell_progress(check, false);
    return true;
}

static void
keep_notes(struct check *check, const struct mapper *mapper)
{
    for (size_t i = 0; i < check->load_count; i++) {
        struct check_load *load = &check->loads[i];
        for (size_t j = 0; j < load->load->column_count; j++) {
            load->notes[j] = *mapper_notes(mapper, i, j);
        }
    }
}

static bool
map_rows(struct check *check)
{
    struct mapper *mapper = mapper_new(check->setup.mapping);
    struct stream_batches rows;
    struct batch mapped = {0};
    enum source_status status = SOURCE_ROWS;
    stream_batches_open(&rows, check->setup.source, check->options->run.skip,
                        check->options->rows);
    while (status == SOURCE_ROWS && !stream_batches_full(&rows)) {
        status = stream_batches_next(&rows, check->setup.source, &check->error);
        if (!cancel_check(&check->error)) {
            status = SOURCE_FAILED;
        }
        if (status == SOURCE_ROWS &&
            !map_batch(check, mapper, &rows, &mapped)) {
            status = SOURCE_FAILED;
        }
    }
    tell_progress(check, true);
    keep_notes(check, mapper);
    batch_release(&mapped);
    stream_batches_close(&rows);
    mapper_free(mapper);
    return status != SOURCE_FAILED;
}

static void
open_loads(struct check *check)
{
    check->load_count = mapping_load_count(check->setup.mapping);
    check->loads = mem_array(check->load_count, sizeof *check->loads);
    for (size_t i = 0; i < check->load_count; i++) {
        struct check_load *load = &check->loads[i];
        load->load = mapping_load(check->setup.mapping, i);
        load->notes =
            mem_array(load->load->column_count + 1, sizeof *load->notes);
    }
}

static int
exit_code(const struct check *check)
{
    if (check->error.kind != ERROR_NONE) {
        return error_exit_code(&check->error);
    }
    for (size_t i = 0; i < check->load_count; i++) {
        if (check->loads[i].tally.by_fate[OUTCOME_REJECTED] > 0) {
            return EXIT_DIFFERS;
        }
    }
    for (size_t i = 0; i < parent_check_count(check->parents); i++) {
        if (parent_check_report(check->parents, i)->missing_keys > 0) {
            return EXIT_DIFFERS;
        }
    }
    return 0;
}

/* What is sent as it is, but not kept so, or not meant so. */
static void
print_notes(const struct check_load *load)
{
    char count[FIGURE_SIZE];
    for (size_t i = 0; i < load->load->column_count; i++) {
        const struct load_column *column = &load->load->columns[i];
        const struct value_note *rounded = &load->notes[i].rounded;
        const struct value_note *change = &load->notes[i].at_change;
        if (rounded->count > 0) {
            printf("    note: %s: %s value%s will be rounded by the org, which "
                   "keeps %d decimals; the first in line %llu\n",
                   column->name, figure_count(count, rounded->count),
                   rounded->count == 1 ? "" : "s", column->scale,
                   (unsigned long long)rounded->first_line);
        }
        if (change->count > 0) {
            printf("    note: %s: %s local time%s left out or repeated by a "
                   "change of the clocks took the offset before it; the first "
                   "in line %llu\n",
                   column->name, figure_count(count, change->count),
                   change->count == 1 ? "" : "s",
                   (unsigned long long)change->first_line);
        }
    }
}

static void
print_load(struct check_load *load)
{
    char read[FIGURE_SIZE], good[FIGURE_SIZE], bad[FIGURE_SIZE],
        left[FIGURE_SIZE];
    printf("%s: %s row%s mapped, %s would be sent, %s rejected, %s skipped\n",
           load->load->name, figure_count(read, load->tally.read),
           load->tally.read == 1 ? "" : "s", figure_count(good, load->good),
           figure_count(bad, load->tally.by_fate[OUTCOME_REJECTED]),
           figure_count(left, load->tally.by_fate[OUTCOME_SKIPPED]));
    for (size_t i = 0; i < load->tally.code_count; i++) {
        const struct tally_code *code = &load->tally.codes[i];
        cause_print(stdout, code, TALLY_EXAMPLE_LIMIT,
                    code->fate == OUTCOME_SKIPPED ? "skipped" : NULL);
    }
    print_notes(load);
}

static void
print_check(struct check *check)
{
    const struct setup *setup = &check->setup;
    if (setup->source != NULL) {
        printf("%s: %s\n", source_name(setup->source),
               source_description(setup->source));
    }
    if (check->error.kind != ERROR_NONE) {
        return;
    }
    for (size_t i = 0; i < check->load_count; i++) {
        print_load(&check->loads[i]);
    }
    parent_list_print(stdout, check->parents);
    if (exit_code(check) == 0) {
        printf("%s: nothing wrong was found\n", check->mapping_path);
    }
}

static json_t *
codes_json(const struct tally *tally)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tally->code_count; i++) {
        const struct tally_code *code = &tally->codes[i];
        json_t *examples = json_array();
        for (size_t j = 0; j < code->example_count; j++) {
            json_array_append_new(
                examples,
                json_pack("{s:I,s:I,s:o}", "row",
                          (json_int_t)code->examples[j].row, "line",
                          (json_int_t)code->examples[j].line, "message",
                          talk_json_text(slice_of(code->examples[j].message))));
        }
        json_array_append_new(
            list,
            json_pack("{s:s,s:s,s:I,s:o}", "code", code->code, "fate",
                      code->fate == OUTCOME_SKIPPED ? "skipped" : "rejected",
                      "count", (json_int_t)code->count, "examples", examples));
    }
    return list;
}

static void
add_note(json_t *list, const struct load_column *column, const char *name,
         const struct value_note *note)
{
    if (note->count > 0) {
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:I,s:I}", "field", column->name, "note",
                            name, "count", (json_int_t)note->count, "line",
                            (json_int_t)note->first_line));
    }
}

static json_t *
notes_json(const struct check_load *load)
{
    json_t *list = json_array();
    for (size_t i = 0; i < load->load->column_count; i++) {
        const struct load_column *column = &load->load->columns[i];
        add_note(list, column, "rounded", &load->notes[i].rounded);
        add_note(list, column, "clock-change", &load->notes[i].at_change);
    }
    return list;
}

static json_t *
check_json(const struct check *check)
{
    json_t *loads = json_array();
    for (size_t i = 0; i < check->load_count; i++) {
        const struct check_load *load = &check->loads[i];
        const uint64_t *fates = load->tally.by_fate;
        json_array_append_new(
            loads,
            json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:o,s:o}", "load",
                      load->load->name, "object", load->load->object, "rows",
                      (json_int_t)load->tally.read, "good",
                      (json_int_t)load->good, "rejected",
                      (json_int_t)fates[OUTCOME_REJECTED], "skipped",
                      (json_int_t)fates[OUTCOME_SKIPPED], "codes",
                      codes_json(&load->tally), "notes", notes_json(load)));
    }
    return json_pack(
        "{s:s,s:i,s:o,s:b,s:o,s:o,s:o,s:I}", "mapping", check->mapping_path,
        "exit_code", exit_code(check), "error", talk_json_error(&check->error),
        "types_checked", check->setup.types_checked, "problems",
        talk_json_problems(&check->setup.problems), "loads", loads, "parents",
        parent_list_json(check->parents), "parent_queries",
        (json_int_t)parent_check_queries(check->parents));
}

static void
close_check(struct check *check)
{
    for (size_t i = 0; i < check->load_count; i++) {
        tally_release(&check->loads[i].tally);
        free(check->loads[i].notes);
    }
    free(check->loads);
    parent_check_free(check->parents);
    setup_close(&check->setup);
}

/* Without an org nobody can say which parents there are. */
static bool
open_parents(struct check *check)
{
    const struct setup *setup = &check->setup;
    if (setup->session.token != NULL) {
        check->parents =
            parent_check_new(setup->mapping, &setup->schema, &check->error);
    }
    return check->error.kind == ERROR_NONE;
}

static bool
ask_parents(struct check *check)
{
    const struct parent_org org = {
        .session = &check->setup.session,
        .config_path = check->options->run.config_path,
        .name = check->options->run.org,
    };
    return parent_check_finish(check->parents, &org, &check->error);
}

static void
do_check(struct check *check)
{
    const struct options *options = check->options;
    struct run_options run_options = options->run;
    run_options.mapping_path = check->mapping_path;
    if (!setup_open(&check->setup, &run_options, SETUP_ORG | SETUP_SOURCE,
                    &check->error)) {
        return;
    }
    open_loads(check);
    progress_begin(&check->progress, stderr,
                   progress_mode_of(options->progress, stderr, options->quiet,
                                    strcmp(options->log_format, "json") == 0));
    check->sink = progress_sink(&check->progress);
    if (open_parents(check) && map_rows(check)) {
        (void)ask_parents(check);
    }
    progress_end(&check->progress);
    for (size_t i = 0; i < check->load_count; i++) {
        tally_sort_codes(&check->loads[i].tally);
    }
}

static int
check_one(const struct options *options, const char *mapping_path, json_t *list)
{
    struct check check = {.options = options, .mapping_path = mapping_path};
    do_check(&check);
    talk_problems(&check.setup.problems, options);
    talk_error(&check.error);
    int code = exit_code(&check);
    if (list != NULL) {
        json_array_append_new(list, check_json(&check));
    } else if (code != 0 || !options->quiet) {
        print_check(&check);
    }
    close_check(&check);
    return code;
}

int
cmd_check_main(const struct options *options)
{
    json_t *list = options_wants_json(options) ? json_array() : NULL;
    int code = 0;
    cancel_install();
    /* A wrong mapping is no reason not to check the next one. */
    for (size_t i = 0; i < options->operand_count && !cancel_signal(); i++) {
        int next = check_one(options, options->operands[i], list);
        code = code <= 1 && next > code ? next : code;
    }
    if (list != NULL) {
        talk_json_print(options->operand_count == 1
                            ? json_incref(json_array_get(list, 0))
                            : json_incref(list));
        json_decref(list);
    }
    return code;
}
