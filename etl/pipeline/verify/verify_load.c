/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify/verify_load.h"

#include "base/mem.h"
#include "model/csv_writer.h"
#include "pipeline/cancel.h"
#include "pipeline/lookup/key_lookup.h"
#include "salesforce/query/key_query.h"

#include <stdio.h>
#include <stdlib.h>

#define BATCHES_AT_ONCE 20
#define ROWS_AT_ONCE 8000
#define ID_COMPARED 15 /* the rest is a checksum */
#define NO_COLUMN SIZE_MAX

/* A row that was sent, and what the org holds of it. */
struct sent_row {
    const struct record *record; /* mapped */
    struct slice id;
    struct slice *found; /* one a field asked for; NULL: no record came */
    bool is_replaced;    /* a later row of the group has its record */
};

struct comparison {
    const struct verify_load_options *options;
    struct verify_load *load;
    struct mapper *mapper;
    const struct load *mapped_load;
    struct verify_rows *numbers;
    struct file_writer out;
    struct buffer line;
    /* What is asked for: Id, and the fields that are compared. */
    struct slice *asked;
    size_t asked_count;
    size_t *places;   /* of each column of the load in asked, or NO_COLUMN */
    size_t id_column; /* of success.csv */
    struct batch source[BATCHES_AT_ONCE], mapped[BATCHES_AT_ONCE];
    size_t batch_count;
    struct sent_row *rows;
    size_t row_count;
    struct map by_id;
    struct arena arena; /* of the group's answers */
};

static bool
is_delete(const struct load *load)
{
    return load->operation == OPERATION_DELETE ||
           load->operation == OPERATION_HARD_DELETE;
}

/* "User:Owner.Username" is asked for as Owner.Username, which a query knows
 * only of what all its objects have. */
static const char *
why_skipped(const struct load_column *column)
{
    static const char *const shared[] = {"Username", "Email", "Name"};
    const char *dot = strchr(column->name, '.');
    bool is_shared = strchr(column->name, ':') == NULL;
    for (size_t i = 0; !is_shared && i < sizeof shared / sizeof *shared; i++) {
        is_shared = strcmp(dot != NULL ? dot + 1 : "", shared[i]) == 0;
    }
    if (!is_shared) {
        return "a query can't read this key of a lookup to several objects";
    }
    if (column->type == FIELD_BASE64) {
        return "a file's content is not read back";
    }
    return column->type == FIELD_ENCRYPTED ? "the org shows it masked" : NULL;
}

static void
list_fields(struct comparison *c, struct arena *arena)
{
    const struct load *load = c->mapped_load;
    c->places = arena_array(arena, load->column_count, sizeof *c->places);
    c->asked = arena_array(arena, load->column_count + 1, sizeof *c->asked);
    c->load->fields =
        arena_array(arena, load->column_count, sizeof *c->load->fields);
    c->load->field_count = load->column_count;
    c->asked[c->asked_count++] = SLICE_LITERAL("Id");
    for (size_t i = 0; i < load->column_count; i++) {
        const struct load_column *column = &load->columns[i];
        struct verify_field *field = &c->load->fields[i];
        field->name = arena_strdup(arena, slice_of(column->name));
        field->skipped = why_skipped(column);
        c->places[i] = NO_COLUMN;
        /* What found the record was not sent. */
        bool is_id = strcmp(column->name, "Id") == 0 ||
                     (i == load->key_column && key_lookup_wanted(load));
        if (is_id || field->skipped != NULL || is_delete(load)) {
            continue;
        }
        const char *colon = strchr(column->name, ':');
        c->places[i] = c->asked_count;
        c->asked[c->asked_count++] =
            slice_of(colon != NULL ? colon + 1 : column->name);
    }
}

static bool
put_line(struct comparison *c, const struct slice *cells, size_t count,
         struct error *err)
{
    buffer_reset(&c->line);
    csv_writer_cells(&c->line, cells, count);
    buffer_append_char(&c->line, '\n');
    return file_writer_write(&c->out, c->line.bytes, c->line.len, err);
}

static bool
put_header(struct comparison *c, struct error *err)
{
    static const char *const names[] = {
        "sf__Id",       "sfetl__Row",  "sfetl__Difference",
        "sfetl__Field", "sfetl__Sent", "sfetl__Found",
    };
    struct slice cells[sizeof names / sizeof *names];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cells[i] = slice_of(names[i]);
    }
    return put_line(c, cells, sizeof names / sizeof *names, err);
}

static bool
put_difference(struct comparison *c, const struct sent_row *row,
               enum verify_verdict verdict, const char *field,
               struct slice sent, struct slice found, struct error *err)
{
    char number[32];
    snprintf(number, sizeof number, "%llu",
             (unsigned long long)row->record->row);
    const struct slice cells[] = {
        row->id,
        slice_of(number),
        slice_of(verify_compare_name(verdict)),
        slice_of(field),
        sent,
        found,
    };
    return put_line(c, cells, sizeof cells / sizeof *cells, err);
}

static void
copy_example(char *to, struct slice text)
{
    size_t len =
        text.len < VERIFY_EXAMPLE_SIZE - 1 ? text.len : VERIFY_EXAMPLE_SIZE - 1;
    len = slice_utf8_valid_len((struct slice){text.ptr, len});
    if (len > 0) {
        memcpy(to, text.ptr, len);
    }
    to[len] = '\0';
}

static bool
compare_field(struct comparison *c, const struct sent_row *row, size_t column,
              bool *differs, struct error *err)
{
    struct slice sent = row->record->fields[column];
    if (c->places[column] == NO_COLUMN || sent.ptr == NULL) {
        return true;
    }
    struct slice found = row->found[c->places[column]];
    struct verify_field *field = &c->load->fields[column];
    enum verify_verdict verdict =
        verify_compare(&c->mapped_load->columns[column], sent, found);
    c->load->compared++;
    if (verdict == VERIFY_SAME) {
        return true;
    }
    if (field->row == 0) {
        field->row = row->record->row;
        copy_example(field->sent, sent);
        copy_example(field->found, found);
    }
    field->counts[verdict]++;
    *differs = true;
    return put_difference(c, row, verdict, field->name, sent, found, err);
}

static bool
compare_row(struct comparison *c, const struct sent_row *row, struct error *err)
{
    static const struct slice none = {"", 0};
    bool differs = false, is_there = row->found != NULL;
    if (is_there == is_delete(c->mapped_load)) {
        c->load->gone += !is_there;
        c->load->still_there += is_there;
        c->load->differing++;
        return put_difference(c, row,
                              is_there ? VERIFY_STILL_THERE : VERIFY_GONE, "",
                              none, none, err);
    }
    for (size_t i = 0; is_there && i < c->mapped_load->column_count; i++) {
        if (!compare_field(c, row, i, &differs, err)) {
            return false;
        }
    }
    c->load->differing += differs;
    return true;
}

static bool
take_record(void *cookie, const struct slice *values, struct error *err)
{
    struct comparison *c = cookie;
    (void)err;
    if (values[0].len < ID_COMPARED) {
        return true;
    }
    struct sent_row *row =
        map_get(&c->by_id, (struct slice){values[0].ptr, ID_COMPARED});
    if (row == NULL) {
        return true;
    }
    row->found = arena_array(&c->arena, c->asked_count, sizeof *row->found);
    for (size_t i = 0; i < c->asked_count; i++) {
        if (values[i].ptr != NULL) {
            row->found[i] = arena_copy(&c->arena, values[i]);
        }
    }
    return true;
}

static bool
ask(struct comparison *c, struct error *err)
{
    struct slice *ids = mem_array(c->row_count + 1, sizeof *ids);
    size_t count = 0;
    for (size_t i = 0; i < c->row_count; i++) {
        if (!c->rows[i].is_replaced) {
            ids[count++] = c->rows[i].id;
        }
    }
    const struct key_query query = {
        .session = &c->options->setup->session,
        .object = c->mapped_load->object,
        .key_field = "Id",
        .key_type = FIELD_ID,
        .keys = ids,
        .key_count = count,
        .fields = c->asked,
        .field_count = c->asked_count,
        .may_go_on = cancel_check,
        .on_record = take_record,
        .cookie = c,
    };
    bool done = count == 0 || key_query_run(&query, err);
    free(ids);
    return done;
}

static void
tell(const struct comparison *c, bool ended)
{
    const struct progress_sink *progress = c->options->progress;
    struct source *source = c->options->setup->source;
    if (progress == NULL || progress->event == NULL) {
        return;
    }
    const struct progress_event event = {
        .phase = PROGRESS_COLLECT,
        .rows = c->load->rows,
        .errors = c->load->differing,
        .done = source_position(source).bytes,
        .total = source_size(source),
        .ended = ended,
    };
    progress->event(progress->cookie, &event);
}

/* Two rows of one record: the later one's values count. */
static void
add_row(struct comparison *c, const struct record *source,
        const struct record *record)
{
    c->load->rows++;
    if (record->fate != RECORD_GOOD) {
        c->load->unmapped++;
        return;
    }
    struct slice id = c->id_column < source->field_count
                          ? source->fields[c->id_column]
                          : (struct slice){NULL, 0};
    if (id.len < ID_COMPARED) {
        c->load->unmapped++;
        return;
    }
    struct slice key = {id.ptr, ID_COMPARED};
    struct sent_row *row = &c->rows[c->row_count++];
    struct sent_row *earlier = map_get(&c->by_id, key);
    if (earlier != NULL) {
        earlier->is_replaced = true;
    }
    *row = (struct sent_row){.record = record, .id = id};
    map_put(&c->by_id, key, row);
}

static bool
compare_group(struct comparison *c, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < c->batch_count; i++) {
        count += c->mapped[i].count;
    }
    c->rows = mem_array(count + 1, sizeof *c->rows);
    c->row_count = 0;
    for (size_t i = 0; i < c->batch_count; i++) {
        for (size_t j = 0; j < c->mapped[i].count; j++) {
            add_row(c, &c->source[i].records[j], &c->mapped[i].records[j]);
        }
    }
    bool going = ask(c, err);
    for (size_t i = 0; going && i < c->row_count; i++) {
        going = c->rows[i].is_replaced || compare_row(c, &c->rows[i], err);
    }
    map_release(&c->by_id);
    free(c->rows);
    c->rows = NULL;
    c->batch_count = 0;
    arena_reset(&c->arena);
    tell(c, false);
    return going;
}

static bool
take_batch(struct comparison *c, struct error *err)
{
    struct batch *source = &c->source[c->batch_count];
    for (size_t i = 0; i < source->count; i++) {
        if (!verify_rows_next(c->numbers, &source->records[i].row, err)) {
            return false;
        }
    }
    if (c->options->file_name != NULL) {
        source->file_name = c->options->file_name;
    }
    mapper_apply(c->mapper, 0, source, &c->mapped[c->batch_count++]);
    return true;
}

static bool
compare_all(struct comparison *c, struct error *err)
{
    struct source *source = c->options->setup->source;
    enum source_status status = SOURCE_ROWS;
    size_t rows = 0;
    while (status == SOURCE_ROWS) {
        status = source_next(source, &c->source[c->batch_count], err);
        if (!cancel_check(err) ||
            (status == SOURCE_ROWS && !take_batch(c, err))) {
            return false;
        }
        rows += status == SOURCE_ROWS ? c->source[c->batch_count - 1].count : 0;
        bool is_full =
            c->batch_count == BATCHES_AT_ONCE || rows >= ROWS_AT_ONCE;
        if ((is_full || status == SOURCE_END) && !compare_group(c, err)) {
            return false;
        }
        rows = is_full ? 0 : rows;
    }
    tell(c, true);
    return status == SOURCE_END;
}

static void
close_comparison(struct comparison *c)
{
    for (size_t i = 0; i < BATCHES_AT_ONCE; i++) {
        batch_release(&c->source[i]);
        batch_release(&c->mapped[i]);
    }
    verify_rows_close(c->numbers);
    mapper_free(c->mapper);
    file_writer_close(&c->out);
    buffer_release(&c->line);
    arena_release(&c->arena);
}

bool
verify_load_run(const struct verify_load_options *options,
                struct verify_load *load, struct arena *arena,
                struct error *err)
{
    struct setup *setup = options->setup;
    struct comparison *c = mem_zalloc(sizeof *c);
    c->options = options;
    c->load = load;
    c->out.fd = -1;
    c->mapped_load = mapping_load(setup->mapping, 0);
    c->mapper = mapper_new(setup->mapping);
    load->name = arena_strdup(arena, slice_of(c->mapped_load->name));
    load->object = arena_strdup(arena, slice_of(c->mapped_load->object));
    load->operation = load_operation_name(c->mapped_load->operation);
    load->path = arena_printf(arena, "%s/verify.csv", options->folder).ptr;
    list_fields(c, arena);
    c->numbers = verify_rows_open(options->folder, options->first_row, err);
    bool done = c->numbers != NULL;
    if (done &&
        columns_find(source_columns(setup->source), SLICE_LITERAL("sf__Id"),
                     &c->id_column) != COLUMNS_FOUND) {
        done = error_set(err, ERROR_INPUT, 0,
                         "'%s' has no column sf__Id: it is not as the run "
                         "left it [verify-files]",
                         source_name(setup->source));
    }
    done = done && file_writer_open(&c->out, load->path, err) &&
           put_header(c, err) && compare_all(c, err) &&
           file_writer_commit(&c->out, err);
    close_comparison(c);
    free(c);
    return done;
}
