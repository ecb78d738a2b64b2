/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/credentials.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "salesforce/login/orgs_file.h"
#include "salesforce/state_folder.h"
#include "salesforce/upload_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET_LIMIT_BYTES ((size_t)64 * 1024)
#define COMMAND_TIMEOUT_MS 60000
#define REHEARSAL_ORG "rehearsal"

extern char **environ;

/* $SFETL_CONFIG, else the XDG place; NULL: no home at all. */
static char *
default_path(bool *must_exist)
{
    const char *given = getenv("SFETL_CONFIG");
    *must_exist = given != NULL && given[0] != '\0';
    if (*must_exist) {
        return mem_strdup(given);
    }
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    if (config != NULL && config[0] == '/') {
        return mem_printf("%s/sfetl/orgs.yaml", config);
    }
    return home != NULL && home[0] == '/'
               ? mem_printf("%s/.config/sfetl/orgs.yaml", home)
               : NULL;
}

static const struct org *
find(const struct orgs *orgs, const char *name)
{
    for (size_t i = 0; i < orgs->count; i++) {
        if (strcmp(orgs->orgs[i].name, name) == 0) {
            return &orgs->orgs[i];
        }
    }
    return NULL;
}

static void
append(struct orgs *orgs, const struct org *org)
{
    struct org *grown =
        arena_array(&orgs->arena, orgs->count + 1, sizeof *grown);
    if (orgs->count > 0) {
        memcpy(grown, orgs->orgs, orgs->count * sizeof *grown);
    }
    grown[orgs->count++] = *org;
    orgs->orgs = grown;
}

/* The file that `sfetl rehearsal start` writes. A broken one is no reason to
 * refuse every other org. */
static void
add_rehearsal(struct orgs *orgs)
{
    struct error err = {0};
    char *path = state_folder_path("rehearsal/orgs.yaml", &err);
    if (path == NULL || find(orgs, REHEARSAL_ORG) != NULL ||
        !file_exists(path)) {
        free(path);
        return;
    }
    struct orgs other = {.arena = orgs->arena};
    if (!orgs_file_read(&other, path, &err)) {
        log_warning("the rehearsal org is not usable: %s", err.text);
    }
    orgs->arena = other.arena;
    const struct org *org =
        err.kind == ERROR_NONE ? find(&other, REHEARSAL_ORG) : NULL;
    if (org != NULL) {
        append(orgs, org);
    }
    free(path);
}

static void
settle_compression(struct orgs *orgs)
{
    for (size_t i = 0; i < orgs->count; i++) {
        struct org *org = &orgs->orgs[i];
        if (org->auto_gzip) {
            org->gzip_uploads = upload_probe_known(org->name);
        }
    }
}

bool
credentials_load(struct orgs *orgs, const char *path, struct error *err)
{
    *orgs = (struct orgs){0};
    bool must_exist = true;
    char *chosen = path ? mem_strdup(path) : default_path(&must_exist);
    bool done = true;
    if (chosen != NULL) {
        orgs->path = arena_strdup(&orgs->arena, slice_of(chosen));
    }
    if (chosen != NULL && (must_exist || file_exists(chosen))) {
        done = orgs_file_read(orgs, orgs->path, err);
        if (!done && err->kind == ERROR_SYSTEM && err->code == ENOENT) {
            error_clear(err);
            error_set(err, ERROR_CONFIG, ENOENT,
                      "there is no '%s'; 'man sfetl-orgs' says what it holds",
                      chosen);
        }
    }
    free(chosen);
    if (done) {
        add_rehearsal(orgs);
        settle_compression(orgs);
    } else {
        credentials_release(orgs);
    }
    return done;
}

void
credentials_release(struct orgs *orgs)
{
    arena_release(&orgs->arena);
    *orgs = (struct orgs){0};
}

static bool
no_org(const struct orgs *orgs, struct error *err)
{
    const char *path = orgs->path ? orgs->path : "orgs.yaml";
    if (orgs->count == 0) {
        return error_set(err, ERROR_CONFIG, 0,
                         "no org is configured in '%s'; write one ('man "
                         "sfetl-orgs' shows how), or start the rehearsal org "
                         "with 'sfetl rehearsal start' and say --org "
                         "rehearsal",
                         path);
    }
    return error_set(err, ERROR_CONFIG, 0,
                     "'%s' names no 'default' org; say --org %s", path,
                     orgs->count == 1 ? orgs->orgs[0].name : "NAME");
}

const struct org *
credentials_org(const struct orgs *orgs, const char *name, struct error *err)
{
    const char *wanted = name ? name : orgs->default_org;
    if (wanted == NULL) {
        no_org(orgs, err);
        return NULL;
    }
    const struct org *org = find(orgs, wanted);
    if (org != NULL) {
        return org;
    }
    if (strcmp(wanted, REHEARSAL_ORG) == 0) {
        error_set(err, ERROR_CONFIG, 0,
                  "the rehearsal org has not been started; run 'sfetl "
                  "rehearsal start'");
        return NULL;
    }
    const char **names = mem_array(orgs->count + 1, sizeof *names);
    for (size_t i = 0; i < orgs->count; i++) {
        names[i] = orgs->orgs[i].name;
    }
    char suggestion[SUGGEST_SIZE];
    error_set(err, ERROR_CONFIG, 0, "there is no org '%.80s' in '%s'%s", wanted,
              orgs->path ? orgs->path : "orgs.yaml",
              suggest_phrase(suggestion, slice_of(wanted), names, orgs->count));
    free(names);
    return NULL;
}

void
credentials_wipe(char *secret)
{
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
        free(secret);
    }
}

/* Reads up to the end; the length, or -1. What was read is the caller's to
 * wipe. */
static ssize_t
read_all(int fd, char *bytes, size_t size, int64_t end_ms)
{
    size_t len = 0;
    while (len < size) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int64_t left_ms = end_ms - clock_monotonic_ms();
        int count = left_ms > 0 ? poll(&ready, 1, (int)left_ms) : 0;
        if (count == 0) {
            errno = ETIMEDOUT;
            return -1;
        }
        if (count < 0) {
            continue; /* EINTR */
        }
        ssize_t got = read(fd, bytes + len, size - len);
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        if (got == 0) {
            return (ssize_t)len;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    errno = EFBIG;
    return -1;
}

static bool
check_file(int fd, const char *path, const char *what, struct error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return error_set_errno(err, "cannot read '%s'", path);
    }
    if (!S_ISREG(about.st_mode)) {
        return error_set(err, ERROR_CONFIG, 0, "%s: '%s' is no file", what,
                         path);
    }
    if (about.st_mode & (S_IRWXG | S_IRWXO)) {
        return error_set(err, ERROR_CONFIG, 0,
                         "%s: '%s' can be read by others; run 'chmod 600' on "
                         "it [secret-exposed]",
                         what, path);
    }
    return true;
}

static bool
read_file(const char *path, const char *what, char *bytes, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return error_set(err, ERROR_CONFIG, errno, "%s: cannot open '%s': %s",
                         what, path, strerror(errno));
    }
    bool done = check_file(fd, path, what, err);
    int64_t end_ms = clock_monotonic_ms() + COMMAND_TIMEOUT_MS;
    if (done && read_all(fd, bytes, SECRET_LIMIT_BYTES, end_ms) < 0) {
        done = error_set(err, ERROR_CONFIG, errno, "%s: cannot read '%s': %s",
                         what, path, strerror(errno));
    }
    close(fd);
    return done;
}

/* Its own process group, so that a time-out ends what it started, too. */
static bool
spawn(const char *command, int out_fd, pid_t *child)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
                                     O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out_fd, STDOUT_FILENO);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    char *copy = mem_strdup(command);
    char shell[] = "sh", option[] = "-c";
    char *const arguments[] = {shell, option, copy, NULL};
    int failed =
        posix_spawn(child, "/bin/sh", &files, &attributes, arguments, environ);
    free(copy);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    errno = failed;
    return failed == 0;
}

static bool
read_command(const char *command, const char *what, char *bytes,
             struct error *err)
{
    int pipe_fds[2];
    pid_t child;
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
        return error_set_errno(err, "%s: cannot run the command", what);
    }
    if (!spawn(command, pipe_fds[1], &child)) {
        error_set_errno(err, "%s: cannot run the command", what);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        return false;
    }
    close(pipe_fds[1]);
    ssize_t len = read_all(pipe_fds[0], bytes, SECRET_LIMIT_BYTES,
                           clock_monotonic_ms() + COMMAND_TIMEOUT_MS);
    int cause = errno;
    close(pipe_fds[0]);
    if (len < 0) {
        kill(-child, SIGKILL);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        continue;
    }
    if (len < 0) {
        return error_set(err, ERROR_CONFIG, cause,
                         "%s: the command's output can't be had: %s", what,
                         strerror(cause));
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return error_set(
            err, ERROR_CONFIG, 0, "%s: the command failed (status %d)", what,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    return true;
}

static bool
read_variable(const char *name, const char *what, char *bytes,
              struct error *err)
{
    const char *value = getenv(name);
    if (value == NULL) {
        return error_set(err, ERROR_CONFIG, 0,
                         "%s: the environment has no variable '%s'", what,
                         name);
    }
    size_t len = strlen(value);
    if (len >= SECRET_LIMIT_BYTES) {
        return error_set(err, ERROR_CONFIG, 0, "%s: '%s' is too long", what,
                         name);
    }
    memcpy(bytes, value, len + 1);
    return true;
}

/* Cuts off the line end, and with it all that follows the first line. */
static void
keep_first_line(char *bytes)
{
    size_t len = strcspn(bytes, "\r\n");
    explicit_bzero(bytes + len, strlen(bytes + len));
}

static char *
read_secret(const struct secret_source *source, const char *what,
            bool first_line, struct error *err)
{
    char *bytes = mem_zalloc(SECRET_LIMIT_BYTES + 1);
    bool done;
    if (source->file != NULL) {
        done = read_file(source->file, what, bytes, err);
    } else if (source->command != NULL) {
        done = read_command(source->command, what, bytes, err);
    } else {
        done = read_variable(source->env ? source->env : "", what, bytes, err);
    }
    if (done && first_line) {
        keep_first_line(bytes);
    }
    if (done && bytes[0] == '\0') {
        done = error_set(err, ERROR_CONFIG, 0, "%s: it is empty", what);
    }
    char *secret = done ? mem_strdup(bytes) : NULL;
    explicit_bzero(bytes, SECRET_LIMIT_BYTES);
    free(bytes);
    return secret;
}

char *
credentials_secret(const struct secret_source *source, const char *what,
                   struct error *err)
{
    return read_secret(source, what, true, err);
}

char *
credentials_secret_text(const struct secret_source *source, const char *what,
                        struct error *err)
{
    return read_secret(source, what, false, err);
}
