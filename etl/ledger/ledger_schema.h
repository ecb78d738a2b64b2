/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_LEDGER_LEDGER_SCHEMA_H
#define ETL_LEDGER_LEDGER_SCHEMA_H

#include "ledger/ledger.h"

#include <sqlite3.h>

/*
 * The tables of a ledger and what marks a file as one. States are kept as
 * words, so that `sqlite3 ledger.db` can be read by people:
 *   facts(name, value)  what a resume must know; 'state' is the run's
 *   chunks(...)         one a staged file
 *   tickets(...)        one an attempt to load a chunk
 */
#define LEDGER_APPLICATION_ID 0x7366746c /* "sftl" */
#define LEDGER_VERSION 1

/* ERROR_INTERNAL for a damaged or foreign file, else ERROR_SYSTEM; what says
 * what was tried. */
bool ledger_schema_error(sqlite3 *db, const char *what, struct error *err);

/* Sets how the file is written; WAL or, where that can't be, a journal. */
bool ledger_schema_tune(sqlite3 *db, struct error *err);
/* Makes the tables, all or none. */
bool ledger_schema_create(sqlite3 *db, struct error *err);
/* Refuses what is no ledger or one of a newer program. */
bool ledger_schema_check(sqlite3 *db, struct error *err);

const char *ledger_schema_run_word(enum run_state state);
bool ledger_schema_run_state(const char *word, enum run_state *state);
const char *ledger_schema_chunk_word(enum chunk_state state);
bool ledger_schema_chunk_state(const char *word, enum chunk_state *state);
bool ledger_schema_ticket_state(const char *word, enum ticket_state *state);

#endif
