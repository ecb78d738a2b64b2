/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/delivery/budget.h"

#include "base/log.h"
#include "pipeline/run_folder.h"
#include "salesforce/api_limits.h"
#include "salesforce/api_usage.h"
#include "salesforce/limits.h"

/* Create, upload, close, a poll or two, two results. */
#define CALLS_OF_JOB 7
#define CALLS_TOLD 20 /* told to the day's account in such steps */

static uint64_t
share_of(int64_t most, unsigned percent)
{
    return most < 0 ? UINT64_MAX
                    : (uint64_t)most / 100 * percent +
                          (uint64_t)most % 100 * percent / 100;
}

static bool
ask_shares(struct budget *budget, struct error *err)
{
    const struct run_options *options = budget->run->options;
    const struct org *org = budget->run->setup.org;
    unsigned batch_percent = options->batch_budget_percent;
    struct limits limits;
    if (batch_percent == 0 && org->daily_calls_percent == 0) {
        return true;
    }
    if (!limits_get(&budget->run->setup.session, &limits, err)) {
        return false;
    }
    if (batch_percent > 0) {
        budget->batches_limit =
            share_of(limits.bulk_batches_max, batch_percent);
    }
    if (org->daily_calls_percent > 0) {
        budget->calls_limit =
            share_of(limits.api_calls_max, org->daily_calls_percent);
    }
    return true;
}

static uint64_t
calls_made(const struct budget *budget)
{
    return http_client_totals(budget->run->setup.http).requests;
}

static bool
has_daily_limit(const struct budget *budget)
{
    return budget->calls_limit != UINT64_MAX;
}

/* Another run's calls are in the sum, too. */
static bool
tell_calls(struct budget *budget, struct error *err)
{
    uint64_t made = calls_made(budget);
    if (!has_daily_limit(budget) ||
        !api_usage_add(budget->run->setup.org->name, made - budget->calls_told,
                       &budget->calls_of_day, err)) {
        return !has_daily_limit(budget);
    }
    budget->calls_told = made;
    return true;
}

bool
budget_open(struct budget *budget, struct run *run, struct error *err)
{
    const struct org *org = run->setup.org;
    *budget = (struct budget){
        .run = run,
        .calls_limit = org->daily_calls > 0 ? org->daily_calls : UINT64_MAX,
        .batches_limit = run->options->has_batch_budget
                             ? run->options->batch_budget
                             : UINT64_MAX,
    };
    return ask_shares(budget, err) && tell_calls(budget, err);
}

static uint64_t
divide_up(uint64_t count, uint64_t size)
{
    return (count + size - 1) / size;
}

static bool
is_bulk(const struct run *run, const struct chunk *chunk)
{
    return strncmp(sink_name(run->loads[chunk->load].sink), "bulk", 4) == 0;
}

uint64_t
budget_calls(const struct run *run, const struct chunk *chunk)
{
    return is_bulk(run, chunk) ? CALLS_OF_JOB
                               : divide_up(chunk->rows, REST_COLLECTION_ROWS);
}

/* As the org said with its last answer. */
static uint64_t
calls_left_of_org(const struct budget *budget)
{
    struct http_totals totals = http_client_totals(budget->run->setup.http);
    uint64_t used, most;
    if (!api_usage_read(totals.limit_info, &used, &most)) {
        return UINT64_MAX;
    }
    return most > used ? most - used : 0;
}

static uint64_t
calls_left_of_day(struct budget *budget)
{
    struct error err = {0};
    uint64_t made = calls_made(budget);
    if (!has_daily_limit(budget)) {
        return UINT64_MAX;
    }
    if (made - budget->calls_told >= CALLS_TOLD && !tell_calls(budget, &err)) {
        log_warning("daily_api_calls: %s", err.text);
    }
    uint64_t used = budget->calls_of_day + made - budget->calls_told;
    return budget->calls_limit > used ? budget->calls_limit - used : 0;
}

bool
budget_allows(struct budget *budget, const struct chunk *chunk,
              uint64_t calls_in_flight)
{
    bool bulk = is_bulk(budget->run, chunk);
    uint64_t calls = budget_calls(budget->run, chunk) + calls_in_flight;
    uint64_t batches = bulk ? divide_up(chunk->rows, BULK2_BATCH_ROWS) : 0;
    budget->held_by = NULL;
    if (batches > 0 && budget->batches_used + batches > budget->batches_limit) {
        budget->held_by = "the batches that --batch-budget allows are used up";
        budget->code = "batch-budget";
    } else if (calls > calls_left_of_day(budget)) {
        budget->held_by = "the calls that 'daily_api_calls' of orgs.yaml "
                          "allows in 24 hours are used up";
        budget->code = "call-budget";
    } else if (calls > calls_left_of_org(budget)) {
        budget->held_by = "the org's API calls of 24 hours are used up but for "
                          "a few";
        budget->code = "org-calls";
    }
    if (budget->held_by != NULL) {
        return false;
    }
    budget->batches_used += batches;
    return true;
}

bool
budget_fail(const struct budget *budget, uint64_t rows_left, struct error *err)
{
    return error_set(err, ERROR_LIMIT, 0,
                     "%s: %llu row%s not sent; later, 'sfetl resume %s' goes "
                     "on [%s]",
                     budget->held_by, (unsigned long long)rows_left,
                     rows_left == 1 ? " was" : "s were",
                     run_folder_name(budget->run->folder), budget->code);
}

void
budget_close(struct budget *budget)
{
    struct error err = {0};
    if (budget->run != NULL && !tell_calls(budget, &err)) {
        log_warning("daily_api_calls: %s", err.text);
    }
}
