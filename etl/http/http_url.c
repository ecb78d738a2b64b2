/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool
is_loopback(const char *host)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) == 1) {
        return ntohl(address.s_addr) >> 24 == 127;
    }
    return strcmp(host, "[::1]") == 0 || strcasecmp(host, "localhost") == 0;
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
        strlen(host) < sizeof parts->host - 8 &&
        (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0);
    if (done) {
        bool has_port =
            curl_url_get(parsed, CURLUPART_PORT, &port, 0) == CURLUE_OK;
        snprintf(parts->host, sizeof parts->host, "%s%s%.5s", host,
                 has_port ? ":" : "", has_port ? port : "");
        parts->is_encrypted = strcmp(scheme, "https") == 0;
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

bool
http_url_check(const char *url, struct http_url *parts, struct error *err)
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
                         "begins with https:// and a host name",
                         url);
    }
    if (!parts->is_encrypted && !parts->is_loopback) {
        return error_set(err, ERROR_CONFIG, 0,
                         "'http://%s' is not encrypted; http:// is accepted "
                         "for loopback addresses only, write https://",
                         parts->host);
    }
    return true;
}
