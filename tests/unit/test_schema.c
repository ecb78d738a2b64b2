/* SPDX-License-Identifier: Apache-2.0 */
#include "model/schema.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
keeps_a_copy_of_what_is_added(void **state)
{
    (void)state;
    struct schema schema = {0};
    {
        char name[] = "Contact", parent[] = "Account";
        const char *const leads_to[] = {parent};
        const char *const values[] = {"A", "B"};
        const struct schema_field fields[] = {
            {.name = "Id", .type = FIELD_ID},
            {.name = "AccountId",
             .relationship = parent,
             .type = FIELD_REFERENCE,
             .reference_to = leads_to,
             .reference_count = 1},
            {.name = "Level__c",
             .type = FIELD_PICKLIST,
             .picklist = values,
             .picklist_count = 2},
        };
        const struct schema_object object = {
            .name = name, .fields = fields, .field_count = 3};
        schema_add(&schema, &object);
        memset(name, 'x', sizeof name - 1);
        memset(parent, 'x', sizeof parent - 1);
    }
    const struct schema_object *contact =
        schema_object(&schema, SLICE_LITERAL("Contact"));
    assert_non_null(contact);
    assert_null(schema_object(&schema, SLICE_LITERAL("contact")));
    const struct schema_field *account =
        schema_object_relationship(contact, SLICE_LITERAL("Account"));
    assert_string_equal(account->name, "AccountId");
    assert_string_equal(account->reference_to[0], "Account");
    assert_null(schema_object_relationship(contact, SLICE_LITERAL("account")));
    assert_string_equal(
        schema_object_field(contact, SLICE_LITERAL("Level__c"))->picklist[1],
        "B");
    assert_null(schema_object_field(contact, SLICE_LITERAL("level__c")));
    schema_release(&schema);
}

static void
spells_types_as_describe_does(void **state)
{
    (void)state;
    for (int type = FIELD_STRING; type < FIELD_OTHER; type++) {
        const char *name = schema_type_name((enum field_type)type);
        assert_int_equal(schema_type_of(slice_of(name)), type);
    }
    assert_int_equal(schema_type_of(SLICE_LITERAL("anyType")), FIELD_OTHER);
    assert_true(schema_type_is_number(FIELD_PERCENT));
    assert_false(schema_type_is_number(FIELD_DATE));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_a_copy_of_what_is_added),
        cmocka_unit_test(spells_types_as_describe_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
