/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_schema.h"

#include <stdio.h>

#define BUSY_TIMEOUT_MS 10000
#define MADE_TEXT(number) MADE_TEXT_OF(number)
#define MADE_TEXT_OF(number) #number

static const char tables[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE facts("
    "  name TEXT PRIMARY KEY NOT NULL,"
    "  value NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE chunks("
    "  id INTEGER PRIMARY KEY,"
    "  load INTEGER NOT NULL,"
    "  number INTEGER NOT NULL,"
    "  wave INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  state TEXT NOT NULL,"
    "  gzip INTEGER NOT NULL,"
    "  rows INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL,"
    "  first_row INTEGER NOT NULL,"
    "  last_row INTEGER NOT NULL,"
    "  UNIQUE(load, number));"
    "CREATE TABLE tickets("
    "  id INTEGER PRIMARY KEY,"
    "  chunk_id INTEGER NOT NULL REFERENCES chunks(id),"
    "  attempt INTEGER NOT NULL,"
    "  state TEXT NOT NULL,"
    "  job_id TEXT NOT NULL,"
    "  message TEXT NOT NULL,"
    "  processed INTEGER NOT NULL,"
    "  failed INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  closed_at_ms INTEGER NOT NULL,"
    "  done_at_ms INTEGER NOT NULL,"
    "  polls INTEGER NOT NULL,"
    "  total_processing_ms INTEGER NOT NULL,"
    "  active_processing_ms INTEGER NOT NULL,"
    "  apex_processing_ms INTEGER NOT NULL);"
    "PRAGMA application_id = " MADE_TEXT(
        LEDGER_APPLICATION_ID) ";"
                               "PRAGMA user_version = " MADE_TEXT(
                                   LEDGER_VERSION) ";"
                                                   "COMMIT";

bool
ledger_schema_error(sqlite3 *db, const char *what, struct error *err)
{
    int code = sqlite3_errcode(db);
    const char *path = sqlite3_db_filename(db, "main");
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "the ledger '%s' is damaged or none: %s", path,
                         sqlite3_errmsg(db));
    }
    if (code == SQLITE_BUSY) {
        return error_set(err, ERROR_SYSTEM, 0,
                         "the ledger '%s' is held by another program; end it "
                         "and try again",
                         path);
    }
    return error_set(err, ERROR_SYSTEM, sqlite3_system_errno(db),
                     "cannot %s the ledger '%s': %s", what, path,
                     sqlite3_errmsg(db));
}

static bool
run_sql(sqlite3 *db, const char *sql, const char *what, struct error *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           ledger_schema_error(db, what, err);
}

/* Whether a PRAGMA answers with this word. */
static bool
answers(sqlite3 *db, const char *pragma, const char *word)
{
    sqlite3_stmt *statement = NULL;
    bool same = false;
    if (sqlite3_prepare_v2(db, pragma, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *answer = (const char *)sqlite3_column_text(statement, 0);
        same = answer != NULL && strcmp(answer, word) == 0;
    }
    sqlite3_finalize(statement);
    return same;
}

bool
ledger_schema_tune(sqlite3 *db, struct error *err)
{
    sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
    if (!run_sql(db,
                 "PRAGMA trusted_schema = OFF;"
                 "PRAGMA cell_size_check = ON;"
                 "PRAGMA foreign_keys = ON",
                 "open", err)) {
        return false;
    }
    if (answers(db, "PRAGMA journal_mode = WAL", "wal")) {
        return run_sql(db, "PRAGMA synchronous = FULL", "open", err);
    }
    if (sqlite3_errcode(db) == SQLITE_NOTADB ||
        sqlite3_errcode(db) == SQLITE_CORRUPT) {
        return ledger_schema_error(db, "open", err);
    }
    /* WAL needs shared memory, which a network file system has not. EXTRA: a
     * journal whose removal is not on disk would undo what was told. */
    return run_sql(db,
                   "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA",
                   "open", err);
}

bool
ledger_schema_create(sqlite3 *db, struct error *err)
{
    return run_sql(db, tables, "create", err);
}

static bool
ask_number(sqlite3 *db, const char *pragma, int64_t *value, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    bool done =
        sqlite3_prepare_v2(db, pragma, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;
    if (done) {
        *value = sqlite3_column_int64(statement, 0);
    } else {
        ledger_schema_error(db, "open", err);
    }
    sqlite3_finalize(statement);
    return done;
}

bool
ledger_schema_check(sqlite3 *db, struct error *err)
{
    int64_t application = 0, version = 0, changes = 0;
    if (!ask_number(db, "PRAGMA application_id", &application, err) ||
        !ask_number(db, "PRAGMA user_version", &version, err) ||
        !ask_number(db, "PRAGMA schema_version", &changes, err)) {
        return false;
    }
    const char *path = sqlite3_db_filename(db, "main");
    if (application == 0 && changes == 0) {
        return error_set(err, ERROR_USAGE, 0,
                         "the ledger '%s' is empty: the run was interrupted "
                         "before it began; start it anew",
                         path);
    }
    if (application != LEDGER_APPLICATION_ID || version < 1) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "'%s' is not a ledger of sfetl", path);
    }
    if (version > LEDGER_VERSION) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "the ledger '%s' was written by a newer sfetl "
                         "(version %lld, this one knows %d); go on with that",
                         path, (long long)version, LEDGER_VERSION);
    }
    return true;
}

static const char *const run_words[] = {
    [RUN_STAGING] = "staging",
    [RUN_DELIVERING] = "delivering",
    [RUN_CONCLUDING] = "concluding",
    [RUN_CLOSED] = "closed",
};
static const char *const chunk_words[] = {
    [CHUNK_STAGED] = "staged",
    [CHUNK_SENT] = "sent",
    [CHUNK_COLLECTED] = "collected",
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *
ledger_schema_run_word(enum run_state state)
{
    return run_words[state];
}

bool
ledger_schema_run_state(const char *word, enum run_state *state)
{
    for (size_t i = 0; word != NULL && i < COUNT(run_words); i++) {
        if (strcmp(word, run_words[i]) == 0) {
            *state = (enum run_state)i;
            return true;
        }
    }
    return false;
}

const char *
ledger_schema_chunk_word(enum chunk_state state)
{
    return chunk_words[state];
}

bool
ledger_schema_chunk_state(const char *word, enum chunk_state *state)
{
    for (size_t i = 0; word != NULL && i < COUNT(chunk_words); i++) {
        if (strcmp(word, chunk_words[i]) == 0) {
            *state = (enum chunk_state)i;
            return true;
        }
    }
    return false;
}

bool
ledger_schema_ticket_state(const char *word, enum ticket_state *state)
{
    for (int i = 0; word != NULL && i < TICKET_STATE_COUNT; i++) {
        if (strcmp(word, ticket_state_name((enum ticket_state)i)) == 0) {
            *state = (enum ticket_state)i;
            return true;
        }
    }
    return false;
}
