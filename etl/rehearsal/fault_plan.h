/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_FAULT_PLAN_H
#define ETL_REHEARSAL_FAULT_PLAN_H

#include "base/arena.h"
#include "rehearsal/faults.h"

#include <regex.h>

/*
 * What a fault file says: the YAML of faults.h, checked. Replaced as a whole,
 * counted in by faults.c under its lock.
 */
struct fault_rule {
    const char *call, *method, *object; /* NULL: any */
    bool has_path;
    regex_t path;
    struct fault fault;
    uint64_t after, every, times; /* times 0: without end */
    double probability;
    uint64_t seen, fired;
};

struct fault_plan {
    struct arena arena;
    struct fault_rule *rules;
    size_t count;
    uint64_t random;
    struct fault_settings settings;
};

/* No rules, the settings' defaults. Owned by the caller. */
struct fault_plan *fault_plan_new(int64_t latency_ms);
/* NULL with ERROR_CONFIG, its file, line and column. */
struct fault_plan *fault_plan_read(struct slice yaml, const char *name,
                                   int64_t latency_ms, struct error *err);
void fault_plan_free(struct fault_plan *plan);

#endif
