/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

static const char *const org_words[] = {"list",     "login",  "test",
                                        "describe", "limits", NULL};
static const char *const rehearsal_words[] = {"start", "stop", "status",
                                              "reset", NULL};
static const char *const shell_words[] = {"bash", "zsh", "fish", NULL};

static const struct command commands[] = {
    {"run", COMMAND_RUN, "MAPPING...", "load rows into the org",
     "Reads the source of each mapping, maps and stages its rows, sends them "
     "to the org, and writes what became of each row to the files of a run "
     "folder. Several mappings are loaded one after another, each as a run of "
     "its own.",
     "sfetl run mappings/customers.yaml --org rehearsal\n"
     "sfetl run -n mappings/customers.yaml --org rehearsal\n"
     "sfetl run mappings/customers.yaml --org rehearsal --limit 100\n",
     NULL, 1, SIZE_MAX, false, cmd_run_main},
    {"plan", COMMAND_PLAN, "MAPPING...", "say what a run would do",
     "Reads and maps the source whole and says how many rows, chunks, calls, "
     "and how much disk a run would take. Nothing is staged or sent.",
     "sfetl plan mappings/customers.yaml --org rehearsal\n", NULL, 1, SIZE_MAX,
     false, cmd_plan_main},
    {"check", COMMAND_CHECK, "MAPPING...",
     "check mapping, source and org metadata; send nothing",
     "Holds each mapping against the source's header and the org's metadata, "
     "tells all problems at once, then maps the rows and tells which would be "
     "rejected and why. Nothing is sent.",
     "sfetl check mappings/customers.yaml --org rehearsal\n"
     "sfetl check mappings/customers.yaml --offline --rows 1000\n",
     NULL, 1, SIZE_MAX, false, cmd_check_main},
    {"preview", COMMAND_PREVIEW, "MAPPING", "show the first mapped rows",
     "Maps the first rows and shows each cell of the source beside what would "
     "be sent, and why a row is rejected or skipped; with --row N, of one row "
     "each field step by step. Nothing is sent.",
     "sfetl preview mappings/customers.yaml --org rehearsal\n"
     "sfetl preview mappings/customers.yaml --org rehearsal --row 17\n"
     "sfetl preview mappings/customers.yaml --offline --load Account "
     "--format csv\n",
     NULL, 1, 1, false, cmd_preview_main},
    {"test", COMMAND_TEST, "MAPPING...", "run the examples of a mapping",
     "Maps the rows that the examples of each mapping give, without org and "
     "source, and holds the result against what they expect. A difference is "
     "shown with the characters marked that differ.",
     "sfetl test mappings/customers.yaml\n"
     "sfetl test mappings/*.yaml --format junit\n",
     NULL, 1, SIZE_MAX, false, cmd_test_main},
    {"resume", COMMAND_RESUME, "[RUN]", "go on with an interrupted run",
     "Goes on with a run from its ledger, with the mapping, the metadata and "
     "the options as they were: jobs that are open in the org are asked for, "
     "what was not sent is sent. Without an operand, the last open run. A run "
     "that a newer one of the same mapping and org has overtaken is only "
     "settled: what was sent is found out, the rest stays unprocessed.",
     "sfetl resume\n"
     "sfetl resume runs/20260131T093000Z-customers-1a2b --assume failed\n",
     NULL, 0, 1, false, cmd_resume_main},
    {"retry", COMMAND_RETRY, "RUN", "load a run's failed rows again",
     "Loads the rows of a closed run's error.csv again, with the mapping as it "
     "is now, as a run of its own that names the first.",
     "sfetl retry runs/20260131T093000Z-customers-1a2b\n", NULL, 1, 1, false,
     cmd_retry_main},
    {"abort", COMMAND_ABORT, "RUN", "abort a run's open jobs and close it",
     "Aborts the jobs that a run has open in the org, fetches what they did, "
     "writes the result files, and closes the run. Rows that were not sent "
     "stand in unprocessed.csv.",
     "sfetl abort runs/20260131T093000Z-customers-1a2b\n", NULL, 1, 1, false,
     cmd_resume_abort},
    {"status", COMMAND_STATUS, "[RUN]",
     "list runs, or one run's chunks and jobs",
     "Without an operand lists the runs of the runs folder with their state. "
     "With a run's folder or name shows its chunks and the org's jobs, from "
     "its ledger.",
     "sfetl status\n", NULL, 0, 1, false, cmd_status_main},
    {"verify", COMMAND_VERIFY, "RUN",
     "compare the loaded records with what was sent",
     "Reads the records that a run has loaded back from the org, by their Ids, "
     "and compares each field with what was sent, by value. What differs "
     "(rounded, cut, changed by automation or by people) stands in verify.csv "
     "beside success.csv.",
     "sfetl verify runs/20260131T093000Z-customers-1a2b\n", NULL, 1, 1, false,
     cmd_verify_main},
    {"init", COMMAND_INIT, "FILE", "draft a mapping for a CSV file",
     "Looks at the file's first rows and the object's fields and drafts a "
     "mapping: encoding, delimiter, header, what the columns hold, which field "
     "each is for, which column is the key. Beside each line stands how sure "
     "it is; what is not known stands there as a comment. With --sniff only "
     "tells what the file is.",
     "sfetl init --sniff samples/customers.csv\n"
     "sfetl init samples/customers.csv --object Account --org rehearsal\n"
     "sfetl init a.csv --object Contact --org rehearsal --output a.yaml\n",
     NULL, 1, 1, false, cmd_init_main},
    {"convert", COMMAND_CONVERT, "FILE",
     "turn a Data Loader file into a mapping",
     "Turns a Data Loader mapping file (.sdl) into a mapping, by Data Loader's "
     "own rules; or the beans of a process-conf.xml into a folder of mappings, "
     "with orgs.yaml and a script that runs them. With an org the fields are "
     "spelled as it spells them, and dates get Data Loader's patterns. An .sdl "
     "also runs as it is: 'sfetl run FILE.sdl' takes the same options.",
     "sfetl convert samples/accounts.sdl --object Account --operation insert\n"
     "sfetl convert samples/process-conf.xml --output converted\n",
     NULL, 1, 1, false, cmd_convert_main},
    {"explain", COMMAND_EXPLAIN, "[NAME|FILE...]",
     "what an error means, and what to do",
     "Tells what an error means, why it happens and what to do: of a name in "
     "brackets, of a Salesforce code, or of all that an error.csv, "
     "skipped.csv or unprocessed.csv holds, by number. Of a run's folder its "
     "error.csv is taken. Without an operand lists every name.",
     "sfetl explain number-shape\n"
     "sfetl explain UNABLE_TO_LOCK_ROW\n"
     "sfetl explain runs/20260131T093000Z-customers-1a2b/error.csv\n",
     NULL, 0, SIZE_MAX, false, cmd_explain_main},
    {"export", COMMAND_EXPORT, "SOQL", "a query to a CSV file",
     "Asks a SOQL query and writes its records to a CSV file, parents' fields "
     "as columns of their own. Few records come by REST, more by a query job "
     "of the Bulk API 2.0. The file is whole or not there; an export that was "
     "interrupted is gone on with by the same command.",
     "sfetl export \"SELECT Id, Owner.Name FROM Account\" --output a.csv\n",
     NULL, 1, 1, false, cmd_export_main},
    {"org", COMMAND_ORG, "list|login|test|describe|limits [NAME]",
     "the configured orgs, and what they say",
     "list shows the orgs of orgs.yaml; login signs in; test signs in and "
     "looks whether the org can be loaded; describe lists the org's objects, "
     "or shows the fields of the one that is named; limits shows what the org "
     "has left today.",
     "sfetl org list\n"
     "sfetl org test rehearsal\n"
     "sfetl org describe Account --org rehearsal\n",
     org_words, 1, 2, false, cmd_org_main},
    {"rehearsal", COMMAND_REHEARSAL, "start|stop|status|reset",
     "the local rehearsal org",
     "Starts and stops a local server that speaks Salesforce's APIs and "
     "enforces its rules; it is the org 'rehearsal'. Arguments are handed to "
     "the program sfetl-rehearsal.",
     "sfetl rehearsal start\n"
     "sfetl rehearsal status\n"
     "sfetl rehearsal stop\n",
     rehearsal_words, 0, SIZE_MAX, true, cmd_rehearsal_main},
    {"completion", COMMAND_COMPLETION, "bash|zsh|fish",
     "print a completion script for a shell",
     "Prints a script that teaches the shell to complete sfetl's commands and "
     "options.",
     "source <(sfetl completion bash)\n", shell_words, 1, 1, false,
     completion_main},
    {"help", COMMAND_HELP, "[COMMAND]", "explain a command",
     "Prints the commands, or the options of one.", "sfetl help run\n", NULL, 0,
     1, false, help_main},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

/* product.md names them; they come with later versions. */
static const char *const later[] = {"report", "doctor", "prune"};

const struct command *
commands_at(size_t index)
{
    return index < COMMAND_COUNT ? &commands[index] : NULL;
}

const struct command *
commands_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

const struct command *
commands_of_bit(unsigned bit)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (commands[i].bit == bit) {
            return &commands[i];
        }
    }
    return NULL;
}

bool
commands_is_later(const char *name)
{
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        if (strcmp(later[i], name) == 0) {
            return true;
        }
    }
    return false;
}

const char *
commands_suggest(const char *name, char text[COMMANDS_PHRASE_SIZE])
{
    _Static_assert(COMMANDS_PHRASE_SIZE >= SUGGEST_SIZE, "phrase fits");
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i].name;
    }
    return suggest_phrase(text, slice_of(name), names, COMMAND_COUNT);
}
