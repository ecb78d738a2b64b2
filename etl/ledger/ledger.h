/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_LEDGER_LEDGER_H
#define ETL_LEDGER_LEDGER_H

#include "base/arena.h"
#include "base/error.h"
#include "model/chunk.h"
#include "model/outcome.h"
#include "model/ticket.h"

/*
 * How far a run got, in SQLite (RUN/ledger.db), so that a kill at any instant
 * can be gone on from. WAL with synchronous=FULL, a rollback journal where WAL
 * can't work: when a call that writes returns, it is on disk. Held by the main
 * thread alone. ERROR_SYSTEM when this machine fails, ERROR_INTERNAL when the
 * file is not a ledger.
 */
struct ledger;

enum run_state { RUN_STAGING, RUN_DELIVERING, RUN_CONCLUDING, RUN_CLOSED };

struct ledger *ledger_create(const char *path, struct error *err);
struct ledger *ledger_open(const char *path, struct error *err);
void ledger_close(struct ledger *ledger);

/* Several writes as one; nesting is not allowed. */
bool ledger_begin(struct ledger *ledger, struct error *err);
bool ledger_commit(struct ledger *ledger, struct error *err);
/* After a failure inside: forgets what came since begin. */
void ledger_rollback(struct ledger *ledger);
/* One or the other; true when it was done, and is on disk. What is recorded
 * after a failure must not end up in a transaction that nobody commits. */
bool ledger_end(struct ledger *ledger, bool done, struct error *err);

bool ledger_set_state(struct ledger *ledger, enum run_state state,
                      struct error *err);
bool ledger_state(struct ledger *ledger, enum run_state *state,
                  struct error *err);

/* What else a resume must know: texts by name ("mapping", "org", "api", …).
 * ledger_get: absent when it was never set; the copy is in the arena. */
bool ledger_set(struct ledger *ledger, const char *name, struct slice value,
                struct error *err);
bool ledger_get(struct ledger *ledger, const char *name, struct arena *arena,
                struct slice *value, struct error *err);
bool ledger_set_u64(struct ledger *ledger, const char *name, uint64_t value,
                    struct error *err);
bool ledger_get_u64(struct ledger *ledger, const char *name, uint64_t *value,
                    struct error *err);

/* Records a chunk, or records it anew (same load and number); sets its id. */
bool ledger_put_chunk(struct ledger *ledger, struct chunk *chunk,
                      struct error *err);
bool ledger_set_chunk_state(struct ledger *ledger, uint64_t chunk_id,
                            enum chunk_state state, struct error *err);
/* In the order of load and number; the array is in the arena. */
bool ledger_chunks(struct ledger *ledger, struct arena *arena,
                   struct chunk **chunks, size_t *count, struct error *err);

/* Records a new ticket and sets its id, or all members of a known one. */
bool ledger_put_ticket(struct ledger *ledger, struct ticket *ticket,
                       struct error *err);
/* In the order they were made. */
/* Whether another ticket has the ticket's job: the first 15 characters say
 * all. */
bool ledger_is_job_of_another(struct ledger *ledger,
                              const struct ticket *ticket, bool *is,
                              struct error *err);
bool ledger_tickets(struct ledger *ledger, struct arena *arena,
                    struct ticket **tickets, size_t *count, struct error *err);

#endif
