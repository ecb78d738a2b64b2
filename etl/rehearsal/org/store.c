/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/store.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "rehearsal/org/store_access.h"
#include "rehearsal/org/store_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define HOUR_MS 3600000

/* 00D and an organization that is nobody's. */
static const char org_id[] = "00DRe0000000001MAA";

/* Counters: one cell an hour, found by the hour modulo their number. */
static uint64_t *
cell(struct store *store, enum store_counter counter)
{
    int64_t hour = clock_wall_ms() / HOUR_MS;
    size_t slot = (size_t)(hour % STORE_COUNTED_HOURS);
    if (store->hours[slot] != hour) {
        store->hours[slot] = hour;
        for (int i = 0; i < STORE_COUNTER_COUNT; i++)
            store->counts[i][slot] = 0;
    }
    return &store->counts[counter][slot];
}

void
store_count(struct store *store, enum store_counter counter, uint64_t add)
{
    pthread_mutex_lock(&store->mutex);
    *cell(store, counter) += add;
    store->counts_changed = true;
    pthread_mutex_unlock(&store->mutex);
}

uint64_t
store_counted(struct store *store, enum store_counter counter)
{
    pthread_mutex_lock(&store->mutex);
    int64_t now = clock_wall_ms() / HOUR_MS;
    uint64_t sum = 0;
    for (int i = 0; i < STORE_COUNTED_HOURS; i++)
        if (store->hours[i] > now - 24 && store->hours[i] <= now)
            sum += store->counts[counter][i];
    pthread_mutex_unlock(&store->mutex);
    return sum;
}

static bool
write_counts(struct store *store, struct error *err)
{
    uint64_t counts[STORE_COUNTER_COUNT][STORE_COUNTED_HOURS];
    int64_t hours[STORE_COUNTED_HOURS];
    pthread_mutex_lock(&store->mutex);
    bool changed = store->counts_changed;
    store->counts_changed = false;
    memcpy(counts, store->counts, sizeof counts);
    memcpy(hours, store->hours, sizeof hours);
    pthread_mutex_unlock(&store->mutex);
    for (int i = 0; changed && i < STORE_COUNTED_HOURS; i++)
        for (int k = 0; hours[i] && k < STORE_COUNTER_COUNT; k++) {
            sqlite3_stmt *put =
                store_link_statement(&store->writer, STORE_SQL_COUNT_PUT, err);
            if (!put)
                return false;
            sqlite3_bind_int(put, 1, k);
            sqlite3_bind_int64(put, 2, hours[i]);
            sqlite3_bind_int64(put, 3, (int64_t)counts[k][i]);
            if (!store_link_finish(&store->writer, put, err))
                return false;
        }
    return true;
}

static bool
read_counts(struct store *store, struct error *err)
{
    sqlite3_stmt *get =
        store_link_statement(&store->writer, STORE_SQL_COUNT_GET, err);
    if (!get)
        return false;
    sqlite3_bind_int64(get, 1, clock_wall_ms() / HOUR_MS - 24);
    enum store_step step;
    while ((step = store_link_step(&store->writer, get, err)) == STORE_ROW) {
        int counter = sqlite3_column_int(get, 0);
        int64_t hour = sqlite3_column_int64(get, 1);
        size_t slot = (size_t)(hour % STORE_COUNTED_HOURS);
        if (counter < 0 || counter >= STORE_COUNTER_COUNT)
            continue;
        store->hours[slot] = hour;
        store->counts[counter][slot] = (uint64_t)sqlite3_column_int64(get, 2);
    }
    sqlite3_reset(get);
    return step == STORE_DONE;
}

static void
end_turn(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    store->turn_now++;
    pthread_cond_broadcast(&store->turn);
    pthread_mutex_unlock(&store->mutex);
}

struct store_link *
store_begin(struct store *store, struct error *err)
{
    pthread_mutex_lock(&store->mutex);
    uint64_t turn = store->turn_next++;
    while (store->turn_now != turn)
        pthread_cond_wait(&store->turn, &store->mutex);
    pthread_mutex_unlock(&store->mutex);
    if (store_link_run(&store->writer, STORE_SQL_BEGIN, err))
        return &store->writer;
    end_turn(store);
    return NULL;
}

static bool
write_serials(struct store *store, struct error *err)
{
    for (size_t i = 0; i < store->layout.object_count; i++) {
        if (!store->serials_changed[i])
            continue;
        sqlite3_stmt *put =
            store_link_statement(&store->writer, STORE_SQL_SERIAL_PUT, err);
        if (!put)
            return false;
        sqlite3_bind_int64(put, 1, (int64_t)store->serials[i]);
        sqlite3_bind_int64(put, 2, (int64_t)i);
        if (!store_link_finish(&store->writer, put, err))
            return false;
        store->serials_changed[i] = false;
    }
    return true;
}

bool
store_commit(struct store *store, struct error *err)
{
    if (!write_serials(store, err) || !write_counts(store, err) ||
        !commit_log_store(&store->log, &store->writer, err) ||
        !store_link_run(&store->writer, STORE_SQL_COMMIT, err)) {
        store_rollback(store);
        return false;
    }
    commit_log_follow(&store->log, &store->writer);
    end_turn(store);
    return true;
}

void
store_rollback(struct store *store)
{
    struct error ignored = {0};
    if (!sqlite3_get_autocommit(store->writer.db))
        store_link_run(&store->writer, STORE_SQL_ROLLBACK, &ignored);
    commit_log_drop(&store->log);
    end_turn(store);
}

uint64_t
store_next_number(struct store *store, const struct schema_object *object)
{
    store->serials_changed[object->number] = true;
    return store_row_first(object) | ++store->serials[object->number];
}

struct store_link *
store_take_reader(struct store *store, struct error *err)
{
    pthread_mutex_lock(&store->mutex);
    struct store_link *link = store->readers;
    if (link)
        store->readers = link->next;
    pthread_mutex_unlock(&store->mutex);
    if (!link) {
        link = mem_zalloc(sizeof *link);
        if (!store_link_open(link, store->path, err)) {
            free(link);
            return NULL;
        }
    }
    if (store_link_run(link, STORE_SQL_BEGIN_READ, err))
        return link;
    store_link_close(link);
    free(link);
    return NULL;
}

void
store_give_reader(struct store *store, struct store_link *link)
{
    struct error ignored = {0};
    if (!store_link_run(link, STORE_SQL_COMMIT, &ignored)) {
        store_link_close(link);
        free(link);
        return;
    }
    pthread_mutex_lock(&store->mutex);
    link->next = store->readers;
    store->readers = link;
    pthread_mutex_unlock(&store->mutex);
}

static bool
take_folder(struct store *store, const char *folder, struct error *err)
{
    if (!file_make_folders(folder, err))
        return false;
    char *path = mem_printf("%s/org.lock", folder);
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool worked = store->lock_fd >= 0;
    if (!worked)
        error_set_errno(err, "cannot open '%s'", path);
    else if (flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        worked = false;
        if (errno == EWOULDBLOCK)
            error_set(err, ERROR_LOCKED, 0,
                      "another rehearsal org runs on '%s'", folder);
        else
            error_set_errno(err, "cannot lock '%s'", path);
    }
    free(path);
    return worked;
}

static bool
open_database(struct store *store, const char *folder, struct error *err)
{
    store->path = mem_printf("%s/org.db", folder);
    if (!store_link_open(&store->writer, store->path, err))
        return false;
    char *log = mem_printf("%s/commits.jsonl", folder);
    bool worked = commit_log_open(&store->log, log, &store->writer, err) &&
                  read_counts(store, err);
    free(log);
    if (!worked || !store_begin(store, err))
        return false;
    if (store_setup_run(store, &store->writer, err))
        return store_commit(store, err);
    store_rollback(store);
    return false;
}

struct store *
store_open(struct schema *schema, const struct store_options *options,
           struct error *err)
{
    struct store *store = mem_zalloc(sizeof *store);
    store->schema = schema;
    store->lock_fd = -1;
    store->lock_ms = options->lock_ms;
    store->log.fd = -1;
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->turn, NULL);
    if (take_folder(store, options->folder, err) &&
        open_database(store, options->folder, err))
        return store;
    store_close(store);
    return NULL;
}

void
store_close(struct store *store)
{
    if (!store)
        return;
    struct error ignored = {0};
    if (store->user_number && store->counts_changed &&
        store_begin(store, &ignored))
        store_commit(store, &ignored);
    while (store->readers) {
        struct store_link *link = store->readers;
        store->readers = link->next;
        store_link_close(link);
        free(link);
    }
    commit_log_close(&store->log);
    if (store->writer.db)
        store_link_close(&store->writer);
    record_lock_release(&store->locks);
    free(store->serials);
    free(store->serials_changed);
    free(store->layout.objects);
    free(store->layout.fields);
    free(store->path);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    pthread_cond_destroy(&store->turn);
    pthread_mutex_destroy(&store->mutex);
    free(store);
}

const struct schema *
store_schema(const struct store *store)
{
    return store->schema;
}

const char *
store_org_id(const struct store *store)
{
    (void)store;
    return org_id;
}

const char *
store_user_id(const struct store *store)
{
    return store->user_id;
}

bool
store_write_item(struct store_link *link, const char *kind, const char *key,
                 struct slice value, struct error *err)
{
    sqlite3_stmt *put = store_link_statement(
        link, value.ptr ? STORE_SQL_ITEM_PUT : STORE_SQL_ITEM_REMOVE, err);
    if (!put)
        return false;
    store_link_bind(put, 1, slice_of(kind));
    store_link_bind(put, 2, slice_of(key));
    if (value.ptr)
        store_link_bind(put, 3, value);
    return store_link_finish(link, put, err);
}

bool
store_put_item(struct store *store, const char *kind, const char *key,
               struct slice value, struct error *err)
{
    struct store_link *link = store_begin(store, err);
    if (!link)
        return false;
    if (store_write_item(link, kind, key, value, err))
        return store_commit(store, err);
    store_rollback(store);
    return false;
}

static bool
read_item(struct store_link *link, const char *kind, const char *key,
          struct arena *arena, struct slice *value, struct error *err)
{
    *value = (struct slice){0};
    sqlite3_stmt *get = store_link_statement(link, STORE_SQL_ITEM_GET, err);
    if (!get)
        return false;
    store_link_bind(get, 1, slice_of(kind));
    store_link_bind(get, 2, slice_of(key));
    enum store_step step = store_link_step(link, get, err);
    if (step == STORE_ROW)
        *value = arena_copy(arena, store_link_bytes(get, 0));
    sqlite3_reset(get);
    return step != STORE_FAILED;
}

bool
store_get_item(struct store *store, const char *kind, const char *key,
               struct arena *arena, struct slice *value, struct error *err)
{
    struct store_link *link = store_take_reader(store, err);
    if (!link)
        return false;
    bool worked = read_item(link, kind, key, arena, value, err);
    store_give_reader(store, link);
    return worked;
}

bool
store_each_item(struct store *store, const char *kind,
                bool (*visit)(void *cookie, const char *key,
                              struct slice value),
                void *cookie, struct error *err)
{
    struct store_link *link = store_take_reader(store, err);
    if (!link)
        return false;
    enum store_step step = STORE_FAILED;
    sqlite3_stmt *list = store_link_statement(link, STORE_SQL_ITEM_LIST, err);
    if (list) {
        store_link_bind(list, 1, slice_of(kind));
        while ((step = store_link_step(link, list, err)) == STORE_ROW) {
            char *key = slice_dup(store_link_bytes(list, 0));
            bool more = visit(cookie, key, store_link_bytes(list, 1));
            free(key);
            if (!more)
                break;
        }
        sqlite3_reset(list);
    }
    store_give_reader(store, link);
    return step != STORE_FAILED;
}

bool
store_new_id(struct store *store, const char prefix[3], char id[19],
             struct error *err)
{
    struct store_link *link = store_begin(store, err);
    if (!link)
        return false;
    struct arena arena = {.block_size = 256};
    char key[4] = {prefix[0], prefix[1], prefix[2], '\0'};
    struct slice last;
    uint64_t serial = 0;
    bool worked = read_item(link, "serial", key, &arena, &last, err);
    slice_to_u64(last, &serial);
    worked =
        worked &&
        store_write_item(
            link, "serial", key,
            arena_printf(&arena, "%llu", (unsigned long long)++serial), err);
    arena_release(&arena);
    struct schema_object object = {0};
    memcpy(object.prefix, key, sizeof key);
    store_row_id(&object, serial, id);
    if (worked)
        return store_commit(store, err);
    store_rollback(store);
    return false;
}

bool
store_find(struct store *store, const struct schema_object *object,
           const struct schema_field *field, struct slice text, char (*ids)[19],
           size_t limit, size_t *count, struct error *err)
{
    *count = 0;
    struct arena arena = {.block_size = 4096};
    struct org_fault fault = {0};
    struct slice value;
    uint64_t *numbers = mem_array(limit + 1, sizeof *numbers);
    struct store_link *link = store_take_reader(store, err);
    bool worked = link != NULL;
    /* A text that the field can't hold is in no record. */
    if (worked && org_schema_field_is_key(field) &&
        field_value_parse(field, text, VALUE_FROM_CSV, &arena, &value, &fault))
        worked = store_row_find(link, field, value, &arena, numbers, limit,
                                count, err);
    if (link)
        store_give_reader(store, link);
    for (size_t i = 0; i < *count; i++)
        store_row_id(object, numbers[i], ids[i]);
    free(numbers);
    arena_release(&arena);
    return worked;
}

bool
store_record_state(struct store *store, struct slice id,
                   enum store_state *state, struct error *err)
{
    *state = STORE_MISSING;
    uint64_t number = store_row_number(store->schema, id);
    struct store_link *link = store_take_reader(store, err);
    if (!link)
        return false;
    struct arena arena = {.block_size = 4096};
    struct store_row row;
    bool worked =
        store_row_get(&store->layout, link, number, &arena, &row, err);
    store_give_reader(store, link);
    if (worked && row.object)
        *state = row.deleted_with ? STORE_DELETED : STORE_LIVE;
    arena_release(&arena);
    return worked;
}

bool
store_record_count(struct store *store, const struct schema_object *object,
                   uint64_t *count, struct error *err)
{
    struct store_link *link = store_take_reader(store, err);
    if (!link)
        return false;
    enum store_step step = STORE_FAILED;
    sqlite3_stmt *get = store_link_statement(link, STORE_SQL_RECORD_COUNT, err);
    if (get) {
        sqlite3_bind_int64(get, 1, (int64_t)store_row_first(object));
        sqlite3_bind_int64(get, 2, (int64_t)store_row_end(object));
        step = store_link_step(link, get, err);
        *count = (uint64_t)sqlite3_column_int64(get, 0);
        sqlite3_reset(get);
    }
    store_give_reader(store, link);
    return step == STORE_ROW;
}
