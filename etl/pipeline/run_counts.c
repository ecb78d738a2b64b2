/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_counts.h"

#include "base/mem.h"

#include <stdlib.h>

static const struct {
    const char *name;
    size_t offset; /* in a struct run_load */
} counts[] = {
    {"failed", offsetof(struct run_load, failed_rows)},
    {"rejected", offsetof(struct run_load, tally.by_fate[OUTCOME_REJECTED])},
    {"line_ends", offsetof(struct run_load, tally.line_ends_changed)},
    {"loose", offsetof(struct run_load, tally.loose)},
    {"stray", offsetof(struct run_load, tally.stray)},
};
#define COUNT_COUNT (sizeof counts / sizeof *counts)

bool
run_counts_keep(const struct run *run, const struct run_load *load,
                struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < COUNT_COUNT; i++) {
        uint64_t count;
        memcpy(&count, (const char *)load + counts[i].offset, sizeof count);
        char *name =
            mem_printf("count:%s:%s", counts[i].name, load->load->name);
        done = ledger_set_u64(run->ledger, name, count, err);
        free(name);
    }
    return done;
}

bool
run_counts_keep_all(const struct run *run, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < run->load_count; i++) {
        done = run_counts_keep(run, &run->loads[i], err);
    }
    return done;
}

static bool
recall(struct run *run, struct run_load *load, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < COUNT_COUNT; i++) {
        uint64_t count = 0;
        char *name =
            mem_printf("count:%s:%s", counts[i].name, load->load->name);
        done = ledger_get_u64(run->ledger, name, &count, err);
        memcpy((char *)load + counts[i].offset, &count, sizeof count);
        free(name);
    }
    return done;
}

bool
run_counts_recall(struct run *run, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < run->load_count; i++) {
        done = recall(run, &run->loads[i], err);
    }
    return done;
}
