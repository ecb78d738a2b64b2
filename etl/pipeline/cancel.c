/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/cancel.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked; /* the signal */
static void (*volatile wake_call)(void *cookie);
static void *volatile wake_cookie;

static void
on_signal(int number)
{
    if (asked != 0) {
        _exit(128 + number); /* the second one: at once, still resumable */
    }
    asked = number;
    void (*wake)(void *) = wake_call;
    if (wake != NULL) {
        wake(wake_cookie);
    }
}

void
cancel_install(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = on_signal;
        sigemptyset(&action.sa_mask);
        struct sigaction old;
        /* nohup(1) and shells that start a job in the background ignore some:
         * that wish is kept. */
        if (sigaction(numbers[i], NULL, &old) == 0 &&
            old.sa_handler != SIG_IGN) {
            sigaction(numbers[i], &action, NULL);
        }
    }
    signal(SIGPIPE, SIG_IGN);
}

int
cancel_signal(void)
{
    return asked;
}

bool
cancel_check(struct error *err)
{
    if (asked == 0) {
        return true;
    }
    return error_set(err, ERROR_CANCELLED, asked, "stopped by signal %s",
                     sigabbrev_np(asked));
}

void
cancel_on_signal(void (*wake)(void *cookie), void *cookie)
{
    wake_call = NULL;
    wake_cookie = cookie;
    wake_call = wake;
}
