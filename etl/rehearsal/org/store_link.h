/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_STORE_LINK_H
#define ETL_REHEARSAL_ORG_STORE_LINK_H

#include "base/error.h"
#include "base/slice.h"

#include <sqlite3.h>

/*
 * One connection to org.db and its prepared statements, used by one thread at
 * a time. Failures are ERROR_SYSTEM with SQLite's code.
 */
enum store_sql {
    STORE_SQL_BEGIN,
    STORE_SQL_BEGIN_READ,
    STORE_SQL_COMMIT,
    STORE_SQL_ROLLBACK,
    STORE_SQL_RECORD_GET,
    STORE_SQL_RECORD_PUT,
    STORE_SQL_RECORD_INSERT,
    STORE_SQL_RECORD_REMOVE,
    STORE_SQL_RECORD_SCAN,
    STORE_SQL_RECORD_COUNT,
    STORE_SQL_RECORD_GONE_WITH,
    STORE_SQL_ENTRY_GET,
    STORE_SQL_ENTRY_PUT,
    STORE_SQL_ENTRY_REMOVE,
    STORE_SQL_ENTRY_CLEAR,
    STORE_SQL_SERIAL_PUT,
    STORE_SQL_OBJECT_GET,
    STORE_SQL_OBJECT_PUT,
    STORE_SQL_FIELD_GET,
    STORE_SQL_FIELD_PUT,
    STORE_SQL_FIELD_KEYED,
    STORE_SQL_ITEM_GET,
    STORE_SQL_ITEM_PUT,
    STORE_SQL_ITEM_REMOVE,
    STORE_SQL_ITEM_LIST,
    STORE_SQL_COUNT_GET,
    STORE_SQL_COUNT_PUT,
    STORE_SQL_LOG_PUT,
    STORE_SQL_LOG_LAST,
    STORE_SQL_LOG_SINCE,
    STORE_SQL_TOTAL,
};

struct store_link {
    sqlite3 *db;
    sqlite3_stmt *statements[STORE_SQL_TOTAL]; /* NULL until first used */
    struct store_link *next;                   /* in a pool */
};

/* Creates what is missing in the database. */
bool store_link_open(struct store_link *link, const char *path,
                     struct error *err);
void store_link_close(struct store_link *link);

/* The statement, reset and ready to be bound; NULL on failure. */
sqlite3_stmt *store_link_statement(struct store_link *link,
                                   enum store_sql which, struct error *err);
enum store_step { STORE_ROW, STORE_DONE, STORE_FAILED };
enum store_step store_link_step(struct store_link *link,
                                sqlite3_stmt *statement, struct error *err);
/* Steps to the end and resets. */
bool store_link_finish(struct store_link *link, sqlite3_stmt *statement,
                       struct error *err);
/* A statement without parameters. */
bool store_link_run(struct store_link *link, enum store_sql which,
                    struct error *err);

/* Bound bytes stay the caller's until the statement is finished. */
void store_link_bind(sqlite3_stmt *statement, int index, struct slice bytes);
/* Borrowed until the next step; ptr NULL for NULL. */
struct slice store_link_bytes(sqlite3_stmt *statement, int column);

#endif
