/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/draft/field_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const tiers[] = {"A", "B"};
static const struct schema_field fields[] = {
    {.name = "Name", .label = "Account Name", .type = FIELD_STRING},
    {.name = "BillingPostalCode", .label = "Billing Zip", .type = FIELD_STRING},
    {.name = "AnnualRevenue",
     .label = "Annual Revenue",
     .type = FIELD_CURRENCY},
    {.name = "Since__c", .label = "Customer Since", .type = FIELD_DATE},
    {.name = "OwnerId", .label = "Owner ID", .type = FIELD_REFERENCE},
    {.name = "Tier__c",
     .label = "Tier",
     .type = FIELD_PICKLIST,
     .restricted_picklist = true,
     .picklist = tiers,
     .picklist_count = 2},
};
static const struct schema_object account = {
    .name = "Account",
    .fields = fields,
    .field_count = sizeof fields / sizeof fields[0],
};

static void
expect(const char *column, const char *value, const char *field,
       enum match_surety surety)
{
    struct arena arena = {0};
    struct column_profile profile;
    column_profile_init(&profile);
    column_profile_add(&profile, slice_of(value), &arena);
    struct column_guess guess = column_profile_guess(&profile, 0);
    struct field_match match = field_match_find(
        &account, "Account", slice_of(column), &guess, &profile, &arena);
    assert_int_equal(match.surety, surety);
    assert_string_equal(match.name != NULL ? match.name : "none", field);
    column_profile_release(&profile);
    arena_release(&arena);
}

static void
finds_fields(void **state)
{
    (void)state;
    expect("NAME", "Lang", "Name", MATCH_SURE);
    expect("account name", "Lang", "Name", MATCH_SURE);
    expect("SINCE", "2020-01-31", "Since__c", MATCH_SURE);
    expect("Customer-Since", "2020-01-31", "Since__c", MATCH_SURE);
    expect("Firma", "Lang", "Name", MATCH_LIKELY);
    expect("PLZ", "01234", "BillingPostalCode", MATCH_LIKELY);
    expect("Colour", "red", "none", MATCH_NONE);
    expect("", "red", "none", MATCH_NONE);
    expect("!?", "red", "none", MATCH_NONE);
}

static void
looks_at_the_values(void **state)
{
    (void)state;
    expect("Umsatz", "1.234,50", "AnnualRevenue", MATCH_LIKELY);
    expect("Umsatz", "viel", "AnnualRevenue", MATCH_POSSIBLE);
    expect("Since", "long ago", "Since__c", MATCH_POSSIBLE);
    expect("OwnerId", "4711", "OwnerId", MATCH_POSSIBLE);
    expect("OwnerId", "0055e00000KTHRTAA5", "OwnerId", MATCH_SURE);
    expect("Tier", "A", "Tier__c", MATCH_SURE);
    expect("Tier", "Z", "Tier__c", MATCH_POSSIBLE);
    expect("Since", "", "Since__c", MATCH_SURE);
}

static void
names_what_is_usual_without_an_org(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct column_profile profile;
    column_profile_init(&profile);
    struct column_guess guess = column_profile_guess(&profile, 0);
    static const char *const objects[] = {"Account", "Contact", "Lead"};
    static const char *const cities[] = {"BillingCity", "MailingCity", "City"};
    for (size_t i = 0; i < 3; i++) {
        struct field_match match = field_match_find(
            NULL, objects[i], slice_of("Ort"), &guess, &profile, &arena);
        assert_string_equal(match.name, cities[i]);
        assert_null(match.field);
    }
    arena_release(&arena);
}

static void
knows_names_of_keys(void **state)
{
    (void)state;
    assert_true(field_match_is_key_name(slice_of("Customer No.")));
    assert_true(field_match_is_key_name(slice_of("KUNNR")));
    assert_true(field_match_is_key_name(slice_of("ORACLE_ID__C")));
    assert_false(field_match_is_key_name(slice_of("Postal Code")));
    assert_false(field_match_is_key_name(slice_of("")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_fields),
        cmocka_unit_test(looks_at_the_values),
        cmocka_unit_test(names_what_is_usual_without_an_org),
        cmocka_unit_test(knows_names_of_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
