/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "cli/options.h"
#include "cli/screen/figure.h"
#include "cli/screen/grid.h"
#include "cli/screen/terminal.h"
#include "cli/talk.h"
#include "pipeline/cancel.h"
#include "pipeline/plan.h"

#include <stdio.h>

#define FALLBACK_WIDTH 80

/* "Account goes in 3 waves, parents first, together by Parent.Key__c" */
static void
print_order(const struct plan_load *load)
{
    char text[FIGURE_SIZE];
    if (load->waves == 0) {
        return;
    }
    printf("%s goes in %s wave%s%s", load->name,
           figure_count(text, load->waves), load->waves == 1 ? "" : "s",
           load->waves > 1 ? ", parents first" : "");
    if (load->grouped_by != NULL) {
        printf(", together by %s", load->grouped_by);
    }
    if (load->second_rows > 0) {
        printf("; %s row%s in two passes",
               figure_count(text, load->second_rows),
               load->second_rows == 1 ? "" : "s");
    }
    putchar('\n');
}

static void
print_loads(const struct plan *plan)
{
    static const struct grid_column columns[] = {
        {"load", false, 40},  {"operation", false, 0}, {"rows", true, 0},
        {"sent", true, 0},    {"rejected", true, 0},   {"skipped", true, 0},
        {"chunks", true, 0},  {"bytes", true, 0},      {"calls", true, 0},
        {"batches", true, 0},
    };
    struct grid grid;
    grid_open(&grid, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < plan->load_count; i++) {
        const struct plan_load *load = &plan->loads[i];
        const uint64_t before[] = {load->rows, load->sent, load->rejected,
                                   load->skipped, load->chunks};
        char text[FIGURE_SIZE];
        grid_put(&grid, slice_of(load->name));
        grid_put(&grid, slice_of(load->operation));
        for (size_t j = 0; j < sizeof before / sizeof before[0]; j++) {
            grid_put(&grid, slice_of(figure_count(text, before[j])));
        }
        grid_put(&grid, slice_of(figure_bytes(text, load->bytes)));
        grid_put(&grid, slice_of(figure_count(text, load->calls)));
        grid_put(&grid, slice_of(figure_count(text, load->batches)));
    }
    grid_print(&grid, stdout, terminal_width(stdout, FALLBACK_WIDTH));
    grid_close(&grid);
    for (size_t i = 0; i < plan->load_count; i++) {
        const struct plan_load *load = &plan->loads[i];
        printf("%s%s goes through %s: %s\n", i == 0 ? "\n" : "", load->name,
               load->api, load->why);
        print_order(load);
    }
}

static void
print_limit(const char *name, uint64_t needed, const char *more, int64_t left)
{
    char a[FIGURE_SIZE], b[FIGURE_SIZE];
    if (left < 0) {
        printf("%-9s%s%s; the org does not say what is left\n", name,
               figure_count(a, needed), more);
        return;
    }
    printf("%-9s%s%s; the org has %s left today%s\n", name,
           figure_count(a, needed), more, figure_count(b, (uint64_t)left),
           needed > (uint64_t)left ? ": NOT ENOUGH" : "");
}

/* A share that is smaller than what the org has left. */
static void
print_allowed(const char *name, uint64_t needed, uint64_t allowed)
{
    char a[FIGURE_SIZE];
    if (allowed != UINT64_MAX) {
        printf("%-9s%s leaves %s%s\n", "", name, figure_count(a, allowed),
               needed > allowed
                   ? ": NOT ENOUGH; the run will stop with 7, and 'sfetl "
                     "resume' goes on"
                   : "");
    }
}

static void
print_needs(const struct plan *plan)
{
    char a[FIGURE_SIZE], b[FIGURE_SIZE];
    uint64_t calls = 0, batches = 0;
    for (size_t i = 0; i < plan->load_count; i++) {
        calls += plan->loads[i].calls;
        batches += plan->loads[i].batches;
    }
    printf("\n%-9s%s", "source", figure_bytes(a, plan->source_bytes));
    if (plan->passed_over > 0) {
        printf(", %s rows passed over", figure_count(a, plan->passed_over));
    }
    printf("\n%-9s%s at most; %s are free%s\n", "disk",
           figure_bytes(a, plan->disk_bytes), figure_bytes(b, plan->disk_free),
           plan->disk_bytes > plan->disk_free ? ": NOT ENOUGH" : "");
    printf("%-9s%s", "memory", figure_bytes(a, plan->memory_bytes));
    if (plan->table_bytes > 0) {
        printf(", %s of them for tables", figure_bytes(a, plan->table_bytes));
    }
    putchar('\n');
    if (!plan->limits_known) {
        printf("%-9snot asked (--offline)\n", "limits");
        return;
    }
    print_limit("calls", calls + plan->lookup_calls, " and polling",
                plan->api_calls_left);
    print_allowed("daily_api_calls", calls + plan->lookup_calls,
                  plan->calls_allowed);
    print_limit("batches", batches, "", plan->bulk_batches_left);
    print_allowed("--batch-budget", batches, plan->batches_allowed);
    if (plan->lookup_jobs > 0) {
        print_limit("queries", plan->lookup_jobs, " to look up keys",
                    plan->query_jobs_left);
    }
}

static void
print_time(const struct plan *plan)
{
    char time[FIGURE_SIZE];
    const char *figure = figure_duration(time, plan->duration_ms);
    if (plan->rate_of != NULL) {
        printf("%-9sabout %s in the org, as fast as %s\n", "time", figure,
               plan->rate_of);
    } else {
        printf("%-9sabout %s in the org, by what is usual; no earlier run of "
               "this mapping tells\n",
               "time", figure);
    }
}

static json_t *
order_json(const struct plan_load *load)
{
    return load->waves == 0
               ? json_null()
               : json_pack("{s:I,s:I,s:s?}", "waves", (json_int_t)load->waves,
                           "two_passes", (json_int_t)load->second_rows,
                           "grouped_by", load->grouped_by);
}

static json_t *
loads_json(const struct plan *plan)
{
    json_t *list = json_array();
    for (size_t i = 0; i < plan->load_count; i++) {
        const struct plan_load *load = &plan->loads[i];
        json_array_append_new(
            list,
            json_pack(
                "{s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}",
                "load", load->name, "object", load->object, "operation",
                load->operation, "api", load->api, "why", load->why, "rows",
                (json_int_t)load->rows, "sent", (json_int_t)load->sent,
                "rejected", (json_int_t)load->rejected, "skipped",
                (json_int_t)load->skipped, "chunks", (json_int_t)load->chunks,
                "bytes", (json_int_t)load->bytes, "calls",
                (json_int_t)load->calls, "batches", (json_int_t)load->batches,
                "order", order_json(load)));
    }
    return list;
}

static json_t *
left_json(bool known, int64_t left)
{
    return known && left >= 0 ? json_integer(left) : json_null();
}

/* null: all that the org has left. */
static json_t *
allowed_json(uint64_t allowed)
{
    return allowed == UINT64_MAX ? json_null()
                                 : json_integer((json_int_t)allowed);
}

static json_t *
plan_json(const char *mapping_path, const struct plan *plan,
          const struct problems *problems, const struct error *err)
{
    return json_pack(
        "{s:s,s:i,s:o,s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:I,"
        "s:I,s:I,s:s?}",
        "mapping", mapping_path, "exit_code", error_exit_code(err), "error",
        talk_json_error(err), "problems", talk_json_problems(problems), "loads",
        loads_json(plan), "read", (json_int_t)plan->read, "passed_over",
        (json_int_t)plan->passed_over, "source_bytes",
        (json_int_t)plan->source_bytes, "disk_bytes",
        (json_int_t)plan->disk_bytes, "disk_free", (json_int_t)plan->disk_free,
        "memory_bytes", (json_int_t)plan->memory_bytes, "table_bytes",
        (json_int_t)plan->table_bytes, "api_calls_left",
        left_json(plan->limits_known, plan->api_calls_left),
        "bulk_batches_left",
        left_json(plan->limits_known, plan->bulk_batches_left),
        "api_calls_allowed", allowed_json(plan->calls_allowed),
        "bulk_batches_allowed", allowed_json(plan->batches_allowed),
        "lookup_calls", (json_int_t)plan->lookup_calls, "lookup_query_jobs",
        (json_int_t)plan->lookup_jobs, "duration_ms",
        (json_int_t)plan->duration_ms, "rate_of", plan->rate_of);
}

static int
plan_one(const struct options *options, const char *mapping_path, json_t *list)
{
    struct error err = {0};
    struct problems problems = {0};
    struct plan plan = {0};
    struct run_options run_options = options->run;
    run_options.mapping_path = mapping_path;
    bool done = plan_make(&run_options, &problems, &plan, &err);
    talk_problems(&problems, options);
    talk_error(&err);
    if (list != NULL) {
        json_array_append_new(list,
                              plan_json(mapping_path, &plan, &problems, &err));
    } else if (done) {
        char text[FIGURE_SIZE];
        printf("%s: %s rows read, nothing was sent\n\n", mapping_path,
               figure_count(text, plan.read));
        print_loads(&plan);
        print_needs(&plan);
        print_time(&plan);
    }
    plan_release(&plan);
    problem_release(&problems);
    return error_exit_code(&err);
}

int
cmd_plan_main(const struct options *options)
{
    json_t *list = options_wants_json(options) ? json_array() : NULL;
    int code = 0;
    cancel_install();
    for (size_t i = 0; i < options->operand_count && code == 0; i++) {
        code = plan_one(options, options->operands[i], list);
    }
    if (list != NULL) {
        talk_json_print(options->operand_count == 1
                            ? json_incref(json_array_get(list, 0))
                            : json_incref(list));
        json_decref(list);
    }
    return code;
}
