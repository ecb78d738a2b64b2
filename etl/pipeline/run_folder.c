/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_folder.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "ledger/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RUNS_DIR_DEFAULT "runs"

static bool
is_empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return false;
    }
    bool empty = true;
    struct dirent *entry;
    while (empty && (entry = readdir(folder)) != NULL) {
        empty = entry->d_name[0] == '.' &&
                (entry->d_name[1] == '\0' || strcmp(entry->d_name, "..") == 0);
    }
    closedir(folder);
    return empty;
}

/* "20260131T093000Z" */
static void
format_stamp(int64_t now_ms, char stamp[32])
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(now_ms, text);
    size_t len = 0;
    for (const char *c = text; *c != '\0' && *c != '.'; c++) {
        if (*c != '-' && *c != ':') {
            stamp[len++] = *c;
        }
    }
    stamp[len++] = 'Z';
    stamp[len] = '\0';
}

/* So that the run's folder itself outlives a power cut. */
static bool
sync_parent(const char *path, struct error *err)
{
    char *parent = mem_printf("%s/..", path);
    bool done = file_sync_folder(parent, err);
    free(parent);
    return done;
}

char *
run_folder_make(const char *run_dir, const char *runs_dir,
                const char *mapping_name, int64_t now_ms, struct error *err)
{
    char *path = NULL;
    if (run_dir != NULL) {
        if (file_exists(run_dir) && !is_empty_folder(run_dir)) {
            error_set(err, ERROR_USAGE, 0,
                      "the run folder '%s' is not empty; give --run-dir a new "
                      "folder or an empty one",
                      run_dir);
            return NULL;
        }
        path = mem_strdup(run_dir);
    } else {
        char stamp[32];
        format_stamp(now_ms, stamp);
        path = mem_printf("%s/%s-%s-%04x",
                          runs_dir ? runs_dir : RUNS_DIR_DEFAULT, stamp,
                          mapping_name, (unsigned)(clock_random() & 0xffff));
    }
    char *rows = mem_printf("%s/rows", path);
    char *chunks = mem_printf("%s/chunks", path);
    bool made = file_make_folders(rows, err) &&
                file_make_folders(chunks, err) && file_sync_folder(path, err) &&
                sync_parent(path, err);
    if (made && chmod(path, 0700) != 0) {
        made = error_set_errno(err, "cannot close '%s' to others", path);
    }
    free(rows);
    free(chunks);
    if (!made) {
        free(path);
        return NULL;
    }
    return path;
}

const char *
run_folder_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static bool
is_run(const char *path)
{
    char *ledger = mem_printf("%s/ledger.db", path);
    bool there = file_exists(ledger);
    free(ledger);
    return there;
}

char *
run_folder_find(const char *run, const char *runs_dir, struct error *err)
{
    if (is_run(run)) {
        return mem_strdup(run);
    }
    char *path =
        mem_printf("%s/%s", runs_dir ? runs_dir : RUNS_DIR_DEFAULT, run);
    if (is_run(path)) {
        return path;
    }
    error_set(err, ERROR_USAGE, 0,
              "there is no run '%s', neither as a folder nor in '%s'; "
              "'sfetl status' lists the runs",
              run, runs_dir ? runs_dir : RUNS_DIR_DEFAULT);
    free(path);
    return NULL;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool
run_folder_list(const char *runs_dir, char ***names, size_t *count,
                struct error *err)
{
    *names = NULL;
    *count = 0;
    runs_dir = runs_dir ? runs_dir : RUNS_DIR_DEFAULT;
    DIR *folder = opendir(runs_dir);
    if (folder == NULL) {
        return errno == ENOENT ||
               error_set_errno(err, "cannot read the runs folder '%s'",
                               runs_dir);
    }
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char *path = mem_printf("%s/%s", runs_dir, entry->d_name);
        if (entry->d_name[0] != '.' && is_run(path)) {
            *names = mem_realloc_array(*names, *count + 1, sizeof **names);
            (*names)[(*count)++] = mem_strdup(entry->d_name);
        }
        free(path);
    }
    closedir(folder);
    if (*count > 0) {
        qsort(*names, *count, sizeof **names, compare_names);
    }
    return true;
}

static bool
is_open(const char *path)
{
    char *ledger_path = mem_printf("%s/ledger.db", path);
    struct error ignored = {0};
    enum run_state state = RUN_CLOSED;
    struct ledger *ledger = ledger_open(ledger_path, &ignored);
    bool open = ledger != NULL && ledger_state(ledger, &state, &ignored) &&
                state != RUN_CLOSED;
    ledger_close(ledger);
    free(ledger_path);
    return open;
}

char *
run_folder_last_open(const char *runs_dir, struct error *err)
{
    char **names, *found = NULL;
    size_t count;
    if (!run_folder_list(runs_dir, &names, &count, err)) {
        return NULL;
    }
    for (size_t i = count; i-- > 0;) {
        if (found == NULL) {
            found = mem_printf("%s/%s", runs_dir ? runs_dir : RUNS_DIR_DEFAULT,
                               names[i]);
            if (!is_open(found)) {
                free(found);
                found = NULL;
            }
        }
        free(names[i]);
    }
    free(names);
    if (found == NULL) {
        error_set(err, ERROR_USAGE, 0,
                  "no run in '%s' is open; 'sfetl status' lists them",
                  runs_dir ? runs_dir : RUNS_DIR_DEFAULT);
    }
    return found;
}
