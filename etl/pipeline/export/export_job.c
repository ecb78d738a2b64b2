/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/export/export_job.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "pipeline/cancel.h"
#include "salesforce/api_fault.h"
#include "salesforce/query/bulk2_query.h"
#include "salesforce/query/query_calls.h"

#include <stdio.h>
#include <stdlib.h>

#define WAIT_MS 1000
#define FIRST_POLL_MS 100
#define POLL_MS 1000
#define POLL_LONGEST_MS 30000
#define POLL_SHARE 10 /* asked again after a tenth of the time so far */
/* Of pages that come one after the other: so much is fetched anew when one is
 * cut. */
#define PAGE_ROWS 100000
#define PAGE_AHEAD 2 /* pages of each fetcher that may lie on disk */
#define PAGE_TRIES 4

/* A page that is being fetched, or lies there to be added. */
struct page {
    size_t index;
    struct query_call *call; /* NULL: it is there */
    char *path;
    int64_t announced;
    unsigned tries;
    bool is_used;
};

struct fetching {
    struct export_job *job;
    struct query_calls calls;
    struct page *pages;
    size_t capacity;
    size_t next; /* the first that nobody fetches yet */
};

static bool
may_go_on(const struct export_job *job, struct error *err)
{
    if (!cancel_check(err)) {
        return false;
    }
    return job->end_ms == 0 || clock_monotonic_ms() < job->end_ms ||
           error_set(err, ERROR_LIMIT, 0,
                     "the export took longer than --timeout allows; the same "
                     "command goes on with it");
}

static void
tell(const struct export_job *job, enum progress_phase phase, uint64_t rows,
     bool ended)
{
    if (job->progress == NULL || job->progress->event == NULL) {
        return;
    }
    const struct progress_event event = {
        .phase = phase,
        .rows = rows,
        .done = rows,
        .total = job->total_rows > 0 ? (uint64_t)job->total_rows : 0,
        .ended = ended,
    };
    job->progress->event(job->progress->cookie, &event);
}

static bool
save(struct export_job *job, struct error *err)
{
    struct export_state *state = job->state;
    state->size = export_file_size(job->file);
    state->rows = job->file->rows;
    state->header =
        arena_strdup(&state->arena, buffer_slice(&job->file->header));
    return export_file_sync(job->file, err) &&
           export_state_write(state, job->state_path, err);
}

/* One call alone, with an answer below 300. *status is that of another. */
static bool
ask(struct export_job *job, struct http_request *request,
    struct http_answer *answer, struct error *err)
{
    return may_go_on(job, err) &&
           session_call(job->session, request, answer, err);
}

/*
 * Creates the job. A lost answer leaves a job that nobody asks again; it reads
 * only, so another one does no harm.
 */
static bool
create(struct export_job *job, struct error *err)
{
    struct http_request request = {0};
    struct http_answer answer;
    struct bulk2_job seen;
    bulk2_query_create(&request, job->session, job->soql);
    bool done = ask(job, &request, &answer, err);
    job->was_refused = !done && err->kind == ERROR_REMOTE;
    done = done && bulk2_client_parse_job(&answer, NULL, &seen, err);
    http_request_release(&request);
    if (!done) {
        return false;
    }
    memcpy(job->state->job_id, seen.id, sizeof job->state->job_id);
    log_info("query job %s", seen.id);
    return save(job, err);
}

static int64_t
poll_delay_ms(const struct export_job *job, unsigned polls)
{
    int64_t delay_ms = FIRST_POLL_MS;
    for (unsigned i = 0; i < polls && delay_ms < POLL_MS; i++) {
        delay_ms *= 2;
    }
    int64_t share_ms = (clock_monotonic_ms() - job->began_ms) / POLL_SHARE;
    if (delay_ms >= POLL_MS && share_ms > POLL_MS) {
        delay_ms = share_ms < POLL_LONGEST_MS ? share_ms : POLL_LONGEST_MS;
    }
    return delay_ms;
}

static bool
wait_ms(struct export_job *job, int64_t ms, struct error *err)
{
    int64_t end_ms = clock_monotonic_ms() + ms;
    int64_t left_ms = ms;
    while (left_ms > 0) {
        struct http_answer answer;
        if (!may_go_on(job, err)) {
            return false;
        }
        http_client_next(job->session->http,
                         left_ms < WAIT_MS ? left_ms : WAIT_MS, &answer);
        left_ms = end_ms - clock_monotonic_ms();
    }
    return true;
}

/* *over when it has ended well. */
static bool
poll(struct export_job *job, bool *over, struct error *err)
{
    struct http_request request = {0};
    struct http_answer answer = {0};
    struct bulk2_job seen = {0};
    bulk2_query_read(&request, job->session, job->state->job_id);
    bool done = ask(job, &request, &answer, err);
    job->is_gone = !done && answer.status == 404;
    done =
        done && bulk2_client_parse_job(&answer, job->state->job_id, &seen, err);
    http_request_release(&request);
    if (!done) {
        return false;
    }
    job->total_rows = seen.processed;
    *over = seen.state == BULK2_JOB_COMPLETE;
    tell(job, PROGRESS_PROCESS,
         seen.processed > 0 ? (uint64_t)seen.processed : 0, *over);
    if (seen.state == BULK2_FAILED || seen.state == BULK2_ABORTED) {
        job->is_gone = true;
        return error_set(
            err, ERROR_REMOTE, 0, "the query job %s %s%s%s", job->state->job_id,
            seen.state == BULK2_FAILED ? "failed" : "was aborted in the org",
            seen.message[0] ? ": " : "", seen.message);
    }
    return true;
}

static bool
wait_for_end(struct export_job *job, struct error *err)
{
    bool over = false;
    for (unsigned polls = 0; !over; polls++) {
        if ((polls > 0 && !wait_ms(job, poll_delay_ms(job, polls - 1), err)) ||
            !poll(job, &over, err)) {
            return false;
        }
    }
    return true;
}

/* What the org names as pages that can be had side by side. */
static bool
list_pages(struct export_job *job, struct error *err)
{
    struct export_state *state = job->state;
    struct http_request request = {0};
    struct http_answer answer;
    struct bulk2_pages pages = {.next = ""};
    bool done = true;
    while (done && pages.next != NULL) {
        bulk2_query_pages(&request, job->session, state->job_id, pages.next);
        done = ask(job, &request, &answer, err) &&
               bulk2_query_parse_pages(answer.body, &state->arena, &pages, err);
        for (size_t i = 0; done && i < pages.count; i++) {
            export_state_add_page(state, pages.locators[i]);
        }
    }
    http_request_release(&request);
    state->side_by_side = state->all_known = done;
    return done;
}

static bool
is_version(const struct session *session, unsigned long lowest)
{
    return strtoul(session->org->api_version, NULL, 10) >= lowest;
}

/* Where the org names no pages they are had one after the other. */
static bool
find_pages(struct export_job *job, struct error *err)
{
    struct export_state *state = job->state;
    if (state->page_count > 0) {
        return true;
    }
    if (is_version(job->session, BULK2_QUERY_PAGES_VERSION)) {
        if (list_pages(job, err) && state->page_count > 0) {
            return true;
        }
        if (err->kind != ERROR_NONE && err->kind != ERROR_REMOTE) {
            return false;
        }
        log_info("no pages are named: %s", err->text);
        error_clear(err);
        state->page_count = 0;
        state->side_by_side = state->all_known = false;
    }
    export_state_add_page(state, "");
    return true;
}

/* There are as many calls as pages may be in hand. */
static void
give_call(struct fetching *fetching, struct page *page)
{
    const struct export_state *state = fetching->job->state;
    page->call = query_calls_take(&fetching->calls);
    page->call->cookie = page;
    bulk2_query_result(&page->call->request, fetching->job->session,
                       state->job_id, state->locators[page->index],
                       state->side_by_side ? 0 : PAGE_ROWS, page->path);
    query_calls_start(page->call, 0);
}

static size_t
count_out(const struct fetching *fetching)
{
    size_t count = 0;
    for (size_t i = 0; i < fetching->capacity; i++) {
        count += fetching->pages[i].call != NULL;
    }
    return count;
}

/* Takes up pages that are known and fetched by nobody. */
static void
take_up(struct fetching *fetching)
{
    const struct export_state *state = fetching->job->state;
    for (size_t i = 0; i < fetching->capacity; i++) {
        struct page *page = &fetching->pages[i];
        if (fetching->next == state->page_count ||
            count_out(fetching) >= fetching->job->parallel) {
            return;
        }
        if (page->is_used) {
            continue;
        }
        *page = (struct page){
            .is_used = true,
            .index = fetching->next++,
            .path = mem_printf("%s.page%zu", fetching->job->file->part_path, i),
        };
        give_call(fetching, page);
    }
}

/* The next page of those that come one after the other. */
static bool
learn_next(struct export_job *job, const struct http_answer *answer,
           struct error *err)
{
    struct export_state *state = job->state;
    const char *locator;
    if (state->all_known) {
        return true;
    }
    if (!bulk2_query_next(answer, &locator)) {
        return error_set(err, ERROR_NETWORK, 0,
                         "query.result: the answer does not say whether more "
                         "pages follow");
    }
    if (*locator == '\0') {
        state->all_known = true;
    } else {
        export_state_add_page(state, locator);
    }
    return true;
}

static bool
take_answer(struct fetching *fetching, struct query_call *call,
            const struct http_answer *answer, struct error *err)
{
    struct export_job *job = fetching->job;
    struct page *page = call->cookie;
    if (answer->status >= 300) {
        job->is_gone = answer->status == 404;
        return api_fault_set_error(answer, "query.result", err);
    }
    if (!learn_next(job, answer, err)) {
        return query_calls_again(call, answer, err);
    }
    page->call = NULL;
    page->announced = answer->record_count;
    return true;
}

static struct page *
page_in_turn(const struct fetching *fetching)
{
    for (size_t i = 0; i < fetching->capacity; i++) {
        struct page *page = &fetching->pages[i];
        if (page->is_used && page->call == NULL &&
            page->index == fetching->job->state->pages_done) {
            return page;
        }
    }
    return NULL;
}

static void
drop(struct page *page)
{
    struct error ignored = {0};
    if (page->path != NULL) {
        char *part = mem_printf("%s.part", page->path);
        file_remove_tree(part, &ignored);
        file_remove_tree(page->path, &ignored);
        free(part);
    }
    free(page->path);
    *page = (struct page){0};
}

static bool
fetch_again(struct fetching *fetching, struct page *page, struct error *err)
{
    if (++page->tries == PAGE_TRIES) {
        return error_set(err, ERROR_NETWORK, 0,
                         "page %zu of the query job %s is cut or does not have "
                         "the %lld rows that the org announced, also when it "
                         "is fetched again [export-cut]",
                         page->index + 1, fetching->job->state->job_id,
                         (long long)page->announced);
    }
    log_warning("page %zu of the query job is cut; fetched again",
                page->index + 1);
    give_call(fetching, page);
    return true;
}

/* Adds what has come, in the order of the pages. */
static bool
add_pages(struct fetching *fetching, struct error *err)
{
    struct export_job *job = fetching->job;
    struct page *page;
    while ((page = page_in_turn(fetching)) != NULL) {
        switch (
            export_file_append(job->file, page->path, page->announced, err)) {
        case EXPORT_PAGE_FAILED:
            return false;
        case EXPORT_PAGE_CUT:
            if (!fetch_again(fetching, page, err)) {
                return false;
            }
            break;
        case EXPORT_PAGE_TAKEN:
            drop(page);
            job->state->pages_done++;
            if (!save(job, err)) {
                return false;
            }
            tell(job, PROGRESS_COLLECT, job->file->rows, false);
            break;
        }
    }
    return true;
}

static bool
is_through(const struct fetching *fetching)
{
    const struct export_state *state = fetching->job->state;
    return state->all_known && state->pages_done == state->page_count;
}

static bool
turn(struct fetching *fetching, struct error *err)
{
    struct http_answer answer;
    if (!may_go_on(fetching->job, err)) {
        return false;
    }
    take_up(fetching);
    struct query_call *call =
        query_calls_next(&fetching->calls, WAIT_MS, &answer, err);
    if (call == NULL) {
        return err->kind == ERROR_NONE;
    }
    return take_answer(fetching, call, &answer, err) &&
           add_pages(fetching, err);
}

static bool
fetch_pages(struct export_job *job, struct error *err)
{
    struct fetching fetching = {
        .job = job,
        .capacity = (size_t)job->parallel * PAGE_AHEAD,
        .next = job->state->pages_done,
    };
    fetching.pages = mem_array(fetching.capacity, sizeof *fetching.pages);
    query_calls_open(&fetching.calls, job->session, fetching.capacity);
    bool going = true;
    while (going && !is_through(&fetching)) {
        going = turn(&fetching, err);
    }
    query_calls_close(&fetching.calls);
    for (size_t i = 0; i < fetching.capacity; i++) {
        drop(&fetching.pages[i]);
    }
    free(fetching.pages);
    return going;
}

static bool
check_rows(struct export_job *job, struct error *err)
{
    tell(job, PROGRESS_COLLECT, job->file->rows, true);
    if (job->total_rows < 0 || job->file->rows == (uint64_t)job->total_rows) {
        return true;
    }
    job->is_gone = true;
    return error_set(err, ERROR_REMOTE, 0,
                     "the query job %s counted %lld rows and its pages hold "
                     "%llu; export anew [export-cut]",
                     job->state->job_id, (long long)job->total_rows,
                     (unsigned long long)job->file->rows);
}

bool
export_job_run(struct export_job *job, struct error *err)
{
    job->total_rows = -1;
    job->began_ms = clock_monotonic_ms();
    cancel_on_signal(http_client_wake, job->session->http);
    bool done = (job->state->job_id[0] != '\0' || create(job, err)) &&
                wait_for_end(job, err) && find_pages(job, err) &&
                fetch_pages(job, err) && check_rows(job, err);
    cancel_on_signal(NULL, NULL);
    return done;
}
