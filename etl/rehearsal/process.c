/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/process.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ADDRESS_LIMIT ((size_t)64 << 10) /* bytes of address.json */

static int
open_pid_file(const char *dir)
{
    char *path = mem_printf("%s/server.pid", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    return fd;
}

/*
 * The pid of the server of this folder, 0 when none runs: whoever holds the
 * lock of server.pid, as the kernel tells, so no stale or foreign pid is ever
 * taken for it.
 */
pid_t
process_pid(const char *dir)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open_pid_file(dir);
    if (fd < 0) {
        return 0;
    }
    bool asked = fcntl(fd, F_GETLK, &lock) == 0;
    close(fd);
    return asked && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

/* Held until the process ends. */
bool
process_take_place(const char *dir, struct error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open_pid_file(dir);
    if (fd < 0) {
        return error_set_errno(err, "cannot open '%s/server.pid'", dir);
    }
    if (fcntl(fd, F_SETLK, &lock) != 0) {
        close(fd);
        return error_set(err, ERROR_LOCKED, 0,
                         "a server already runs in '%s'; see "
                         "'sfetl-rehearsal status --dir %s'",
                         dir, dir);
    }
    return ftruncate(fd, 0) == 0 && dprintf(fd, "%d\n", (int)getpid()) > 0
               ? true
               : error_set_errno(err, "cannot write '%s/server.pid'", dir);
}

/* What the last server said of itself; NULL when none did. */
static json_t *
read_address(const char *dir)
{
    char *path = mem_printf("%s/address.json", dir);
    struct buffer text = {0};
    struct error err = {0};
    json_t *json = NULL;
    if (file_exists(path) &&
        file_read_whole(path, ADDRESS_LIMIT, &text, &err)) {
        json = json_loadb(text.bytes, text.len, 0, NULL);
    }
    buffer_release(&text);
    free(path);
    return json;
}

void
process_print_address(const char *dir)
{
    json_t *address = read_address(dir);
    const char *name;
    json_t *value;
    static const char *const shown[] = {
        "instance_url",  "username",         "password", "client_id",
        "client_secret", "private_key_file", NULL};
    json_object_foreach(address, name, value)
    {
        for (size_t i = 0; shown[i]; i++) {
            if (strcmp(name, shown[i]) == 0) {
                printf("%-18s%s\n", name, json_string_value(value));
            }
        }
    }
    printf("%-18s%s\n", "dir", dir);
    json_decref(address);
}

/* The port of last time, so that a restarted org is found again. */
uint16_t
process_last_port(const char *dir)
{
    json_t *address = read_address(dir);
    json_int_t port = json_integer_value(json_object_get(address, "port"));
    json_decref(address);
    return port > 0 && port < 65536 ? (uint16_t)port : 0;
}

/* Tells the starter how it went: 'k', or 'e' and the error's text. */
void
process_tell(int fd, const struct error *err)
{
    char text[sizeof err->text + 2];
    int len = err->kind == ERROR_NONE
                  ? snprintf(text, sizeof text, "k")
                  : snprintf(text, sizeof text, "e%c%s", '0' + (int)err->kind,
                             err->text);
    if (fd >= 0) {
        file_write_all(fd, text, (size_t)len);
        close(fd);
    }
}

void
process_detach(const char *dir)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    setsid();
    if (chdir("/") != 0 || null < 0) {
        log_warning("cannot leave the folder it was started in");
    }
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    char *path = mem_printf("%s/server.err", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    free(path);
    dup2(fd >= 0 ? fd : null, STDERR_FILENO);
    if (fd > STDERR_FILENO) {
        close(fd);
    }
    if (null > STDERR_FILENO) {
        close(null);
    }
}

/* Reads what tell wrote. */
bool
process_hear(int fd, struct error *err)
{
    char text[sizeof err->text + 2];
    size_t len = 0;
    ssize_t got;
    while (len < sizeof text - 1 &&
           (got = read(fd, text + len, sizeof text - 1 - len)) > 0) {
        len += (size_t)got;
    }
    text[len] = '\0';
    close(fd);
    if (len > 0 && text[0] == 'k') {
        return true;
    }
    if (len > 2) {
        return error_set(err, (enum error_kind)(text[1] - '0'), 0, "%s",
                         text + 2);
    }
    return error_set(err, ERROR_INTERNAL, 0, "the server ended at its start");
}

int64_t
process_started_at(const char *dir)
{
    json_t *address = read_address(dir);
    json_int_t at = json_integer_value(json_object_get(address, "started"));
    json_decref(address);
    return at;
}
