/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/staging/stream_batches.h"

#include "base/mem.h"

#include <stdlib.h>

void
stream_batches_open(struct stream_batches *batches, const struct source *source,
                    uint64_t skip, uint64_t limit)
{
    *batches = (struct stream_batches){
        .count = source_stream_count(source), .skip = skip, .limit = limit};
    batches->items = mem_array(batches->count, sizeof *batches->items);
}

static void
trim(struct stream_batches *batches, size_t stream)
{
    struct batch *batch = &batches->items[stream];
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct record *record = &batch->records[i];
        uint64_t number = record->outer > 0 ? record->outer : record->row;
        uint64_t place = number > batches->skip ? number - batches->skip : 0;
        if (place > 0 && (batches->limit == 0 || place <= batches->limit)) {
            batch->records[kept++] = *record;
            batches->records =
                place > batches->records ? place : batches->records;
        } else {
            batches->passed_over += stream == 0;
        }
    }
    batch->count = kept;
}

enum source_status
stream_batches_next(struct stream_batches *batches, struct source *source,
                    struct error *err)
{
    enum source_status status = source_next(source, batches->items, err);
    for (size_t i = 0; status == SOURCE_ROWS && i < batches->count; i++) {
        trim(batches, i);
    }
    return status;
}

bool
stream_batches_full(const struct stream_batches *batches)
{
    return batches->limit > 0 && batches->records >= batches->limit;
}

void
stream_batches_close(struct stream_batches *batches)
{
    for (size_t i = 0; i < batches->count; i++) {
        batch_release(&batches->items[i]);
    }
    free(batches->items);
}
