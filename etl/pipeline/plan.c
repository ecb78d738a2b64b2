/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/plan.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/spill_sort.h"
#include "model/csv_writer.h"
#include "model/row_key.h"
#include "pipeline/cancel.h"
#include "pipeline/forecast/forecast.h"
#include "pipeline/lookup/key_lookup.h"
#include "pipeline/parents/run_order.h"
#include "pipeline/staging/stream_batches.h"
#include "pipeline/tables/table_feed.h"
#include "salesforce/api_limits.h"
#include "salesforce/limits.h"
#include "salesforce/query/key_query.h"
#include "salesforce/state_folder.h"
#include "sink/choose.h"
#include "stage/chunk_rule.h"
#include "stage/order/arrange.h"
#include "stage/order/groups.h"
#include "stage/order/levels.h"
#include "stage/order/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* quality.md's budget, and what it is made of (architecture.md). */
#define MEMORY_BASE                                                            \
    ((uint64_t)34 << 20)        /* libraries, batches, sort buffers            \
                                 */
#define MEMORY_PER_ROW 48       /* index and outcome, of one chunk */
#define DISK_PER_BYTE_TENTHS 25 /* at most 2.5 times the input */
#define SORT_MEMORY ((size_t)4 << 20)
#define ORDER_PER_ROW                                                          \
    96 /* bytes on disk: places, keys while they are sorted                    \
        */
/* One create, upload, close, last poll and two results a job. */
#define CALLS_PER_CHUNK 6

struct counting {
    const struct load *load;
    struct plan_load *out;
    struct chunk_rule rule;
    struct spill_sort *keys; /* NULL: duplicates don't matter */
    uint64_t calls;          /* of an API that answers at once */
    struct levels *levels;   /* NULL: no parents among the rows */
    struct groups *groups;   /* NULL: none */
    uint64_t block;          /* of rows that the org may work on at a time */
    struct row_key *link_keys;
};

struct planner {
    const struct run_options *options;
    struct setup setup;
    struct mapper *mapper;
    struct counting *loads;
    size_t load_count;
    char *sort_folder;
    uint64_t largest_chunk_rows;
    struct stream_batches source;
    struct batch mapped;
    struct buffer line;
};

/* REST collections and SOAP calls hold as many records. */
static void
count_calls(struct counting *counting)
{
    counting->calls +=
        (counting->rule.rows + REST_COLLECTION_ROWS - 1) / REST_COLLECTION_ROWS;
}

static bool
wants_keys(const struct load *load)
{
    return load->key_column != LOAD_NO_KEY;
}

static bool
count_links(struct counting *counting, const struct record *record,
            struct error *err)
{
    const struct load *load = counting->load;
    const struct row_key *keys = counting->link_keys;
    links_keys(load, record->fields, record->lock_group, counting->link_keys);
    bool done =
        counting->groups == NULL || groups_add(counting->groups, record->row,
                                               *keys++, counting->block, err);
    for (size_t i = 0; done && i < load->link_count; i++) {
        done = levels_add(counting->levels, i, record->row, keys[2 * i],
                          keys[2 * i + 1], err);
    }
    return done;
}

/* Into the open chunk, or into one more. */
static void
count_size(struct counting *counting, uint64_t size)
{
    struct chunk_rule *rule = &counting->rule;
    uint64_t rounded = rule->limits.rows_rounded;
    if (chunk_rule_ends_before(rule, size)) {
        counting->out->chunks++;
        counting->block++;
        count_calls(counting);
        chunk_rule_begin(rule);
    } else if (rounded > 1 && rule->rows > 0 && rule->rows % rounded == 0) {
        counting->block++;
    }
    chunk_rule_add(rule, size);
}

static bool
count_record(struct planner *planner, struct counting *counting,
             const struct record *record, struct error *err)
{
    struct plan_load *out = counting->out;
    out->rows++;
    if (record->fate != RECORD_GOOD) {
        out->rejected += record->fate == RECORD_REJECTED;
        out->skipped += record->fate == RECORD_SKIPPED;
        return true;
    }
    buffer_reset(&planner->line);
    csv_writer_cells(&planner->line, record->fields, record->field_count);
    uint64_t size = planner->line.len + 1;
    count_size(counting, size);
    if (counting->rule.rows > planner->largest_chunk_rows) {
        planner->largest_chunk_rows = counting->rule.rows;
    }
    out->sent++;
    out->bytes += size;
    if (load_has_order(counting->load) && !count_links(counting, record, err)) {
        return false;
    }
    if (counting->keys == NULL) {
        return true;
    }
    struct row_key key =
        row_key_of(counting->load, record->fields, ROW_KEY_EXACT);
    const struct spill_entry entry = {.key = {key.high, key.low},
                                      .row = record->row};
    return spill_sort_add(counting->keys, &entry, err);
}

static bool
count_batch(struct planner *planner, struct error *err)
{
    for (size_t load = 0; load < planner->load_count; load++) {
        size_t stream = planner->loads[load].load->stream;
        mapper_apply(planner->mapper, load, &planner->source.items[stream],
                     &planner->mapped);
        for (size_t i = 0; i < planner->mapped.count; i++) {
            if (!count_record(planner, &planner->loads[load],
                              &planner->mapped.records[i], err)) {
                return false;
            }
        }
    }
    return true;
}

static bool
count_rows(struct planner *planner, struct plan *plan, struct error *err)
{
    struct source *source = planner->setup.source;
    enum source_status status = SOURCE_ROWS;
    stream_batches_open(&planner->source, source, planner->options->skip,
                        planner->options->limit);
    while (status == SOURCE_ROWS) {
        status = stream_batches_next(&planner->source, source, err);
        if (!cancel_check(err) ||
            (status == SOURCE_ROWS && !count_batch(planner, err))) {
            return false;
        }
    }
    plan->read = planner->source.records;
    plan->passed_over = planner->source.passed_over;
    return status == SOURCE_END;
}

/* One more of a key, the n-th: all but one are not sent, or the n-th wave needs
 * a chunk of its own. */
static void
count_duplicate(struct counting *counting, uint64_t nth, uint64_t *waves)
{
    struct plan_load *out = counting->out;
    switch (counting->load->duplicates) {
    case DUPLICATES_REJECT:
        out->rejected++;
        out->sent--;
        return;
    case DUPLICATES_FIRST:
    case DUPLICATES_LAST:
        out->skipped++;
        out->sent--;
        return;
    case DUPLICATES_ALLOW:
        *waves = nth > *waves ? nth : *waves;
        return;
    }
}

/* Equal keys stand together once sorted. */
static bool
count_duplicates(struct counting *counting, struct error *err)
{
    if (counting->keys == NULL) {
        return true;
    }
    struct spill_entry entry, last = {0};
    bool has_last = false;
    uint64_t nth = 0, waves = 0;
    enum spill_status status = SPILL_END;
    if (spill_sort_finish(counting->keys, err)) {
        while ((status = spill_sort_next(counting->keys, &entry, err)) ==
               SPILL_ENTRY) {
            bool same = has_last && entry.key[0] == last.key[0] &&
                        entry.key[1] == last.key[1];
            nth = same ? nth + 1 : 0;
            if (same) {
                count_duplicate(counting, nth, &waves);
            }
            last = entry;
            has_last = true;
        }
    }
    counting->out->chunks += waves;
    return status == SPILL_END && err->kind == ERROR_NONE;
}

/* In which waves the rows go, and by what they keep together. */
static bool
count_waves(struct counting *counting, struct error *err)
{
    struct plan_load *out = counting->out;
    const struct load *load = counting->load;
    struct levels_found found = {.level_count = 1};
    uint64_t torn = 0;
    if ((counting->levels != NULL &&
         !levels_settle(counting->levels, arrange_levels_limit(load), &found,
                        err)) ||
        (counting->groups != NULL &&
         !groups_settle(counting->groups, &torn, err))) {
        return false;
    }
    if (torn > 0) {
        out->grouped_by = mem_strdup(run_order_group(load));
    }
    if (arrange_sends_twice(load)) {
        out->second_rows = found.rest_count;
    } else {
        out->rejected += found.rest_count;
        out->sent -= found.rest_count;
    }
    if (torn > 0 || found.level_count > 1 || found.rest_count > 0) {
        out->waves = found.level_count + (out->second_rows > 0);
        out->chunks += out->waves - 1;
        counting->calls += out->waves - 1;
    }
    return true;
}

static bool
open_counting(struct planner *planner, struct plan *plan, size_t index,
              struct error *err)
{
    struct counting *counting = &planner->loads[index];
    counting->load = mapping_load(planner->setup.mapping, index);
    counting->out = &plan->loads[index];
    const char *api =
        planner->options->api ? planner->options->api : counting->load->api;
    bool is_asked = api != NULL && strcmp(api, "auto") != 0;
    struct chunk_limits limits;
    if (!sink_limits_of(is_asked ? api : choose_default(counting->load),
                        &limits, err)) {
        return false;
    }
    limits = run_load_limits(planner->options, counting->load, limits);
    chunk_rule_open(&counting->rule, &limits, counting->load);
    if (wants_keys(counting->load)) {
        counting->keys = spill_sort_new(planner->sort_folder, SORT_MEMORY);
    }
    if (counting->load->link_count > 0) {
        counting->levels = levels_new(planner->sort_folder, SORT_MEMORY);
    }
    if (counting->load->group != LOAD_GROUP_NONE) {
        counting->groups = groups_new(planner->sort_folder, SORT_MEMORY);
    }
    counting->link_keys =
        mem_array(links_key_count(counting->load), sizeof *counting->link_keys);
    *counting->out = (struct plan_load){
        .name = mem_strdup(counting->load->name),
        .object = mem_strdup(counting->load->object),
        .operation = mem_strdup(load_operation_name(counting->load->operation)),
        .why = mem_strdup("named by --api or the mapping"),
    };
    if (is_asked) {
        counting->out->api = mem_strdup(api);
    }
    return true;
}

static bool
open_planner(struct planner *planner, struct plan *plan, struct error *err)
{
    if (!setup_open(&planner->setup, planner->options, SETUP_ORG | SETUP_SOURCE,
                    err)) {
        return false;
    }
    planner->mapper = mapper_new(planner->setup.mapping);
    planner->load_count = mapping_load_count(planner->setup.mapping);
    planner->loads = mem_array(planner->load_count, sizeof *planner->loads);
    plan->loads = mem_array(planner->load_count, sizeof *plan->loads);
    char name[32];
    snprintf(name, sizeof name, "plan-%ld", (long)getpid());
    planner->sort_folder = state_folder_path(name, err);
    if (planner->sort_folder == NULL) {
        return false;
    }
    if (!file_make_folders(planner->sort_folder, err)) {
        return false;
    }
    plan->load_count = planner->load_count;
    for (size_t i = 0; i < planner->load_count; i++) {
        if (!open_counting(planner, plan, i, err)) {
            return false;
        }
    }
    return true;
}

static void
close_planner(struct planner *planner)
{
    for (size_t i = 0; i < planner->load_count; i++) {
        spill_sort_free(planner->loads[i].keys);
        levels_free(planner->loads[i].levels);
        groups_free(planner->loads[i].groups);
        free(planner->loads[i].link_keys);
    }
    if (planner->sort_folder != NULL) {
        struct error ignored = {0};
        file_remove_tree(planner->sort_folder, &ignored);
    }
    free(planner->sort_folder);
    free(planner->loads);
    buffer_release(&planner->line);
    stream_batches_close(&planner->source);
    batch_release(&planner->mapped);
    mapper_free(planner->mapper);
    setup_close(&planner->setup);
}

static bool
ask_limits(struct planner *planner, struct plan *plan, struct error *err)
{
    if (planner->setup.session.token == NULL) {
        return true;
    }
    struct limits limits;
    if (!limits_get(&planner->setup.session, &limits, err)) {
        return false;
    }
    forecast_limits(plan, planner->options, planner->setup.org, &limits);
    return true;
}

/* What `auto` comes to; and the calls and batches that this API takes. */
static void
choose(const struct planner *planner, struct counting *counting)
{
    struct plan_load *out = counting->out;
    struct choice choice;
    if (out->api == NULL) {
        choose_by_size(counting->load, planner->setup.org, out->sent,
                       out->bytes, &choice);
        free(out->why);
        out->api = mem_strdup(choice.api);
        out->why = mem_strdup(choice.why);
    }
    if (strcmp(out->api, "bulk2") != 0) {
        out->calls = counting->calls;
        return;
    }
    out->calls = out->chunks * CALLS_PER_CHUNK;
    uint64_t full = (out->sent + BULK2_BATCH_ROWS - 1) / BULK2_BATCH_ROWS;
    out->batches = full > out->chunks ? full : out->chunks;
}

static bool
finish(struct planner *planner, struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < planner->load_count; i++) {
        struct plan_load *out = &plan->loads[i];
        if (!count_duplicates(&planner->loads[i], err) ||
            !count_waves(&planner->loads[i], err)) {
            return false;
        }
        out->chunks += planner->loads[i].rule.rows > 0;
        count_calls(&planner->loads[i]);
        choose(planner, &planner->loads[i]);
        if (key_lookup_wanted(planner->loads[i].load)) {
            uint64_t jobs;
            plan->lookup_calls += key_query_calls(out->sent, &jobs);
            plan->lookup_jobs += jobs;
        }
    }
    const char *runs_dir = planner->options->run_dir;
    plan->source_bytes = source_position(planner->setup.source).bytes;
    plan->table_bytes = table_feed_memory(planner->setup.mapping);
    /* The tables' rows are kept for a resume. */
    plan->disk_bytes =
        plan->source_bytes / 10 * DISK_PER_BYTE_TENTHS + plan->table_bytes;
    for (size_t i = 0; i < plan->load_count; i++) {
        const struct plan_load *out = &plan->loads[i];
        /* Rows that are put in order stand thrice for a while. */
        plan->disk_bytes +=
            out->waves > 0 ? 2 * out->bytes + out->rows * ORDER_PER_ROW : 0;
    }
    plan->disk_free =
        file_free_bytes(runs_dir && file_exists(runs_dir) ? runs_dir : ".");
    plan->memory_bytes = MEMORY_BASE + plan->table_bytes +
                         planner->largest_chunk_rows * MEMORY_PER_ROW;
    plan->calls_allowed = plan->batches_allowed = UINT64_MAX;
    plan->api_calls_left = plan->bulk_batches_left = -1;
    plan->query_jobs_left = -1;
    forecast_time(plan, planner->setup.orgs.runs_dir,
                  mapping_name(planner->setup.mapping),
                  planner->setup.org ? planner->setup.org->name : NULL);
    return ask_limits(planner, plan, err);
}

bool
plan_make(const struct run_options *options, struct problems *problems,
          struct plan *plan, struct error *err)
{
    struct planner planner = {.options = options};
    *plan = (struct plan){0};
    bool done = open_planner(&planner, plan, err) &&
                count_rows(&planner, plan, err) && finish(&planner, plan, err);
    *problems = planner.setup.problems;
    planner.setup.problems = (struct problems){0};
    close_planner(&planner);
    return done;
}

void
plan_release(struct plan *plan)
{
    for (size_t i = 0; i < plan->load_count; i++) {
        free(plan->loads[i].name);
        free(plan->loads[i].object);
        free(plan->loads[i].operation);
        free(plan->loads[i].api);
        free(plan->loads[i].why);
        free(plan->loads[i].grouped_by);
    }
    free(plan->loads);
    free(plan->rate_of);
    *plan = (struct plan){0};
}
