/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_client.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/http_transfer.h"
#include "http/retry.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_MS 30000
#define STALL_TIMEOUT_MS 120000
#define CONNECTIONS 16
#define STOP_POLL_MS 250
#define POLL_LIMIT_MS 60000
#define QUIET_WAIT_MS 2000

struct http_client {
    CURLM *multi;
    struct http_options options; /* texts owned, defaults filled in */
    char *proxy, *no_proxy, *ca_file;
    struct http_transfer *active;   /* curl has them */
    struct http_transfer *finished; /* to be handed out, the oldest first */
    struct http_transfer *lent;     /* whose answer the caller reads */
    size_t active_count;
    struct http_totals totals;
    int wake_fd; /* an eventfd: write(2) is safe in a signal handler, which
                    curl_multi_wakeup does not promise */
    bool woken;
};

static void
init_curl(void)
{
    curl_global_init_mem(CURL_GLOBAL_DEFAULT, mem_alloc, free, mem_realloc,
                         mem_strdup, mem_array);
}

void
http_client_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
}

static char *
copy_option(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

struct http_client *
http_client_new(const struct http_options *options, struct error *err)
{
    http_client_begin();
    struct http_client *client = mem_zalloc(sizeof *client);
    client->options = *options;
    client->options.proxy = client->proxy = copy_option(options->proxy);
    client->options.no_proxy = client->no_proxy =
        copy_option(options->no_proxy);
    client->options.ca_file = client->ca_file = copy_option(options->ca_file);
    if (options->connect_timeout_ms == 0) {
        client->options.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    }
    if (options->stall_timeout_ms == 0) {
        client->options.stall_timeout_ms = STALL_TIMEOUT_MS;
    }
    client->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    client->multi = curl_multi_init();
    if (client->wake_fd < 0 || client->multi == NULL) {
        error_set_errno(err, "cannot start HTTP");
        http_client_free(client);
        return NULL;
    }
    long connections =
        options->connections ? options->connections : CONNECTIONS;
    curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                      connections);
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, connections);
    /* A connection a transfer: large uploads side by side in one HTTP/2
     * connection would share one TCP window. */
    curl_multi_setopt(client->multi, CURLMOPT_PIPELINING,
                      (long)CURLPIPE_NOTHING);
    return client;
}

static void
free_list(struct http_transfer *list)
{
    while (list != NULL) {
        struct http_transfer *next = list->next;
        http_transfer_free(list);
        list = next;
    }
}

void
http_client_cancel(struct http_client *client)
{
    for (struct http_transfer *t = client->active; t != NULL; t = t->next) {
        curl_multi_remove_handle(client->multi, t->easy);
    }
    free_list(client->active);
    free_list(client->finished);
    client->active = client->finished = NULL;
    client->active_count = 0;
}

void
http_client_free(struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    http_client_cancel(client);
    http_transfer_free(client->lent);
    curl_multi_cleanup(client->multi);
    if (client->wake_fd >= 0) {
        close(client->wake_fd);
    }
    free(client->proxy);
    free(client->no_proxy);
    free(client->ca_file);
    free(client);
}

static struct http_transfer *
start(struct http_client *client, struct http_request *request,
      const char *authorization, void *cookie, struct error *err)
{
    struct http_transfer *transfer =
        http_transfer_new(&client->options, request, authorization, err);
    if (transfer == NULL) {
        error_add_context(err, "%s", request->name);
        return NULL;
    }
    CURLMcode code = curl_multi_add_handle(client->multi, transfer->easy);
    if (code != CURLM_OK) {
        error_set(err, ERROR_INTERNAL, 0, "%s: %s", request->name,
                  curl_multi_strerror(code));
        http_transfer_free(transfer);
        return NULL;
    }
    transfer->cookie = cookie;
    transfer->next = client->active;
    client->active = transfer;
    client->active_count++;
    return transfer;
}

bool
http_client_start(struct http_client *client, struct http_request *request,
                  const char *authorization, void *cookie, struct error *err)
{
    return start(client, request, authorization, cookie, err) != NULL;
}

size_t
http_client_active(const struct http_client *client)
{
    return client->active_count;
}

static void
unlink_from(struct http_transfer **list, struct http_transfer *transfer)
{
    while (*list != transfer) {
        list = &(*list)->next;
    }
    *list = transfer->next;
    transfer->next = NULL;
}

static void
log_call(const struct http_transfer *transfer)
{
    const struct http_answer *answer = &transfer->answer;
    long long ms = (long long)(clock_monotonic_ms() - transfer->started_ms);
    if (answer->status == 0) {
        log_debug("%s: no answer from '%s' after %lld ms: %s",
                  transfer->request->name, transfer->url.host, ms,
                  answer->error.text);
    } else {
        log_debug("%s: %ld from '%s' in %lld ms, %llu bytes sent, %llu "
                  "received",
                  transfer->request->name, answer->status, transfer->url.host,
                  ms, (unsigned long long)answer->sent_bytes,
                  (unsigned long long)answer->received_bytes);
    }
}

static void
take_finished(struct http_client *client, CURL *easy, CURLcode code)
{
    struct http_transfer *transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
    http_transfer_finish(transfer, code);
    curl_multi_remove_handle(client->multi, easy);
    unlink_from(&client->active, transfer);
    client->active_count--;
    struct http_transfer **end = &client->finished;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = transfer;
    client->totals.requests += transfer->sends;
    client->totals.sent_bytes += transfer->answer.sent_bytes;
    client->totals.received_bytes += transfer->answer.received_bytes;
    if (transfer->answer.limit_info[0] != '\0') {
        memcpy(client->totals.limit_info, transfer->answer.limit_info,
               sizeof client->totals.limit_info);
    }
    log_call(transfer);
}

/* Moves bytes that can be moved now, and sees what is finished. */
static void
pump(struct http_client *client)
{
    int running, queued;
    curl_multi_perform(client->multi, &running);
    CURLMsg *message;
    while ((message = curl_multi_info_read(client->multi, &queued)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            take_finished(client, message->easy_handle, message->data.result);
        }
    }
}

static void
poll_once(struct http_client *client, int64_t timeout_ms)
{
    if (timeout_ms > POLL_LIMIT_MS) {
        timeout_ms = POLL_LIMIT_MS;
    }
    struct curl_waitfd wake = {.fd = client->wake_fd,
                               .events = CURL_WAIT_POLLIN};
    curl_multi_poll(client->multi, &wake, 1, (int)timeout_ms, NULL);
    uint64_t count;
    if (read(client->wake_fd, &count, sizeof count) == sizeof count) {
        client->woken = true;
    }
}

static void
lend(struct http_client *client, struct http_transfer *transfer,
     struct http_answer *answer)
{
    unlink_from(&client->finished, transfer);
    client->lent = transfer;
    *answer = transfer->answer;
}

static void
take_back_lent(struct http_client *client)
{
    http_transfer_free(client->lent);
    client->lent = NULL;
}

void *
http_client_next(struct http_client *client, int64_t timeout_ms,
                 struct http_answer *answer)
{
    take_back_lent(client);
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    for (;;) {
        pump(client);
        struct http_transfer *transfer = client->finished;
        if (transfer != NULL) {
            lend(client, transfer, answer);
            return transfer->cookie;
        }
        int64_t left_ms = end_ms - clock_monotonic_ms();
        if (client->woken || left_ms <= 0) {
            client->woken = false;
            return NULL;
        }
        poll_once(client, left_ms);
    }
}

void
http_client_wake(void *client)
{
    const struct http_client *sleeper = client;
    int kept = errno;
    uint64_t one = 1;
    ssize_t written = write(sleeper->wake_fd, &one, sizeof one);
    (void)written; /* a full counter wakes as well */
    errno = kept;
}

struct http_totals
http_client_totals(const struct http_client *client)
{
    return client->totals;
}

static bool
is_stopped(const struct http_client *client, struct error *err)
{
    const struct http_options *options = &client->options;
    if (options->stop == NULL || !options->stop(options->stop_cookie)) {
        return false;
    }
    error_set(err, ERROR_CANCELLED, 0, "stopped");
    return true;
}

static bool
is_finished(const struct http_client *client,
            const struct http_transfer *transfer)
{
    const struct http_transfer *t = client->finished;
    while (t != NULL && t != transfer) {
        t = t->next;
    }
    return t != NULL;
}

static void
drop(struct http_client *client, struct http_transfer *transfer)
{
    curl_multi_remove_handle(client->multi, transfer->easy);
    unlink_from(&client->active, transfer);
    client->active_count--;
    http_transfer_free(transfer);
}

static bool
call_once(struct http_client *client, struct http_request *request,
          const char *authorization, struct http_answer *answer,
          struct error *err)
{
    take_back_lent(client);
    struct http_transfer *transfer =
        start(client, request, authorization, NULL, err);
    if (transfer == NULL) {
        return false;
    }
    for (pump(client); !is_finished(client, transfer); pump(client)) {
        if (is_stopped(client, err)) {
            drop(client, transfer);
            return false;
        }
        poll_once(client, STOP_POLL_MS);
    }
    lend(client, transfer, answer);
    return true;
}

/* Other requests go on meanwhile. */
static bool
wait_for(struct http_client *client, int64_t wait_ms, struct error *err)
{
    int64_t end_ms = clock_monotonic_ms() + wait_ms;
    int64_t left_ms = wait_ms;
    while (left_ms > 0) {
        if (is_stopped(client, err)) {
            return false;
        }
        poll_once(client, left_ms < STOP_POLL_MS ? left_ms : STOP_POLL_MS);
        pump(client);
        left_ms = end_ms - clock_monotonic_ms();
    }
    return true;
}

/* Seen by whoever waits for it; the first, short waits are for the log. */
static void
tell_repeat(const struct http_request *request,
            const struct http_answer *answer, int64_t wait_ms)
{
    char status[40];
    snprintf(status, sizeof status, "status %ld", answer->status);
    const char *why = answer->status ? status : answer->error.text;
    double seconds = (double)wait_ms / 1000;
    if (wait_ms < QUIET_WAIT_MS) {
        log_info("%s: %s; trying again in %.1f s", request->name, why, seconds);
    } else {
        log_warning("%s: %s; trying again in %.0f s", request->name, why,
                    seconds);
    }
}

bool
http_client_call(struct http_client *client, struct http_request *request,
                 const char *authorization, struct http_answer *answer,
                 struct error *err)
{
    struct retry retry = {0};
    int64_t wait_ms;
    for (;;) {
        if (!call_once(client, request, authorization, answer, err)) {
            return false;
        }
        bool again = retry_is_transient(answer) &&
                     (request->repeat == HTTP_REPEAT_SAFE ||
                      (answer->status == 0 && !answer->was_sent));
        if (!again || !retry_next(&retry, answer, &wait_ms)) {
            break;
        }
        tell_repeat(request, answer, wait_ms);
        if (!wait_for(client, wait_ms, err)) {
            return false;
        }
    }
    if (answer->status == 0) {
        *err = answer->error;
        return error_add_context(err, "%s", request->name);
    }
    return true;
}
