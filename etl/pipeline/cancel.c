/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/cancel.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked; /* the signal */
static void (*volatile wake_call)(void *cookie);
static void *volatile wake_cookie;
static int asked_pipe[2]; /* closed at its writing end by the signal */

static void
on_signal(int number)
{
    if (asked != 0) {
        _exit(128 + number); /* the second one: at once, still resumable */
    }
    asked = number;
    if (asked_pipe[1] > 0) {
        close(asked_pipe[1]);
    }
    void (*wake)(void *) = wake_call;
    if (wake != NULL) {
        wake(wake_cookie);
    }
}

void
cancel_install(void)
{
    if (asked_pipe[0] == 0 && pipe2(asked_pipe, O_CLOEXEC) != 0) {
        asked_pipe[0] = asked_pipe[1] = 0; /* then a wait is not ended */
    }
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

int
cancel_fd(void)
{
    return asked_pipe[0];
}

void
cancel_name(struct error *err)
{
    if (err->kind == ERROR_CANCELLED && err->code == 0) {
        error_clear(err);
        cancel_check(err);
    }
}

void
cancel_on_signal(void (*wake)(void *cookie), void *cookie)
{
    wake_call = NULL;
    wake_cookie = cookie;
    wake_call = wake;
}
