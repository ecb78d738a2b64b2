/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of sfetl-rehearsal: start, stop, status, reset. */
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "rehearsal/control.h"
#include "rehearsal/process.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libxml/parser.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 30000, /* for a server to start, stop or reset */
    STEP_MS = 20,
    LATENCY_MS = 50,
    LATENCY_LIMIT_MS = 3600000,
    SCHEMA_LIMIT = 100
};

static const char usage[] =
    "usage: sfetl-rehearsal start|stop|status|reset [OPTION]...\n"
    "A local Salesforce org for trying loads out.\n"
    "\n"
    "  start     serve on a loopback address, in the background\n"
    "  stop      end the server\n"
    "  status    say whether it runs, and where\n"
    "  reset     empty it: records, jobs, sessions and the commit log\n"
    "\n"
    "  --dir DIR         where it keeps everything\n"
    "                    (default: $XDG_STATE_HOME/sfetl/rehearsal)\n"
    "  --port N          port to listen on; 0 takes a free one\n"
    "                    (default: the last one if it is free)\n"
    "  --schema PATH     objects and fields: YAML, describe JSON or a folder\n"
    "                    of them; may be given several times\n"
    "  --faults FILE     what shall go wrong, as YAML\n"
    "  --latency-ms N    how long a job waits for its turn (default: 50)\n"
    "  --foreground      stay in the foreground\n"
    "  -h, --help        show this\n"
    "      --version     show the version\n";

struct options {
    struct arena arena; /* of the paths */
    const char *command;
    char *dir;
    const char *schemas[SCHEMA_LIMIT];
    size_t schema_count;
    const char *faults_path;
    int64_t latency_ms;
    long port; /* -1: not given */
    bool foreground, help, version;
};

/* Where a person looks for it; log lines are for the server. */
static int
complain(const struct error *err)
{
    fputs("sfetl-rehearsal: ", stderr);
    fputs(err->text, stderr);
    fputc('\n', stderr);
    return error_exit_code(err);
}

static bool
read_number(const char *text, const char *option, long most, long *value,
            struct error *err)
{
    uint64_t number;
    if (!slice_to_u64(slice_of(text), &number) || number > (uint64_t)most) {
        return error_set(err, ERROR_USAGE, 0,
                         "'%s' is no value for --%s; it takes 0 to %ld", text,
                         option, most);
    }
    *value = (long)number;
    return true;
}

static char *
default_dir(struct error *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state && state[0] == '/') {
        return mem_printf("%s/sfetl/rehearsal", state);
    }
    if (!home || !home[0]) {
        error_set(err, ERROR_CONFIG, 0,
                  "neither XDG_STATE_HOME nor HOME is set; give --dir");
        return NULL;
    }
    return mem_printf("%s/.local/state/sfetl/rehearsal", home);
}

static bool
take_option(int option, struct options *options, struct error *err)
{
    long number;
    switch (option) {
    case 'd':
        free(options->dir);
        options->dir = mem_strdup(optarg);
        return true;
    case 'p':
        return read_number(optarg, "port", 65535, &options->port, err);
    case 's':
        if (options->schema_count == SCHEMA_LIMIT) {
            return error_set(err, ERROR_USAGE, 0, "more than %d --schema",
                             SCHEMA_LIMIT);
        }
        options->schemas[options->schema_count++] = optarg;
        return true;
    case 'f':
        options->faults_path = optarg;
        return true;
    case 'l':
        if (!read_number(optarg, "latency-ms", LATENCY_LIMIT_MS, &number,
                         err)) {
            return false;
        }
        options->latency_ms = number;
        return true;
    case 'g':
        options->foreground = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    case 'v':
        options->version = true;
        return true;
    default:
        return error_set(err, ERROR_USAGE, 0,
                         "unknown or incomplete option; see "
                         "'sfetl-rehearsal --help'");
    }
}

static bool
read_options(int argc, char **argv, struct options *options, struct error *err)
{
    static const struct option known[] = {
        {"dir", required_argument, NULL, 'd'},
        {"port", required_argument, NULL, 'p'},
        {"schema", required_argument, NULL, 's'},
        {"faults", required_argument, NULL, 'f'},
        {"latency-ms", required_argument, NULL, 'l'},
        {"foreground", no_argument, NULL, 'g'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (!take_option(option, options, err)) {
            return false;
        }
    }
    if (options->help || options->version) {
        return true;
    }
    if (optind + 1 != argc) {
        return error_set(err, ERROR_USAGE, 0,
                         "one command is needed: start, stop, status or "
                         "reset");
    }
    options->command = argv[optind];
    if (!options->dir) {
        options->dir = default_dir(err);
    }
    return options->dir != NULL;
}

/* Absolute, for the daemon leaves the folder it was started in. */
static bool
make_dir(struct options *options, struct error *err)
{
    if (!file_make_folders(options->dir, err)) {
        return false;
    }
    char *path = realpath(options->dir, NULL);
    if (!path) {
        return error_set_errno(err, "cannot open '%s'", options->dir);
    }
    free(options->dir);
    options->dir = path;
    return true;
}

static struct rehearsal *
open_somewhere(const struct options *options, uint16_t port, struct error *err)
{
    struct control_options control = {
        .dir = options->dir,
        .schemas = options->schemas,
        .schema_count = options->schema_count,
        .faults_path = options->faults_path,
        .latency_ms = options->latency_ms,
        .port = options->port >= 0 ? (uint16_t)options->port : port,
    };
    struct rehearsal *rehearsal = control_open(&control, err);
    if (!rehearsal && control.port != 0 && options->port < 0) {
        struct error again = {0};
        control.port = 0;
        rehearsal = control_open(&control, &again);
        if (rehearsal) {
            error_clear(err);
        }
    }
    return rehearsal;
}

/* Serves until told to stop; SIGHUP empties the org and goes on. */
static bool
serve(const struct options *options, int tell_fd, struct error *err)
{
    sigset_t signals;
    int got = SIGHUP;
    uint16_t port = process_last_port(options->dir);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    xmlInitParser();
    bool fine = process_take_place(options->dir, err);
    while (fine && got == SIGHUP) {
        struct rehearsal *rehearsal = open_somewhere(options, port, err);
        process_tell(tell_fd, err);
        if (!rehearsal) {
            return false;
        }
        if (tell_fd < 0 && options->foreground) {
            process_print_address(options->dir);
            fflush(stdout);
        }
        tell_fd = -1;
        port = http_server_port(rehearsal->server);
        log_info("serving on %s", rehearsal->instance_url);
        sigwait(&signals, &got);
        control_close(rehearsal);
        fine = got != SIGHUP || control_reset(options->dir, err);
    }
    if (!fine) {
        process_tell(tell_fd, err);
    }
    return fine;
}

static bool
run_server(const struct options *options, int tell_fd, struct error *err)
{
    char *log = mem_printf("%s/server.log", options->dir);
    bool fine = log_open(log, err) && serve(options, tell_fd, err);
    if (!fine) {
        log_error("%s", err->text);
    }
    log_close();
    free(log);
    return fine;
}

static bool
make_absolute(struct options *options, const char **path, struct error *err)
{
    char *found = realpath(*path, NULL);
    if (!found) {
        return error_set_errno(err, "cannot open '%s'", *path);
    }
    *path = arena_strdup(&options->arena, slice_of(found));
    free(found);
    return true;
}

static bool
start(struct options *options, struct error *err)
{
    int ends[2];
    if (!make_dir(options, err)) {
        return false;
    }
    for (size_t i = 0; i < options->schema_count; i++) {
        if (!make_absolute(options, &options->schemas[i], err)) {
            return false;
        }
    }
    if (options->faults_path &&
        !make_absolute(options, &options->faults_path, err)) {
        return false;
    }
    if (options->foreground) {
        return run_server(options, -1, err);
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return error_set_errno(err, "cannot make a pipe");
    }
    pid_t child = fork();
    if (child < 0) {
        return error_set_errno(err, "cannot start a process");
    }
    if (child == 0) {
        close(ends[0]);
        process_detach(options->dir);
        options->foreground = false;
        options->command = NULL; /* nothing is printed any more */
        return run_server(options, ends[1], err);
    }
    close(ends[1]);
    if (!process_hear(ends[0], err)) {
        return false;
    }
    process_print_address(options->dir);
    return true;
}

static bool
wait_until_gone(const char *dir, pid_t pid, struct error *err)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += STEP_MS) {
        if (process_pid(dir) != pid) {
            return true;
        }
        poll(NULL, 0, STEP_MS);
    }
    return error_set(err, ERROR_SYSTEM, 0,
                     "the server (process %d) does not end", (int)pid);
}

static bool
stop(const struct options *options, struct error *err)
{
    pid_t pid = file_exists(options->dir) ? process_pid(options->dir) : 0;
    if (pid == 0) {
        puts("not running");
        return true;
    }
    if (kill(pid, SIGTERM) != 0) {
        return error_set_errno(err, "cannot stop process %d", (int)pid);
    }
    if (!wait_until_gone(options->dir, pid, err)) {
        return false;
    }
    puts("stopped");
    return true;
}

static bool
show_status(const struct options *options)
{
    pid_t pid = file_exists(options->dir) ? process_pid(options->dir) : 0;
    if (pid == 0) {
        puts("not running");
        return true;
    }
    printf("%-18s%d\n", "running, process", (int)pid);
    process_print_address(options->dir);
    return true;
}

static bool
reset(const struct options *options, struct error *err)
{
    pid_t pid = file_exists(options->dir) ? process_pid(options->dir) : 0;
    if (pid == 0) {
        if (!control_reset(options->dir, err)) {
            return false;
        }
        puts("emptied");
        return true;
    }
    json_int_t before = process_started_at(options->dir);
    if (kill(pid, SIGHUP) != 0) {
        return error_set_errno(err, "cannot signal process %d", (int)pid);
    }
    for (int ms = 0; ms < PATIENCE_MS; ms += STEP_MS) {
        if (process_started_at(options->dir) != before) {
            puts("emptied");
            return true;
        }
        if (process_pid(options->dir) != pid) {
            break;
        }
        poll(NULL, 0, STEP_MS);
    }
    return error_set(err, ERROR_SYSTEM, 0,
                     "the server did not come back; see '%s/server.log'",
                     options->dir);
}

static bool
run_command(struct options *options, struct error *err)
{
    if (strcmp(options->command, "start") == 0) {
        return start(options, err);
    } else if (strcmp(options->command, "stop") == 0) {
        return stop(options, err);
    } else if (strcmp(options->command, "status") == 0) {
        return show_status(options);
    } else if (strcmp(options->command, "reset") == 0) {
        return reset(options, err);
    }
    return error_set(err, ERROR_USAGE, 0,
                     "unknown command '%s'; it is start, stop, status or "
                     "reset",
                     options->command);
}

int
main(int argc, char **argv)
{
    struct options options = {.latency_ms = LATENCY_MS, .port = -1};
    struct error err = {0};
    opterr = 0;
    umask(077);
    bool fine = read_options(argc, argv, &options, &err);
    if (fine && options.help) {
        fputs(usage, stdout);
    } else if (fine && options.version) {
        puts("sfetl-rehearsal " PACKAGE_VERSION);
    } else if (fine) {
        fine = run_command(&options, &err);
    }
    free(options.dir);
    arena_release(&options.arena);
    return fine ? 0 : complain(&err);
}
