/* SPDX-License-Identifier: Apache-2.0 */
#include "model/batch.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 64
#define MESSAGE_SIZE 4096 /* longer messages are cut */

void
batch_reset(struct batch *batch)
{
    arena_reset(&batch->arena);
    batch->count = 0;
}

struct record *
batch_add(struct batch *batch)
{
    if (batch->count == batch->capacity) {
        batch->capacity =
            batch->capacity ? batch->capacity * 2 : FIRST_CAPACITY;
        batch->records = mem_realloc_array(batch->records, batch->capacity,
                                           sizeof *batch->records);
    }
    struct record *record = &batch->records[batch->count++];
    *record = (struct record){0};
    return record;
}

void
batch_release(struct batch *batch)
{
    arena_release(&batch->arena);
    free(batch->records);
    *batch = (struct batch){0};
}

void
batch_reject(struct batch *batch, struct record *record, const char *code,
             const char *format, ...)
{
    char text[MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* What the cut left of a character is cut as well. */
    struct slice message = slice_of(text);
    if (message.len == sizeof text - 1) {
        message.len = slice_utf8_valid_len(message);
    }
    if (record->fate == RECORD_REJECTED) {
        record->reason =
            arena_printf(&batch->arena, "%.*s; %.*s",
                         SLICE_ARGS(record->reason), SLICE_ARGS(message));
        return;
    }
    record->fate = RECORD_REJECTED;
    record->code = code;
    record->reason = arena_copy(&batch->arena, message);
}
