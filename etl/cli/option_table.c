/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_table.h"

#define LOADING (COMMAND_RUN | COMMAND_PLAN)
#define READING (LOADING | COMMAND_CHECK | COMMAND_PREVIEW)
#define GOING_ON (COMMAND_RESUME | COMMAND_RETRY | COMMAND_ABORT)
#define PARSED                                                                 \
    (READING | GOING_ON | COMMAND_STATUS | COMMAND_ORG | COMMAND_EXPORT |      \
     COMMAND_VERIFY)
#define TALKING                                                                \
    (PARSED | COMMAND_EXPLAIN | COMMAND_INIT | COMMAND_TEST | COMMAND_CONVERT)
#define FIELD(member) offsetof(struct options, member)

static const char *const apis[] = {"auto", "bulk2", "rest", "soap", NULL};
static const char *const query_apis[] = {"auto", "bulk2", "rest", NULL};
static const char *const assumptions[] = {"failed", "succeeded", NULL};
static const char *const formats[] = {"text", "json", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const test_formats[] = {"text", "tap", "junit", NULL};
static const char *const preview_formats[] = {"table", "csv", "json", NULL};
static const char *const progress_modes[] = {"auto", "bar",  "plain",
                                             "json", "none", NULL};

const struct option_spec option_table[] = {
    {"org", 0, "NAME", OPTION_TEXT,
     READING | COMMAND_ORG | COMMAND_INIT | COMMAND_CONVERT | COMMAND_EXPORT,
     NULL, FIELD(run.org),
     "the org of orgs.yaml to use; without it, its default"},
    {"config", 0, "FILE", OPTION_TEXT, PARSED | COMMAND_INIT | COMMAND_CONVERT,
     NULL, FIELD(run.config_path), "read this file in place of orgs.yaml"},
    {"input", 0, "FILE", OPTION_TEXT, READING | COMMAND_CONVERT, NULL,
     FIELD(run.input),
     "read this file in place of the mapping's; '-' is standard input"},
    {"newest", 0, NULL, OPTION_FLAG, READING, NULL, FIELD(run.newest),
     "of the files that the pattern matches only the last written"},
    {"marker", 0, "NAME", OPTION_TEXT, READING, NULL, FIELD(run.marker),
     "only files that have this one beside them, as in '*.done'"},
    {"archive", 0, "DIR", OPTION_TEXT, COMMAND_RUN, NULL, FIELD(run.archive),
     "move the source's files there once they are loaded"},
    {"require-input", 0, NULL, OPTION_FLAG, COMMAND_RUN, NULL,
     FIELD(run.require_input), "nothing to read is a failure (4)"},
    {"set", 0, "NAME=VALUE", OPTION_PARAM,
     READING | COMMAND_TEST | COMMAND_CONVERT, NULL, 0,
     "set a parameter of the mapping; may be repeated"},
    {"load", 0, "NAME", OPTION_LOAD, READING | COMMAND_TEST, NULL, 0,
     "only this load of the mapping; may be repeated"},
    {"skip", 0, "N", OPTION_COUNT, READING, NULL, FIELD(run.skip),
     "pass over the first N rows"},
    {"limit", 0, "N", OPTION_POSITIVE, LOADING, NULL, FIELD(run.limit),
     "read at most N rows"},
    {"rows", 0, "N|all", OPTION_ROWS, COMMAND_CHECK, NULL, FIELD(rows),
     "map so many rows (all)"},
    {"rows", 0, "N|all", OPTION_ROWS, COMMAND_PREVIEW, NULL, FIELD(rows),
     "show so many rows (5)"},
    {"row", 0, "N", OPTION_POSITIVE, COMMAND_PREVIEW, NULL, FIELD(row),
     "show only this row, each field step by step"},
    {"offline", 0, NULL, OPTION_FLAG,
     COMMAND_PLAN | COMMAND_CHECK | COMMAND_PREVIEW | COMMAND_INIT |
         COMMAND_CONVERT,
     NULL, FIELD(run.offline),
     "ask no org; types come from a saved describe, or are not checked"},
    {"api", 0, "auto|bulk2|rest|soap", OPTION_CHOICE, LOADING, apis,
     FIELD(run.api), "the API to load through (auto)"},
    {"api", 0, "auto|bulk2|rest", OPTION_CHOICE, COMMAND_EXPORT, query_apis,
     FIELD(run.api), "the API to ask through (auto)"},
    {"chunk-rows", 0, "N", OPTION_POSITIVE, LOADING, NULL,
     FIELD(run.chunk_rows), "rows in a chunk, at most"},
    {"chunk-bytes", 0, "SIZE", OPTION_SIZE, LOADING, NULL,
     FIELD(run.chunk_bytes), "bytes in a chunk, at most, as in 50MB"},
    {"parallel", 0, "N", OPTION_PARALLEL, COMMAND_RUN, NULL,
     FIELD(run.parallel), "jobs open in the org at once"},
    {"parallel", 0, "N", OPTION_PARALLEL, COMMAND_EXPORT, NULL,
     FIELD(run.parallel), "pages fetched at once (4)"},
    {"batch-budget", 0, "N|N%", OPTION_BUDGET, LOADING, NULL, 0,
     "use at most so many Bulk batches, or this share of the org's daily ones"},
    {"max-errors", 0, "N|N%", OPTION_ERRORS, COMMAND_RUN, NULL, 0,
     "stop when more rows than this fail or are rejected"},
    {"timeout", 0, "DURATION", OPTION_DURATION,
     COMMAND_RUN | GOING_ON | COMMAND_EXPORT, NULL, FIELD(run.timeout_ms),
     "stop after this time, as in 90s 5m 2h 7d"},
    {"run-dir", 0, "DIR", OPTION_TEXT, COMMAND_RUN, NULL, FIELD(run.run_dir),
     "the run's folder itself, new or empty"},
    {"assume", 0, "failed|succeeded", OPTION_CHOICE, COMMAND_RESUME,
     assumptions, FIELD(assume),
     "what rows in doubt are taken for, once looked at"},
    {"force", 0, NULL, OPTION_FLAG, COMMAND_RESUME, NULL, FIELD(force),
     "send the rest even though a newer run exists"},
    {"force", 0, NULL, OPTION_FLAG, COMMAND_EXPORT, NULL, FIELD(force),
     "drop what an interrupted export of another query left there"},
    {"keep-chunks", 0, NULL, OPTION_FLAG, COMMAND_RUN | GOING_ON, NULL,
     FIELD(run.keep_chunks), "keep staged rows and chunks after the run"},
    {"dry-run", 'n', NULL, OPTION_FLAG, COMMAND_RUN, NULL, FIELD(dry_run),
     "do as 'sfetl plan' does: say what would be done"},
    {"object", 0, "NAME", OPTION_TEXT, READING | COMMAND_INIT | COMMAND_CONVERT,
     NULL, FIELD(run.object),
     "the object that the rows are for; a mapping says it itself"},
    {"operation", 0, "NAME", OPTION_TEXT, READING | COMMAND_CONVERT, NULL,
     FIELD(run.operation), "of an .sdl: insert, update, upsert, delete …"},
    {"external-id", 0, "FIELD", OPTION_TEXT, READING | COMMAND_CONVERT, NULL,
     FIELD(run.external_id), "of an .sdl: the field that finds a record"},
    {"output", 0, "PATH", OPTION_TEXT, COMMAND_INIT | COMMAND_CONVERT, NULL,
     FIELD(output), "write there; a file that exists is not written over"},
    {"output", 0, "FILE", OPTION_TEXT, COMMAND_EXPORT, NULL, FIELD(output),
     "the CSV file; one that exists is written over when the new one is whole"},
    {"sniff", 0, NULL, OPTION_FLAG, COMMAND_INIT, NULL, FIELD(sniff),
     "only tell what the file is"},
    {"save", 0, "DIR", OPTION_TEXT, COMMAND_ORG, NULL, FIELD(save_dir),
     "with describe OBJECT: write the answer to DIR/OBJECT.json"},
    {"format", 0, "text|json", OPTION_CHOICE,
     LOADING | GOING_ON | COMMAND_CHECK | COMMAND_STATUS | COMMAND_ORG |
         COMMAND_EXPLAIN | COMMAND_EXPORT | COMMAND_VERIFY,
     formats, FIELD(format), "how the result is printed (text)"},
    {"format", 0, "text|tap|junit", OPTION_CHOICE, COMMAND_TEST, test_formats,
     FIELD(format), "how the result is printed (text)"},
    {"format", 0, "table|csv|json", OPTION_CHOICE, COMMAND_PREVIEW,
     preview_formats, FIELD(format), "how the rows are printed (table)"},
    {"progress", 0, "auto|bar|plain|json|none", OPTION_CHOICE,
     COMMAND_RUN | GOING_ON | COMMAND_CHECK | COMMAND_EXPORT | COMMAND_VERIFY,
     progress_modes, FIELD(progress),
     "how progress is shown (auto: bar on a terminal, else plain)"},
    {"log-format", 0, "text|json", OPTION_CHOICE, TALKING, log_formats,
     FIELD(log_format), "of standard error (text)"},
    {"no-color", 0, NULL, OPTION_FLAG, TALKING, NULL, FIELD(no_color),
     "no colours on a terminal"},
    {"verbose", 'v', NULL, OPTION_VERBOSE, PARSED | COMMAND_TEST, NULL,
     FIELD(verbose), "say more; twice, even more"},
    {"quiet", 'q', NULL, OPTION_FLAG,
     PARSED | COMMAND_INIT | COMMAND_TEST | COMMAND_CONVERT, NULL, FIELD(quiet),
     "no progress and no warnings; of a run that went well, nothing"},
    {"port", 0, "N", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: listen there; 0 takes a free one"},
    {"dir", 0, "DIR", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "the org's folder: records, schema, commit log, server log"},
    {"schema", 0, "FILE|DIR", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: objects and fields, from YAML or saved describes"},
    {"faults", 0, "FILE", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: faults to show, from YAML"},
    {"latency-ms", 0, "N", OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: how long each step of a job takes"},
    {"foreground", 0, NULL, OPTION_PASSED, COMMAND_REHEARSAL, NULL, 0,
     "start: stay in the foreground"},
    {"help", 'h', NULL, OPTION_FLAG, TALKING | COMMAND_REHEARSAL, NULL,
     FIELD(help), "print this"},
};

const size_t option_table_count = sizeof option_table / sizeof option_table[0];
_Static_assert(sizeof option_table / sizeof option_table[0] <=
                   OPTION_TABLE_LIMIT,
               "the bound holds");
