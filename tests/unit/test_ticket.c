/* SPDX-License-Identifier: Apache-2.0 */
#include "model/ticket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
each_state_has_its_own_name(void **state)
{
    (void)state;
    for (int a = 0; a < TICKET_STATE_COUNT; a++) {
        const char *name = ticket_state_name((enum ticket_state)a);
        assert_non_null(name);
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(name,
                                    ticket_state_name((enum ticket_state)b));
        }
    }
    assert_string_equal(ticket_state_name(TICKET_COLLECTED), "collected");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
