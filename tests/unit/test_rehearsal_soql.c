/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql.h"

#include "rehearsal_org.h"

static int
make_filled(void **state)
{
    if (org_make(state) != 0)
        return -1;
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL,
              "Name=Acme|ERP_Id__c=K1|Credit_Limit__c=10|Active__c=true|"
              "Tags__c=x;y|Exact__c=Ab",
              "Name=beta Ltd|ERP_Id__c=K2|Credit_Limit__c=9.5|Phone=1",
              "Name=Çelik %|ERP_Id__c=K3|Credit_Limit__c=100000000|"
              "Tags__c=y",
              "Name=O'Hara|Industry=Banking", NULL);
    org_write(org, WRITE_INSERT, "Contact", NULL,
              "LastName=Lee|FirstName=Ann|Account.ERP_Id__c=K1|"
              "Birthdate=1990-05-01",
              "LastName=Ray|Account.ERP_Id__c=K2|Birthdate=1991-05-01",
              "LastName=Zoe", NULL);
    org_succeeds(org, 0, true);
    return 0;
}

/* The first column of all rows, joined by commas; "!code: text" of a fault. */
static const char *
ask(struct test_org *org, const char *text, bool deleted_too)
{
    struct error err = {0};
    struct org_fault fault = {0};
    struct soql_query *query =
        soql_open(org->store, slice_of(text), deleted_too, &fault, &err);
    struct buffer out = {0};
    if (!query)
        buffer_printf(&out, "!%s: %s%s", fault.code ? fault.code : "",
                      fault.text, err.text);
    else if (soql_is_count(query))
        buffer_printf(&out, "%llu", (unsigned long long)soql_count(query));
    else if (!soql_append_csv(query, ',', ";", 0, UINT64_MAX, &out, &err))
        fail_msg("%s", err.text);
    soql_close(query);
    char *kept = arena_strdup(&org->arena, buffer_slice(&out));
    buffer_release(&out);
    return kept;
}

static void
test_filters(void **state)
{
    struct test_org *org = *state;
    static const char *const cases[][2] = {
        {"Name = 'ACME'", "\"K1\";"},
        {"Name != 'acme'", "\"K2\";\"K3\";\"\";"},
        {"Name LIKE 'a%'", "\"K1\";"},
        {"Name LIKE '%l_d'", "\"K2\";"},
        {"Name LIKE 'b__a lt_'", "\"K2\";"},
        {"Name LIKE '_elik \\\\%'", ""},
        {"Name LIKE '_elik \\%'", "\"K3\";"},
        {"Name = 'O\\'Hara'", "\"\";"},
        {"Credit_Limit__c > 9.5", "\"K1\";\"K3\";"},
        {"Credit_Limit__c >= 9.50", "\"K1\";\"K2\";\"K3\";"},
        {"Credit_Limit__c < 1e1", "\"K2\";"},
        {"Credit_Limit__c = null", "\"\";"},
        {"Credit_Limit__c != null AND Phone = null", "\"K1\";\"K3\";"},
        {"Active__c = TRUE", "\"K1\";"},
        {"NOT Active__c = true", "\"K2\";\"K3\";\"\";"},
        {"ERP_Id__c IN ('k3', 'K1', 'zz', 'K1')", "\"K1\";\"K3\";"},
        {"ERP_Id__c NOT IN ('K1')", "\"K2\";\"K3\";\"\";"},
        {"ERP_Id__c = 'K1' OR Phone = '1'", "\"K1\";\"K2\";"},
        {"(ERP_Id__c = 'K1' OR Phone = '1') AND NOT (Name = 'Acme')",
         "\"K2\";"},
        {"Tags__c INCLUDES ('y;x', 'z')", "\"K1\";"},
        {"Tags__c EXCLUDES ('x')", "\"K2\";\"K3\";\"\";"},
        {"Exact__c = 'aB'", "\"K1\";"},
        {"CreatedDate > 2020-01-01T00:00:00Z AND ERP_Id__c = 'K2'", "\"K2\";"},
        {"CreatedDate > 2220-01-01T00:00:00+01:00", ""},
        {"Owner.Username LIKE 'loader@%' AND Phone != null", "\"K2\";"},
        {"Id = '001Re0000000002'", "\"K2\";"},
        {"Id IN ('001Re0000000002IAA','001Re0000000001IAA')", "\"K1\";\"K2\";"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got =
            ask(org,
                arena_strdup(&org->arena,
                             arena_printf(&org->arena,
                                          "SELECT ERP_Id__c FROM Account "
                                          "WHERE %s",
                                          cases[i][0])),
                false);
        if (strcmp(got, cases[i][1]) != 0)
            fail_msg("%s gave %s", cases[i][0], got);
    }
}

static void
test_order_and_limits(void **state)
{
    struct test_org *org = *state;
    assert_string_equal(ask(org,
                            "select ERP_Id__c from account order by "
                            "Credit_Limit__c desc nulls last, Name",
                            false),
                        "\"K3\";\"K1\";\"K2\";\"\";");
    assert_string_equal(
        ask(org, "SELECT ERP_Id__c FROM Account ORDER BY Name", false),
        "\"K1\";\"K2\";\"\";\"K3\";");
    assert_string_equal(
        ask(org, "SELECT ERP_Id__c FROM Account ORDER BY ERP_Id__c", false),
        "\"\";\"K1\";\"K2\";\"K3\";");
    assert_string_equal(
        ask(org, "SELECT ERP_Id__c FROM Account LIMIT 2 OFFSET 1", false),
        "\"K2\";\"K3\";");
    assert_string_equal(
        ask(org, "SELECT ERP_Id__c FROM Account LIMIT 0", false), "");
    assert_string_equal(ask(org, "SELECT COUNT() FROM Account", false), "4");
    assert_string_equal(
        ask(org, "SELECT count() FROM Contact WHERE Account.Name = 'Acme'",
            false),
        "1");
    assert_string_equal(
        ask(org,
            "SELECT Account.Name, Name, Account.Owner.Alias FROM Contact "
            "WHERE Birthdate >= 1990-05-01 ORDER BY Account.Name DESC",
            false),
        "\"beta Ltd\",\"Ray\",\"loader\";\"Acme\",\"Ann Lee\",\"loader\";");
    assert_string_equal(
        ask(org, "SELECT Credit_Limit__c FROM Account WHERE ERP_Id__c = 'K3'",
            false),
        "\"1.0E8\";");
}

static void
test_deleted(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_DELETE, "Account", NULL, "Id=001Re0000000001", NULL);
    assert_string_equal(
        ask(org, "SELECT COUNT() FROM Account WHERE ERP_Id__c = 'K1'", false),
        "0");
    assert_string_equal(
        ask(org,
            "SELECT Name FROM Account WHERE ERP_Id__c = 'K1' AND "
            "IsDeleted = true",
            true),
        "\"Acme\";");
    assert_string_equal(ask(org, "SELECT COUNT() FROM Contact", false), "2");
}

static void
test_json(void **state)
{
    struct test_org *org = *state;
    struct error err = {0};
    struct org_fault fault = {0};
    struct soql_query *query =
        soql_open(org->store,
                  SLICE_LITERAL("SELECT Id, Account.Name, Account.Id, "
                                "Account.Credit_Limit__c, LastName FROM "
                                "Contact WHERE LastName IN ('Lee', 'Zoe')"),
                  false, &fault, &err);
    assert_non_null(query);
    assert_int_equal(soql_column_count(query), 5);
    assert_string_equal(soql_column(query, 1), "Account.Name");
    struct buffer out = {0};
    assert_true(soql_append_json(query, "64.0", 0, 10, &out, &err));
    assert_string_equal(
        buffer_text(&out),
        "{\"attributes\":{\"type\":\"Contact\",\"url\":\"/services/data/"
        "v64.0/sobjects/Contact/003Re0000000001IAA\"},"
        "\"Id\":\"003Re0000000001IAA\",\"Account\":{\"attributes\":{"
        "\"type\":\"Account\",\"url\":\"/services/data/v64.0/sobjects/"
        "Account/001Re0000000001IAA\"},\"Name\":\"Acme\","
        "\"Id\":\"001Re0000000001IAA\",\"Credit_Limit__c\":10.0},"
        "\"LastName\":\"Lee\"},{\"attributes\":{\"type\":\"Contact\","
        "\"url\":\"/services/data/v64.0/sobjects/Contact/"
        "003Re0000000003IAA\"},\"Id\":\"003Re0000000003IAA\","
        "\"Account\":null,\"LastName\":\"Zoe\"}");
    buffer_reset(&out);
    soql_append_csv_header(query, ',', "\r\n", &out);
    assert_string_equal(buffer_text(&out),
                        "\"Id\",\"Account.Name\",\"Account.Id\","
                        "\"Account.Credit_Limit__c\",\"LastName\"\r\n");
    soql_close(query);
    buffer_reset(&out);
    query = soql_open_record(org->store, org_object(org, "Account"),
                             SLICE_LITERAL("001Re0000000002"),
                             SLICE_LITERAL("Name, phone"), &fault, &err);
    assert_int_equal(soql_count(query), 1);
    assert_true(soql_append_json(query, "64.0", 0, 1, &out, &err));
    assert_non_null(
        strstr(buffer_text(&out), "},\"Name\":\"beta Ltd\",\"Phone\":\"1\"}"));
    soql_close(query);
    query = soql_open_record(org->store, org_object(org, "Account"),
                             SLICE_LITERAL("nonsense"), (struct slice){0},
                             &fault, &err);
    assert_int_equal(soql_count(query), 0);
    soql_close(query);
    assert_null(soql_open_record(org->store, org_object(org, "Account"),
                                 SLICE_LITERAL("001Re0000000002"),
                                 SLICE_LITERAL("Nope"), &fault, &err));
    assert_string_equal(fault.text,
                        "No such column 'Nope' on sobject of type Account");
    buffer_release(&out);
}

static void
test_refusals(void **state)
{
    struct test_org *org = *state;
    static const char *const cases[][2] = {
        {"SELEKT Name FROM Account", "!MALFORMED_QUERY: unexpected token: "
                                     "SELEKT"},
        {"", "!MALFORMED_QUERY: unexpected token: <EOF>"},
        {"SELECT", "!MALFORMED_QUERY: unexpected token: <EOF>"},
        {"SELECT Id FROM", "!MALFORMED_QUERY: unexpected token: <EOF>"},
        {"SELECT Id, FROM Account", "!MALFORMED_QUERY: unexpected token: "
                                    "FROM"},
        {"SELECT Id FROM Account WHERE Name = 'x",
         "!MALFORMED_QUERY: unexpected token: <EOF>"},
        {"SELECT Id FROM Account WHERE Name = 'x' AND Phone = '1' OR Id = ''",
         "!MALFORMED_QUERY: unexpected token: OR"},
        {"SELECT Id FROM Account GROUP BY Id",
         "!MALFORMED_QUERY: unexpected token: GROUP"},
        {"SELECT Id FROM Account LIMIT x",
         "!MALFORMED_QUERY: unexpected token: x"},
        {"SELECT Id FROM Account OFFSET 2001",
         "!NUMBER_OUTSIDE_VALID_RANGE: Maximum SOQL offset allowed is 2000"},
        {"SELECT Id, BadField FROM Account",
         "!INVALID_FIELD: \nSELECT Id, BadField FROM Account\n"
         "           ^\nERROR at Row:1:Column:12\n"
         "No such column 'BadField' on entity 'Account'. If you are "
         "attempting to use a custom field, be sure to append the '__c' "
         "after the custom field name. Please reference your WSDL or the "
         "describe call for the appropriate names."},
        {"select count() from XYZZY",
         "!INVALID_TYPE: \nselect count() from XYZZY\n"
         "                    ^\nERROR at Row:1:Column:21\n"
         "sObject type 'XYZZY' is not supported. If you are attempting to "
         "use a custom object, be sure to append the '__c' after the entity "
         "name. Please reference your WSDL or the describe call for the "
         "appropriate names."},
        {"SELECT Id FROM Account WHERE Id = 'x'",
         "!INVALID_QUERY_FILTER_OPERATOR: invalid ID field: x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = ask(org, cases[i][0], false);
        if (strcmp(got, cases[i][1]) != 0)
            fail_msg("%s gave %s", cases[i][0], got);
    }
    assert_non_null(strstr(
        ask(org, "SELECT Id FROM Account WHERE Credit_Limit__c = '1'", false),
        "must be of type currency and should not be enclosed in quotes"));
    assert_non_null(strstr(
        ask(org, "SELECT Id FROM Contact WHERE Foo__r.Name = 'x'", false),
        "Didn't understand relationship 'Foo__r' in field path."));
    /* Deep, long and cut texts end in a refusal, whatever else. */
    struct buffer text = {0};
    buffer_append_text(&text, "SELECT Id FROM Account WHERE ");
    for (int i = 0; i < 10000; i++)
        buffer_append_char(&text, '(');
    assert_int_equal(ask(org, buffer_text(&text), false)[0], '!');
    buffer_release(&text);
    const char *whole = "SELECT Id, Owner.Name FROM Account WHERE (Name "
                        "LIKE 'a%' OR Id IN ('001Re0000000001')) AND "
                        "CreatedDate > 2020-01-01T00:00:00Z ORDER BY Name";
    for (size_t len = 0; len < strlen(whole); len++)
        ask(org, arena_strdup(&org->arena, (struct slice){whole, len}), false);
}

#define FILLED(test)                                                           \
    cmocka_unit_test_setup_teardown(test, make_filled, org_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED(test_filters),  FILLED(test_order_and_limits),
        FILLED(test_deleted),  FILLED(test_json),
        FILLED(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
