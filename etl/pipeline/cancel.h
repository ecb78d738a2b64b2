/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_CANCEL_H
#define ETL_PIPELINE_CANCEL_H

#include "base/error.h"

/*
 * INT, TERM and HUP ask the run to stop: loops look at cancel_signal at each
 * turn. A second one ends the process at once; the run stays resumable.
 */
void cancel_install(void);
/* The signal that asked, 0: none. */
int cancel_signal(void);
/* ERROR_CANCELLED when asked; returns false then, true to go on. */
bool cancel_check(struct error *err);
/* A descriptor that is readable once a signal has asked; 0: there is none, for
 * nothing was installed. */
int cancel_fd(void);
/* Gives an ERROR_CANCELLED from below, which knows no signal, its name. */
void cancel_name(struct error *err);
/* Called from the signal handler, to end a wait; must be async-signal-safe. */
void cancel_on_signal(void (*wake)(void *cookie), void *cookie);

#endif
