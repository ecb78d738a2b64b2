/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "base/file.h"
#include "base/mem.h"
#include "ledger/ledger_rows.h"
#include "ledger/ledger_schema.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SET_FACT,
    GET_FACT,
    PUT_CHUNK,
    SET_CHUNK_STATE,
    COUNT_CHUNKS,
    LIST_CHUNKS,
    ADD_TICKET,
    CHANGE_TICKET,
    COUNT_TICKETS,
    LIST_TICKETS,
    FIND_JOB,
    STATEMENT_COUNT,
};

static const char *const texts[] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SET_FACT] = "INSERT OR REPLACE INTO facts(name, value) VALUES(?, ?)",
    [GET_FACT] = "SELECT value FROM facts WHERE name = ?",
    [PUT_CHUNK] = "INSERT INTO chunks(" LEDGER_ROWS_CHUNK ") "
                  "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                  "ON CONFLICT(load, number) DO UPDATE SET "
                  "(" LEDGER_ROWS_CHUNK ") = (excluded.load, excluded.number, "
                  "excluded.wave, excluded.attempt, excluded.state, "
                  "excluded.gzip, excluded.rows, excluded.bytes, "
                  "excluded.first_row, excluded.last_row) RETURNING id",
    [SET_CHUNK_STATE] = "UPDATE chunks SET state = ? WHERE id = ?",
    [COUNT_CHUNKS] = "SELECT count(*) FROM chunks",
    [LIST_CHUNKS] = "SELECT " LEDGER_ROWS_CHUNK ", id FROM chunks "
                    "ORDER BY load, number",
    [ADD_TICKET] = "INSERT INTO tickets(" LEDGER_ROWS_TICKET ") "
                   "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [CHANGE_TICKET] = "UPDATE tickets SET (" LEDGER_ROWS_TICKET ") = "
                      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                      "WHERE id = ?",
    [COUNT_TICKETS] = "SELECT count(*) FROM tickets",
    [LIST_TICKETS] =
        "SELECT " LEDGER_ROWS_TICKET ", id FROM tickets ORDER BY id",
    [FIND_JOB] = "SELECT EXISTS(SELECT 1 FROM tickets "
                 "WHERE substr(job_id, 1, 15) = substr(?, 1, 15) "
                 "AND id <> ?)",
};

struct ledger {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

static bool
prepare_all(struct ledger *ledger, struct error *err)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (sqlite3_prepare_v3(ledger->db, texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT,
                               &ledger->statements[i], NULL) != SQLITE_OK) {
            return ledger_schema_error(ledger->db, "read", err);
        }
    }
    return true;
}

static struct ledger *
open_database(const char *path, struct error *err)
{
    struct ledger *ledger = mem_zalloc(sizeof *ledger);
    if (sqlite3_open_v2(path, &ledger->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        error_set(err, ERROR_SYSTEM, sqlite3_system_errno(ledger->db),
                  "cannot open the ledger '%s': %s", path,
                  sqlite3_errmsg(ledger->db));
        ledger_close(ledger);
        return NULL;
    }
    return ledger;
}

/* Its entry in the folder, too: a ledger that is gone after a power cut would
 * let a new run send the rows again. */
static bool
sync_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    struct slice folder = {path, slash ? (size_t)(slash - path) : 0};
    char *name = slice_dup(slash == NULL   ? slice_of(".")
                           : slash == path ? slice_of("/")
                                           : folder);
    bool done = file_sync_folder(name, err);
    free(name);
    return done;
}

struct ledger *
ledger_create(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(err, "cannot create the ledger '%s'", path);
        return NULL;
    }
    close(fd);
    struct ledger *ledger = open_database(path, err);
    if (ledger == NULL || !ledger_schema_tune(ledger->db, err) ||
        !ledger_schema_create(ledger->db, err) || !sync_folder_of(path, err) ||
        !prepare_all(ledger, err)) {
        ledger_close(ledger);
        return NULL;
    }
    return ledger;
}

struct ledger *
ledger_open(const char *path, struct error *err)
{
    struct ledger *ledger = open_database(path, err);
    if (ledger == NULL || !ledger_schema_tune(ledger->db, err) ||
        !ledger_schema_check(ledger->db, err) || !prepare_all(ledger, err)) {
        ledger_close(ledger);
        return NULL;
    }
    return ledger;
}

void
ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(ledger->statements[i]);
    }
    sqlite3_close(ledger->db);
    free(ledger);
}

/* Ready for the next use, and without what was bound: that is borrowed. */
static void
end(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

/* Runs a statement that gives no rows. */
static bool
run(struct ledger *ledger, enum statement which, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[which];
    bool done = sqlite3_step(statement) == SQLITE_DONE ||
                ledger_schema_error(ledger->db, "write", err);
    end(statement);
    return done;
}

bool
ledger_begin(struct ledger *ledger, struct error *err)
{
    assert(sqlite3_get_autocommit(ledger->db));
    return run(ledger, BEGIN, err);
}

bool
ledger_commit(struct ledger *ledger, struct error *err)
{
    return run(ledger, COMMIT, err);
}

void
ledger_rollback(struct ledger *ledger)
{
    struct error ignored = {0};
    /* A full disk may have rolled back already. */
    if (!sqlite3_get_autocommit(ledger->db)) {
        run(ledger, ROLLBACK, &ignored);
    }
}

bool
ledger_end(struct ledger *ledger, bool done, struct error *err)
{
    if (done && ledger_commit(ledger, err)) {
        return true;
    }
    ledger_rollback(ledger);
    return false;
}

static void
bind_u64(sqlite3_stmt *statement, int at, uint64_t value)
{
    sqlite3_bind_int64(statement, at, (sqlite3_int64)value);
}

static bool
set_fact(struct ledger *ledger, const char *name, struct error *err)
{
    ledger_rows_bind_text(ledger->statements[SET_FACT], 1, slice_of(name));
    return run(ledger, SET_FACT, err);
}

bool
ledger_set(struct ledger *ledger, const char *name, struct slice value,
           struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[SET_FACT];
    if (slice_utf8_valid_len(value) == value.len &&
        (value.len == 0 || memchr(value.ptr, '\0', value.len) == NULL)) {
        ledger_rows_bind_text(statement, 2, value);
    } else {
        sqlite3_bind_blob64(statement, 2, value.ptr, value.len, SQLITE_STATIC);
    }
    return set_fact(ledger, name, err);
}

bool
ledger_set_u64(struct ledger *ledger, const char *name, uint64_t value,
               struct error *err)
{
    bind_u64(ledger->statements[SET_FACT], 2, value);
    return set_fact(ledger, name, err);
}

/* SQLITE_ROW with the value in column 0, or SQLITE_DONE; else the error is
 * set. End the statement afterwards. */
static int
find_fact(struct ledger *ledger, const char *name, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[GET_FACT];
    ledger_rows_bind_text(statement, 1, slice_of(name));
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        ledger_schema_error(ledger->db, "read", err);
    }
    return code;
}

bool
ledger_get(struct ledger *ledger, const char *name, struct arena *arena,
           struct slice *value, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[GET_FACT];
    int code = find_fact(ledger, name, err);
    *value = (struct slice){0};
    if (code == SQLITE_ROW) {
        const void *bytes = sqlite3_column_blob(statement, 0);
        size_t len = (size_t)sqlite3_column_bytes(statement, 0);
        *value = arena_copy(arena, (struct slice){bytes ? bytes : "", len});
    }
    end(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool
damaged(struct ledger *ledger, const char *what, struct error *err)
{
    return error_set(err, ERROR_INTERNAL, 0,
                     "the ledger '%s' is damaged: %s is not what it should be",
                     sqlite3_db_filename(ledger->db, "main"), what);
}

bool
ledger_get_u64(struct ledger *ledger, const char *name, uint64_t *value,
               struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[GET_FACT];
    int code = find_fact(ledger, name, err);
    bool done = code == SQLITE_DONE;
    *value = 0;
    if (code == SQLITE_ROW) {
        done = sqlite3_column_type(statement, 0) == SQLITE_INTEGER ||
               damaged(ledger, name, err);
        *value = (uint64_t)sqlite3_column_int64(statement, 0);
    }
    end(statement);
    return done;
}

bool
ledger_set_state(struct ledger *ledger, enum run_state state, struct error *err)
{
    return ledger_set(ledger, "state", slice_of(ledger_schema_run_word(state)),
                      err);
}

bool
ledger_state(struct ledger *ledger, enum run_state *state, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[GET_FACT];
    int code = find_fact(ledger, "state", err);
    *state = RUN_STAGING;
    bool done = code == SQLITE_DONE ||
                (code == SQLITE_ROW &&
                 (ledger_schema_run_state(
                      (const char *)sqlite3_column_text(statement, 0), state) ||
                  damaged(ledger, "the run's state", err)));
    end(statement);
    return done;
}

bool
ledger_put_chunk(struct ledger *ledger, struct chunk *chunk, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[PUT_CHUNK];
    ledger_rows_bind_chunk(statement, chunk);
    bool done = sqlite3_step(statement) == SQLITE_ROW;
    if (done) {
        chunk->id = (uint64_t)sqlite3_column_int64(statement, 0);
        /* Only the step to the end commits. */
        done = sqlite3_step(statement) == SQLITE_DONE;
    }
    if (!done) {
        ledger_schema_error(ledger->db, "write", err);
    }
    end(statement);
    return done;
}

/* A statement that must change one row. */
static bool
change_one(struct ledger *ledger, enum statement which, const char *what,
           struct error *err)
{
    return run(ledger, which, err) &&
           (sqlite3_changes(ledger->db) == 1 ||
            error_set(err, ERROR_INTERNAL, 0, "the ledger knows no such %s",
                      what));
}

bool
ledger_set_chunk_state(struct ledger *ledger, uint64_t chunk_id,
                       enum chunk_state state, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[SET_CHUNK_STATE];
    ledger_rows_bind_text(statement, 1,
                          slice_of(ledger_schema_chunk_word(state)));
    bind_u64(statement, 2, chunk_id);
    return change_one(ledger, SET_CHUNK_STATE, "chunk", err);
}

struct listing {
    enum statement count, list;
    size_t item_size;
    bool (*read)(sqlite3_stmt *statement, void *item);
    const char *what;
};

static bool
count_items(struct ledger *ledger, enum statement which, size_t *count,
            struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[which];
    bool done = sqlite3_step(statement) == SQLITE_ROW;
    if (done) {
        *count = (size_t)sqlite3_column_int64(statement, 0);
    } else {
        ledger_schema_error(ledger->db, "read", err);
    }
    end(statement);
    return done;
}

static bool
list(struct ledger *ledger, const struct listing *listing, struct arena *arena,
     void **items, size_t *count, struct error *err)
{
    size_t room = 0;
    *count = 0;
    if (!count_items(ledger, listing->count, &room, err)) {
        return false;
    }
    char *all = arena_array(arena, room, listing->item_size);
    *items = all;
    sqlite3_stmt *statement = ledger->statements[listing->list];
    bool done = true;
    int code = SQLITE_DONE;
    while (done && *count < room &&
           (code = sqlite3_step(statement)) == SQLITE_ROW) {
        done = listing->read(statement, all + *count * listing->item_size) ||
               damaged(ledger, listing->what, err);
        ++*count;
    }
    if (done && code != SQLITE_DONE && code != SQLITE_ROW) {
        done = ledger_schema_error(ledger->db, "read", err);
    }
    end(statement);
    return done;
}

bool
ledger_chunks(struct ledger *ledger, struct arena *arena, struct chunk **chunks,
              size_t *count, struct error *err)
{
    static const struct listing listing = {COUNT_CHUNKS, LIST_CHUNKS,
                                           sizeof(struct chunk),
                                           ledger_rows_read_chunk, "a chunk"};
    void *items = NULL;
    bool done = list(ledger, &listing, arena, &items, count, err);
    *chunks = items;
    return done;
}

bool
ledger_put_ticket(struct ledger *ledger, struct ticket *ticket,
                  struct error *err)
{
    enum statement which = ticket->id == 0 ? ADD_TICKET : CHANGE_TICKET;
    sqlite3_stmt *statement = ledger->statements[which];
    ledger_rows_bind_ticket(statement, ticket);
    if (which == ADD_TICKET) {
        bool done = run(ledger, which, err);
        ticket->id = done ? (uint64_t)sqlite3_last_insert_rowid(ledger->db) : 0;
        return done;
    }
    /* Behind the columns that were bound. */
    bind_u64(statement, sqlite3_bind_parameter_count(statement), ticket->id);
    return change_one(ledger, which, "ticket", err);
}

bool
ledger_is_job_of_another(struct ledger *ledger, const struct ticket *ticket,
                         bool *is, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[FIND_JOB];
    ledger_rows_bind_text(statement, 1, slice_of(ticket->job_id));
    bind_u64(statement, 2, ticket->id);
    bool done = sqlite3_step(statement) == SQLITE_ROW ||
                ledger_schema_error(ledger->db, "read", err);
    *is = done && sqlite3_column_int(statement, 0) != 0;
    end(statement);
    return done;
}

bool
ledger_tickets(struct ledger *ledger, struct arena *arena,
               struct ticket **tickets, size_t *count, struct error *err)
{
    static const struct listing listing = {COUNT_TICKETS, LIST_TICKETS,
                                           sizeof(struct ticket),
                                           ledger_rows_read_ticket, "a ticket"};
    void *items = NULL;
    bool done = list(ledger, &listing, arena, &items, count, err);
    *tickets = items;
    return done;
}
