/* SPDX-License-Identifier: Apache-2.0 */
#include "model/ticket.h"

static const char *const names[] = {
    [TICKET_NEW] = "new",           [TICKET_CREATING] = "creating",
    [TICKET_CREATED] = "created",   [TICKET_UPLOADING] = "uploading",
    [TICKET_UPLOADED] = "uploaded", [TICKET_CLOSING] = "closing",
    [TICKET_CLOSED] = "closed",     [TICKET_DONE] = "done",
    [TICKET_FAILED] = "failed",     [TICKET_ABORTED] = "aborted",
    [TICKET_FETCHED] = "fetched",   [TICKET_COLLECTED] = "collected",
};
_Static_assert(sizeof names / sizeof *names == TICKET_STATE_COUNT,
               "a name for each state");

const char *
ticket_state_name(enum ticket_state state)
{
    return names[state];
}
