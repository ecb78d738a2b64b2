/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/soql_select.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The columns with a bar between them, in the arena. */
static struct slice
columns_of(const char *soql, struct arena *arena, struct soql_select *select)
{
    struct error err = {0};
    if (!soql_select_parse(slice_of(soql), arena, select, &err)) {
        fail_msg("%s: %s", soql, err.text);
    }
    struct slice list = SLICE_LITERAL("");
    for (size_t i = 0; i < select->count; i++) {
        list = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(list),
                            i > 0 ? "|" : "", SLICE_ARGS(select->columns[i]));
    }
    return list;
}

static void
columns_are_named_as_records_name_them(void **state)
{
    (void)state;
    static const struct {
        const char *soql, *columns, *object, *not_bulk;
    } cases[] = {
        {"SELECT Id FROM Account", "Id", "Account", NULL},
        {" select Id,\n Owner.Name , a__r.b__r.c__c from X__c WHERE a = ')'",
         "Id|Owner.Name|a__r.b__r.c__c", "X__c", NULL},
        {"SELECT toLabel(Status), FORMAT(Amount) f FROM Case", "Status|f",
         "Case", NULL},
        {"SELECT COUNT(Id), MAX(A) m, MIN(B), Name FROM C GROUP BY Name",
         "expr0|m|expr1|Name", "C", "GROUP BY"},
        {"SELECT Id FROM A LIMIT 5 OFFSET 2", "Id", "A", "OFFSET"},
        {"SELECT Id FROM A WHERE Name = 'GROUP \\' OFFSET'", "Id", "A", NULL},
        {"SELECT DISTANCE(L__c, GEOLOCATION(37,122), 'mi') d FROM A", "d", "A",
         "an aggregate function"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct soql_select select;
        struct slice columns = columns_of(cases[i].soql, &arena, &select);
        if (!slice_is(columns, cases[i].columns)) {
            fail_msg("%s: %.*s", cases[i].soql, SLICE_ARGS(columns));
        }
        assert_true(slice_is(select.object, cases[i].object));
        if (cases[i].not_bulk == NULL) {
            assert_null(select.not_bulk);
        } else {
            assert_string_equal(select.not_bulk, cases[i].not_bulk);
        }
        arena_release(&arena);
    }
}

static void
what_is_no_table_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "FROM Account",
        "SELECT",
        "SELECT FROM Account",
        "SELECT Id",
        "SELECT Id FROM",
        "SELECT Id,, Name FROM Account",
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
        "SELECT TYPEOF What WHEN Account THEN Phone END FROM Event",
        "SELECT FIELDS(ALL) FROM Account LIMIT 200",
        "SELECT COUNT() FROM Account",
        "SELECT MAX(A FROM Account",
        "SELECT 'x' FROM Account",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct soql_select select;
        struct error err = {0};
        if (soql_select_parse(slice_of(cases[i]), &arena, &select, &err)) {
            fail_msg("taken: %s", cases[i]);
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, "[export-query]"));
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_named_as_records_name_them),
        cmocka_unit_test(what_is_no_table_is_refused),
    };
    return cmocka_run_group_tests_name("soql_select", tests, NULL, NULL);
}
