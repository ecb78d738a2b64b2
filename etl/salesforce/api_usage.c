/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/api_usage.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "salesforce/state_folder.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define HOUR_MS INT64_C(3600000)
#define HOURS_KEPT 24
#define FILE_LIMIT ((size_t)64 * 1024)

static size_t
digits(const char *text)
{
    return strspn(text, "0123456789");
}

bool
api_usage_read(const char *limit_info, uint64_t *used, uint64_t *most)
{
    const char *at = strstr(limit_info, "api-usage=");
    /* "per-app-api-usage=" has the same end. */
    while (at != NULL && at != limit_info && at[-1] == '-') {
        at = strstr(at + 1, "api-usage=");
    }
    if (at == NULL) {
        return false;
    }
    at += strlen("api-usage=");
    size_t len = digits(at);
    if (at[len] != '/') {
        return false;
    }
    const char *second = at + len + 1;
    return slice_to_u64((struct slice){at, len}, used) &&
           slice_to_u64((struct slice){second, digits(second)}, most);
}

/* {"492001": 17, …}: hours since 1970, and the calls in each. */
static json_t *
load(const char *path)
{
    struct buffer text = {.limit = FILE_LIMIT * 2};
    struct error ignored = {0};
    json_t *hours = NULL;
    if (file_exists(path) &&
        file_read_whole(path, FILE_LIMIT, &text, &ignored)) {
        hours = json_loadb(text.bytes ? text.bytes : "", text.len, 0, NULL);
    }
    buffer_release(&text);
    if (!json_is_object(hours)) {
        json_decref(hours);
        hours = json_object();
    }
    return hours;
}

/* What is older goes; the sum of the rest. */
static uint64_t
sum_recent(json_t *hours, int64_t now)
{
    uint64_t sum = 0;
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(hours, next, name, value)
    {
        uint64_t hour;
        json_int_t calls = json_integer_value(value);
        bool is_recent = slice_to_u64(slice_of(name), &hour) &&
                         (int64_t)hour > now - HOURS_KEPT &&
                         (int64_t)hour <= now && calls > 0;
        if (is_recent) {
            sum += (uint64_t)calls;
        } else {
            json_object_del(hours, name);
        }
    }
    return sum;
}

static bool
add(const char *path, uint64_t calls, uint64_t *of_day, struct error *err)
{
    int64_t now = clock_wall_ms() / HOUR_MS;
    json_t *hours = load(path);
    char name[32];
    *of_day = sum_recent(hours, now) + calls;
    snprintf(name, sizeof name, "%lld", (long long)now);
    json_int_t before = json_integer_value(json_object_get(hours, name));
    json_object_set_new(hours, name, json_integer(before + (json_int_t)calls));
    char *text = json_dumps(hours, JSON_COMPACT);
    bool done = calls == 0 || file_replace(path, slice_of(text), err);
    free(text);
    json_decref(hours);
    return done;
}

bool
api_usage_add(const char *org_name, uint64_t calls, uint64_t *of_day,
              struct error *err)
{
    char *folder = state_folder_path("usage", err);
    if (folder == NULL) {
        return false;
    }
    char *path = mem_printf("%s/%s.json", folder, org_name);
    char *lock_path = mem_printf("%s.lock", path);
    int fd = file_make_folders(folder, err)
                 ? open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)
                 : -1;
    bool done = fd >= 0 && flock(fd, LOCK_EX) == 0;
    if (!done) {
        error_set_errno(err, "cannot lock '%s'", lock_path);
    }
    done = done && add(path, calls, of_day, err);
    if (fd >= 0) {
        close(fd);
    }
    free(lock_path);
    free(path);
    free(folder);
    return done;
}
