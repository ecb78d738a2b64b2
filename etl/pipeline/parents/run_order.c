/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/run_order.h"

#include "base/mem.h"

#include <stdlib.h>

const char *
run_order_group(const struct load *load)
{
    switch (load->group) {
    case LOAD_GROUP_FORMULA:
        return "lock_group";
    case LOAD_GROUP_COLUMN:
        return load->columns[load->group_column].name;
    case LOAD_GROUP_NONE:
        break;
    }
    return "";
}

static void
tell_load(const struct run *run, const struct run_load *load)
{
    bool both = load->load->link_count > 0 && load->is_grouped;
    run_note(run, "%s: rows go in %llu wave%s, %s%s%s%s", load->load->name,
             (unsigned long long)load->waves, load->waves == 1 ? "" : "s",
             load->load->link_count > 0 ? "parents first" : "",
             both ? ", " : "", load->is_grouped ? "together by " : "",
             load->is_grouped ? run_order_group(load->load) : "");
    if (load->second_rows > 0) {
        run_note(run,
                 "%s: %llu row%s in two passes, first without the lookup: they "
                 "are one another's parents, or too deep below them",
                 load->load->name, (unsigned long long)load->second_rows,
                 load->second_rows == 1 ? " goes" : "s go");
    }
}

void
run_order_tell(const struct run *run)
{
    for (size_t i = 0; i < run->load_count; i++) {
        if (run->loads[i].waves > 0) {
            tell_load(run, &run->loads[i]);
        }
    }
}

enum { FACT_WAVES, FACT_SECOND_ROWS, FACT_GROUPED, FACT_COUNT };

static char *
fact_name(const struct run_load *load, size_t fact)
{
    static const char *const names[FACT_COUNT] = {"waves", "second_rows",
                                                  "grouped"};
    return mem_printf("%s:%s", names[fact], load->load->name);
}

bool
run_order_keep(const struct run *run, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < run->load_count; i++) {
        const struct run_load *load = &run->loads[i];
        const uint64_t facts[FACT_COUNT] = {load->waves, load->second_rows,
                                            load->is_grouped};
        for (size_t j = 0; done && load->waves > 0 && j < FACT_COUNT; j++) {
            char *name = fact_name(load, j);
            done = ledger_set_u64(run->ledger, name, facts[j], err);
            free(name);
        }
    }
    return done;
}

bool
run_order_recall(struct run *run, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < run->load_count; i++) {
        struct run_load *load = &run->loads[i];
        uint64_t facts[FACT_COUNT] = {0};
        for (size_t j = 0; done && j < FACT_COUNT; j++) {
            char *name = fact_name(load, j);
            done = ledger_get_u64(run->ledger, name, &facts[j], err);
            free(name);
        }
        load->waves = facts[FACT_WAVES];
        load->second_rows = facts[FACT_SECOND_ROWS];
        load->is_grouped = facts[FACT_GROUPED] != 0;
    }
    return done;
}
