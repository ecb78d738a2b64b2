/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/file.h"
#include "base/mem.h"
#include "cli/cause.h"
#include "cli/explain/error_file.h"
#include "cli/explain/explain.h"
#include "cli/options.h"
#include "cli/screen/figure.h"
#include "cli/screen/shell_word.h"
#include "cli/talk.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Puts what is said in line with the examples. */
#define PARTS_INDENT 4

static bool
is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* A name never has these; a path that is meant has one, or is there. */
static bool
is_path(const char *text)
{
    size_t len = strlen(text);
    return strchr(text, '/') != NULL || strcmp(text, "-") == 0 ||
           (len > 4 && strcmp(text + len - 4, ".csv") == 0) ||
           (explain_find(slice_of(text)) == NULL && file_exists(text));
}

/* Owned by the caller. */
static char *
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return mem_strdup(strcmp(path, ".") == 0 ? ".." : ".");
    }
    size_t len = slash == path ? 1 : (size_t)(slash - path);
    return slice_dup((struct slice){path, len});
}

static bool
is_run(const char *folder)
{
    char *ledger = mem_printf("%s/ledger.db", folder);
    bool found = file_exists(ledger);
    free(ledger);
    return found;
}

/* The run that the file belongs to: its folder, or of several loads the one
 * above; NULL when the file lies elsewhere. Owned by the caller. */
static char *
run_folder(const char *path)
{
    char *folder = folder_of(path);
    char *above = folder_of(folder);
    if (!is_run(folder)) {
        free(folder);
        folder = is_run(above) ? mem_strdup(above) : NULL;
    }
    free(above);
    return folder;
}

struct proposal {
    const char *first; /* what to do before; NULL: nothing */
    const char *command;
    const char *behind; /* of the folder */
};

/* Locks and the org's own failures pass; all else wants mending. */
static bool
passes_by_itself(const struct tally *tally)
{
    for (size_t i = 0; i < tally->code_count; i++) {
        const char *code = tally->codes[i].code;
        if (strcmp(code, "UNABLE_TO_LOCK_ROW") != 0 &&
            strcmp(code, "UNKNOWN_EXCEPTION") != 0 &&
            strcmp(code, "SERVER_UNAVAILABLE") != 0) {
            return false;
        }
    }
    return true;
}

static bool
propose(struct proposal *proposal, const struct error_file *file,
        const char *path)
{
    const uint64_t *fates = file->tally.by_fate;
    size_t len = strlen(path);
    bool is_skipped = len >= 11 && strcmp(path + len - 11, "skipped.csv") == 0;
    if (file->rows == 0 || is_skipped) {
        return false;
    }
    if (fates[OUTCOME_FAILED] + fates[OUTCOME_REJECTED] > 0) {
        bool passes = passes_by_itself(&file->tally);
        *proposal = (struct proposal){
            .first = passes ? NULL
                            : "mend the mapping, the org or the rows of "
                              "error.csv, then",
            .command = "retry",
            .behind = ""};
    } else if (fates[OUTCOME_IN_DOUBT] > 0) {
        *proposal = (struct proposal){
            .first = "look for the rows in doubt in the org, then",
            .command = "resume",
            .behind = " --assume failed   # or succeeded"};
    } else {
        *proposal = (struct proposal){NULL, "resume", ""};
    }
    return true;
}

static void
print_next(const struct error_file *file, const char *path)
{
    struct proposal proposal;
    if (!propose(&proposal, file, path)) {
        return;
    }
    char *folder = run_folder(path);
    printf("\nNext:\n  ");
    if (proposal.first != NULL) {
        printf("%s: ", proposal.first);
    }
    if (folder != NULL) {
        printf("sfetl %s ", proposal.command);
        shell_word_print(folder, stdout);
        printf("%s\n", proposal.behind);
    } else {
        printf("sfetl run MAPPING --input ");
        shell_word_print(path, stdout);
        putchar('\n');
    }
    free(folder);
}

static void
print_file(const struct error_file *file, const char *path)
{
    char rows[FIGURE_SIZE], codes[FIGURE_SIZE];
    printf("%s: %s row%s, %s cause%s\n", path, figure_count(rows, file->rows),
           file->rows == 1 ? "" : "s",
           figure_count(codes, file->tally.code_count),
           file->tally.code_count == 1 ? "" : "s");
    for (size_t i = 0; i < file->tally.code_count; i++) {
        const struct tally_code *code = &file->tally.codes[i];
        const struct page *page = explain_find(slice_of(code->code));
        putchar('\n');
        cause_print_examples(stdout, code, TALLY_EXAMPLE_LIMIT,
                             code->fate == OUTCOME_IN_DOUBT ? "in doubt"
                                                            : NULL);
        if (page != NULL) {
            explain_print_parts(page, PARTS_INDENT, stdout);
        }
    }
    print_next(file, path);
}

static json_t *
cause_json(const struct tally_code *code)
{
    const struct page *page = explain_find(slice_of(code->code));
    json_t *examples = json_array();
    for (size_t i = 0; i < code->example_count; i++) {
        const struct tally_example *example = &code->examples[i];
        json_array_append_new(
            examples,
            json_pack("{s:I,s:I,s:o}", "row", (json_int_t)example->row, "line",
                      (json_int_t)example->line, "message",
                      talk_json_text(slice_of(example->message))));
    }
    return json_pack(
        "{s:o,s:I,s:o,s:o}", "code", talk_json_text(slice_of(code->code)),
        "count", (json_int_t)code->count, "examples", examples, "explanation",
        page != NULL ? explain_json(page) : json_null());
}

static json_t *
file_json(const struct error_file *file, const char *path)
{
    struct proposal proposal;
    bool proposes = propose(&proposal, file, path);
    char *folder = run_folder(path);
    json_t *causes = json_array();
    for (size_t i = 0; i < file->tally.code_count; i++) {
        json_array_append_new(causes, cause_json(&file->tally.codes[i]));
    }
    json_t *next =
        proposes && folder != NULL
            ? json_pack("{s:s,s:s}", "command", proposal.command, "run", folder)
            : json_null();
    free(folder);
    return json_pack("{s:s,s:I,s:o,s:o}", "file", path, "rows",
                     (json_int_t)file->rows, "causes", causes, "next", next);
}

static int
explain_file(const char *path, json_t *list)
{
    struct error_file file = {0};
    struct error err = {0};
    if (error_file_read(&file, path, &err)) {
        if (list != NULL) {
            json_array_append_new(list, file_json(&file, path));
        } else {
            print_file(&file, path);
        }
    } else if (list != NULL) {
        json_array_append_new(list, json_pack("{s:s,s:o}", "file", path,
                                              "error", talk_json_error(&err)));
    }
    error_file_release(&file);
    return talk_error(&err);
}

static int
is_seen(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Of a run with several loads: the error.csv of each. */
static int
explain_loads(const char *folder, json_t *list)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_seen, alphasort);
    int code = 0;
    bool found = false;
    for (int i = 0; i < count; i++) {
        char *path = mem_printf("%s/%s/error.csv", folder, entries[i]->d_name);
        if (file_exists(path)) {
            if (found && list == NULL) {
                putchar('\n');
            }
            found = true;
            int next = explain_file(path, list);
            code = code == 0 ? next : code;
        }
        free(path);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    if (!found) {
        struct error err = {0};
        error_set(&err, ERROR_INPUT, 0, "there is no error.csv in '%s'",
                  folder);
        return talk_error(&err);
    }
    return code;
}

static int
explain_path(const char *path, json_t *list)
{
    if (!is_folder(path)) {
        return explain_file(path, list);
    }
    char *below = mem_printf("%s/error.csv", path);
    int code = file_exists(below) ? explain_file(below, list)
                                  : explain_loads(path, list);
    free(below);
    return code;
}

static int
explain_name(const char *name, json_t *list)
{
    const struct page *page = explain_find(slice_of(name));
    if (page == NULL) {
        struct error err = {0};
        char phrase[SUGGEST_SIZE];
        const char *guess = explain_suggest(slice_of(name), phrase);
        error_set(&err, ERROR_USAGE, 0, "there is no error named '%.80s'%s",
                  name,
                  *guess != '\0' ? guess
                                 : "; 'sfetl explain' lists those that are "
                                   "known, and a file is given by its path");
        return talk_error(&err);
    }
    if (list != NULL) {
        json_array_append_new(list, explain_json(page));
    } else {
        explain_print(page, stdout);
    }
    return 0;
}

static int
explain_all(const struct options *options)
{
    if (options_wants_json(options)) {
        talk_json_print(explain_json_all());
    } else {
        explain_print_all(stdout);
    }
    return 0;
}

int
cmd_explain_main(const struct options *options)
{
    if (options->operand_count == 0) {
        return explain_all(options);
    }
    json_t *list = options_wants_json(options) ? json_array() : NULL;
    int code = 0;
    for (size_t i = 0; i < options->operand_count; i++) {
        const char *operand = options->operands[i];
        if (i > 0 && list == NULL) {
            putchar('\n');
        }
        int next = is_path(operand) ? explain_path(operand, list)
                                    : explain_name(operand, list);
        code = code == 0 ? next : code;
    }
    if (list != NULL) {
        talk_json_print(list);
    }
    return code;
}
