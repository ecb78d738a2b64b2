/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_MAPPING_TEXT_H
#define TESTS_UNIT_MAPPING_TEXT_H

#include "mapping/mapping.h"

#include "scratch.h"

/* A mapping from a text, opened without a problem, and the org it is held
 * against. */
struct opened {
    struct mapping *mapping;
    struct problems problems;
    struct error err;
};

static inline void
opened_from_text(struct opened *opened, void **state, const char *text)
{
    char *path = scratch_path(state, "accounts.yaml");
    struct mapping_options options = {.path = path};
    *opened = (struct opened){.problems = {.path = "accounts.yaml"}};
    if (file_replace(path, slice_of(text), &opened->err)) {
        opened->mapping =
            mapping_open(&options, &opened->problems, &opened->err);
    }
    free(path);
}

static inline void
opened_release(struct opened *opened)
{
    mapping_close(opened->mapping);
    problem_release(&opened->problems);
}

/* Account, Contact, User and Task, as far as the tests need them. */
#define WRITABLE .createable = true, .updateable = true, .nillable = true
#define TEST_TEXT(n, l)                                                        \
    {                                                                          \
        .name = n, .type = FIELD_STRING, .length = l, WRITABLE                 \
    }

static inline void
opened_schema(struct schema *schema)
{
    static const char *const account[] = {"Account"};
    static const char *const who[] = {"Contact", "Lead"};
    static const char *const owner[] = {"User"};
    static const char *const tiers[] = {"Gold", "Silver"};
    const struct schema_field account_fields[] = {
        {.name = "Id", .type = FIELD_ID, .length = 18, .id_lookup = true},
        {.name = "Name",
         .type = FIELD_STRING,
         .length = 10,
         .createable = true,
         .updateable = true},
        {.name = "ERP_Id__c",
         .type = FIELD_STRING,
         .length = 10,
         .external_id = true,
         .id_lookup = true,
         .case_sensitive = true,
         WRITABLE},
        {.name = "AnnualRevenue",
         .type = FIELD_CURRENCY,
         .precision = 18,
         .scale = 2,
         WRITABLE},
        {.name = "Active__c", .type = FIELD_BOOLEAN, WRITABLE},
        {.name = "Since__c", .type = FIELD_DATE, WRITABLE},
        {.name = "Last_Order__c", .type = FIELD_DATETIME, WRITABLE},
        {.name = "Tier__c",
         .type = FIELD_PICKLIST,
         .restricted_picklist = true,
         .picklist = tiers,
         .picklist_count = 2,
         WRITABLE},
        TEST_TEXT("Description", 20),
        {.name = "ParentId",
         .type = FIELD_REFERENCE,
         .length = 18,
         .relationship = "Parent",
         .reference_to = account,
         .reference_count = 1,
         WRITABLE},
        {.name = "OwnerId",
         .type = FIELD_REFERENCE,
         .length = 18,
         .relationship = "Owner",
         .reference_to = owner,
         .reference_count = 1,
         .createable = true,
         .updateable = true,
         .defaulted_on_create = true},
        {.name = "Score__c",
         .type = FIELD_DOUBLE,
         .calculated = true,
         .nillable = true},
        {.name = "Born__c",
         .type = FIELD_STRING,
         .createable = true,
         .nillable = true},
    };
    const struct schema_field user_fields[] = {
        {.name = "Id", .type = FIELD_ID, .id_lookup = true},
        {.name = "Username",
         .type = FIELD_STRING,
         .length = 80,
         .id_lookup = true,
         WRITABLE},
        TEST_TEXT("Alias", 8),
    };
    const struct schema_field contact_fields[] = {
        {.name = "Id", .type = FIELD_ID, .id_lookup = true},
        {.name = "Email",
         .type = FIELD_EMAIL,
         .length = 80,
         .id_lookup = true,
         WRITABLE},
    };
    const struct schema_field task_fields[] = {
        {.name = "Subject", .type = FIELD_STRING, .length = 80, WRITABLE},
        {.name = "WhoId",
         .type = FIELD_REFERENCE,
         .relationship = "Who",
         .reference_to = who,
         .reference_count = 2,
         .polymorphic = true,
         WRITABLE},
    };
#define TEST_OBJECT(n, f)                                                      \
    (struct schema_object)                                                     \
    {                                                                          \
        .name = n, .createable = true, .updateable = true, .deletable = true,  \
        .fields = f, .field_count = sizeof f / sizeof *f                       \
    }
    const struct schema_object objects[] = {
        TEST_OBJECT("Account", account_fields),
        TEST_OBJECT("User", user_fields),
        TEST_OBJECT("Contact", contact_fields),
        TEST_OBJECT("Lead", contact_fields),
        TEST_OBJECT("Task", task_fields),
        {.name = "Log__x", .fields = task_fields, .field_count = 1},
    };
    *schema = (struct schema){0};
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        schema_add(schema, &objects[i]);
    }
}

#endif
