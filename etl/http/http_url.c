/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_url.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_LIMIT 200 /* bytes of a file's name that any file system takes */

static bool
is_loopback(const char *host)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) == 1) {
        return ntohl(address.s_addr) >> 24 == 127;
    }
    return strcmp(host, "[::1]") == 0 || strcasecmp(host, "localhost") == 0;
}

static bool
take_scheme(const char *scheme, struct http_url *parts)
{
    static const struct {
        const char *name;
        enum http_scheme scheme;
        bool is_encrypted;
    } known[] = {
        {"https", HTTP_SCHEME_HTTP, true},
        {"http", HTTP_SCHEME_HTTP, false},
        {"sftp", HTTP_SCHEME_SFTP, true},
        {"ftps", HTTP_SCHEME_FTPS, true},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(scheme, known[i].name) == 0) {
            parts->scheme = known[i].scheme;
            parts->is_encrypted = known[i].is_encrypted;
            return true;
        }
    }
    return false;
}

/* Fills parts; the CURLU is the one parser, so that what is checked here is
 * what curl connects to. */
static bool
read_parts(CURLU *parsed, struct http_url *parts)
{
    char *scheme = NULL, *host = NULL, *port = NULL;
    bool done =
        curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        strlen(host) < sizeof parts->host - 8 && take_scheme(scheme, parts);
    if (done) {
        bool has_port =
            curl_url_get(parsed, CURLUPART_PORT, &port, 0) == CURLUE_OK;
        snprintf(parts->host, sizeof parts->host, "%s%s%.5s", host,
                 has_port ? ":" : "", has_port ? port : "");
        parts->is_loopback = is_loopback(host);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    return done;
}

static bool
has_user(CURLU *parsed)
{
    char *user = NULL, *password = NULL;
    curl_url_get(parsed, CURLUPART_USER, &user, 0);
    curl_url_get(parsed, CURLUPART_PASSWORD, &password, 0);
    bool has = user != NULL || password != NULL;
    curl_free(user);
    curl_free(password);
    return has;
}

static bool
check(const char *url, struct http_url *parts, const char *beginnings,
      struct error *err)
{
    *parts = (struct http_url){.is_loopback = false};
    CURLU *parsed = curl_url();
    if (parsed == NULL) {
        return error_set(err, ERROR_SYSTEM, 0, "out of memory");
    }
    bool done = curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK;
    bool secret = done && has_user(parsed);
    done = done && read_parts(parsed, parts);
    curl_url_cleanup(parsed);
    if (secret) {
        return error_set(err, ERROR_CONFIG, 0,
                         "an address with a user or password in it is not "
                         "accepted");
    }
    if (!done) {
        return error_set(err, ERROR_CONFIG, 0,
                         "'%.200s' is not an address that can be called; it "
                         "begins with %s and a host name",
                         url, beginnings);
    }
    if (!parts->is_encrypted && !parts->is_loopback) {
        return error_set(err, ERROR_CONFIG, 0,
                         "'http://%s' is not encrypted; http:// is accepted "
                         "for loopback addresses only, write https://",
                         parts->host);
    }
    return true;
}

bool
http_url_check(const char *url, struct http_url *parts, struct error *err)
{
    return check(url, parts, "https://", err) &&
           (parts->scheme == HTTP_SCHEME_HTTP ||
            error_set(err, ERROR_CONFIG, 0,
                      "'%.200s' is not an address that can be called; it "
                      "begins with https:// and a host name",
                      url));
}

/* curl itself takes "%2e%2e" and the like for "..", too. */
static bool
leads_up(const char *url)
{
    for (const char *at = strchr(url, '/'); at != NULL;
         at = strchr(at + 1, '/')) {
        const char *c = at + 1;
        int dots = 0;
        while (*c == '.' || strncasecmp(c, "%2e", 3) == 0) {
            c += *c == '.' ? 1 : 3;
            dots++;
        }
        if (dots > 0 && (*c == '/' || *c == '?' || *c == '\0')) {
            return true;
        }
    }
    return false;
}

bool
http_url_check_file(const char *url, struct http_url *parts, struct error *err)
{
    if (!check(url, parts, "https://, sftp:// or ftps://", err)) {
        return false;
    }
    return !leads_up(url) ||
           error_set(err, ERROR_CONFIG, 0,
                     "the address '%.200s' leads up by '.' or '..'; write the "
                     "path as it is",
                     url);
}

char *
http_url_file_name(const char *url)
{
    CURLU *parsed = curl_url();
    char *path = NULL;
    if (parsed != NULL &&
        curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK) {
        curl_url_get(parsed, CURLUPART_PATH, &path, CURLU_URLDECODE);
    }
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    char *name =
        mem_strdup(slash != NULL && slash[1] != '\0' ? slash + 1 : "download");
    for (char *c = name; *c != '\0'; c++) {
        bool is_plain = (unsigned char)*c > ' ' && *c != '/' && *c != 0x7f;
        *c = is_plain ? *c : '_';
    }
    name[0] = name[0] == '.' ? '_' : name[0];
    if (strlen(name) > NAME_LIMIT) {
        name[NAME_LIMIT] = '\0';
    }
    curl_free(path);
    curl_url_cleanup(parsed);
    return name;
}
