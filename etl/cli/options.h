/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_OPTIONS_H
#define ETL_CLI_OPTIONS_H

#include "base/arena.h"
#include "base/error.h"
#include "cli/command.h"
#include "pipeline/run_options.h"

/*
 * What was typed. ONE const table of options makes parsing, help and
 * completion; tests/lint holds the man pages against it. An option that a
 * command takes does something there. Values may follow as the next argument
 * or behind '='; options and operands may stand in any order; '--' ends the
 * options. Of an option given twice the last counts; those that add up say so.
 */
struct options {
    struct arena arena; /* of the lists below */
    const struct command *command;
    const char *const *arguments; /* as typed, behind the command */
    const char **operands;
    size_t operand_count;
    struct run_options run; /* mapping_path is for the command to fill */
    struct mapping_param *params;
    const char **load_names;
    const char *format;   /* "text" "json" "table" "csv"; never NULL */
    const char *progress; /* "auto" "bar" "plain" "json" "none" */
    const char *log_format;
    const char *save_dir;
    const char *output; /* of init and convert; NULL: not given */
    uint64_t rows;      /* UINT64_MAX: all */
    uint64_t row;       /* only this one, explained; 0: not given */
    unsigned verbose;
    const char *assume; /* "failed" "succeeded"; NULL: not given */
    bool force, sniff;
    bool quiet, no_color, dry_run, help;
};

enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_VERBOSE,  /* unsigned, counts up */
    OPTION_TEXT,     /* const char * */
    OPTION_CHOICE,   /* const char *, one of choices */
    OPTION_COUNT,    /* uint64_t */
    OPTION_POSITIVE, /* uint64_t, at least 1 */
    OPTION_PARALLEL, /* unsigned, 1 to OPTION_PARALLEL_LIMIT */
    OPTION_SIZE,     /* uint64_t, bytes */
    OPTION_DURATION, /* int64_t, milliseconds */
    OPTION_ROWS,     /* uint64_t, or all */
    OPTION_ERRORS,   /* the run's max_errors members */
    OPTION_BUDGET,   /* the run's batch_budget members */
    OPTION_PARAM,    /* adds to params */
    OPTION_LOAD,     /* adds to load_names */
    OPTION_PASSED,   /* the rehearsal program's: known for help only */
};

/* Ours: jobs open at once; the org works on no more of one user's. */
#define OPTION_PARALLEL_LIMIT 25
/* Of --set and of --load; more is taken for a mistake. */
#define OPTION_LIST_LIMIT 1000

struct option_spec {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL: takes none */
    enum option_kind kind;
    unsigned commands; /* bits */
    const char *const *choices;
    size_t offset; /* in struct options */
    const char *help;
};

const struct option_spec *options_at(size_t index); /* NULL past the last */

/* argv behind the command, ended by NULL; borrowed as long as options live.
 * ERROR_USAGE says what is wrong and what to do. */
bool options_parse(struct options *options, const struct command *command,
                   const char *const *argv, struct error *err);
void options_release(struct options *options);

bool options_wants_json(const struct options *options);

#endif
