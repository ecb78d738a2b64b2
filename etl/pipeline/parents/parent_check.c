/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parents/parent_check.h"

#include "base/file.h"
#include "base/mem.h"
#include "mapping/compile/mapping_target.h"
#include "pipeline/cancel.h"
#include "pipeline/parents/parent_keys.h"
#include "pipeline/parents/parent_whole.h"
#include "salesforce/query/key_query.h"

#include <stdlib.h>

#define SORT_MEMORY ((size_t)8 << 20)
#define ASKED_AT_ONCE 20000 /* keys whose texts are in memory */
/* From so many on all that the org has is got at once, if not much more. */
#define MANY_KEYS 50000
#define WHOLE_FACTOR 10

/* A column of an earlier load, or of the load itself, that makes parents. */
struct maker {
    size_t load, column;
};

struct link {
    struct parent_report report;
    size_t load, column;
    struct load_column key; /* what the org takes for equal */
    struct maker *makers;
    size_t maker_count;
    struct parent_keys wanted;
    struct spill_sort *present; /* by hash: known to be, or to be made */
};

struct parent_check {
    struct arena arena;
    char *folder; /* of temporary files, our own */
    struct link *links;
    size_t link_count;
    uint64_t queries;
};

/* A distinct key that is asked for. */
struct asked {
    uint64_t hash[2];
    uint64_t row_count;
    uint64_t places[PARENT_CHECK_ROWS];
    bool found;
};

struct asking {
    struct parent_check *check;
    struct link *link;
    const struct parent_org *org;
    struct asked *keys;
    size_t count;
    struct arena arena; /* of their texts */
};

/* Behind the dot: "Account.ERP_Id__c". */
static const char *
key_field_of(const char *column)
{
    const char *dot = strrchr(column, '.');
    return dot ? dot + 1 : NULL;
}

static void
find_makers(struct parent_check *check, const struct mapping *mapping,
            struct link *link)
{
    size_t room = 0;
    for (size_t i = 0; i <= link->load; i++) {
        room += mapping_load(mapping, i)->column_count;
    }
    link->makers = arena_array(&check->arena, room, sizeof *link->makers);
    for (size_t i = 0; i <= link->load; i++) {
        const struct load *load = mapping_load(mapping, i);
        bool makes = load->operation == OPERATION_INSERT ||
                     load->operation == OPERATION_UPSERT;
        for (size_t j = 0; makes && j < load->column_count; j++) {
            if (!link->report.is_own &&
                strcmp(load->object, link->report.parent) == 0 &&
                strcmp(load->columns[j].name, link->report.field) == 0) {
                link->makers[link->maker_count++] = (struct maker){i, j};
            }
        }
    }
}

/* What a column names: an object and its field. False: nothing to look for. */
static bool
find_target(const struct load *load, size_t column,
            const struct schema_object *object, struct parent_report *report,
            struct arena *arena)
{
    const char *name = load->columns[column].name;
    const struct schema_field *field =
        schema_object_field(object, slice_of(name));
    struct slice parent = mapping_target_parent(object, slice_of(name));
    report->field = key_field_of(name);
    if (report->field == NULL && field != NULL) {
        report->field = "Id";
        report->is_own = load->operation != OPERATION_INSERT &&
                         load->key_column == column && field->type == FIELD_ID;
        if (report->is_own) {
            parent = slice_of(load->object);
        } else if (field->type == FIELD_REFERENCE &&
                   field->reference_count == 1) {
            parent = slice_of(field->reference_to[0]);
        }
    }
    report->parent = parent.ptr ? arena_strdup(arena, parent) : NULL;
    return parent.ptr != NULL && load->operation != OPERATION_UNDELETE;
}

static bool
add_link(struct parent_check *check, const struct mapping *mapping,
         const struct schema *schema, size_t index, size_t column,
         struct error *err)
{
    const struct load *load = mapping_load(mapping, index);
    const struct schema_object *object =
        schema_object(schema, slice_of(load->object));
    struct link *link = &check->links[check->link_count];
    *link = (struct link){
        .load = index, .column = column, .key = load->columns[column]};
    if (object == NULL ||
        !find_target(load, column, object, &link->report, &check->arena)) {
        return true;
    }
    check->link_count++;
    link->report.load = load->name;
    link->report.column = load->columns[column].name;
    link->report.code =
        link->report.is_own ? "record-missing" : "parent-missing";
    find_makers(check, mapping, link);
    link->present = spill_sort_new(check->folder, SORT_MEMORY);
    return parent_keys_open(&link->wanted, check->folder, err);
}

static size_t
count_columns(const struct mapping *mapping)
{
    size_t count = 0;
    for (size_t i = 0; i < mapping_load_count(mapping); i++) {
        count += mapping_load(mapping, i)->column_count;
    }
    return count;
}

struct parent_check *
parent_check_new(const struct mapping *mapping, const struct schema *schema,
                 struct error *err)
{
    struct parent_check *check = mem_zalloc(sizeof *check);
    const char *parent = getenv("TMPDIR");
    check->links = mem_array(count_columns(mapping) + 1, sizeof *check->links);
    check->folder = mem_printf("%s/sfetl-check-XXXXXX",
                               parent && *parent ? parent : "/tmp");
    bool done =
        mkdtemp(check->folder) != NULL ||
        error_set_errno(err, "cannot make the folder '%s'", check->folder);
    for (size_t i = 0; done && i < mapping_load_count(mapping); i++) {
        size_t columns = mapping_load(mapping, i)->column_count;
        for (size_t j = 0; done && j < columns; j++) {
            done = add_link(check, mapping, schema, i, j, err);
        }
    }
    if (!done) {
        parent_check_free(check);
        return NULL;
    }
    return check;
}

static bool
add_wanted(struct link *link, const struct record *record, struct error *err)
{
    struct slice text = record->fields[link->column];
    if (text.len == 0) {
        return true;
    }
    const struct parent_key key = {record->row, record->line, text};
    return parent_keys_add(&link->wanted, row_key_of_value(&link->key, text),
                           &key, err);
}

static bool
add_present(void *cookie, struct slice text, struct error *err)
{
    struct link *link = cookie;
    struct row_key hash = row_key_of_value(&link->key, text);
    const struct spill_entry entry = {{hash.high, hash.low}, 0};
    return text.len == 0 || spill_sort_add(link->present, &entry, err);
}

static bool
add_made(struct link *link, size_t load, const struct record *record,
         struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < link->maker_count; i++) {
        if (link->makers[i].load == load) {
            done =
                add_present(link, record->fields[link->makers[i].column], err);
        }
    }
    return done;
}

bool
parent_check_add(struct parent_check *check, size_t load,
                 const struct batch *mapped, struct error *err)
{
    bool done = true;
    for (size_t i = 0; check != NULL && i < check->link_count; i++) {
        struct link *link = &check->links[i];
        for (size_t j = 0; done && j < mapped->count; j++) {
            const struct record *record = &mapped->records[j];
            if (record->fate == RECORD_GOOD) {
                done = (link->load != load || add_wanted(link, record, err)) &&
                       add_made(link, load, record, err);
            }
        }
    }
    return done;
}

static int
compare_hash(const void *a, const void *b)
{
    const uint64_t *x = a, *y = ((const struct asked *)b)->hash;
    return x[0] != y[0]   ? (x[0] < y[0] ? -1 : 1)
           : x[1] != y[1] ? (x[1] < y[1] ? -1 : 1)
                          : 0;
}

static bool
take_found(void *cookie, const struct slice *values, struct error *err)
{
    struct asking *asking = cookie;
    struct row_key hash = row_key_of_value(&asking->link->key, values[0]);
    const uint64_t key[2] = {hash.high, hash.low};
    struct asked *asked = asking->count == 0
                              ? NULL
                              : bsearch(key, asking->keys, asking->count,
                                        sizeof *asking->keys, compare_hash);
    if (asked != NULL) {
        asked->found = true;
    }
    return cancel_check(err);
}

static bool
read_texts(struct asking *asking, struct slice *texts, struct error *err)
{
    struct parent_key key;
    for (size_t i = 0; i < asking->count; i++) {
        if (!parent_keys_read(&asking->link->wanted, asking->keys[i].places[0],
                              &asking->arena, &key, err)) {
            return false;
        }
        texts[i] = key.text;
    }
    return true;
}

static bool
ask_some(struct asking *asking, struct error *err)
{
    struct parent_report *report = &asking->link->report;
    struct slice *texts = mem_array(asking->count + 1, sizeof *texts);
    const struct slice field = slice_of(report->field);
    const struct key_query query = {
        .session = asking->org->session,
        .object = report->parent,
        .key_field = report->field,
        .key_type = asking->link->key.type,
        .keys = texts,
        .key_count = asking->count,
        .fields = &field,
        .field_count = 1,
        .may_go_on = cancel_check,
        .on_record = take_found,
        .cookie = asking,
    };
    uint64_t jobs, calls = key_query_calls(asking->count, &jobs);
    asking->check->queries += jobs > 0 ? jobs : calls;
    bool done = asking->count == 0 ||
                (read_texts(asking, texts, err) && key_query_run(&query, err));
    free(texts);
    arena_reset(&asking->arena);
    return done;
}

/* Keeps the missing keys of the first rows. */
static bool
keep_example(struct asking *asking, const struct asked *asked,
             struct error *err)
{
    struct parent_report *report = &asking->link->report;
    struct parent_check *check = asking->check;
    struct parent_missing missing = {.row_count = asked->row_count};
    struct parent_key key;
    size_t at = report->example_count;
    for (size_t i = 0; i < PARENT_CHECK_ROWS && i < asked->row_count; i++) {
        if (!parent_keys_read(&asking->link->wanted, asked->places[i],
                              &asking->arena, &key, err)) {
            return false;
        }
        missing.rows[i] = key.row;
        missing.lines[i] = key.line;
        missing.key = i == 0 ? key.text : missing.key;
    }
    while (at > 0 && report->examples[at - 1].rows[0] > missing.rows[0]) {
        at--;
    }
    if (at == PARENT_CHECK_EXAMPLES) {
        return true;
    }
    size_t kept = report->example_count < PARENT_CHECK_EXAMPLES
                      ? report->example_count++
                      : PARENT_CHECK_EXAMPLES - 1;
    memmove(&report->examples[at + 1], &report->examples[at],
            (kept - at) * sizeof missing);
    missing.key = arena_copy(&check->arena, missing.key);
    report->examples[at] = missing;
    return true;
}

/* What the org does not say of the keys that are gathered is missing. */
static bool
settle(struct asking *asking, bool ask, struct error *err)
{
    struct parent_report *report = &asking->link->report;
    bool done = !ask || ask_some(asking, err);
    for (size_t i = 0; done && i < asking->count; i++) {
        const struct asked *asked = &asking->keys[i];
        if (!asked->found) {
            report->missing_keys++;
            report->missing_rows += asked->row_count;
            done = keep_example(asking, asked, err);
        }
    }
    arena_reset(&asking->arena);
    asking->count = 0;
    return done;
}

/* To the first that is present and not before it; true: it is there. */
static bool
is_present(struct link *link, const uint64_t hash[2],
           struct spill_entry *present, enum spill_status *more,
           struct error *err)
{
    while (*more == SPILL_ENTRY &&
           (present->key[0] < hash[0] ||
            (present->key[0] == hash[0] && present->key[1] < hash[1]))) {
        *more = spill_sort_next(link->present, present, err);
    }
    return *more == SPILL_ENTRY && present->key[0] == hash[0] &&
           present->key[1] == hash[1];
}

/* All rows of one key stand together, in the order of their places. */
static bool
walk(struct asking *asking, bool ask, struct error *err)
{
    struct link *link = asking->link;
    struct spill_entry entry, present;
    enum spill_status more = spill_sort_next(link->present, &present, err);
    enum spill_status status = parent_keys_next(&link->wanted, &entry, err);
    bool done = true;
    while (done && status == SPILL_ENTRY) {
        struct asked asked = {.hash = {entry.key[0], entry.key[1]}};
        while (status == SPILL_ENTRY && entry.key[0] == asked.hash[0] &&
               entry.key[1] == asked.hash[1]) {
            if (asked.row_count < PARENT_CHECK_ROWS) {
                asked.places[asked.row_count] = entry.row;
            }
            asked.row_count++;
            status = parent_keys_next(&link->wanted, &entry, err);
        }
        link->report.keys++;
        if (!is_present(link, asked.hash, &present, &more, err)) {
            asking->keys[asking->count++] = asked;
        }
        done = more != SPILL_FAILED && status != SPILL_FAILED &&
               cancel_check(err) &&
               (asking->count < ASKED_AT_ONCE || settle(asking, ask, err));
    }
    return done && status != SPILL_FAILED && settle(asking, ask, err);
}

/* Where there are very many, all that the org has; *asked: it was done. */
static bool
ask_whole(struct asking *asking, bool *asked, struct error *err)
{
    const struct parent_report *report = &asking->link->report;
    const struct parent_whole whole = {
        .org = asking->org,
        .soql = arena_printf(&asking->check->arena,
                             "SELECT %s FROM %s WHERE %s != null%c",
                             report->field, report->parent, report->field, 0)
                    .ptr,
        .field = report->field,
        .folder = asking->check->folder,
        .on_key = add_present,
        .cookie = asking->link,
    };
    uint64_t distinct = parent_keys_distinct(&asking->link->wanted), total;
    *asked = false;
    if (distinct < MANY_KEYS) {
        return true;
    }
    asking->check->queries++;
    if (!parent_whole_count(&whole, &total, err) ||
        total > WHOLE_FACTOR * distinct) {
        return err->kind == ERROR_NONE;
    }
    *asked = true;
    asking->check->queries++;
    return parent_whole_read(&whole, err);
}

static bool
check_link(struct parent_check *check, struct link *link,
           const struct parent_org *org, struct error *err)
{
    struct asking asking = {.check = check, .link = link, .org = org};
    struct parent_report *report = &link->report;
    report->rows = link->wanted.rows;
    if (!parent_keys_finish(&link->wanted, err)) {
        return false;
    }
    bool whole;
    asking.keys = mem_array(ASKED_AT_ONCE + 1, sizeof *asking.keys);
    bool done = ask_whole(&asking, &whole, err) &&
                spill_sort_finish(link->present, err) &&
                walk(&asking, !whole, err);
    free(asking.keys);
    arena_release(&asking.arena);
    return done;
}

bool
parent_check_finish(struct parent_check *check, const struct parent_org *org,
                    struct error *err)
{
    for (size_t i = 0; check != NULL && i < check->link_count; i++) {
        struct link *link = &check->links[i];
        if (check_link(check, link, org, err)) {
            continue;
        }
        if (err->kind != ERROR_REMOTE && err->kind != ERROR_CONFIG) {
            return false;
        }
        /* An object that may not be queried says nothing of the others. */
        link->report.unasked = arena_strdup(&check->arena, slice_of(err->text));
        link->report.missing_keys = 0;
        error_clear(err);
    }
    return true;
}

uint64_t
parent_check_queries(const struct parent_check *check)
{
    return check != NULL ? check->queries : 0;
}

size_t
parent_check_count(const struct parent_check *check)
{
    return check != NULL ? check->link_count : 0;
}

const struct parent_report *
parent_check_report(const struct parent_check *check, size_t index)
{
    return &check->links[index].report;
}

void
parent_check_free(struct parent_check *check)
{
    if (check == NULL) {
        return;
    }
    struct error ignored = {0};
    for (size_t i = 0; i < check->link_count; i++) {
        parent_keys_close(&check->links[i].wanted);
        spill_sort_free(check->links[i].present);
    }
    (void)file_remove_tree(check->folder, &ignored);
    free(check->links);
    free(check->folder);
    arena_release(&check->arena);
    free(check);
}
