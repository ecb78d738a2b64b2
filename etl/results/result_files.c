/* SPDX-License-Identifier: Apache-2.0 */
#include "results/result_files.h"

#include "base/mem.h"
#include "model/csv_writer.h"
#include "model/row_file.h"
#include "results/outcome_merge.h"

#include <stdlib.h>

enum result_file { SUCCESS, FAILURE, SKIPPED, UNPROCESSED, FILE_COUNT };

static const struct {
    const char *name, *columns;
} files[] = {
    [SUCCESS] = {"success.csv", "sf__Id,sf__Created"},
    [FAILURE] = {"error.csv", "sf__Id,sf__Error,sfetl__Origin,sfetl__Code,"
                              "sfetl__Row,sfetl__Line"},
    [SKIPPED] = {"skipped.csv", "sfetl__Reason,sfetl__Row,sfetl__Line"},
    [UNPROCESSED] = {"unprocessed.csv", "sfetl__Reason,sfetl__Row,sfetl__Line"},
};

struct writing {
    const struct result_files_options *options;
    struct file_writer writers[FILE_COUNT];
    struct row_file_reader rows;
    struct outcome_merge *merge;
    struct outcome outcome; /* the next one of the merge */
    bool has_outcome;
    struct buffer head, reason;
    size_t source_part; /* of the row that is written */
    result_row_seen_fn *seen;
    void *cookie;
    struct result_counts *counts;
    struct row_faults missing, unknown;
    struct error *err;
};

static enum result_file
file_of(enum outcome_fate fate)
{
    switch (fate) {
    case OUTCOME_SUCCEEDED:
        return SUCCESS;
    case OUTCOME_FAILED:
    case OUTCOME_REJECTED:
        return FAILURE;
    case OUTCOME_SKIPPED:
        return SKIPPED;
    case OUTCOME_UNPROCESSED:
    case OUTCOME_IN_DOUBT:
        break;
    }
    return UNPROCESSED;
}

static void
append_number(struct buffer *text, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    buffer_append(text, digits + at, sizeof digits - at);
}

static void
append_place(struct writing *writing, const struct row_file_entry *entry)
{
    const struct result_files_options *options = writing->options;
    struct buffer *head = &writing->head;
    buffer_append_char(head, ',');
    append_number(head, entry->row);
    buffer_append_char(head, ',');
    append_number(head, entry->line);
    if (options->source_part_count > 0) {
        const struct source_part *part =
            source_part_of(options->parts_of_source, options->source_part_count,
                           &writing->source_part, entry->row);
        buffer_append_char(head, ',');
        csv_writer_cell(head, slice_of(part ? part->name : ""));
    }
}

static struct slice
reason_of(struct writing *writing, const struct outcome *outcome)
{
    struct slice said =
        outcome->message.len > 0 ? outcome->message : outcome->code;
    if (outcome->fate != OUTCOME_IN_DOUBT) {
        return said;
    }
    buffer_reset(&writing->reason);
    buffer_append_text(&writing->reason, "in-doubt: ");
    buffer_append_slice(&writing->reason, said);
    return buffer_slice(&writing->reason);
}

/* What stands before the source columns. */
static void
make_head(struct writing *writing, const struct outcome *outcome,
          const struct row_file_entry *entry)
{
    struct buffer *head = &writing->head;
    buffer_reset(head);
    switch (file_of(outcome->fate)) {
    case SUCCESS:
        buffer_append_slice(head, outcome->id);
        buffer_append_text(head, outcome->created ? ",true" : ",false");
        break;
    case FAILURE:
        buffer_append_slice(head, outcome->id);
        buffer_append_char(head, ',');
        csv_writer_cell(head, reason_of(writing, outcome));
        buffer_append_text(head, outcome->fate == OUTCOME_FAILED ? ",org,"
                                                                 : ",mapping,");
        csv_writer_cell(head, outcome->code);
        append_place(writing, entry);
        break;
    default:
        csv_writer_cell(head, reason_of(writing, outcome));
        append_place(writing, entry);
        break;
    }
    buffer_append_char(head, ',');
}

static bool
write_row(struct writing *writing, const struct outcome *outcome,
          const struct row_file_entry *entry)
{
    make_head(writing, outcome, entry);
    writing->counts->by_fate[outcome->fate]++;
    if (outcome->fate == OUTCOME_SUCCEEDED) {
        writing->counts->created += outcome->created;
    }
    if (writing->seen != NULL) {
        writing->seen(writing->cookie, outcome, entry->line);
    }
    struct file_writer *writer = &writing->writers[file_of(outcome->fate)];
    return file_writer_write(writer, writing->head.bytes, writing->head.len,
                             writing->err) &&
           file_writer_write(writer, entry->text.ptr, entry->text.len,
                             writing->err) &&
           file_writer_write(writer, "\n", 1, writing->err);
}

static bool
next_outcome(struct writing *writing)
{
    enum file_status status =
        outcome_merge_next(writing->merge, &writing->outcome, writing->err);
    writing->has_outcome = status == FILE_BYTES;
    return status != FILE_FAILED;
}

/* A row that no part names. */
static bool
write_unnamed(struct writing *writing, const struct row_file_entry *entry)
{
    struct outcome outcome = {
        .row = entry->row,
        .fate = OUTCOME_UNPROCESSED,
        .code = writing->options->unstaged_code,
        .message = writing->options->unstaged_message,
    };
    if (outcome.code.ptr == NULL) {
        outcome_merge_add_fault(&writing->missing, entry->row);
        outcome.fate = OUTCOME_IN_DOUBT;
        outcome.code = SLICE_LITERAL("row-accounting");
        outcome.message =
            SLICE_LITERAL("row accounting failed: this row has no outcome");
    }
    return write_row(writing, &outcome, entry);
}

/* What somebody decided of rows whose fate can't be known. */
static void
assume(enum outcome_fate in_doubt_as, struct outcome *outcome)
{
    if (outcome->fate == OUTCOME_IN_DOUBT) {
        outcome->fate = in_doubt_as;
    }
}

static bool
pass_unknown(struct writing *writing, uint64_t before)
{
    while (writing->has_outcome && writing->outcome.row < before) {
        outcome_merge_add_fault(&writing->unknown, writing->outcome.row);
        if (!next_outcome(writing)) {
            return false;
        }
    }
    return true;
}

static bool
settle_row(struct writing *writing, const struct row_file_entry *entry)
{
    writing->counts->read++;
    if (!pass_unknown(writing, entry->row)) {
        return false;
    }
    if (!writing->has_outcome || writing->outcome.row != entry->row) {
        return write_unnamed(writing, entry);
    }
    struct outcome outcome = writing->outcome;
    assume(writing->options->in_doubt_as, &outcome);
    return write_row(writing, &outcome, entry) && next_outcome(writing);
}

static bool
walk_rows(struct writing *writing)
{
    struct row_file_entry entry;
    enum file_status status;
    uint64_t last_row = 0;
    while ((status = row_file_reader_next(&writing->rows, &entry,
                                          writing->err)) == FILE_BYTES) {
        if (entry.row <= last_row) {
            return error_set(writing->err, ERROR_INTERNAL, 0,
                             "'%s' is damaged: row %llu comes after row %llu",
                             writing->options->rows_path,
                             (unsigned long long)entry.row,
                             (unsigned long long)last_row);
        }
        last_row = entry.row;
        if (!settle_row(writing, &entry)) {
            return false;
        }
    }
    return status == FILE_END && pass_unknown(writing, UINT64_MAX);
}

static bool
write_headers(struct writing *writing)
{
    struct row_file_entry entry;
    bool names_file = writing->options->source_part_count > 0;
    enum file_status status =
        row_file_reader_next(&writing->rows, &entry, writing->err);
    if (status != FILE_BYTES || entry.row != 0) {
        return error_set(writing->err, ERROR_INTERNAL, 0,
                         "'%s' begins with no header",
                         writing->options->rows_path);
    }
    for (size_t i = 0; i < FILE_COUNT; i++) {
        struct buffer *head = &writing->head;
        buffer_reset(head);
        buffer_append_text(head, files[i].columns);
        buffer_append_text(head,
                           names_file && i != SUCCESS ? ",sfetl__File," : ",");
        buffer_append_slice(head, entry.text);
        buffer_append_char(head, '\n');
        if (!file_writer_write(&writing->writers[i], head->bytes, head->len,
                               writing->err)) {
            return false;
        }
    }
    return true;
}

static bool
open_all(struct writing *writing)
{
    const struct result_files_options *options = writing->options;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        char *path = mem_printf("%s/%s", options->folder, files[i].name);
        bool opened =
            file_writer_open(&writing->writers[i], path, writing->err);
        free(path);
        if (!opened) {
            return false;
        }
    }
    writing->merge = outcome_merge_open(options->parts, options->part_count,
                                        options->folder, writing->err);
    return writing->merge != NULL &&
           row_file_reader_open(&writing->rows, options->rows_path,
                                options->rows_size, writing->err) &&
           next_outcome(writing);
}

static bool
commit_all(struct writing *writing)
{
    bool done = true;
    for (size_t i = 0; done && i < FILE_COUNT; i++) {
        done = file_writer_commit(&writing->writers[i], writing->err);
    }
    return done;
}

static void
tell_fault(struct buffer *text, const struct row_faults *faults,
           const char *what)
{
    if (faults->count == 0) {
        return;
    }
    buffer_printf(text, "%s%llu %s (", text->len > 0 ? ", " : "",
                  (unsigned long long)faults->count, what);
    for (size_t i = 0; i < ROW_FAULTS_SHOWN && i < faults->count; i++) {
        buffer_printf(text, "%srow %llu", i > 0 ? ", " : "",
                      (unsigned long long)faults->rows[i]);
    }
    buffer_append_text(text, faults->count > ROW_FAULTS_SHOWN ? ", …)" : ")");
}

static bool
prove(struct writing *writing)
{
    struct buffer text = {0};
    tell_fault(&text, &writing->missing, "without an outcome");
    tell_fault(&text, outcome_merge_doubled(writing->merge),
               "with two outcomes");
    tell_fault(&text, &writing->unknown, "that the source does not have");
    bool sound = text.len == 0;
    if (!sound) {
        error_set(writing->err, ERROR_INTERNAL, 0,
                  "row accounting failed: %s; keep the run's folder and "
                  "report it [row-accounting]",
                  buffer_text(&text));
    }
    buffer_release(&text);
    return sound;
}

bool
result_files_write(const struct result_files_options *options,
                   result_row_seen_fn *seen, void *cookie,
                   struct result_counts *counts, struct error *err)
{
    struct writing writing = {.options = options,
                              .seen = seen,
                              .cookie = cookie,
                              .counts = counts,
                              .err = err};
    *counts = (struct result_counts){0};
    bool done = open_all(&writing) && write_headers(&writing) &&
                walk_rows(&writing) && commit_all(&writing) && prove(&writing);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        file_writer_close(&writing.writers[i]);
    }
    row_file_reader_close(&writing.rows);
    outcome_merge_close(writing.merge);
    buffer_release(&writing.head);
    buffer_release(&writing.reason);
    return done;
}
