/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/forecast/forecast.h"

#include "base/file.h"
#include "base/mem.h"
#include "pipeline/run_folder.h"
#include "salesforce/api_usage.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define SUMMARY_LIMIT ((size_t)64 << 20)
#define RUNS_LOOKED_AT 50  /* the newest ones of any mapping */
#define ROWS_OF_A_RATE 100 /* fewer say little */
/* Ours: orders of magnitude of orgs with some automation. */
#define JOB_ROWS_A_SECOND 1000
#define CALL_ROWS_A_SECOND 400
#define JOB_LATENCY_MS 5000

struct rate {
    char *run; /* owned; NULL: what is usual */
    double rows_a_ms;
};

static json_t *
load_summary(const char *runs_dir, const char *run)
{
    struct buffer text = {.limit = SUMMARY_LIMIT * 2};
    struct error ignored = {0};
    char *path =
        mem_printf("%s/%s/summary.json", runs_dir ? runs_dir : "runs", run);
    json_t *summary = NULL;
    if (file_exists(path) &&
        file_read_whole(path, SUMMARY_LIMIT, &text, &ignored)) {
        summary = json_loadb(text.bytes ? text.bytes : "", text.len, 0, NULL);
    }
    free(path);
    buffer_release(&text);
    return summary;
}

static bool
take_rate(const char *runs_dir, const char *run, const char *org_name,
          struct rate *rate)
{
    json_t *summary = load_summary(runs_dir, run);
    const char *org = json_string_value(
        json_object_get(json_object_get(summary, "org"), "name"));
    json_int_t ms = json_integer_value(
        json_object_get(json_object_get(summary, "phases"), "deliver_ms"));
    json_int_t rows = 0;
    size_t i;
    json_t *load;
    json_array_foreach(json_object_get(summary, "loads"), i, load)
    {
        rows += json_integer_value(json_object_get(load, "sent"));
    }
    bool fits = org != NULL && org_name != NULL && strcmp(org, org_name) == 0 &&
                rows >= ROWS_OF_A_RATE && ms > 0;
    if (fits) {
        rate->run = mem_strdup(run);
        rate->rows_a_ms = (double)rows / (double)ms;
    }
    json_decref(summary);
    return fits;
}

/* Runs are named TIME-MAPPING-HEX, so that the newest stand last. */
static void
find_rate(const char *runs_dir, const char *mapping_name, const char *org_name,
          struct rate *rate)
{
    char **names = NULL;
    size_t count = 0;
    struct error ignored = {0};
    char *middle = mem_printf("-%s-", mapping_name);
    bool found = !run_folder_list(runs_dir, &names, &count, &ignored);
    for (size_t i = 0; i < count; i++) {
        const char *name = names[count - 1 - i];
        if (!found && i < RUNS_LOOKED_AT && strstr(name, middle) != NULL) {
            found = take_rate(runs_dir, name, org_name, rate);
        }
    }
    for (size_t i = 0; i < count; i++) {
        free(names[i]);
    }
    free(names);
    free(middle);
}

void
forecast_time(struct plan *plan, const char *runs_dir, const char *mapping_name,
              const char *org_name)
{
    struct rate rate = {0};
    double ms = 0;
    find_rate(runs_dir, mapping_name, org_name, &rate);
    for (size_t i = 0; i < plan->load_count; i++) {
        const struct plan_load *load = &plan->loads[i];
        bool is_job = strncmp(load->api, "bulk", 4) == 0;
        double usual = is_job ? JOB_ROWS_A_SECOND : CALL_ROWS_A_SECOND;
        double rows_a_ms = rate.run != NULL ? rate.rows_a_ms : usual / 1000;
        ms += (double)load->sent / rows_a_ms;
        ms += rate.run == NULL && is_job && load->sent > 0 ? JOB_LATENCY_MS : 0;
    }
    plan->duration_ms = (int64_t)ms;
    plan->rate_of = rate.run;
}

static uint64_t
share_of(int64_t most, uint64_t percent)
{
    return most < 0 ? UINT64_MAX : (uint64_t)most * percent / 100;
}

void
forecast_limits(struct plan *plan, const struct run_options *options,
                const struct org *org, const struct limits *limits)
{
    struct error ignored = {0};
    uint64_t used = 0,
             calls = org->daily_calls > 0 ? org->daily_calls : UINT64_MAX;
    plan->limits_known = true;
    plan->api_calls_left = limits->api_calls_left;
    plan->bulk_batches_left = limits->bulk_batches_left;
    plan->query_jobs_left = limits->bulk_query_jobs_left;
    if (options->has_batch_budget) {
        plan->batches_allowed = options->batch_budget_percent > 0
                                    ? share_of(limits->bulk_batches_max,
                                               options->batch_budget_percent)
                                    : options->batch_budget;
    }
    if (org->daily_calls_percent > 0) {
        calls = share_of(limits->api_calls_max, org->daily_calls_percent);
    }
    if (calls != UINT64_MAX && api_usage_add(org->name, 0, &used, &ignored)) {
        plan->calls_allowed = calls > used ? calls - used : 0;
    }
}
