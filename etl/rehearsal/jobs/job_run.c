/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/jobs/job_run.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "rehearsal/jobs/job_results.h"
#include "rehearsal/soql/soql.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum write_operation
operation_of(const struct job *job)
{
    static const struct {
        const char *name;
        enum write_operation operation;
    } names[] = {{"insert", WRITE_INSERT},
                 {"update", WRITE_UPDATE},
                 {"upsert", WRITE_UPSERT},
                 {"delete", WRITE_DELETE},
                 {"hardDelete", WRITE_HARD_DELETE}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, job->operation) == 0) {
            return names[i].operation;
        }
    }
    return WRITE_INSERT;
}

struct write_batch *
job_run_begin_batch(struct rehearsal *rehearsal, const struct job *job)
{
    const struct schema_object *object =
        org_schema_object(rehearsal->schema, slice_of(job->object));
    return record_write_begin(
        rehearsal->store,
        &(struct write_request){
            .operation = operation_of(job),
            .object = object,
            .external = job->external[0]
                            ? org_schema_field(object, slice_of(job->external))
                            : NULL,
            .origin = VALUE_FROM_CSV,
            .api = "bulk2",
            .call_id = job->id});
}

bool
job_run_recall(struct rehearsal *rehearsal, const struct job_run_slice *slice,
               bool *known, struct job_run_tally *tally, struct error *err)
{
    struct arena arena = {0};
    struct slice item = {0};
    struct job_outcome outcome;
    char key[JOB_SLICE_KEY_SIZE];
    job_batch_slice_key(slice->job, slice->batch, slice->slice, key);
    bool fine =
        store_get_item(rehearsal->store, "slice", key, &arena, &item, err);
    *known = item.ptr != NULL;
    while (fine && job_batch_take_outcome(&item, &outcome)) {
        tally->rows++;
        tally->failed += outcome.kind == 'f';
    }
    arena_release(&arena);
    return fine;
}

/* A slice under way: the rows that were refused before any was written. */
struct slicing {
    const struct job_run_slice *slice;
    size_t count;
    struct write_row rows[WRITE_SLICE];
    size_t row_count;
    struct write_result results[WRITE_SLICE];
    struct write_error refused[WRITE_SLICE]; /* code NULL: written */
    struct job_run_tally *tally;
};

static bool
note_outcomes(void *cookie, const struct write_result *results, size_t count,
              struct arena *arena, struct slice *value)
{
    struct slicing *slicing = cookie;
    struct buffer item = {0};
    size_t next = 0;
    slicing->tally->rows = slicing->count;
    slicing->tally->failed = 0;
    for (size_t i = 0; i < slicing->count; i++) {
        struct write_result refused = {.errors = &slicing->refused[i],
                                       .error_count = 1};
        const struct write_result *result =
            slicing->refused[i].code || next == count ? &refused
                                                      : &results[next++];
        job_batch_put_outcome(&item, result);
        slicing->tally->failed += !result->success;
    }
    *value = arena_copy(arena, buffer_slice(&item));
    buffer_release(&item);
    return true;
}

/* The cells that are sent: Bulk ignores empty ones, and "#N/A" is null. */
static void
fill_row(const struct job_upload *upload, const struct job_row *row,
         struct arena *arena, struct write_row *out)
{
    struct write_cell *cells =
        arena_array(arena, upload->column_count, sizeof *cells);
    size_t count = 0;
    for (size_t i = 0; i < upload->column_count; i++) {
        if (row->cells[i].len == 0) {
            continue;
        }
        cells[count++] = (struct write_cell){upload->columns[i].name,
                                             slice_is(row->cells[i], "#N/A")
                                                 ? (struct slice){0}
                                                 : row->cells[i]};
    }
    *out = (struct write_row){.cells = cells, .cell_count = count};
}

static bool
is_locked(struct rehearsal *rehearsal, const struct fault *fault, size_t row)
{
    if (fault->kind != FAULT_LOCKS) {
        return false;
    }
    if (fault->percent > 0) {
        return (double)(faults_random(rehearsal->faults) % 10000) <
               fault->percent * 100;
    }
    return row < (size_t)(fault->rows > 0 ? fault->rows : 1);
}

static void
judge_rows(struct rehearsal *rehearsal, struct slicing *slicing,
           const struct job_row *rows, struct arena *arena)
{
    const struct job_upload *upload = slicing->slice->upload;
    for (size_t i = 0; i < slicing->count; i++) {
        struct write_error *refused = &slicing->refused[i];
        if (rows[i].count != upload->column_count) {
            refused->code = "INVALID_FIELD";
            refused->message =
                arena_printf(arena,
                             "Number of fields in header is different from "
                             "the row. header = %zu row = %zu",
                             upload->column_count, rows[i].count)
                    .ptr;
        } else if (is_locked(rehearsal, &slicing->slice->fault, i)) {
            refused->code = "UNABLE_TO_LOCK_ROW";
            refused->message = "unable to obtain exclusive access to this "
                               "record or 1 records: 001000000000000";
        } else {
            fill_row(upload, &rows[i], arena,
                     &slicing->rows[slicing->row_count++]);
        }
    }
}

bool
job_run_slice(struct rehearsal *rehearsal, struct write_batch *batch,
              const struct job_run_slice *slice, const struct job_row *rows,
              size_t count, struct job_run_tally *tally, struct error *err)
{
    struct arena arena = {0};
    int64_t begin = clock_monotonic_ms();
    char key[JOB_SLICE_KEY_SIZE];
    bool fine;
    job_batch_slice_key(slice->job, slice->batch, slice->slice, key);
    struct slicing *slicing = arena_array(&arena, 1, sizeof *slicing);
    slicing->slice = slice;
    slicing->count = count;
    slicing->tally = tally;
    judge_rows(rehearsal, slicing, rows, &arena);
    if (slicing->row_count > 0) {
        record_write_set_note(batch, "slice", key, note_outcomes, slicing);
        fine = record_write_rows(batch, slicing->rows, slicing->row_count,
                                 &arena, slicing->results, NULL, err);
    } else {
        struct slice value;
        note_outcomes(slicing, NULL, 0, &arena, &value);
        fine = store_put_item(rehearsal->store, "slice", key, value, err);
    }
    tally->ms = clock_monotonic_ms() - begin;
    arena_release(&arena);
    return fine;
}

const char *
job_run_result_path(const struct rehearsal *rehearsal, const struct job *job,
                    enum job_result result, struct arena *arena)
{
    static const char *const endings[] = {"success", "failed", "unprocessed"};
    return arena_printf(arena, "%s/%s.%s", rehearsal->jobs_dir, job->id,
                        endings[result])
        .ptr;
}

bool
job_run_write_results(struct rehearsal *rehearsal, struct job_entry *entry,
                      const struct job *job, struct error *err)
{
    struct arena arena = {0};
    char message[512];
    const char *paths[3];
    for (int i = 0; i < 3; i++) {
        paths[i] =
            job_run_result_path(rehearsal, job, (enum job_result)i, &arena);
    }
    const char *upload =
        arena_printf(&arena, "%s/%s.csv", rehearsal->jobs_dir, job->id).ptr;
    if (job->has_content && !entry->upload.columns) {
        /* What is wrong with it has been said before, or never matters. */
        job_batch_open(rehearsal, job, upload, &entry->upload, message, err);
    }
    bool fine = job_results_write(rehearsal, job, &entry->upload, paths, err);
    arena_release(&arena);
    return fine;
}

struct page_writer {
    struct file_writer pages, index;
};

static bool
write_pages(struct soql_query *query, const struct job *job,
            struct page_writer *writer, struct error *err)
{
    struct buffer text = {0};
    uint64_t count = soql_is_count(query) ? 0 : soql_count(query);
    bool fine = true;
    soql_append_csv_header(query, job_delimiter(job), job_line_end(job), &text);
    fine = file_writer_write(&writer->pages, text.bytes, text.len, err);
    for (uint64_t i = 0; i < count && fine; i++) {
        buffer_reset(&text);
        uint64_t offset = writer->pages.offset;
        fine = file_writer_write(&writer->index, &offset, sizeof offset, err) &&
               soql_append_csv(query, job_delimiter(job), job_line_end(job), i,
                               1, &text, err) &&
               file_writer_write(&writer->pages, text.bytes, text.len, err);
    }
    uint64_t end = writer->pages.offset;
    fine = fine && file_writer_write(&writer->index, &end, sizeof end, err) &&
           file_writer_commit(&writer->index, err) &&
           file_writer_commit(&writer->pages, err);
    buffer_release(&text);
    return fine;
}

bool
job_run_query(struct rehearsal *rehearsal, struct job *job, const char *path,
              const char *index_path)
{
    struct arena arena = {0};
    struct slice text = {0};
    struct org_fault fault = {0};
    struct error err = {0};
    struct page_writer writer = {.pages.fd = -1, .index.fd = -1};
    struct soql_query *query = NULL;
    bool fine =
        store_get_item(rehearsal->store, "query", job->id, &arena, &text, &err);
    if (fine) {
        query =
            soql_open(rehearsal->store, text,
                      strcmp(job->operation, "queryAll") == 0, &fault, &err);
    }
    fine = query && file_writer_open(&writer.pages, path, &err) &&
           file_writer_open(&writer.index, index_path, &err) &&
           write_pages(query, job, &writer, &err);
    if (fine) {
        job->processed = soql_count(query);
    } else {
        snprintf(job->message, sizeof job->message,
                 "InvalidBatch : Failed to process query: %s: %.400s",
                 fault.code ? fault.code : "UNKNOWN_EXCEPTION",
                 fault.code ? fault.text : err.text);
    }
    file_writer_close(&writer.pages);
    file_writer_close(&writer.index);
    soql_close(query);
    arena_release(&arena);
    return fine;
}

void
job_run_forget(struct rehearsal *rehearsal, const struct job *job)
{
    static const char *const endings[] = {"csv",         "success", "failed",
                                          "unprocessed", "pages",   "rows"};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        unlink(arena_printf(&arena, "%s/%s.%s", rehearsal->jobs_dir, job->id,
                            endings[i])
                   .ptr);
    }
    size_t slices_of_batch = JOB_BATCH_ROWS / WRITE_SLICE;
    for (size_t i = 0; i * WRITE_SLICE < job->processed; i++) {
        char key[JOB_SLICE_KEY_SIZE];
        struct error err = {0};
        job_batch_slice_key(job, i / slices_of_batch, i % slices_of_batch, key);
        store_put_item(rehearsal->store, "slice", key, (struct slice){0}, &err);
    }
    struct error err = {0};
    store_put_item(rehearsal->store, "query", job->id, (struct slice){0}, &err);
    arena_release(&arena);
}

void
job_run_die(const char *job_id, const char *where)
{
    log_warning("the org restarts at %s of job %s", where, job_id);
    kill(getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}
