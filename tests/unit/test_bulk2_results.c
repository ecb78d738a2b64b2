/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/bulk2_results.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "scratch.h"

static const struct load_column columns[] = {
    {.name = "Name", .type = FIELD_STRING},
    {.name = "ERP_Id__c", .type = FIELD_STRING},
    {.name = "Account.ERP_Id__c", .type = FIELD_STRING},
};
static const struct load load = {
    .name = "a", .object = "Account", .columns = columns, .column_count = 3};

struct heard {
    struct buffer text; /* a line a row */
    uint64_t stop_after;
    uint64_t rows;
};

static void
put(struct buffer *text, struct slice value)
{
    buffer_append_text(text, value.ptr == NULL ? "<absent>" : "[");
    buffer_append_slice(text, value);
    buffer_append_text(text, value.ptr == NULL ? "" : "]");
}

static bool
hear(void *cookie, const struct result_row *row, struct error *err)
{
    struct heard *heard = cookie;
    buffer_append_char(&heard->text, "SFRKUD"[row->fate]);
    buffer_append_text(&heard->text, row->created ? "+" : "");
    put(&heard->text, row->id);
    put(&heard->text, row->code);
    put(&heard->text, row->message);
    for (size_t i = 0; i < load.column_count; i++) {
        put(&heard->text, row->fields[i]);
    }
    buffer_append_char(&heard->text, '\n');
    heard->rows++;
    return heard->rows != heard->stop_after ||
           error_set(err, ERROR_INTERNAL, 0, "enough");
}

struct outcome_of_reading {
    bool done, cut;
    uint64_t rows;
    struct error err;
};

static struct outcome_of_reading
read_bytes(void **state, enum bulk2_result kind, struct slice bytes,
           struct heard *heard)
{
    struct outcome_of_reading outcome = {0};
    char *path = scratch_path(state, "r.csv");
    assert_true(file_replace(path, bytes, &outcome.err));
    struct bulk2_results results = {
        .path = path,
        .kind = kind,
        .load = &load,
        .message = SLICE_LITERAL("why"),
        .each = hear,
        .cookie = heard,
    };
    outcome.done = bulk2_results_read(&results, &outcome.err);
    outcome.cut = results.cut;
    outcome.rows = results.rows;
    free(path);
    return outcome;
}

static void
check(void **state, enum bulk2_result kind, const char *csv, const char *want,
      bool cut)
{
    struct heard heard = {0};
    struct outcome_of_reading outcome =
        read_bytes(state, kind, slice_of(csv), &heard);
    assert_true(outcome.done);
    assert_int_equal(outcome.cut, cut);
    assert_string_equal(buffer_text(&heard.text), want);
    assert_int_equal(outcome.rows, heard.rows);
    buffer_release(&heard.text);
}

static void
test_columns_are_found_by_name(void **state)
{
    check(state, BULK2_SUCCESSFUL,
          "\"sf__Id\",\"sf__Created\",account.erp_id__C,Other,ERP_Id__c\n"
          "\"001000000000001AAA\",\"true\",\"p\",\"x\",\"4711\"\n"
          "\"001000000000002AAA\",\"false\",\"\",\"x\",\" a\n b \"\"c\"\" \"\n",
          "S+[001000000000001AAA][][]<absent>[4711][p]\n"
          "S[001000000000002AAA][][]<absent>[ a\n b \"c\" ][]\n",
          false);
}

static void
test_errors_are_split_and_kept(void **state)
{
    check(state, BULK2_FAILED_ROWS,
          "\"sf__Id\",\"sf__Error\",Name\n"
          "\"\",\"REQUIRED_FIELD_MISSING:Required: [Name]:Name --\",\"\"\n"
          "\"001xxx\",\"UNABLE_TO_LOCK_ROW:a: b,c:--\",\"v\"\n"
          "\"\",\"no code here: at all\",\"v\"\n"
          "\"\",\"CODE\",\"v\"\n"
          "\"\",\"bad \xff\xfe bytes\",\"v\"\n",
          "F[][REQUIRED_FIELD_MISSING]"
          "[REQUIRED_FIELD_MISSING:Required: [Name]:Name --]"
          "[]<absent><absent>\n"
          "F[][UNABLE_TO_LOCK_ROW][UNABLE_TO_LOCK_ROW:a: b,c:--]"
          "[v]<absent><absent>\n"
          "F[][][no code here: at all][v]<absent><absent>\n"
          "F[][][CODE][v]<absent><absent>\n"
          "F[][][bad ?? bytes][v]<absent><absent>\n",
          false);
}

static void
test_other_spellings(void **state)
{
    /* as test servers of others write them */
    check(state, BULK2_SUCCESSFUL,
          "sf__Id,sf__Created,Name\r\n001000000000001,true,A\r\n"
          "001000000000002,false, B \r\n",
          "S+[001000000000001][][][A]<absent><absent>\n"
          "S[001000000000002][][][ B ]<absent><absent>\n",
          false);
    check(state, BULK2_UNPROCESSED, "Name\nA\n\"B\"",
          "U[][][why][A]<absent><absent>\nU[][][why][B]<absent><absent>\n",
          false);
    check(state, BULK2_UNPROCESSED, "\xef\xbb\xbfName,ERP_Id__c\n\"A\",\"1\"\n",
          "U[][][why][A][1]<absent>\n", false);
}

static void
test_a_header_alone_is_no_row(void **state)
{
    check(state, BULK2_SUCCESSFUL, "\"sf__Id\",\"sf__Created\",Name\n", "",
          false);
    check(state, BULK2_UNPROCESSED, "Name\n", "", false);
}

static void
test_cut_files_are_told(void **state)
{
    static const char head[] = "\"sf__Id\",\"sf__Created\",Name\n";
    static const char row[] = "\"001000000000001AAA\",\"true\",\"A,\n\"\n";
    static const char whole[] = "S+[001000000000001AAA][][][A,\n]"
                                "<absent><absent>\n";
    char csv[200];
    size_t row_len = strlen(row);
    /* Cut at each byte of the second row. */
    for (size_t len = 1; len < row_len - 1; len++) {
        snprintf(csv, sizeof csv, "%s%s%.*s", head, row, (int)len, row);
        check(state, BULK2_SUCCESSFUL, csv, whole, true);
    }
    check(state, BULK2_SUCCESSFUL, "", "", true);
    check(state, BULK2_SUCCESSFUL, "\"sf__Id\",\"sf__Cre", "", true);
    check(state, BULK2_SUCCESSFUL, "<html>\nbusy\n</html>\n", "", true);
    check(state, BULK2_SUCCESSFUL, "\"sf__Id\",\"sf__Error\",Name\n", "", true);
    check(state, BULK2_FAILED_ROWS, "\"sf__Id\",\"sf__Created\",Name\n", "",
          true);
    check(state, BULK2_SUCCESSFUL, "sf__Id,sf__Created,Name\na,b,c,d\n", "",
          true);
    check(state, BULK2_SUCCESSFUL, "sf__Id,sf__Created\n\"a\"b,c\n", "", true);
}

static void
test_the_reader_of_rows_may_refuse(void **state)
{
    struct heard heard = {.stop_after = 2};
    struct outcome_of_reading outcome = read_bytes(
        state, BULK2_UNPROCESSED, slice_of("Name\nA\nB\nC\nD\n"), &heard);
    assert_false(outcome.done);
    assert_int_equal(outcome.err.kind, ERROR_INTERNAL);
    assert_int_equal(heard.rows, 2);
    buffer_release(&heard.text);
}

static void
test_many_windows(void **state)
{
    struct buffer csv = {0};
    buffer_append_text(&csv, "\"sf__Id\",\"sf__Created\",\"Name\"\n");
    for (int i = 0; i < 20000; i++) {
        buffer_printf(&csv, "\"001%012dAAA\",\"true\",\"name %d\nx\"\n", i, i);
    }
    struct heard heard = {0};
    struct outcome_of_reading outcome =
        read_bytes(state, BULK2_SUCCESSFUL, buffer_slice(&csv), &heard);
    assert_true(outcome.done && !outcome.cut);
    assert_int_equal(outcome.rows, 20000);
    buffer_release(&csv);
    buffer_release(&heard.text);
}

static void
test_a_row_is_bounded(void **state)
{
    size_t len = (size_t)20 << 20;
    struct buffer csv = {0};
    buffer_append_text(&csv, "Name\nA\n\"");
    char *cell = buffer_reserve(&csv, len);
    memset(cell, 'x', len);
    csv.len += len;
    buffer_append_text(&csv, "\"\n");
    struct heard heard = {0};
    struct outcome_of_reading outcome =
        read_bytes(state, BULK2_UNPROCESSED, buffer_slice(&csv), &heard);
    assert_true(outcome.done && outcome.cut);
    assert_int_equal(outcome.rows, 1);
    buffer_release(&csv);
    buffer_release(&heard.text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_are_found_by_name),
        cmocka_unit_test(test_errors_are_split_and_kept),
        cmocka_unit_test(test_other_spellings),
        cmocka_unit_test(test_a_header_alone_is_no_row),
        cmocka_unit_test(test_cut_files_are_told),
        cmocka_unit_test(test_the_reader_of_rows_may_refuse),
        cmocka_unit_test(test_many_windows),
        cmocka_unit_test(test_a_row_is_bounded),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
