/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/mapper.h"

#include "base/buffer.h"
#include "mapping_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COLUMN_COUNT 13

static struct slice column_names[COLUMN_COUNT];

static const char mapping_yaml[] =
    "sfetl: 1\n"
    "source:\n"
    "  path: accounts.csv\n"
    "  number: '1.234,56'\n"
    "  date: [dd.MM.yyyy, yyyyMMdd]\n"
    "  datetime: 'dd.MM.yyyy HH:mm'\n"
    "  timezone: Europe/Berlin\n"
    "  null_values: ['-', 'NULL']\n"
    "loads:\n"
    "- object: Account\n"
    "  operation: upsert\n"
    "  external_id: ERP_Id__c\n"
    "  fields:\n"
    "    ERP_Id__c: No\n"
    "    Name: { column: Name, required: yes, truncate: yes }\n"
    "    AnnualRevenue: { column: Revenue, number: yes }\n"
    "    Active__c: { column: Active, boolean: [ja, nein] }\n"
    "    Since__c: { column: Since, date: yes, null_values: ['00000000'] }\n"
    "    Last_Order__c: { column: Last, datetime: yes }\n"
    "    Tier__c: { column: Tier, default: Gold }\n"
    "    Description: { column: Text, blank: clear }\n"
    "    Parent.ERP_Id__c: Parent\n"
    "    OwnerId: Owner\n"
    "    Born__c: { value: '1.234,5', number: yes }\n";

struct bench {
    struct opened opened;
    struct schema schema;
    struct mapper *mapper;
    struct batch source, mapped;
};

static void
bench_open(struct bench *bench, void **state)
{
    static const char *const names[] = {
        "No",   "Name",   "Revenue", "Active", "Since", "Last", "Tier",
        "Text", "Parent", "Owner",   "Extra",  "More",  "Rest"};
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        column_names[i] = slice_of(names[i]);
    }
    const struct columns columns = {column_names, COLUMN_COUNT, 0};
    *bench = (struct bench){0};
    opened_schema(&bench->schema);
    opened_from_text(&bench->opened, state, mapping_yaml);
    struct opened *opened = &bench->opened;
    assert_non_null(opened->mapping);
    assert_true(mapping_bind_columns(opened->mapping, &columns,
                                     "in/accounts.csv", &opened->problems,
                                     &opened->err));
    assert_true(mapping_bind_schema(opened->mapping, &bench->schema,
                                    &opened->problems, &opened->err));
    assert_int_equal(opened->problems.error_count, 0);
    schema_release(&bench->schema); /* nothing of it is needed any more */
    bench->mapper = mapper_new(opened->mapping);
}

static void
bench_close(struct bench *bench)
{
    mapper_free(bench->mapper);
    batch_release(&bench->source);
    batch_release(&bench->mapped);
    opened_release(&bench->opened);
}

/* Cells parted by '|'; "~" is an absent one. */
static void
put_row(struct bench *bench, const char *line)
{
    struct record *record = batch_add(&bench->source);
    record->row = bench->source.count;
    record->line = 1041 + record->row;
    record->fields =
        arena_array(&bench->source.arena, COLUMN_COUNT, sizeof *record->fields);
    for (struct slice rest = slice_of(line);;) {
        const char *end = memchr(rest.ptr, '|', rest.len);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.ptr);
        struct slice cell = {rest.ptr, len};
        if (slice_is(cell, "~")) {
            cell.ptr = NULL;
            cell.len = 0;
        }
        record->fields[record->field_count++] = cell;
        if (end == NULL) {
            return;
        }
        rest = (struct slice){end + 1, rest.len - len - 1};
    }
}

/* "~" absent, "" cleared. */
static void
show_row(const struct record *record, struct buffer *text)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (i > 0) {
            buffer_append_char(text, '|');
        }
        buffer_append_slice(text, record->fields[i].ptr == NULL
                                      ? SLICE_LITERAL("~")
                                      : record->fields[i]);
    }
}

static void
makes_each_field(void **state)
{
    static const struct {
        const char *row, *want;
    } cases[] = {
        {"4711|Müller|1.234,50|ja|31.01.2026|31.01.2026 "
         "09:30|Silver|Text|12|0018c00002FInboAAD",
         "4711|Müller|1234.50|true|2026-01-31|2026-01-31T08:30:00.000Z|Silver|"
         "Text|12|0018c00002FInboAAD|1234.5"},
        {"1|äöüäöüäöüäöü|-5|nein|20260131|31.07.2026 09:30|Gold|x|1|~",
         "1|äöüäöüäöüä|-5|false|2026-01-31|2026-07-31T07:30:00.000Z|Gold|x|1|"
         "~|1234.5"},
        {"1|N|~||00000000|||||", "1|N|~|~|~|~|Gold||~|~|1234.5"},
        {"1|N|-|NULL|-|-|-|-|-|-", "1|N|~|~|~|~|Gold||~|~|1234.5"},
        {"1|N", "1|N|~|~|~|~|Gold||~|~|1234.5"},
    };
    struct bench bench;
    struct buffer got = {0};
    bench_open(&bench, state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_row(&bench, cases[i].row);
    }
    mapper_apply(bench.mapper, 0, &bench.source, &bench.mapped);
    assert_int_equal(bench.mapped.count, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < bench.mapped.count; i++) {
        const struct record *record = &bench.mapped.records[i];
        assert_int_equal(record->fate, RECORD_GOOD);
        assert_int_equal(record->row, i + 1);
        assert_int_equal(record->line, 1042 + i);
        assert_int_equal(record->field_count, 11);
        buffer_reset(&got);
        show_row(record, &got);
        assert_string_equal(buffer_text(&got), cases[i].want);
    }
    /* What is not changed is not copied. */
    assert_ptr_equal(bench.mapped.records[0].fields[0].ptr,
                     bench.source.records[0].fields[0].ptr);
    assert_ptr_equal(bench.mapped.records[0].fields[6].ptr,
                     bench.source.records[0].fields[6].ptr);
    buffer_release(&got);
    bench_close(&bench);
}

static void
says_what_is_wrong_with_a_row(void **state)
{
    static const struct {
        const char *row, *code, *want;
    } cases[] = {
        {"1|N|1.23x", "number-shape",
         "accounts.csv:1042: AnnualRevenue: \"1.23x\" is not a number like "
         "1.234,56 (mapping accounts.yaml:16)"},
        {"|N", "blank-key",
         "accounts.csv:1043: ERP_Id__c: is blank, but it is the key that "
         "finds the record (mapping accounts.yaml:14)"},
        {"1|", "required",
         "accounts.csv:1044: Name: is blank, but required (mapping "
         "accounts.yaml:15)"},
        {"1|-", "required",
         "accounts.csv:1045: Name: \"-\" is blank, but required (mapping "
         "accounts.yaml:15)"},
        {"1|N||maybe", "not-boolean",
         "accounts.csv:1046: Active__c: \"maybe\" is neither 'ja' (true) nor "
         "'nein' (false) (mapping accounts.yaml:17)"},
        {"1|N|||30.02.2026", "date-shape",
         "accounts.csv:1047: Since__c: \"30.02.2026\" is not a date like "
         "dd.MM.yyyy or yyyyMMdd (mapping accounts.yaml:18)"},
        {"1|N||||x", "datetime-shape",
         "accounts.csv:1048: Last_Order__c: \"x\" is not a time like "
         "dd.MM.yyyy HH:mm (mapping accounts.yaml:19)"},
        {"1|N|||||Bronze", "picklist",
         "accounts.csv:1049: Tier__c: \"Bronze\" is not one of 'Gold' or "
         "'Silver' (mapping accounts.yaml:20)"},
        {"1|N||||||#N/A", "null-literal",
         "accounts.csv:1050: Description: \"#N/A\" would be read as null by "
         "the org ('blank: clear' with 'null_values' asks for that) (mapping "
         "accounts.yaml:21)"},
        {"1|N||||||123456789\n123456789\t12", "too-long",
         "accounts.csv:1051: Description: \"123456789\\n123456789\\t12\" has "
         "22 characters, the field takes 20 (mapping accounts.yaml:21)"},
        {"1|N| 5", "number-shape",
         "accounts.csv:1052: AnnualRevenue: \" 5\" is not a number like "
         "1.234,56 (it has blanks at its ends, 'trim: yes' in the source "
         "takes them off) (mapping accounts.yaml:16)"},
        {"1|N|||||||12345678901|0018c00002FInboAAE", "too-long",
         "accounts.csv:1053: Parent.ERP_Id__c: \"12345678901\" has 11 "
         "characters, the field takes 10 (mapping accounts.yaml:22); "
         "accounts.csv:1053: OwnerId: \"0018c00002FInboAAE\" is not a "
         "Salesforce Id: its last three characters don't fit the others "
         "(mapping accounts.yaml:23)"},
        {"1|N|"
         "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
         "ääääääääääääääääää",
         "number-shape",
         "accounts.csv:1054: AnnualRevenue: "
         "\"äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
         "ä"
         "ääääääääääää…\" is not a number like 1.234,56 (mapping "
         "accounts.yaml:16)"},
    };
    struct bench bench;
    bench_open(&bench, state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_row(&bench, cases[i].row);
    }
    mapper_apply(bench.mapper, 0, &bench.source, &bench.mapped);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct record *record = &bench.mapped.records[i];
        assert_int_equal(record->fate, RECORD_REJECTED);
        assert_string_equal(record->code, cases[i].code);
        if (!slice_is(record->reason, cases[i].want)) {
            fail_msg("%.*s", SLICE_ARGS(record->reason));
        }
    }
    bench_close(&bench);
}

static void
leaves_what_the_source_rejected(void **state)
{
    struct bench bench;
    bench_open(&bench, state);
    put_row(&bench, "|");
    put_row(&bench, "1|N");
    batch_reject(&bench.source, &bench.source.records[0], "nul-byte",
                 "holds a NUL byte");
    bench.source.records[1].fate = RECORD_SKIPPED;
    mapper_apply(bench.mapper, 0, &bench.source, &bench.mapped);
    mapper_apply(bench.mapper, 0, &bench.source, &bench.mapped);
    assert_int_equal(bench.mapped.count, 2);
    const struct record *record = &bench.mapped.records[0];
    assert_int_equal(record->fate, RECORD_REJECTED);
    assert_string_equal(record->code, "nul-byte");
    assert_true(slice_is(record->reason, "holds a NUL byte"));
    assert_int_equal(bench.mapped.records[1].fate, RECORD_SKIPPED);
    bench_close(&bench);
}

static void
notes_times_at_a_change(void **state)
{
    struct bench bench;
    bench_open(&bench, state);
    put_row(&bench, "1|N||||29.03.2026 02:30");
    put_row(&bench, "1|N||||25.10.2026 02:30");
    put_row(&bench, "1|N|1,234|||25.10.2026 03:30");
    mapper_apply(bench.mapper, 0, &bench.source, &bench.mapped);
    assert_true(slice_is(bench.mapped.records[0].fields[5],
                         "2026-03-29T01:30:00.000Z"));
    assert_true(slice_is(bench.mapped.records[1].fields[5],
                         "2026-10-25T00:30:00.000Z"));
    assert_int_equal(mapper_notes(bench.mapper, 0, 5)->at_change.count, 2);
    assert_int_equal(mapper_notes(bench.mapper, 0, 5)->at_change.first_line,
                     bench.source.records[0].line);
    assert_int_equal(mapper_notes(bench.mapper, 0, 2)->rounded.count, 1);
    assert_int_equal(mapper_notes(bench.mapper, 0, 2)->rounded.first_line,
                     bench.source.records[2].line);
    assert_int_equal(mapper_notes(bench.mapper, 0, 0)->rounded.count, 0);
    bench_close(&bench);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_each_field),
        cmocka_unit_test(says_what_is_wrong_with_a_row),
        cmocka_unit_test(leaves_what_the_source_rejected),
        cmocka_unit_test(notes_times_at_a_change),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
