/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pickup/fetch.h"

#include "base/file.h"
#include "base/mem.h"
#include "http/download.h"
#include "http/http_url.h"
#include "pipeline/cancel.h"
#include "salesforce/login/connection.h"
#include "salesforce/state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define MARKER_LIMIT ((uint64_t)1 << 20) /* bytes; it is mostly empty */

/* What one address needs, while it is fetched. */
struct fetch {
    struct pickup *pickup;
    struct orgs orgs;
    struct download download;
    char *known_hosts; /* the usual place */
    char *password, *token, *passphrase;
    char *folder; /* in the spool */
};

static bool
is_asked_to_stop(void *cookie)
{
    (void)cookie;
    return cancel_signal() != 0;
}

/* NULL where none is named. */
static bool
read_secret(const struct secret_source *source, const char *what, char **secret,
            const char **use, struct error *err)
{
    bool given =
        source->file != NULL || source->env != NULL || source->command != NULL;
    if (!given) {
        return true;
    }
    *secret = credentials_secret(source, what, err);
    *use = *secret;
    return *secret != NULL;
}

/* libssh reads the key itself; that nobody else can is looked at here. */
static bool
check_key(const char *path, struct error *err)
{
    const struct secret_source source = {.file = path};
    char *key = credentials_secret_text(&source, "private_key_file", err);
    credentials_wipe(key);
    return key != NULL;
}

static bool
find_known_hosts(struct fetch *fetch, const struct connection *connection,
                 struct error *err)
{
    const char *home = getenv("HOME");
    if (connection != NULL && connection->known_hosts_file != NULL) {
        fetch->download.known_hosts_file = connection->known_hosts_file;
    } else if (home != NULL && home[0] == '/') {
        fetch->known_hosts = mem_printf("%s/.ssh/known_hosts", home);
        fetch->download.known_hosts_file = fetch->known_hosts;
    }
    const char *path = fetch->download.known_hosts_file;
    return (path != NULL && file_exists(path)) ||
           error_set(err, ERROR_CONFIG, 0,
                     "there is no '%s', which says what hosts of SSH to trust; "
                     "name one as 'known_hosts_file' in 'connections' of "
                     "orgs.yaml [unknown-host]",
                     path ? path : "known_hosts");
}

static bool
sign_in(struct fetch *fetch, const struct http_url *url, struct error *err)
{
    struct download *download = &fetch->download;
    const struct connection *connection =
        connection_find(&fetch->orgs, download->url);
    if (url->scheme == HTTP_SCHEME_SFTP) {
        if (!find_known_hosts(fetch, connection, err)) {
            return false;
        }
        if (connection == NULL) {
            return error_set(err, ERROR_CONFIG, 0,
                             "no connection in orgs.yaml says how to sign in "
                             "at '%s'; 'man sfetl-orgs' shows one",
                             download->url);
        }
    }
    if (connection == NULL) {
        return true;
    }
    download->username = connection->username;
    download->private_key_file = connection->private_key_file;
    download->ca_file = connection->ca_file;
    download->proxy = connection->proxy;
    download->no_proxy = connection->no_proxy;
    return (download->private_key_file == NULL ||
            check_key(download->private_key_file, err)) &&
           read_secret(&connection->password, "password", &fetch->password,
                       &download->password, err) &&
           read_secret(&connection->token, "token", &fetch->token,
                       &download->token, err) &&
           read_secret(&connection->passphrase, "passphrase",
                       &fetch->passphrase, &download->passphrase, err);
}

/* One process at a time: two would write into the same file. */
static bool
lock_folder(struct fetch *fetch, struct error *err)
{
    char *path = mem_printf("%s/lock", fetch->folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool done = fd >= 0 || error_set_errno(err, "cannot write '%s'", path);
    if (done && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        done =
            error_set(err, ERROR_LOCKED, 0, "another process is fetching '%s'",
                      fetch->download.url);
    }
    if (!done && fd >= 0) {
        close(fd);
    }
    fetch->pickup->lock_fd = done ? fd : 0;
    free(path);
    return done;
}

static bool
open_spool(struct fetch *fetch, struct error *err)
{
    const char *url = fetch->download.url;
    char name[40];
    snprintf(name, sizeof name, "spool/%016llx",
             (unsigned long long)XXH3_64bits(url, strlen(url)));
    fetch->folder = state_folder_path(name, err);
    return fetch->folder != NULL && file_make_folders(fetch->folder, err) &&
           lock_folder(fetch, err);
}

/* XXH3-128 of a whole file. */
static bool
hash_file(const char *path, uint64_t hash[2], struct error *err)
{
    struct file_reader reader = {.fd = -1};
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        return error_set(err, ERROR_SYSTEM, ENOMEM, "out of memory");
    }
    XXH3_128bits_reset(state);
    enum file_status status = FILE_FAILED;
    struct slice bytes;
    if (file_reader_open(&reader, path, err)) {
        while ((status = file_reader_next(&reader, &bytes, err)) ==
               FILE_BYTES) {
            XXH3_128bits_update(state, bytes.ptr, bytes.len);
        }
    }
    XXH128_hash_t digest = XXH3_128bits_digest(state);
    hash[0] = digest.high64;
    hash[1] = digest.low64;
    XXH3_freeState(state);
    file_reader_close(&reader);
    return status == FILE_END;
}

/* The marker's address is that of the file with another name. */
static char *
marker_url(const char *url, const char *marker)
{
    size_t end = strcspn(url, "?");
    size_t begin = end;
    while (begin > 0 && url[begin - 1] != '/') {
        begin--;
    }
    const char *star = strchr(marker, '*');
    return star == NULL
               ? mem_printf("%.*s%s%s", (int)begin, url, marker, url + end)
               : mem_printf("%.*s%.*s%.*s%s%s", (int)begin, url,
                            (int)(star - marker), marker, (int)(end - begin),
                            url + begin, star + 1, url + end);
}

/* False with is_empty when it is not there. */
static bool
wait_for_marker(struct fetch *fetch, const char *marker, struct error *err)
{
    struct download download = fetch->download;
    uint64_t size;
    if (marker == NULL) {
        return true;
    }
    char *url = marker_url(download.url, marker);
    char *path = mem_printf("%s/marker", fetch->folder);
    download_remove(path); /* an old one says nothing */
    download.url = url;
    download.path = path;
    download.size_limit = MARKER_LIMIT;
    enum download_status status = download_file(&download, &size, err);
    if (status == DOWNLOAD_MISSING) {
        fetch->pickup->is_empty = true;
        error_set(err, ERROR_INPUT, 0, "there is no marker '%s' yet [no-input]",
                  url);
    }
    download_remove(path);
    free(path);
    free(url);
    return status == DOWNLOAD_WHOLE;
}

static bool
take_file(struct fetch *fetch, const char *name, struct error *err)
{
    struct pickup *pickup = fetch->pickup;
    struct stat about;
    const char *path = fetch->download.path;
    pickup->files.files =
        arena_array(&pickup->arena, 1, sizeof *pickup->files.files);
    pickup->files.count = 1;
    struct pickup_file *file = pickup->files.files;
    file->path = arena_strdup(&pickup->arena, slice_of(path));
    file->name = arena_strdup(&pickup->arena, slice_of(name));
    pickup->is_spooled = true;
    if (stat(path, &about) != 0) {
        return error_set_errno(err, "cannot read '%s'", path);
    }
    file->size = (uint64_t)about.st_size;
    file->changed_ns =
        (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
    return hash_file(path, pickup->hash, err);
}

static bool
download(struct fetch *fetch, struct error *err)
{
    uint64_t size;
    char *name = http_url_file_name(fetch->download.url);
    char *path = mem_printf("%s/%s", fetch->folder, name);
    fetch->download.path = path;
    enum download_status status = download_file(&fetch->download, &size, err);
    if (status == DOWNLOAD_MISSING) {
        download_remove(path);
        error_set(err, ERROR_INPUT, 0, "there is no file at '%s' [no-input]",
                  fetch->download.url);
    }
    bool done = status == DOWNLOAD_WHOLE && take_file(fetch, name, err);
    free(path);
    free(name);
    return done;
}

static void
release(struct fetch *fetch)
{
    credentials_wipe(fetch->password);
    credentials_wipe(fetch->token);
    credentials_wipe(fetch->passphrase);
    credentials_release(&fetch->orgs);
    free(fetch->known_hosts);
    free(fetch->folder);
}

bool
fetch_address(struct pickup *pickup, const struct run_options *options,
              struct error *err)
{
    struct fetch fetch = {
        .pickup = pickup,
        .download = {.url = pickup->where, .stop = is_asked_to_stop},
    };
    struct http_url url;
    bool done = http_url_check_file(pickup->where, &url, err) &&
                credentials_load(&fetch.orgs, options->config_path, err) &&
                sign_in(&fetch, &url, err) && open_spool(&fetch, err) &&
                wait_for_marker(&fetch, options->marker, err) &&
                download(&fetch, err);
    release(&fetch);
    return done;
}

static char *
kept_path(const struct pickup *pickup, const char *run_folder)
{
    return mem_printf("%s/source/%s", run_folder, pickup->files.files[0].name);
}

/* The state folder may be on another file system. */
static bool
copy(const char *from, const char *to, struct error *err)
{
    struct file_reader reader = {.fd = -1};
    struct file_writer writer = {.fd = -1};
    struct slice bytes;
    enum file_status status = FILE_FAILED;
    bool done = file_reader_open(&reader, from, err) &&
                file_writer_open(&writer, to, err);
    while (done &&
           (status = file_reader_next(&reader, &bytes, err)) == FILE_BYTES) {
        done = file_writer_write(&writer, bytes.ptr, bytes.len, err);
    }
    done = done && status == FILE_END && file_writer_commit(&writer, err);
    file_reader_close(&reader);
    file_writer_close(&writer);
    return done;
}

bool
fetch_keep(struct pickup *pickup, const char *run_folder, struct error *err)
{
    if (!pickup->is_spooled) {
        return true;
    }
    struct pickup_file *file = pickup->files.files;
    char *folder = mem_printf("%s/source", run_folder);
    char *path = kept_path(pickup, run_folder);
    bool done = file_make_folders(folder, err);
    if (done && rename(file->path, path) != 0) {
        done = errno == EXDEV ? copy(file->path, path, err)
                              : error_set_errno(err, "cannot move '%s' to '%s'",
                                                file->path, path);
    }
    done = done && file_sync_folder(folder, err);
    if (done) {
        fetch_drop(pickup);
        file->path = arena_strdup(&pickup->arena, slice_of(path));
        if (pickup->parts != NULL) {
            pickup->parts[0].path = file->path;
        }
    }
    free(path);
    free(folder);
    return done;
}

bool
fetch_recall(struct pickup *pickup, const char *run_folder, struct error *err)
{
    if (pickup->files.count != 1) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "the ledger does not say what was fetched");
    }
    uint64_t hash[2];
    struct pickup_file *file = pickup->files.files;
    char *path = kept_path(pickup, run_folder);
    file->path = arena_strdup(&pickup->arena, slice_of(path));
    free(path);
    if (!hash_file(file->path, hash, err)) {
        return false;
    }
    return (hash[0] == pickup->hash[0] && hash[1] == pickup->hash[1]) ||
           error_set(err, ERROR_INPUT, 0,
                     "'%s' is not what was fetched from '%s' any more; 'sfetl "
                     "abort' closes that run [source-changed]",
                     file->path, pickup->where);
}

void
fetch_drop(struct pickup *pickup)
{
    if (pickup->is_spooled) {
        download_remove(pickup->files.files[0].path);
        pickup->is_spooled = false;
    }
    if (pickup->lock_fd > 0) {
        close(pickup->lock_fd);
        pickup->lock_fd = 0;
    }
}
