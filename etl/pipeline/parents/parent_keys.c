/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/parent_keys.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

#define SORT_MEMORY ((size_t)8 << 20)
#define PENDING_SIZE ((size_t)256 << 10)
/* To count distinct hashes by: too few by a fifth at half as many keys. */
#define SEEN_BITS ((uint64_t)1 << 21)

/* Before each text. */
struct head {
    uint64_t row, line, len;
};

bool
parent_keys_open(struct parent_keys *keys, const char *folder,
                 struct error *err)
{
    char *path = mem_printf("%s/sfetl-keys-XXXXXX", folder);
    *keys = (struct parent_keys){.fd = mkstemp(path)};
    bool done = keys->fd >= 0 ||
                error_set_errno(err, "cannot make a file in '%s'", folder);
    if (done) {
        unlink(path);
    }
    free(path);
    keys->sort = spill_sort_new(folder, SORT_MEMORY);
    keys->pending = mem_zalloc(sizeof *keys->pending);
    keys->seen = mem_array(SEEN_BITS / 8, 1);
    return done;
}

static bool
flush(struct parent_keys *keys, struct error *err)
{
    bool done =
        file_write_all(keys->fd, keys->pending->bytes, keys->pending->len) ||
        error_set_errno(err, "cannot write a temporary file");
    buffer_reset(keys->pending);
    return done;
}

bool
parent_keys_add(struct parent_keys *keys, struct row_key hash,
                const struct parent_key *key, struct error *err)
{
    const struct spill_entry entry = {{hash.high, hash.low}, keys->size};
    const struct head head = {key->row, key->line, key->text.len};
    uint64_t bit = hash.low % SEEN_BITS;
    keys->seen[bit / 8] |= (unsigned char)(1U << bit % 8);
    keys->rows++;
    keys->size += sizeof head + key->text.len;
    buffer_append(keys->pending, &head, sizeof head);
    buffer_append_slice(keys->pending, key->text);
    return spill_sort_add(keys->sort, &entry, err) &&
           (keys->pending->len < PENDING_SIZE || flush(keys, err));
}

bool
parent_keys_finish(struct parent_keys *keys, struct error *err)
{
    return flush(keys, err) && spill_sort_finish(keys->sort, err);
}

uint64_t
parent_keys_distinct(const struct parent_keys *keys)
{
    uint64_t ones = 0;
    for (size_t i = 0; i < SEEN_BITS / 8; i++) {
        ones += (uint64_t)__builtin_popcount(keys->seen[i]);
    }
    return ones;
}

enum spill_status
parent_keys_next(struct parent_keys *keys, struct spill_entry *entry,
                 struct error *err)
{
    return spill_sort_next(keys->sort, entry, err);
}

static bool
read_at(struct parent_keys *keys, void *bytes, size_t len, uint64_t place,
        struct error *err)
{
    ssize_t taken = file_read_at(keys->fd, bytes, len, place);
    return (taken >= 0 && (size_t)taken == len) ||
           error_set_errno(err, "cannot read a temporary file");
}

bool
parent_keys_read(struct parent_keys *keys, uint64_t place, struct arena *arena,
                 struct parent_key *key, struct error *err)
{
    struct head head;
    if (!read_at(keys, &head, sizeof head, place, err)) {
        return false;
    }
    char *text = arena_bytes(arena, head.len + 1);
    *key = (struct parent_key){head.row, head.line, {text, head.len}};
    return read_at(keys, text, head.len, place + sizeof head, err);
}

void
parent_keys_close(struct parent_keys *keys)
{
    if (keys->sort != NULL) {
        spill_sort_free(keys->sort);
        close(keys->fd);
        buffer_release(keys->pending);
    }
    free(keys->pending);
    free(keys->seen);
    *keys = (struct parent_keys){.fd = -1};
}
