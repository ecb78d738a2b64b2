/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/mem.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/talk.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "sfetl-rehearsal"

/* Beside our own binary, so that a build tree uses its own; NULL when it is
 * not there. */
static char *
program_beside_us(void)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0) {
        return NULL;
    }
    self[len] = '\0';
    char *slash = strrchr(self, '/');
    if (slash == NULL) {
        return NULL;
    }
    *slash = '\0';
    char *path = mem_printf("%s/" PROGRAM, self);
    if (access(path, X_OK) != 0) {
        free(path);
        return NULL;
    }
    return path;
}

static bool
wants_help(const char *const *arguments)
{
    return arguments[0] == NULL || strcmp(arguments[0], "--help") == 0 ||
           strcmp(arguments[0], "-h") == 0;
}

int
cmd_rehearsal_main(const struct options *options)
{
    const char *const *arguments = options->arguments;
    if (wants_help(arguments)) {
        help_print_command(options->command,
                           arguments[0] == NULL ? stderr : stdout);
        return arguments[0] == NULL ? 2 : 0;
    }
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    char *path = program_beside_us();
    char **argv = mem_array(count + 2, sizeof *argv);
    argv[0] = mem_strdup(path ? path : PROGRAM);
    for (size_t i = 0; i < count; i++) {
        argv[i + 1] = mem_strdup(arguments[i]);
    }
    if (path != NULL) {
        execv(path, argv);
    } else {
        execvp(PROGRAM, argv);
    }
    struct error err = {0};
    error_set_errno(&err,
                    "cannot start '%s', which belongs beside sfetl or in PATH",
                    argv[0]);
    for (size_t i = 0; i <= count; i++) {
        free(argv[i]);
    }
    free(argv);
    free(path);
    return talk_error(&err);
}
