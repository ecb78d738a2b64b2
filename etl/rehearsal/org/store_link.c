/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/store_link.h"

#define BUSY_TIMEOUT_MS 30000

static const char schema_sql[] =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=NORMAL;" /* a killed process loses nothing */
    "PRAGMA cache_size=-65536;"  /* KiB */
    "PRAGMA wal_autocheckpoint=4000;"
    "PRAGMA temp_store=MEMORY;"
    "CREATE TABLE IF NOT EXISTS object(number INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE, prefix TEXT NOT NULL, serial INTEGER NOT "
    "NULL);"
    "CREATE TABLE IF NOT EXISTS field(number INTEGER PRIMARY KEY,"
    " object INTEGER NOT NULL, name TEXT NOT NULL, keyed INTEGER NOT NULL,"
    " UNIQUE(object, name));"
    "CREATE TABLE IF NOT EXISTS record(id INTEGER PRIMARY KEY,"
    " deleted INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS record_deleted ON record(deleted)"
    " WHERE deleted <> 0;"
    "CREATE TABLE IF NOT EXISTS entry(field INTEGER NOT NULL,"
    " value BLOB NOT NULL, record INTEGER NOT NULL,"
    " PRIMARY KEY(field, value, record)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS item(kind TEXT NOT NULL, key TEXT NOT NULL,"
    " value BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS counted(counter INTEGER NOT NULL,"
    " hour INTEGER NOT NULL, count INTEGER NOT NULL,"
    " PRIMARY KEY(counter, hour)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS commit_log(last INTEGER PRIMARY KEY,"
    " lines BLOB NOT NULL);";

static const char *const texts[STORE_SQL_TOTAL] = {
    [STORE_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [STORE_SQL_BEGIN_READ] = "BEGIN",
    [STORE_SQL_COMMIT] = "COMMIT",
    [STORE_SQL_ROLLBACK] = "ROLLBACK",
    [STORE_SQL_RECORD_GET] = "SELECT deleted, body FROM record WHERE id = ?",
    [STORE_SQL_RECORD_PUT] = "REPLACE INTO record VALUES(?, ?, ?)",
    [STORE_SQL_RECORD_INSERT] = "INSERT INTO record VALUES(?, ?, ?)",
    [STORE_SQL_RECORD_REMOVE] = "DELETE FROM record WHERE id = ?",
    [STORE_SQL_RECORD_SCAN] =
        "SELECT id, deleted, body FROM record WHERE id >= ? AND id < ?"
        " ORDER BY id",
    [STORE_SQL_RECORD_COUNT] =
        "SELECT count(*) FROM record WHERE id >= ? AND id < ?"
        " AND deleted = 0",
    [STORE_SQL_RECORD_GONE_WITH] =
        "SELECT id FROM record WHERE deleted = ? AND deleted <> 0",
    [STORE_SQL_ENTRY_GET] =
        "SELECT record FROM entry WHERE field = ? AND value = ? LIMIT ?",
    [STORE_SQL_ENTRY_PUT] = "INSERT OR IGNORE INTO entry VALUES(?, ?, ?)",
    [STORE_SQL_ENTRY_REMOVE] =
        "DELETE FROM entry WHERE field = ? AND value = ? AND record = ?",
    [STORE_SQL_ENTRY_CLEAR] = "DELETE FROM entry WHERE field = ?",
    [STORE_SQL_SERIAL_PUT] = "UPDATE object SET serial = ? WHERE number = ?",
    [STORE_SQL_OBJECT_GET] =
        "SELECT number, prefix, serial FROM object WHERE name = ?",
    [STORE_SQL_OBJECT_PUT] =
        "INSERT INTO object(name, prefix, serial) VALUES(?, ?, 0)"
        " RETURNING number",
    [STORE_SQL_FIELD_GET] =
        "SELECT number, keyed FROM field WHERE object = ? AND name = ?",
    [STORE_SQL_FIELD_PUT] =
        "INSERT INTO field(object, name, keyed) VALUES(?, ?, 0)"
        " RETURNING number",
    [STORE_SQL_FIELD_KEYED] = "UPDATE field SET keyed = ? WHERE number = ?",
    [STORE_SQL_ITEM_GET] = "SELECT value FROM item WHERE kind = ? AND key = ?",
    [STORE_SQL_ITEM_PUT] = "REPLACE INTO item VALUES(?, ?, ?)",
    [STORE_SQL_ITEM_REMOVE] = "DELETE FROM item WHERE kind = ? AND key = ?",
    [STORE_SQL_ITEM_LIST] =
        "SELECT key, value FROM item WHERE kind = ? ORDER BY key",
    [STORE_SQL_COUNT_GET] =
        "SELECT counter, hour, count FROM counted WHERE hour > ?",
    [STORE_SQL_COUNT_PUT] = "REPLACE INTO counted VALUES(?, ?, ?)",
    [STORE_SQL_LOG_PUT] = "INSERT INTO commit_log VALUES(?, ?)",
    [STORE_SQL_LOG_LAST] = "SELECT coalesce(max(last), 0) FROM commit_log",
    [STORE_SQL_LOG_SINCE] =
        "SELECT last, lines FROM commit_log WHERE last > ? ORDER BY last",
};

static bool
fail(struct store_link *link, struct error *err)
{
    return error_set(err, ERROR_SYSTEM, sqlite3_extended_errcode(link->db),
                     "the org's store: %s", sqlite3_errmsg(link->db));
}

bool
store_link_open(struct store_link *link, const char *path, struct error *err)
{
    *link = (struct store_link){0};
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &link->db, flags, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(link->db, BUSY_TIMEOUT_MS) != SQLITE_OK ||
        sqlite3_exec(link->db, schema_sql, NULL, NULL, NULL) != SQLITE_OK) {
        error_set(err, ERROR_SYSTEM, sqlite3_errcode(link->db),
                  "cannot open '%s': %s", path, sqlite3_errmsg(link->db));
        store_link_close(link);
        return false;
    }
    return true;
}

void
store_link_close(struct store_link *link)
{
    for (int i = 0; i < STORE_SQL_TOTAL; i++)
        sqlite3_finalize(link->statements[i]);
    sqlite3_close(link->db);
    *link = (struct store_link){0};
}

sqlite3_stmt *
store_link_statement(struct store_link *link, enum store_sql which,
                     struct error *err)
{
    sqlite3_stmt **statement = &link->statements[which];
    if (*statement) {
        sqlite3_reset(*statement);
        return *statement;
    }
    if (sqlite3_prepare_v3(link->db, texts[which], -1,
                           SQLITE_PREPARE_PERSISTENT, statement,
                           NULL) != SQLITE_OK)
        fail(link, err);
    return *statement;
}

enum store_step
store_link_step(struct store_link *link, sqlite3_stmt *statement,
                struct error *err)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return STORE_ROW;
    case SQLITE_DONE:
        return STORE_DONE;
    default:
        fail(link, err);
        sqlite3_reset(statement);
        return STORE_FAILED;
    }
}

bool
store_link_finish(struct store_link *link, sqlite3_stmt *statement,
                  struct error *err)
{
    enum store_step step;
    while ((step = store_link_step(link, statement, err)) == STORE_ROW)
        continue;
    sqlite3_reset(statement);
    return step == STORE_DONE;
}

bool
store_link_run(struct store_link *link, enum store_sql which, struct error *err)
{
    sqlite3_stmt *statement = store_link_statement(link, which, err);
    return statement && store_link_finish(link, statement, err);
}

void
store_link_bind(sqlite3_stmt *statement, int index, struct slice bytes)
{
    sqlite3_bind_blob64(statement, index, bytes.ptr ? bytes.ptr : "", bytes.len,
                        SQLITE_STATIC);
}

struct slice
store_link_bytes(sqlite3_stmt *statement, int column)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    size_t len = (size_t)sqlite3_column_bytes(statement, column);
    if (!bytes && sqlite3_column_type(statement, column) != SQLITE_NULL)
        bytes = "";
    return (struct slice){bytes, len};
}
