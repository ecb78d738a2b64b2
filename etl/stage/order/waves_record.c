/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/order/waves_record.h"

#include "base/file.h"
#include "base/mem.h"

#include <stdlib.h>

#define RECORD_LIMIT ((size_t)256 << 20) /* bytes: two million chunks */
#define ALL ((uint64_t)1 << 63) /* of the first count: is_all, and figures */
#define FIGURE_COUNT 4

char *
waves_record_path(const char *run_folder, const char *load_name)
{
    return mem_printf("%s/rows/%s.waves", run_folder, load_name);
}

bool
waves_record_write(const struct waves *waves, const char *run_folder,
                   const char *load_name, struct error *err)
{
    struct buffer bytes = {.limit = RECORD_LIMIT};
    const uint64_t head = waves->first_count | (waves->is_all ? ALL : 0);
    const uint64_t figures[FIGURE_COUNT] = {
        waves->wave_count, waves->second_rows, waves->rejected_rows,
        waves->is_grouped};
    buffer_append(&bytes, &head, sizeof head);
    if (waves->is_all) {
        buffer_append(&bytes, figures, sizeof figures);
    }
    buffer_append(&bytes, waves->chunks, waves->count * sizeof *waves->chunks);
    char *path = waves_record_path(run_folder, load_name);
    bool done = bytes.overflowed
                    ? error_set(err, ERROR_CONFIG, 0,
                                "load '%s' has too many chunks", load_name)
                    : file_replace(path, buffer_slice(&bytes), err);
    free(path);
    buffer_release(&bytes);
    return done;
}

static bool
take(struct slice *bytes, void *into, size_t size)
{
    if (bytes->len < size) {
        return false;
    }
    memcpy(into, bytes->ptr, size);
    *bytes = (struct slice){bytes->ptr + size, bytes->len - size};
    return true;
}

static bool
parse(struct slice bytes, struct waves *waves)
{
    uint64_t head, figures[FIGURE_COUNT];
    if (!take(&bytes, &head, sizeof head)) {
        return false;
    }
    waves->is_recorded = true;
    waves->is_all = (head & ALL) != 0;
    waves->first_count = head & ~ALL;
    if (waves->is_all) {
        if (!take(&bytes, figures, sizeof figures)) {
            return false;
        }
        waves->wave_count = figures[0];
        waves->second_rows = figures[1];
        waves->rejected_rows = figures[2];
        waves->is_grouped = figures[3];
    }
    waves->count = bytes.len / sizeof *waves->chunks;
    waves->capacity = waves->count;
    waves->chunks = mem_array(waves->count, sizeof *waves->chunks);
    return take(&bytes, waves->chunks, waves->count * sizeof *waves->chunks) &&
           bytes.len == 0 && (waves->is_all || waves->count > 0);
}

bool
waves_record_read(const char *path, struct waves *waves, struct error *err)
{
    struct buffer bytes = {.limit = RECORD_LIMIT};
    *waves = (struct waves){.is_recorded = false};
    bool done = file_read_whole(path, RECORD_LIMIT, &bytes, err);
    if (done && !parse(buffer_slice(&bytes), waves)) {
        done = error_set(err, ERROR_INTERNAL, 0, "'%s' is damaged", path);
    }
    buffer_release(&bytes);
    return done;
}

void
waves_record_release(struct waves *waves)
{
    free(waves->chunks);
    *waves = (struct waves){.is_recorded = false};
}
