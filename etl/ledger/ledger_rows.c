/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_rows.h"

#include "ledger/ledger_schema.h"

void
ledger_rows_bind_text(sqlite3_stmt *statement, int at, struct slice text)
{
    sqlite3_bind_text64(statement, at, text.ptr ? text.ptr : "", text.len,
                        SQLITE_STATIC, SQLITE_UTF8);
}

static void
bind_u64(sqlite3_stmt *statement, int at, uint64_t value)
{
    sqlite3_bind_int64(statement, at, (sqlite3_int64)value);
}

void
ledger_rows_bind_chunk(sqlite3_stmt *statement, const struct chunk *chunk)
{
    bind_u64(statement, 1, chunk->load);
    bind_u64(statement, 2, chunk->number);
    bind_u64(statement, 3, chunk->wave);
    bind_u64(statement, 4, chunk->attempt);
    ledger_rows_bind_text(statement, 5,
                          slice_of(ledger_schema_chunk_word(chunk->state)));
    bind_u64(statement, 6, chunk->gzip);
    bind_u64(statement, 7, chunk->rows);
    bind_u64(statement, 8, chunk->bytes);
    bind_u64(statement, 9, chunk->first_row);
    bind_u64(statement, 10, chunk->last_row);
}

void
ledger_rows_bind_ticket(sqlite3_stmt *statement, const struct ticket *ticket)
{
    bind_u64(statement, 1, ticket->chunk_id);
    bind_u64(statement, 2, ticket->attempt);
    ledger_rows_bind_text(statement, 3,
                          slice_of(ticket_state_name(ticket->state)));
    ledger_rows_bind_text(statement, 4, slice_of(ticket->job_id));
    ledger_rows_bind_text(statement, 5, slice_of(ticket->message));
    bind_u64(statement, 6, ticket->processed);
    bind_u64(statement, 7, ticket->failed);
    bind_u64(statement, 8, ticket->step);
    sqlite3_bind_int64(statement, 9, ticket->closed_at_ms);
    sqlite3_bind_int64(statement, 10, ticket->done_at_ms);
    bind_u64(statement, 11, ticket->polls);
    sqlite3_bind_int64(statement, 12, ticket->total_processing_ms);
    sqlite3_bind_int64(statement, 13, ticket->active_processing_ms);
    sqlite3_bind_int64(statement, 14, ticket->apex_processing_ms);
}

static uint64_t
column_u64(sqlite3_stmt *statement, int at)
{
    return (uint64_t)sqlite3_column_int64(statement, at);
}

static uint32_t
column_u32(sqlite3_stmt *statement, int at)
{
    return (uint32_t)sqlite3_column_int64(statement, at);
}

bool
ledger_rows_read_chunk(sqlite3_stmt *statement, void *item)
{
    struct chunk *chunk = item;
    *chunk = (struct chunk){
        .load = column_u32(statement, 0),
        .number = column_u32(statement, 1),
        .wave = column_u32(statement, 2),
        .attempt = column_u32(statement, 3),
        .gzip = column_u64(statement, 5) != 0,
        .rows = column_u64(statement, 6),
        .bytes = column_u64(statement, 7),
        .first_row = column_u64(statement, 8),
        .last_row = column_u64(statement, 9),
        .id = column_u64(statement, 10),
    };
    return ledger_schema_chunk_state(
        (const char *)sqlite3_column_text(statement, 4), &chunk->state);
}

/* Fits, with its NUL. */
static bool
copy_column(sqlite3_stmt *statement, int at, char *to, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, at);
    size_t len = (size_t)sqlite3_column_bytes(statement, at);
    if (text == NULL || len >= size) {
        return false;
    }
    memcpy(to, text, len + 1);
    return true;
}

bool
ledger_rows_read_ticket(sqlite3_stmt *statement, void *item)
{
    struct ticket *ticket = item;
    *ticket = (struct ticket){
        .chunk_id = column_u64(statement, 0),
        .attempt = column_u32(statement, 1),
        .processed = column_u64(statement, 5),
        .failed = column_u64(statement, 6),
        .step = column_u64(statement, 7),
        .closed_at_ms = sqlite3_column_int64(statement, 8),
        .done_at_ms = sqlite3_column_int64(statement, 9),
        .polls = column_u32(statement, 10),
        .total_processing_ms = sqlite3_column_int64(statement, 11),
        .active_processing_ms = sqlite3_column_int64(statement, 12),
        .apex_processing_ms = sqlite3_column_int64(statement, 13),
        .id = column_u64(statement, 14),
    };
    return ledger_schema_ticket_state(
               (const char *)sqlite3_column_text(statement, 2),
               &ticket->state) &&
           copy_column(statement, 3, ticket->job_id, sizeof ticket->job_id) &&
           copy_column(statement, 4, ticket->message, sizeof ticket->message);
}
