/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_CLI_COMMAND_H
#define ETL_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The commands, as one const table (commands.c) that dispatch, help and
 * completion read. To add one: a bit here, a function below, a file
 * commands/GROUP/cmd_NAME.c, a row in the table, and its bit in the rows of the
 * options that it takes (options.c).
 */
enum command_bit {
    COMMAND_RUN = 1 << 0,
    COMMAND_PLAN = 1 << 1,
    COMMAND_CHECK = 1 << 2,
    COMMAND_PREVIEW = 1 << 3,
    COMMAND_STATUS = 1 << 4,
    COMMAND_ORG = 1 << 5,
    COMMAND_REHEARSAL = 1 << 6,
    COMMAND_COMPLETION = 1 << 7,
    COMMAND_HELP = 1 << 8,
    COMMAND_VERSION = 1 << 9,
    COMMAND_RESUME = 1 << 10,
    COMMAND_RETRY = 1 << 11,
    COMMAND_ABORT = 1 << 12,
    COMMAND_EXPLAIN = 1 << 13,
    COMMAND_INIT = 1 << 14,
    COMMAND_TEST = 1 << 15,
    COMMAND_CONVERT = 1 << 16,
    COMMAND_EXPORT = 1 << 17,
    COMMAND_VERIFY = 1 << 18,
};

struct options;

struct command {
    const char *name;
    unsigned bit;
    const char *operands;     /* of the usage line: "MAPPING..." */
    const char *summary;      /* one line, lower case, no full stop */
    const char *about;        /* a paragraph */
    const char *examples;     /* lines, each ended */
    const char *const *words; /* first operands, for completion; NULL */
    size_t operand_min, operand_max;
    bool passes_on; /* its arguments are another program's */
    /* Returns the exit code; has printed what went wrong. */
    int (*main)(const struct options *options);
};

const struct command *commands_find(const char *name);
const struct command *commands_at(size_t index); /* NULL past the last */
const struct command *commands_of_bit(unsigned bit);
/* Of a later version: known, so that it is not taken for a typing error. */
bool commands_is_later(const char *name);
/* "; did you mean 'X'?" into text, which it returns; "" when none is near. */
#define COMMANDS_PHRASE_SIZE 160
const char *commands_suggest(const char *name, char text[COMMANDS_PHRASE_SIZE]);

int cmd_run_main(const struct options *options);
int cmd_plan_main(const struct options *options);
int cmd_check_main(const struct options *options);
int cmd_preview_main(const struct options *options);
int cmd_test_main(const struct options *options);
int cmd_resume_main(const struct options *options);
int cmd_retry_main(const struct options *options);
int cmd_resume_abort(const struct options *options);
int cmd_verify_main(const struct options *options);
int cmd_status_main(const struct options *options);
int cmd_explain_main(const struct options *options);
int cmd_init_main(const struct options *options);
int cmd_convert_main(const struct options *options);
int cmd_export_main(const struct options *options);
int cmd_org_main(const struct options *options);
int cmd_rehearsal_main(const struct options *options);
int completion_main(const struct options *options);
int help_main(const struct options *options);

#endif
