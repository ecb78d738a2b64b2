/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define LOAD "sfetl: 1\nsource: { path: a.csv }\nloads:\n- object: "
#define UPSERT LOAD "Account\n  operation: upsert\n  external_id: ERP_Id__c\n"
#define FIELDS "  fields:\n    ERP_Id__c: K\n    Name: N\n"
#define NONE SIZE_MAX

struct want {
    const char *text;
    enum load_group group;
    size_t column;      /* of the group */
    size_t own, parent; /* of the one link; NONE: there is none */
};

static void
expect(void **state, const struct want *want)
{
    struct opened opened;
    struct schema schema;
    opened_schema(&schema);
    opened_from_text(&opened, state, want->text);
    assert_non_null(opened.mapping);
    assert_true(mapping_bind_schema(opened.mapping, &schema, &opened.problems,
                                    &opened.err));
    const struct load *load = mapping_load(opened.mapping, 0);
    bool as_wanted =
        opened.problems.error_count == 0 && load->group == want->group &&
        (want->group != LOAD_GROUP_COLUMN ||
         load->group_column == want->column) &&
        load->link_count == (want->own != NONE) &&
        (want->own == NONE || (load->links[0].own == want->own &&
                               load->links[0].parent == want->parent)) &&
        load_has_order(load) ==
            (want->group != LOAD_GROUP_NONE || want->own != NONE);
    if (!as_wanted) {
        fail_msg("%s\ngot group %d by %zu, %zu links, %zu errors", want->text,
                 (int)load->group, load->group_column, load->link_count,
                 opened.problems.error_count);
    }
    schema_release(&schema);
    opened_release(&opened);
}

static void
finds_parents_and_what_to_group_by(void **state)
{
    static const struct want wants[] = {
        {UPSERT FIELDS, LOAD_GROUP_NONE, 0, NONE, 0},
        {UPSERT FIELDS "    Parent.ERP_Id__c: P\n", LOAD_GROUP_COLUMN, 2, 0, 2},
        {UPSERT FIELDS "    ParentId: P\n", LOAD_GROUP_COLUMN, 2, NONE, 0},
        {UPSERT FIELDS "    Parent.ERP_Id__c: { value: A }\n", LOAD_GROUP_NONE,
         0, 0, 2},
        {UPSERT "  order: source\n" FIELDS "    Parent.ERP_Id__c: P\n",
         LOAD_GROUP_NONE, 0, NONE, 0},
        {UPSERT "  order: auto\n  lock_group: N\n" FIELDS
                "    Parent.ERP_Id__c: P\n",
         LOAD_GROUP_FORMULA, 0, 0, 2},
        /* Owners are not locked. */
        {UPSERT FIELDS "    OwnerId: O\n", LOAD_GROUP_NONE, 0, NONE, 0},
        {LOAD "Account\n  operation: insert\n" FIELDS
              "    Parent.ERP_Id__c: P\n",
         LOAD_GROUP_COLUMN, 2, 0, 2},
        /* The rows do not set what they find their parents by. */
        {LOAD "Account\n  operation: insert\n  fields:\n    Name: N\n"
              "    Parent.ERP_Id__c: P\n",
         LOAD_GROUP_COLUMN, 1, NONE, 0},
        {LOAD "Task\n  operation: insert\n  fields:\n    WhoId: W\n",
         LOAD_GROUP_COLUMN, 0, NONE, 0},
        {LOAD "Task\n  operation: insert\n  fields:\n    Lead:Who.Email: W\n",
         LOAD_GROUP_COLUMN, 0, NONE, 0},
        {LOAD "Account\n  operation: delete\n  fields:\n    Id: I\n",
         LOAD_GROUP_NONE, 0, NONE, 0},
    };
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        expect(state, &wants[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_parents_and_what_to_group_by),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
