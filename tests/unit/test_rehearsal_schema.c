/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_describe.h"

#include "rehearsal_org.h"

#include <jansson.h>

static const struct schema_field *
field_of(const struct schema *schema, const char *object, const char *name)
{
    const struct schema_object *found =
        org_schema_object(schema, slice_of(object));
    return found ? org_schema_field(found, slice_of(name)) : NULL;
}

static void
test_standard_objects(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Account",        "Contact",        "Lead",
        "Opportunity",    "Product2",       "Pricebook2",
        "PricebookEntry", "Order",          "OrderItem",
        "Asset",          "Contract",       "Case",
        "Task",           "Event",          "Campaign",
        "CampaignMember", "User",           "RecordType",
        "Attachment",     "ContentVersion", "OpportunityLineItem",
    };
    struct schema *schema = org_schema_new();
    assert_int_equal(schema->object_count, 21);
    for (size_t i = 0; i < 21; i++) {
        const struct schema_object *object =
            org_schema_object(schema, slice_of(names[i]));
        assert_non_null(object);
        assert_ptr_equal(
            org_schema_object_of_id(schema, slice_of(object->prefix)), object);
        assert_string_equal(object->fields[0]->name, "Id");
        for (size_t k = 0; k < object->field_count; k++) {
            const struct schema_field *field = object->fields[k];
            assert_int_equal(field->index, k);
            if (field->type == FIELD_REFERENCE)
                assert_true(field->target_count > 0);
            else if (org_schema_type_is_text(field->type))
                assert_true(field->length > 0);
        }
    }
    const struct schema_field *field = field_of(schema, "account", "NAME");
    assert_int_equal(field->length, 255);
    assert_true(org_schema_field_is_required(field));
    assert_string_equal(field_of(schema, "User", "PostalCode")->label,
                        "Zip/Postal Code");
    assert_string_equal(field_of(schema, "Account", "BillingCity")->compound,
                        "BillingAddress");
    field = field_of(schema, "Task", "WhoId");
    assert_true(field->flags & FIELD_POLYMORPHIC);
    assert_int_equal(field->target_count, 2);
    assert_string_equal(field_of(schema, "Lead", "Status")->default_value,
                        "Open - Not Contacted");
    assert_int_equal(field_of(schema, "OrderItem", "OrderId")->flags &
                         (FIELD_CASCADE | FIELD_MASTER),
                     FIELD_CASCADE | FIELD_MASTER);
    org_schema_free(schema);
}

static void
test_yaml(void **state)
{
    (void)state;
    struct error err = {0};
    struct schema *schema = org_schema_new();
    assert_true(schema_file_add_bytes(schema, slice_of(org_schema_yaml), false,
                                      "s.yaml", &err));
    const struct schema_field *field = field_of(schema, "Account", "erp_id__c");
    assert_int_equal(field->flags & (FIELD_EXTERNAL_ID | FIELD_UNIQUE |
                                     FIELD_CASE_SENSITIVE | FIELD_ID_LOOKUP),
                     FIELD_EXTERNAL_ID | FIELD_UNIQUE | FIELD_ID_LOOKUP);
    field = field_of(schema, "Invoice__c", "Account__c");
    assert_string_equal(field->relationship, "Account__r");
    assert_string_equal(field->child_relationship, "Invoices__r");
    assert_true(field->flags & FIELD_CASCADE);
    /* A later file changes what it names and leaves the rest. */
    assert_true(schema_file_add_bytes(
        schema,
        SLICE_LITERAL("objects: {Account: {fields: {ERP_Id__c: {length: 12}, "
                      "Phone: {required: yes}}}}"),
        false, "t.yaml", &err));
    field = field_of(schema, "Account", "ERP_Id__c");
    assert_int_equal(field->length, 12);
    assert_true(field->flags & FIELD_UNIQUE);
    assert_true(
        org_schema_field_is_required(field_of(schema, "Account", "Phone")));
    org_schema_free(schema);
}

static void
test_yaml_refusals(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "s.yaml:1:1: 'objects:' with a map expected"},
        {"objects: [a]", "s.yaml:1:1: 'objects:' with a map expected"},
        {"objects: {Foo: {}}",
         "s.yaml:1:11: no standard object, and a custom one ends in '__c'"},
        {"objects: {Foo__c: x}", "s.yaml:1:19: a map with 'fields' expected"},
        {"objects: {Foo__c: {colour: x}}",
         "s.yaml:1:20: unknown member of an object"},
        {"objects: {Foo__c: {fields: {A__c: {type: strin}}}}",
         "s.yaml:1:42: unknown type"},
        {"objects: {Foo__c: {fields: {A__c: {length: 4}}}}",
         "s.yaml:1:35: 'type' is missing"},
        {"objects: {Foo__c: {fields: {A__c: {type: string, lenght: 4}}}}",
         "s.yaml:1:50: unknown member of a field"},
        {"objects: {Foo__c: {fields: {A__c: {type: string, unique: ja}}}}",
         "s.yaml:1:58: yes or no expected"},
        {"objects: {Foo__c: {fields: {A__c: {type: reference}}}}",
         "s.yaml:1:35: a reference needs 'to'"},
        {"objects: {Foo__c: {fields: {'A\"': {type: string}}}}",
         "s.yaml:1:29: no API name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct schema *schema = org_schema_new();
        assert_false(schema_file_add_bytes(schema, slice_of(cases[i][0]), false,
                                           "s.yaml", &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_string_equal(err.text, cases[i][1]);
        org_schema_free(schema);
    }
}

static json_t *
describe(const struct schema *schema, const char *object)
{
    struct buffer text = {0};
    schema_describe_object(schema, org_schema_object(schema, slice_of(object)),
                           "64.0", "http://127.0.0.1:1", &text);
    json_error_t why;
    json_t *json = json_loadb(text.bytes, text.len, 0, &why);
    if (!json)
        fail_msg("%s at %d", why.text, why.position);
    buffer_release(&text);
    return json;
}

/* What a describe says, read back, gives the same describe. */
static void
test_describe_round_trip(void **state)
{
    (void)state;
    struct error err = {0};
    struct schema *schema = org_schema_new();
    assert_true(schema_file_add_bytes(schema, slice_of(org_schema_yaml), false,
                                      "s.yaml", &err));
    for (size_t i = 0; i < schema->object_count; i++) {
        const char *name = schema->objects[i]->name;
        json_t *first = describe(schema, name);
        char *text = json_dumps(first, 0);
        struct schema *other = org_schema_new();
        struct buffer bytes = {0};
        buffer_append_text(&bytes, "\xEF\xBB\xBF");
        buffer_append_text(&bytes, text);
        if (!schema_file_add_bytes(other, buffer_slice(&bytes), true, name,
                                   &err))
            fail_msg("%s", err.text);
        json_t *second = describe(other, name);
        if (!json_equal(json_object_get(first, "fields"),
                        json_object_get(second, "fields")))
            fail_msg("the describe of %s changed", name);
        json_decref(first);
        json_decref(second);
        buffer_release(&bytes);
        free(text);
        org_schema_free(other);
    }
    struct buffer global = {0};
    schema_describe_global(schema, "64.0", &global);
    json_t *json = json_loadb(global.bytes, global.len, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(json, "sobjects")),
                     schema->object_count);
    json_decref(json);
    buffer_release(&global);
    org_schema_free(schema);
}

static void
test_json_refusals(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "[]",
        "{\"name\":\"X\"}",
        "{\"name\":\"X\",\"fields\":[{\"name\":\"Name\",\"type\":\"id\"}]}",
        "{\"name\":\"X\",\"fields\":[{\"name\":\"Id\"}]}",
        "{\"name\":\"X\\\"\",\"fields\":[{\"name\":\"Id\",\"type\":\"id\"}]}",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct schema *schema = org_schema_new();
        assert_false(schema_file_add_bytes(schema, slice_of(cases[i]), true,
                                           "x.json", &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        org_schema_free(schema);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_objects),
        cmocka_unit_test(test_yaml),
        cmocka_unit_test(test_yaml_refusals),
        cmocka_unit_test(test_describe_round_trip),
        cmocka_unit_test(test_json_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
