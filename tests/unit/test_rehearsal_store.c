/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal_org.h"

#include "base/clock.h"

#include <pthread.h>

/* The id of the last call's first row. */
static char *
first_id(struct test_org *org)
{
    return arena_strdup(&org->arena, slice_of(org->results[0].id));
}

static const char *
text(struct test_org *org, const char *format, const char *value)
{
    struct buffer out = {0};
    for (const char *c = format; *c; c++)
        if (*c == '$')
            buffer_append_text(&out, value);
        else
            buffer_append_char(&out, *c);
    char *kept = arena_strdup(&org->arena, buffer_slice(&out));
    buffer_release(&out);
    return kept;
}

static void
test_insert_and_rules(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL, "NAME=Acme|phone=1",
              "Phone=1", "Name=~", "Name=A|Nope__c=1", "Name=A|IsDeleted=true",
              "Name=A|Rating_Tier__c=D", "Name=A|Credit_Limit__c=abc",
              "Name=A|Credit_Limit__c=1.005|Active__c=yes",
              "Name=A|Id=001Re0000000001AAA", NULL);
    org_succeeds(org, 0, true);
    assert_memory_equal(org->results[0].id, "001Re0000000001", 15);
    org_fails(org, 1, "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [Name]");
    assert_string_equal(org->results[1].errors->fields[0], "Name");
    assert_string_equal(org->results[1].id, "");
    org_fails(org, 2, "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [Name]");
    org_fails(org, 3, "INVALID_FIELD",
              "No such column 'Nope__c' on sobject of type Account");
    org_fails(org, 4, "INVALID_FIELD_FOR_INSERT_UPDATE",
              "Unable to create/update fields: IsDeleted. Please check the "
              "security settings of this field and verify that it is "
              "read/write for your profile or permission set.");
    org_fails(org, 5, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
              "Rating Tier: bad value for restricted picklist field: D");
    org_fails(org, 6, "INVALID_FIELD",
              "Failed to deserialize field at col 1. Due to, 'abc' is not a "
              "valid value for the type xsd:double");
    org_succeeds(org, 7, true);
    org_fails(org, 8, "INVALID_FIELD_FOR_INSERT_UPDATE",
              "cannot specify Id in an insert call");
}

static void
test_upsert(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_UPSERT, "Account", "ERP_Id__c",
              "ERP_Id__c=K1|Name=One", "ERP_Id__c=|Name=None", "Name=None",
              "ERP_Id__c=k1|Name=Again", NULL);
    org_succeeds(org, 0, true);
    char *id = first_id(org);
    org_fails(org, 1, "MISSING_ARGUMENT", "ERP_Id__c not specified");
    org_fails(org, 2, "MISSING_ARGUMENT", "ERP_Id__c not specified");
    org_fails(org, 3, "DUPLICATE_VALUE", "Duplicate external id specified: k1");
    org_write(org, WRITE_UPSERT, "Account", "ERP_Id__c", "ERP_Id__c=k1|Phone=2",
              "ERP_Id__c=K2|Name=Two", NULL);
    org_succeeds(org, 0, false);
    org_succeeds(org, 1, true);
    assert_string_equal(org->results[0].id, id);
    /* An empty key field is no update of the name, so Name may be absent. */
    org_write(org, WRITE_UPSERT, "Account", "ERP_Id__c", "ERP_Id__c=K1|Name=~",
              NULL);
    org_fails(org, 0, "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [Name]");
    assert_string_equal(org->results[0].id, id);
    org_write(org, WRITE_INSERT, "Account", NULL, "ERP_Id__c=K1|Name=Clash",
              "Name=L1|Loose_Key__c=x", "Name=L2|Loose_Key__c=X",
              "Name=E1|Exact__c=Ab", "Name=E2|Exact__c=aB",
              "Name=E3|Exact__c=Ab", NULL);
    org_fails(org, 0, "DUPLICATE_VALUE",
              text(org,
                   "duplicate value found: ERP_Id__c duplicates value on "
                   "record with id: $",
                   text(org, "$", "001Re0000000001")));
    org_succeeds(org, 1, true);
    org_succeeds(org, 2, true);
    org_succeeds(org, 3, true);
    org_succeeds(org, 4, true);
    assert_false(org->results[5].success);
    org_write(org, WRITE_UPSERT, "Account", "Loose_Key__c",
              "Loose_Key__c=x|Name=Which", NULL);
    assert_string_equal(org->results[0].errors->code, "DUPLICATE_EXTERNAL_ID");
    assert_memory_equal(org->results[0].errors->message,
                        "Loose Key: more than one record found for external "
                        "id field: [001Re",
                        67);
    org_write(org, WRITE_UPSERT, "Account", "Id", "Name=New", NULL);
    org_succeeds(org, 0, true);
}

static void
test_lookups(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=P|ERP_Id__c=Ab1", NULL);
    const char *id = first_id(org);
    org_write(org, WRITE_INSERT, "Contact", NULL,
              "LastName=A|Account.ERP_Id__c=aB1",
              text(org, "LastName=B|AccountId=$", id),
              "LastName=C|Account.ERP_Id__c=Zz", "LastName=D|AccountId=4711",
              "LastName=E|AccountId=003Re0000000001",
              "LastName=F|AccountId=001Re0000zzzzzz",
              "LastName=G|Account:Account.ERP_Id__c=Ab1",
              "LastName=H|Account.Phone=1", "FirstName=I", NULL);
    org_succeeds(org, 0, true);
    org_succeeds(org, 1, true);
    org_fails(org, 2, "INVALID_FIELD",
              "Foreign key external ID: zz not found for field ERP_Id__c in "
              "entity Account");
    org_fails(org, 3, "MALFORMED_ID",
              "Account ID: id value of incorrect type: 4711");
    org_fails(org, 4, "FIELD_INTEGRITY_EXCEPTION",
              "Account ID: id value of incorrect type: 003Re0000000001IAA");
    org_fails(org, 5, "INVALID_CROSS_REFERENCE_KEY",
              "invalid cross reference id");
    org_fails(org, 6, "INVALID_FIELD",
              "type is not needed for non polymorphic foreign key "
              "references: Account");
    assert_false(org->results[7].success);
    org_fails(org, 8, "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [LastName]");
    org_write(
        org, WRITE_INSERT, "Task", NULL,
        "Subject=Call|Contact:Who.ERP_Id__c=none",
        "Subject=Call|Who.ERP_Id__c=none", "Subject=Call|Owner.Username=x",
        "Subject=Call|User:Owner.Username=LOADER@rehearsal.example", NULL);
    org_fails(org, 0, "INVALID_FIELD",
              "Foreign key external ID: none not found for field ERP_Id__c "
              "in entity Contact");
    assert_false(org->results[1].success);
    assert_false(org->results[2].success);
    org_succeeds(org, 3, true);
    org_write(org, WRITE_INSERT, "Account", NULL,
              "Name=R|RecordType.DeveloperName=Business",
              "Name=R|RecordTypeId=012000000000000AAA",
              "Name=R|RecordTypeId=012Re000000zzzz", NULL);
    assert_false(org->results[0].success); /* DeveloperName is no key */
    org_succeeds(org, 1, true);
    org_fails(org, 2, "INVALID_CROSS_REFERENCE_KEY",
              "Record Type ID: this ID value isn't valid for the user: "
              "012Re000000zzzzIAA");
}

static void
test_update_and_ids(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=A|Phone=1", NULL);
    const char *id = first_id(org);
    org_write(org, WRITE_UPDATE, "Account", NULL, text(org, "Id=$|Phone=~", id),
              "Id=001Re0000zzzzzz|Phone=1", "Id=003Re0000000001|Phone=1",
              "Id=bad|Phone=1", "Phone=1", text(org, "Id=$|Nope=1", id), NULL);
    org_succeeds(org, 0, false);
    org_fails(org, 1, "INVALID_CROSS_REFERENCE_KEY",
              "invalid cross reference id");
    org_fails(org, 2, "MALFORMED_ID",
              "Account ID: id value of incorrect type: 003Re0000000001");
    org_fails(org, 3, "MALFORMED_ID",
              "Account ID: id value of incorrect type: bad");
    assert_string_equal(org->results[4].errors->code, "MISSING_ARGUMENT");
    assert_string_equal(org->results[5].id, id);
}

static enum store_state
state_of(struct test_org *org, const char *id)
{
    struct error err = {0};
    enum store_state state;
    assert_true(store_record_state(org->store, slice_of(id), &state, &err));
    return state;
}

static void
test_delete_and_undelete(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=A|ERP_Id__c=K1", NULL);
    const char *account = first_id(org);
    org_write(org, WRITE_INSERT, "Contact", NULL,
              "LastName=C|Account.ERP_Id__c=K1", NULL);
    const char *contact = first_id(org);
    org_write(org, WRITE_DELETE, "Account", NULL, text(org, "Id=$", account),
              text(org, "Id=$", account), NULL);
    org_succeeds(org, 0, false);
    org_fails(org, 1, "ENTITY_IS_DELETED", "entity is deleted");
    assert_int_equal(state_of(org, account), STORE_DELETED);
    assert_int_equal(state_of(org, contact), STORE_DELETED);
    org_write(org, WRITE_UPDATE, "Account", NULL,
              text(org, "Id=$|Name=B", account), NULL);
    org_fails(org, 0, "ENTITY_IS_DELETED", "entity is deleted");
    org_write(org, WRITE_UPSERT, "Account", "ERP_Id__c",
              "ERP_Id__c=K1|Name=New", NULL);
    org_succeeds(org, 0, true);
    org_write(org, WRITE_UNDELETE, "Account", NULL, text(org, "Id=$", account),
              NULL);
    assert_string_equal(org->results[0].errors->code, "DUPLICATE_VALUE");
    org_write(org, WRITE_HARD_DELETE, "Account", NULL, "Id=001Re0000000002",
              NULL);
    org_succeeds(org, 0, false);
    assert_int_equal(state_of(org, "001Re0000000002"), STORE_MISSING);
    org_write(org, WRITE_UNDELETE, "Account", NULL, text(org, "Id=$", account),
              NULL);
    org_succeeds(org, 0, false);
    assert_int_equal(state_of(org, account), STORE_LIVE);
    assert_int_equal(state_of(org, contact), STORE_LIVE);
    org_write(org, WRITE_DELETE, "User", NULL,
              text(org, "Id=$", store_user_id(org->store)), NULL);
    assert_string_equal(org->results[0].errors->code,
                        "INVALID_TYPE_FOR_OPERATION");
}

static void
test_all_or_none(void **state)
{
    struct test_org *org = *state;
    org->all_or_none = true;
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=A", "Phone=1", NULL);
    org_fails(org, 0, "ALL_OR_NONE_OPERATION_ROLLED_BACK",
              "Record rolled back because not all records were valid and the "
              "request was using AllOrNone header");
    assert_string_equal(org->results[0].id, "");
    assert_string_equal(org->results[1].errors->code, "REQUIRED_FIELD_MISSING");
    struct error err = {0};
    uint64_t count = 1;
    assert_true(store_record_count(org->store, org_object(org, "Account"),
                                   &count, &err));
    assert_int_equal(count, 0);
    org->all_or_none = false;
}

static void
test_locks(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=A|ERP_Id__c=K1", NULL);
    org_stop(org);
    org->lock_ms = 60000;
    org_start(org);
    org_write(org, WRITE_INSERT, "Contact", NULL,
              "LastName=A|Account.ERP_Id__c=K1",
              "LastName=B|Account.ERP_Id__c=K1", NULL);
    org_succeeds(org, 0, true);
    org_succeeds(org, 1, true);
    org_write(org, WRITE_INSERT, "Contact", NULL,
              "LastName=C|Account.ERP_Id__c=K1", "LastName=D", NULL);
    org_fails(org, 0, "UNABLE_TO_LOCK_ROW",
              "unable to obtain exclusive access to this record or 1 "
              "records: 001Re0000000001");
    org_succeeds(org, 1, true);
    org->lock_ms = 0;
}

static char *
log_text(struct test_org *org, struct buffer *bytes)
{
    struct error err = {0};
    char *path = mem_printf("%s/commits.jsonl", org->folder);
    buffer_reset(bytes);
    assert_true(file_read_whole(path, 1 << 24, bytes, &err));
    free(path);
    return (char *)(uintptr_t)buffer_text(bytes);
}

static size_t
count_lines(const char *lines)
{
    size_t count = 0;
    for (; *lines; lines++)
        count += *lines == '\n';
    return count;
}

static void
test_commit_log(void **state)
{
    struct test_org *org = *state;
    struct buffer bytes = {0};
    org_write(org, WRITE_UPSERT, "Account", "ERP_Id__c",
              "ERP_Id__c=K\"1|Name=One|Phone=~", "ERP_Id__c=K2", NULL);
    const char *line = log_text(org, &bytes);
    assert_int_equal(count_lines(line), 1);
    assert_non_null(strstr(line, "{\"seq\":1,\"time\":\"2"));
    assert_non_null(strstr(line,
                           "\"api\":\"bulk2\",\"call\":\"750Re0000000001\","
                           "\"operation\":\"upsert\",\"object\":\"Account\","
                           "\"id\":\"001Re0000000001IAA\",\"created\":true,"
                           "\"externalIdField\":\"ERP_Id__c\","
                           "\"externalId\":\"K\\\"1\",\"fields\":{"));
    assert_non_null(strstr(line, "\"Phone\":null"));
    org_write(org, WRITE_DELETE, "Account", NULL, "Id=001Re0000000001", NULL);
    line = log_text(org, &bytes);
    assert_int_equal(count_lines(line), 2);
    assert_non_null(strstr(line, "{\"seq\":2,"));
    struct slice whole = {slice_dup(buffer_slice(&bytes)), bytes.len};
    /* Cut in the second line, then gone, then of another org. */
    static const char *const spoils[] = {"cut", "gone", "ahead"};
    for (size_t i = 0; i < 3; i++) {
        struct error err = {0};
        char *path = mem_printf("%s/commits.jsonl", org->folder);
        org_stop(org);
        struct slice content = {whole.ptr, whole.len - 7};
        if (i == 2)
            content = SLICE_LITERAL("{\"seq\":99,\"x\":1}\n");
        if (i == 1)
            assert_true(file_remove_tree(path, &err));
        else
            assert_true(file_replace(path, content, &err));
        org_start(org);
        if (strcmp(log_text(org, &bytes), whole.ptr) != 0)
            fail_msg("a log that is %s came back as\n%s", spoils[i],
                     buffer_text(&bytes));
        free(path);
    }
    org_write(org, WRITE_UPSERT, "Account", "ERP_Id__c", "ERP_Id__c=K9|Name=N",
              NULL);
    assert_non_null(strstr(log_text(org, &bytes), "\n{\"seq\":3,"));
    char *copy = (char *)(uintptr_t)whole.ptr;
    free(copy);
    buffer_release(&bytes);
}

static bool
note_rows(void *cookie, const struct write_result *results, size_t count,
          struct arena *arena, struct slice *value)
{
    size_t *total = cookie;
    for (size_t i = 0; i < count; i++)
        *total += results[i].success;
    *value = arena_printf(arena, "%zu", *total);
    return true;
}

static bool
see_item(void *cookie, const char *key, struct slice value)
{
    struct buffer *out = cookie;
    buffer_printf(out, "%s=%.*s;", key, SLICE_ARGS(value));
    return true;
}

static void
test_items_and_restart(void **state)
{
    struct test_org *org = *state;
    struct error err = {0};
    struct write_row rows[450];
    for (size_t i = 0; i < 450; i++)
        rows[i] = org_row(org, i == 7 ? "Phone=1" : "Name=A");
    struct write_request request = {.operation = WRITE_INSERT,
                                    .object = org_object(org, "Account"),
                                    .api = "bulk2",
                                    .call_id = "750"};
    struct write_batch *batch = record_write_begin(org->store, &request);
    size_t total = 0, done = 0;
    record_write_set_note(batch, "batch", "b1", note_rows, &total);
    assert_true(record_write_rows(batch, rows, 450, &org->arena, org->results,
                                  &done, &err));
    record_write_end(batch);
    assert_true(
        store_put_item(org->store, "batch", "b0", SLICE_LITERAL("x"), &err));
    char id[19], other[19];
    assert_true(store_new_id(org->store, "750", id, &err));
    assert_string_equal(id, "750Re0000000001IAA");
    store_count(org->store, STORE_API_CALLS, 5);
    org_stop(org);
    org_start(org);
    assert_int_equal(store_counted(org->store, STORE_API_CALLS), 5);
    assert_true(store_new_id(org->store, "750", other, &err));
    assert_string_equal(other, "750Re0000000002IAA");
    struct buffer seen = {0};
    assert_true(store_each_item(org->store, "batch", see_item, &seen, &err));
    assert_string_equal(buffer_text(&seen), "b0=x;b1=449;");
    assert_true(
        store_put_item(org->store, "batch", "b0", (struct slice){0}, &err));
    struct slice value;
    assert_true(
        store_get_item(org->store, "batch", "b0", &org->arena, &value, &err));
    assert_null(value.ptr);
    buffer_release(&seen);
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=Z", NULL);
    org_succeeds(org, 0, true);
    /* Behind 450 numbers, that of the failed row included or not. */
    assert_true(strcmp(org->results[0].id, "001Re000000007") > 0);
    struct store_options options = {.folder = org->folder};
    assert_null(store_open(org->schema, &options, &err));
    assert_int_equal(err.kind, ERROR_LOCKED);
}

struct loader {
    struct test_org *org;
    struct arena arena;
    struct write_result results[1000];
    int number;
    size_t good;
};

static void *
load(void *cookie)
{
    struct loader *loader = cookie;
    struct error err = {0};
    struct write_row rows[1000];
    const struct schema_object *object = org_object(loader->org, "Account");
    for (size_t i = 0; i < 1000; i++) {
        struct write_cell *cells =
            arena_array(&loader->arena, 2, sizeof *cells);
        cells[0] = (struct write_cell){
            SLICE_LITERAL("ERP_Id__c"),
            arena_printf(&loader->arena, "%d-%zu", loader->number, i)};
        cells[1] =
            (struct write_cell){SLICE_LITERAL("Name"), SLICE_LITERAL("Acme")};
        rows[i] = (struct write_row){cells, 2, NULL};
    }
    struct write_request request = {
        .operation = WRITE_UPSERT,
        .object = object,
        .external = org_schema_field(object, SLICE_LITERAL("ERP_Id__c")),
        .api = "bulk2",
        .call_id = "750"};
    struct write_batch *batch =
        record_write_begin(loader->org->store, &request);
    if (record_write_rows(batch, rows, 1000, &loader->arena, loader->results,
                          NULL, &err))
        for (size_t i = 0; i < 1000; i++)
            loader->good += loader->results[i].success;
    record_write_end(batch);
    arena_release(&loader->arena);
    return NULL;
}

static void
test_threads_take_turns(void **state)
{
    struct test_org *org = *state;
    struct loader *loaders = mem_array(3, sizeof *loaders);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        loaders[i].org = org;
        loaders[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, load, &loaders[i]),
                         0);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(loaders[i].good, 1000);
    }
    struct error err = {0};
    uint64_t count = 0;
    assert_true(store_record_count(org->store, org_object(org, "Account"),
                                   &count, &err));
    assert_int_equal(count, 3000);
    char ids[2][19];
    size_t found;
    const struct schema_object *object = org_object(org, "Account");
    assert_true(store_find(org->store, object,
                           org_schema_field(object, SLICE_LITERAL("ERP_Id__c")),
                           SLICE_LITERAL("2-999"), ids, 2, &found, &err));
    assert_int_equal(found, 1);
    free(loaders);
}

static void
test_columns(void **state)
{
    struct test_org *org = *state;
    static const struct {
        const char *object, *name;
        enum write_column_status status;
    } cases[] = {
        {"Contact", "lastname", WRITE_COLUMN_FIELD},
        {"Contact", "Account.ERP_ID__C", WRITE_COLUMN_PARENT},
        {"Contact", "Nope", WRITE_COLUMN_UNKNOWN},
        {"Contact", "Nope.ERP_Id__c", WRITE_COLUMN_UNKNOWN},
        {"Contact", "Account.Nope", WRITE_COLUMN_UNKNOWN},
        {"Contact", "Account.Phone", WRITE_COLUMN_NOT_A_KEY},
        {"Contact", "Account:Account.ERP_Id__c", WRITE_COLUMN_TYPE_NOT_NEEDED},
        {"Task", "Who.ERP_Id__c", WRITE_COLUMN_TYPE_REQUIRED},
        {"Task", "Contact:Who.ERP_Id__c", WRITE_COLUMN_PARENT},
        {"Task", "Account:Who.ERP_Id__c", WRITE_COLUMN_TYPE_UNKNOWN},
        {"Invoice__c", "Account__r.ERP_Id__c", WRITE_COLUMN_PARENT},
        {"Contact", "", WRITE_COLUMN_UNKNOWN},
        {"Contact", ".", WRITE_COLUMN_UNKNOWN},
        {"Contact", ":", WRITE_COLUMN_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct write_column column =
            record_write_column(org->schema, org_object(org, cases[i].object),
                                slice_of(cases[i].name));
        if (column.status != cases[i].status)
            fail_msg("%s is %d", cases[i].name, (int)column.status);
    }
}

static void
test_custom_object(void **state)
{
    struct test_org *org = *state;
    org_write(org, WRITE_INSERT, "Account", NULL, "Name=A|ERP_Id__c=K1", NULL);
    const char *account = first_id(org);
    org_write(org, WRITE_INSERT, "Invoice__c", NULL, "Amount__c=1",
              "Amount__c=1|Account__r.ERP_Id__c=K1",
              "Name=X|Account__r.ERP_Id__c=K1", NULL);
    org_fails(org, 0, "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [Account__c]");
    org_succeeds(org, 1, true);
    assert_memory_equal(org->results[1].id, "a00", 3);
    assert_string_equal(org->results[2].errors->code,
                        "INVALID_FIELD_FOR_INSERT_UPDATE");
    const char *invoice =
        arena_strdup(&org->arena, slice_of(org->results[1].id));
    org_write(org, WRITE_HARD_DELETE, "Account", NULL,
              text(org, "Id=$", account), NULL);
    assert_int_equal(state_of(org, invoice), STORE_MISSING);
}

#define WITH_ORG(test) cmocka_unit_test_setup_teardown(test, org_make, org_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ORG(test_insert_and_rules),
        WITH_ORG(test_upsert),
        WITH_ORG(test_lookups),
        WITH_ORG(test_update_and_ids),
        WITH_ORG(test_delete_and_undelete),
        WITH_ORG(test_all_or_none),
        WITH_ORG(test_locks),
        WITH_ORG(test_commit_log),
        WITH_ORG(test_items_and_restart),
        WITH_ORG(test_threads_take_turns),
        WITH_ORG(test_columns),
        WITH_ORG(test_custom_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
