/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/jobs/job.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const state_names[JOB_STATE_COUNT] = {
    "Open", "UploadComplete", "InProgress", "Aborted", "JobComplete", "Failed",
};

const char *
job_state_name(enum job_state state)
{
    return state_names[state];
}

char
job_delimiter(const struct job *job)
{
    static const struct {
        const char *name;
        char delimiter;
    } names[] = {{"BACKQUOTE", '`'}, {"CARET", '^'},     {"COMMA", ','},
                 {"PIPE", '|'},      {"SEMICOLON", ';'}, {"TAB", '\t'}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, job->delimiter) == 0) {
            return names[i].delimiter;
        }
    }
    return '\0';
}

const char *
job_line_end(const struct job *job)
{
    return strcmp(job->line_ending, "CRLF") == 0 ? "\r\n" : "\n";
}

bool
job_is_over(const struct job *job)
{
    return job->state >= JOB_ABORTED;
}

/* The texts of a job, by their names in the store. */
static const struct {
    const char *name;
    size_t offset, size;
} texts[] = {
#define TEXT(member)                                                           \
    {                                                                          \
#member, offsetof(struct job, member), sizeof((struct job *)0)->member \
    }
    TEXT(id),   TEXT(object),    TEXT(operation),   TEXT(external),
    TEXT(rule), TEXT(delimiter), TEXT(line_ending), TEXT(message),
#undef TEXT
};

json_t *
job_to_json(const struct job *job)
{
    json_t *json = json_pack(
        "{s:b, s:i, s:I, s:I, s:i, s:b, s:I, s:I, s:I, s:I, s:I, s:I}", "query",
        job->is_query, "version", job->version, "created",
        (json_int_t)job->created_ms, "modified", (json_int_t)job->modified_ms,
        "state", (int)job->state, "content", job->has_content, "processed",
        (json_int_t)job->processed, "failed", (json_int_t)job->failed,
        "started", (json_int_t)job->started_ms, "total",
        (json_int_t)job->total_ms, "active", (json_int_t)job->active_ms,
        "random", (json_int_t)(job->random >> 1));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_object_set_new(json, texts[i].name,
                            json_string((const char *)job + texts[i].offset));
    }
    return json;
}

bool
job_from_json(json_t *json, struct job *job)
{
    json_int_t created, modified, processed, failed, started, total, active,
        random;
    int query, content, state;
    *job = (struct job){0};
    if (json_unpack(json,
                    "{s:b, s:i, s:I, s:I, s:i, s:b, s:I, s:I, s:I, s:I, s:I, "
                    "s:I}",
                    "query", &query, "version", &job->version, "created",
                    &created, "modified", &modified, "state", &state, "content",
                    &content, "processed", &processed, "failed", &failed,
                    "started", &started, "total", &total, "active", &active,
                    "random", &random) != 0 ||
        state < 0 || state >= JOB_STATE_COUNT) {
        return false;
    }
    job->is_query = query;
    job->has_content = content;
    job->state = (enum job_state)state;
    job->created_ms = created;
    job->modified_ms = modified;
    job->processed = (uint64_t)processed;
    job->failed = (uint64_t)failed;
    job->started_ms = started;
    job->total_ms = total;
    job->active_ms = active;
    job->random = (uint64_t)random << 1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text =
            json_string_value(json_object_get(json, texts[i].name));
        snprintf((char *)job + texts[i].offset, texts[i].size, "%s",
                 text ? text : "");
    }
    return true;
}
