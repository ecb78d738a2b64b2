/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_PROCESS_H
#define ETL_REHEARSAL_PROCESS_H

#include "base/error.h"

#include <stdint.h>
#include <sys/types.h>

/*
 * The server as a process: one for each folder, told by a lock on server.pid
 * that the kernel drops when it ends, however it ends; and what it says of
 * itself in address.json.
 */

/*
 * The server of this folder, 0 when none runs: whoever holds the lock, so no
 * stale or foreign pid is ever taken for it.
 */
pid_t process_pid(const char *dir);
/* Becomes the server of the folder until the process ends; ERROR_LOCKED. */
bool process_take_place(const char *dir, struct error *err);

/* For people, on standard output. */
void process_print_address(const char *dir);
/* The port of last time, so that a restarted org is found again; or 0. */
uint16_t process_last_port(const char *dir);
/* Changes when the server opens its records anew. */
int64_t process_started_at(const char *dir);

/* Leaves terminal and folder; standard error goes to server.err. */
void process_detach(const char *dir);
/* The child says how its start went, and closes fd (-1: nobody listens); the
 * starter waits for that. */
void process_tell(int fd, const struct error *err);
bool process_hear(int fd, struct error *err);

#endif
