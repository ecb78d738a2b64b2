/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/translation.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <unicase.h>
#include <xxhash.h>

/*
 * Rows stand one behind the other in one buffer, each as two lengths, key and
 * value. A slot of the index holds where a row begins, plus 1, in its low bits
 * and a part of the key's hash above, so that another key is seldom looked at.
 * The buffer doubles by mremap, so its unused half is address space only.
 */
#define POSITION_BITS 40
#define POSITION_MASK (((uint64_t)1 << POSITION_BITS) - 1)
#define SIZE_LIMIT ((size_t)16 << 30) /* bytes of rows */
#define FIRST_SLOTS 16
/* Used at most, in tenths: probes stay short, and a slot has 8 bytes. */
#define LOAD_TENTHS 8
#define FOLDED_SIZE 512 /* bytes of a folded key that need no heap */

struct lengths {
    uint32_t key, value;
};

struct translation {
    char *name;
    bool ignores_case;
    uint64_t seed;
    struct buffer rows;
    uint64_t *slots;
    size_t slot_count; /* a power of two, or 0 */
    uint64_t count;
};

/* A key as it is compared; text may lie in bytes or on the heap. */
struct folded_key {
    struct slice text;
    uint8_t *heap;
    uint8_t bytes[FOLDED_SIZE];
};

struct translation *
translation_new(const char *name, bool ignores_case)
{
    struct translation *table = mem_zalloc(sizeof *table);
    table->name = mem_strdup(name);
    table->ignores_case = ignores_case;
    table->seed = clock_random();
    table->rows.limit = SIZE_LIMIT;
    return table;
}

void
translation_clear(struct translation *table)
{
    buffer_release(&table->rows);
    table->rows = (struct buffer){.limit = SIZE_LIMIT};
    free(table->slots);
    table->slots = NULL;
    table->slot_count = 0;
    table->count = 0;
}

void
translation_free(struct translation *table)
{
    if (table == NULL) {
        return;
    }
    translation_clear(table);
    free(table->name);
    free(table);
}

static void
fold_key(const struct translation *table, struct slice key,
         struct folded_key *folded)
{
    folded->heap = NULL;
    folded->text = key;
    if (!table->ignores_case || key.len == 0) {
        return;
    }
    size_t len = sizeof folded->bytes;
    uint8_t *bytes = u8_casefold((const uint8_t *)key.ptr, key.len, NULL, NULL,
                                 folded->bytes, &len);
    if (bytes == NULL) {
        return; /* no valid UTF-8, which can't be folded */
    }
    folded->heap = bytes == folded->bytes ? NULL : bytes;
    folded->text = (struct slice){(const char *)bytes, len};
}

static uint64_t
hash_of(const struct translation *table, struct slice key)
{
    return XXH3_64bits_withSeed(key.len ? key.ptr : "", key.len, table->seed);
}

static struct lengths
lengths_at(const struct translation *table, uint64_t position)
{
    struct lengths lengths;
    memcpy(&lengths, table->rows.bytes + position, sizeof lengths);
    return lengths;
}

static struct slice
key_at(const struct translation *table, uint64_t position)
{
    return (struct slice){table->rows.bytes + position + sizeof(struct lengths),
                          lengths_at(table, position).key};
}

static struct slice
value_at(const struct translation *table, uint64_t position)
{
    struct slice key = key_at(table, position);
    return (struct slice){key.ptr + key.len, lengths_at(table, position).value};
}

/* The slot that holds the key, or the free one where it belongs. */
static uint64_t *
find_slot(const struct translation *table, struct slice key, uint64_t hash)
{
    size_t mask = table->slot_count - 1;
    size_t i = (size_t)hash & mask;
    for (; table->slots[i] != 0; i = (i + 1) & mask) {
        if (((table->slots[i] ^ hash) & ~POSITION_MASK) == 0 &&
            slice_equals(key_at(table, (table->slots[i] & POSITION_MASK) - 1),
                         key)) {
            break;
        }
    }
    return &table->slots[i];
}

static void
grow(struct translation *table)
{
    free(table->slots);
    table->slot_count = table->slot_count ? 2 * table->slot_count : FIRST_SLOTS;
    table->slots = mem_array(table->slot_count, sizeof *table->slots);
    uint64_t cursor = 0, position = 0;
    struct slice key, value;
    while (translation_next(table, &cursor, &key, &value)) {
        uint64_t hash = hash_of(table, key);
        *find_slot(table, key, hash) = (hash & ~POSITION_MASK) | (position + 1);
        position = cursor;
    }
}

static enum translation_put
add(struct translation *table, struct slice key, struct slice value)
{
    uint64_t position = table->rows.len;
    const struct lengths lengths = {(uint32_t)key.len, (uint32_t)value.len};
    if (buffer_reserve(&table->rows, sizeof lengths + key.len + value.len) ==
        NULL) {
        return TRANSLATION_FULL;
    }
    buffer_append(&table->rows, &lengths, sizeof lengths);
    buffer_append_slice(&table->rows, key);
    buffer_append_slice(&table->rows, value);
    table->count++;
    if (table->count > table->slot_count / 10 * LOAD_TENTHS) {
        grow(table);
        return TRANSLATION_ADDED;
    }
    uint64_t hash = hash_of(table, key);
    *find_slot(table, key, hash) = (hash & ~POSITION_MASK) | (position + 1);
    return TRANSLATION_ADDED;
}

enum translation_put
translation_put(struct translation *table, struct slice key, struct slice value)
{
    if (key.len > TRANSLATION_TEXT_LIMIT ||
        value.len > TRANSLATION_TEXT_LIMIT) {
        return TRANSLATION_TOO_LONG;
    }
    struct slice known = translation_find(table, key);
    if (known.ptr != NULL) {
        return slice_equals(known, value) ? TRANSLATION_SAME
                                          : TRANSLATION_OTHER;
    }
    struct folded_key folded;
    fold_key(table, key, &folded);
    enum translation_put result = add(table, folded.text, value);
    free(folded.heap);
    return result;
}

struct slice
translation_find(const struct translation *table, struct slice key)
{
    struct slice value = {NULL, 0};
    if (table->count == 0) {
        return value;
    }
    struct folded_key folded;
    fold_key(table, key, &folded);
    uint64_t slot = *find_slot(table, folded.text, hash_of(table, folded.text));
    free(folded.heap);
    return slot == 0 ? value : value_at(table, (slot & POSITION_MASK) - 1);
}

bool
translation_next(const struct translation *table, uint64_t *cursor,
                 struct slice *key, struct slice *value)
{
    if (*cursor >= table->rows.len) {
        return false;
    }
    *key = key_at(table, *cursor);
    *value = value_at(table, *cursor);
    *cursor += sizeof(struct lengths) + key->len + value->len;
    return true;
}

const char *
translation_name(const struct translation *table)
{
    return table->name;
}

uint64_t
translation_count(const struct translation *table)
{
    return table->count;
}

uint64_t
translation_memory(const struct translation *table)
{
    return table->rows.len + table->slot_count * sizeof *table->slots;
}

struct translation *
translation_set_find(const struct translation_set *set, struct slice name)
{
    for (size_t i = 0; i < set->count; i++) {
        if (slice_is(name, set->tables[i]->name)) {
            return set->tables[i];
        }
    }
    return NULL;
}
