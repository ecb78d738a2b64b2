/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/delivery/result_flow.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BUNDLE_COUNT 3
#define BUNDLE_ROWS 512
#define BUNDLE_BYTES ((size_t)1 << 18) /* of the texts, and one row more */

struct bundle {
    struct arena arena;
    struct matcher_result rows[BUNDLE_ROWS];
    size_t count, bytes;
};

struct result_flow {
    struct bundle bundles[BUNDLE_COUNT];
    struct queue *empty, *full;
    struct bundle *filling;
    struct matcher *matcher;
    size_t column_count;
    pthread_t thread;
    struct error error; /* the matching thread's, read when all is matched */
};

static void
match_bundle(struct result_flow *flow, struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->count && flow->error.kind == ERROR_NONE;
         i++) {
        matcher_put(flow->matcher, &bundle->rows[i], &flow->error);
    }
    arena_reset(&bundle->arena);
    bundle->count = bundle->bytes = 0;
}

static void *
matching_thread(void *cookie)
{
    struct result_flow *flow = cookie;
    struct bundle *bundle;
    while ((bundle = queue_take(flow->full)) != NULL) {
        match_bundle(flow, bundle);
        queue_put(flow->empty, bundle);
    }
    return NULL;
}

struct result_flow *
result_flow_new(struct error *err)
{
    struct result_flow *flow = mem_zalloc(sizeof *flow);
    flow->empty = queue_new(BUNDLE_COUNT);
    flow->full = queue_new(BUNDLE_COUNT);
    for (size_t i = 0; i < BUNDLE_COUNT; i++) {
        flow->bundles[i].arena.block_size = 2 * BUNDLE_BYTES;
        queue_put(flow->empty, &flow->bundles[i]);
    }
    if (pthread_create(&flow->thread, NULL, matching_thread, flow) != 0) {
        error_set(err, ERROR_SYSTEM, 0, "cannot start a thread");
        queue_free(flow->empty);
        queue_free(flow->full);
        free(flow);
        return NULL;
    }
    return flow;
}

void
result_flow_free(struct result_flow *flow)
{
    if (flow == NULL) {
        return;
    }
    queue_close(flow->full);
    pthread_join(flow->thread, NULL);
    queue_free(flow->empty);
    queue_free(flow->full);
    for (size_t i = 0; i < BUNDLE_COUNT; i++) {
        arena_release(&flow->bundles[i].arena);
    }
    free(flow);
}

void
result_flow_begin(struct result_flow *flow, const struct load *load,
                  struct matcher *matcher)
{
    flow->matcher = matcher;
    flow->column_count = load->column_count;
    flow->error = (struct error){0};
}

static struct slice
keep(struct bundle *bundle, struct slice text)
{
    bundle->bytes += text.len;
    return text.ptr != NULL ? arena_copy(&bundle->arena, text) : text;
}

/* All at once, for this is done for each cell of the org's answer. */
static const struct slice *
keep_fields(struct result_flow *flow, const struct slice *fields)
{
    struct bundle *bundle = flow->filling;
    size_t count = flow->column_count, size = 0;
    for (size_t i = 0; i < count; i++) {
        size += fields[i].len;
    }
    struct slice *kept = arena_alloc(&bundle->arena, count * sizeof *kept);
    char *to = arena_bytes(&bundle->arena, size);
    for (size_t i = 0; i < count; i++) {
        kept[i] = fields[i];
        if (fields[i].ptr != NULL) {
            kept[i].ptr = memcpy(to, fields[i].ptr, fields[i].len);
            to += fields[i].len;
        }
    }
    bundle->bytes += size;
    return kept;
}

bool
result_flow_put(void *cookie, const struct result_row *row, struct error *err)
{
    (void)err;
    struct result_flow *flow = cookie;
    if (flow->filling == NULL) {
        flow->filling = queue_take(flow->empty);
    }
    struct bundle *bundle = flow->filling;
    bundle->rows[bundle->count++] = (struct matcher_result){
        .fate = row->fate,
        .created = row->created,
        .id = keep(bundle, row->id),
        .code = keep(bundle, row->code),
        .message = keep(bundle, row->message),
        .fields = row->fields ? keep_fields(flow, row->fields) : NULL,
    };
    if (bundle->count == BUNDLE_ROWS || bundle->bytes >= BUNDLE_BYTES) {
        queue_put(flow->full, bundle);
        flow->filling = NULL;
    }
    return true;
}

bool
result_flow_end(struct result_flow *flow, struct error *err)
{
    if (flow->filling != NULL) {
        queue_put(flow->full, flow->filling);
        flow->filling = NULL;
    }
    /* All bundles being empty, the thread waits for more. */
    struct bundle *bundles[BUNDLE_COUNT];
    for (size_t i = 0; i < BUNDLE_COUNT; i++) {
        bundles[i] = queue_take(flow->empty);
    }
    for (size_t i = 0; i < BUNDLE_COUNT; i++) {
        queue_put(flow->empty, bundles[i]);
    }
    if (flow->error.kind != ERROR_NONE) {
        *err = flow->error;
    }
    return flow->error.kind == ERROR_NONE;
}
