/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_LEDGER_LEDGER_ROWS_H
#define ETL_LEDGER_LEDGER_ROWS_H

#include "ledger/ledger.h"

#include <sqlite3.h>

/*
 * Chunks and tickets to and from the columns of their tables, in the order of
 * these lists; the id stands behind them. What is bound is borrowed until the
 * statement is reset. Reading is false when a column holds what it can't.
 */
#define LEDGER_ROWS_CHUNK                                                      \
    "load, number, wave, attempt, state, gzip, rows, bytes, first_row, "       \
    "last_row"
#define LEDGER_ROWS_TICKET                                                     \
    "chunk_id, attempt, state, job_id, message, processed, failed, step, "     \
    "closed_at_ms, done_at_ms, polls, total_processing_ms, "                   \
    "active_processing_ms, apex_processing_ms"

void ledger_rows_bind_text(sqlite3_stmt *statement, int at, struct slice text);
void ledger_rows_bind_chunk(sqlite3_stmt *statement, const struct chunk *chunk);
void ledger_rows_bind_ticket(sqlite3_stmt *statement,
                             const struct ticket *ticket);
/* item: a struct chunk or ticket. */
bool ledger_rows_read_chunk(sqlite3_stmt *statement, void *item);
bool ledger_rows_read_ticket(sqlite3_stmt *statement, void *item);

#endif
