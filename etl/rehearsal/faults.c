/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/faults.h"

#include "base/clock.h"
#include "base/mem.h"
#include "rehearsal/fault_plan.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdlib.h>

struct faults {
    pthread_mutex_t lock;
    struct fault_plan *plan;
    int64_t latency_ms;
    int64_t skew_ms; /* by FAULT_CLOCK */
    uint64_t fired;
};

/* splitmix64 (public domain, Vigna). */
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct faults *
faults_new(int64_t latency_ms)
{
    struct faults *faults = mem_zalloc(sizeof *faults);
    pthread_mutex_init(&faults->lock, NULL);
    faults->latency_ms = latency_ms;
    faults->plan = fault_plan_new(latency_ms);
    return faults;
}

void
faults_free(struct faults *faults)
{
    if (faults) {
        fault_plan_free(faults->plan);
        pthread_mutex_destroy(&faults->lock);
        free(faults);
    }
}

bool
faults_load(struct faults *faults, struct slice yaml, const char *name,
            struct error *err)
{
    struct fault_plan *plan =
        fault_plan_read(yaml, name, faults->latency_ms, err);
    if (!plan) {
        return false;
    }
    pthread_mutex_lock(&faults->lock);
    struct fault_plan *old = faults->plan;
    faults->plan = plan;
    faults->skew_ms = 0;
    pthread_mutex_unlock(&faults->lock);
    fault_plan_free(old);
    return true;
}

static bool
rule_fits(const struct fault_rule *rule, const struct fault_call *call)
{
    if (rule->call && fnmatch(rule->call, call->call, 0) != 0) {
        return false;
    }
    if (rule->method &&
        (!call->method || strcmp(rule->method, call->method) != 0)) {
        return false;
    }
    if (rule->object &&
        (!call->object ||
         !slice_is_nocase(slice_of(rule->object), call->object))) {
        return false;
    }
    return !rule->has_path ||
           (call->path && regexec(&rule->path, call->path, 0, NULL, 0) == 0);
}

/* Counts the call; its turn comes after `after` calls, each `every`th. */
static bool
rule_fires(struct fault_rule *rule, uint64_t *random)
{
    uint64_t turn = rule->seen++;
    if (turn < rule->after || (turn - rule->after) % rule->every != 0 ||
        (rule->times && rule->fired >= rule->times)) {
        return false;
    }
    double chance = (double)(next_random(random) >> 11) * 0x1p-53;
    if (chance >= rule->probability) {
        return false;
    }
    rule->fired++;
    return true;
}

bool
faults_fire(struct faults *faults, const struct fault_call *call,
            struct fault *fault)
{
    bool fired = false;
    *fault = (struct fault){0};
    pthread_mutex_lock(&faults->lock);
    struct fault_plan *plan = faults->plan;
    for (size_t i = 0; i < plan->count && !fired; i++) {
        if (rule_fits(&plan->rules[i], call) &&
            rule_fires(&plan->rules[i], &plan->random)) {
            *fault = plan->rules[i].fault;
            fired = true;
            faults->fired++;
        }
    }
    pthread_mutex_unlock(&faults->lock);
    return fired;
}

struct fault_settings
faults_settings(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    struct fault_settings settings = faults->plan->settings;
    settings.clock_skew_ms += faults->skew_ms;
    pthread_mutex_unlock(&faults->lock);
    return settings;
}

int64_t
faults_now_ms(struct faults *faults)
{
    return clock_wall_ms() + faults_settings(faults).clock_skew_ms;
}

void
faults_skew_clock(struct faults *faults, int64_t ms)
{
    pthread_mutex_lock(&faults->lock);
    faults->skew_ms = ms;
    pthread_mutex_unlock(&faults->lock);
}

uint64_t
faults_random(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    uint64_t bits = next_random(&faults->plan->random);
    pthread_mutex_unlock(&faults->lock);
    return bits;
}

uint64_t
faults_fired(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    uint64_t fired = faults->fired;
    pthread_mutex_unlock(&faults->lock);
    return fired;
}
