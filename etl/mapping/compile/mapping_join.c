/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_join.h"

#include "base/suggest.h"

#define LOADS_SHOWN 32 /* compared for a suggestion */

/* The object is the name of a load that has none. */
static void
name_load(struct mapping_reader *reader, struct load_plan *plan)
{
    if (plan->load.name != NULL || plan->load.object == NULL) {
        return;
    }
    plan->name_place = plan->object_place;
    if (mapping_reader_is_name(slice_of(plan->load.object))) {
        plan->load.name = plan->load.object;
        return;
    }
    problem_add(reader->problems, plan->object_place.line,
                plan->object_place.column, "wrong-value",
                "API names have letters, digits and '_'",
                "'object' can't be '%.80s'", plan->load.object);
}

static void
refuse_same_names(struct mapping_reader *reader, size_t index)
{
    const struct load_plan *plans = reader->mapping->loads;
    const struct load_plan *plan = &plans[index];
    for (size_t i = 0; plan->load.name != NULL && i < index; i++) {
        /* Folders that differ in case only are one on some machines. */
        if (plans[i].load.name != NULL &&
            slice_is_nocase(slice_of(plan->load.name), plans[i].load.name)) {
            problem_add(reader->problems, plan->name_place.line,
                        plan->name_place.column, "repeated-name",
                        "give one of them another 'name'",
                        "the load of line %d is called '%s' too",
                        plans[i].place.line, plan->load.name);
            return;
        }
    }
}

static size_t
find_load(const struct mapping *mapping, struct slice name)
{
    for (size_t i = 0; i < mapping->load_count; i++) {
        const char *other = mapping->loads[i].load.name;
        if (other != NULL && slice_is(name, other)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* "; did you mean 'Account'?" */
static const char *
near_load(const struct mapping *mapping, struct slice name,
          char near[SUGGEST_SIZE])
{
    const char *names[LOADS_SHOWN];
    size_t count =
        mapping->load_count < LOADS_SHOWN ? mapping->load_count : LOADS_SHOWN;
    for (size_t i = 0; i < count; i++) {
        names[i] = mapping->loads[i].load.name;
    }
    return suggest_phrase(near, name, names, count);
}

static void
find_after(struct mapping_reader *reader, size_t index)
{
    struct load_plan *plan = &reader->mapping->loads[index];
    if (plan->after.ptr == NULL) {
        return;
    }
    plan->load.after = find_load(reader->mapping, plan->after);
    char near[SUGGEST_SIZE];
    if (plan->load.after == SIZE_MAX) {
        const char *guess = near_load(reader->mapping, plan->after, near);
        problem_add(reader->problems, plan->after_place.line,
                    plan->after_place.column, "unknown-load",
                    guess[0] != '\0' ? guess + 2
                                     : "it names a load of this mapping",
                    "there is no load '%.80s'", plan->after.ptr);
    }
}

/* Loads that wait for one another: told at one of them. */
static void
refuse_cycle(struct mapping_reader *reader, size_t index)
{
    const struct load_plan *plans = reader->mapping->loads;
    size_t steps = 0, lowest = index, at = plans[index].load.after;
    while (at != SIZE_MAX && at != index &&
           steps++ < reader->mapping->load_count) {
        lowest = at < lowest ? at : lowest;
        at = plans[at].load.after;
    }
    if (at == index && lowest == index) {
        problem_add(reader->problems, plans[index].after_place.line,
                    plans[index].after_place.column, "after-cycle",
                    "parents come first; take one 'after' out",
                    "the load '%s' would wait for itself",
                    plans[index].load.name);
    }
}

void
mapping_join_loads(struct mapping_reader *reader)
{
    size_t count = reader->mapping->load_count;
    for (size_t i = 0; i < count; i++) {
        name_load(reader, &reader->mapping->loads[i]);
        refuse_same_names(reader, i);
    }
    for (size_t i = 0; i < count; i++) {
        find_after(reader, i);
    }
    for (size_t i = 0; i < count; i++) {
        refuse_cycle(reader, i);
    }
}

static bool
is_named(const struct load_plan *plan, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (plan->load.name != NULL && strcmp(plan->load.name, names[i]) == 0) {
            return true;
        }
    }
    return count == 0;
}

bool
mapping_join_select(struct mapping *mapping, const char *const *names,
                    size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        char near[SUGGEST_SIZE];
        if (find_load(mapping, slice_of(names[i])) == SIZE_MAX) {
            return error_set(err, ERROR_USAGE, 0,
                             "the mapping has no load '%s'%s [unknown-load]",
                             names[i],
                             near_load(mapping, slice_of(names[i]), near));
        }
    }
    size_t *kept = arena_array(&mapping->arena, mapping->load_count,
                               sizeof *kept); /* where each went, plus 1 */
    size_t kept_count = 0;
    for (size_t i = 0; i < mapping->load_count; i++) {
        if (is_named(&mapping->loads[i], names, count)) {
            mapping->loads[kept_count] = mapping->loads[i];
            kept[i] = ++kept_count;
        }
    }
    mapping->load_count = kept_count;
    for (size_t i = 0; i < kept_count; i++) {
        struct load *load = &mapping->loads[i].load;
        if (load->after != SIZE_MAX) {
            load->after =
                kept[load->after] > 0 ? kept[load->after] - 1 : SIZE_MAX;
            load->require_parent &= load->after != SIZE_MAX;
        }
    }
    return true;
}
