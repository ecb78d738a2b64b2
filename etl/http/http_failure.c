/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_failure.h"

#include <string.h>

static void
set_timeout(const struct http_failure *failure, struct error *err)
{
    if (failure->was_sent) {
        error_set(err, ERROR_NETWORK, 0,
                  "'%s' neither took nor sent anything for %lld s, or not "
                  "enough in all",
                  failure->host, (long long)failure->stall_timeout_ms / 1000);
        return;
    }
    error_set(err, ERROR_NETWORK, 0,
              "no connection to '%s' within %lld s; a firewall or proxy may "
              "be in the way",
              failure->host, (long long)failure->connect_timeout_ms / 1000);
}

/* OpenSSL's reason stands in curl's text. */
static const char *
certificate_help(const char *reason)
{
    if (strstr(reason, "expired") || strstr(reason, "not yet valid")) {
        return "compare this machine's clock, or its owner must renew it";
    }
    if (strstr(reason, "issuer") || strstr(reason, "self-signed") ||
        strstr(reason, "self signed")) {
        return "if a proxy of yours issues certificates, name its own in "
               "'ca_file'";
    }
    if (strstr(reason, "subject name")) {
        return "the address may be misspelt";
    }
    return "TLS is always verified";
}

static void
set_connect(const struct http_failure *failure, struct error *err)
{
    long cause = 0;
    curl_easy_getinfo(failure->easy, CURLINFO_OS_ERRNO, &cause);
    error_set(err, ERROR_NETWORK, (int)cause, "cannot connect to '%s': %s",
              failure->host,
              cause != 0 ? strerror((int)cause) : "no connection");
}

/* True when a proxy refused the tunnel: then that is the reason. */
static bool
set_proxy(const struct http_failure *failure, struct error *err)
{
    long status = 0;
    curl_easy_getinfo(failure->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status == 407) {
        error_set(err, ERROR_REMOTE, 0,
                  "the proxy wants a user and a password (407) before it "
                  "connects to '%s'; put them into the proxy's address in the "
                  "environment",
                  failure->host);
    } else if (status >= 300) {
        error_set(err, status >= 500 ? ERROR_NETWORK : ERROR_REMOTE, 0,
                  "the proxy refused to connect to '%s' (status %ld)",
                  failure->host, status);
    }
    return status >= 300;
}

static void
set_broken(const struct http_failure *failure, const char *what,
           struct error *err)
{
    const char *text =
        failure->text[0] ? failure->text : curl_easy_strerror(failure->code);
    error_set(err, ERROR_NETWORK, 0, "%s '%s' %s: %.200s",
              failure->was_sent ? "the connection to" : "the call of",
              failure->host, what, text);
}

void
http_failure_set(const struct http_failure *failure, struct error *err)
{
    if (set_proxy(failure, err)) {
        return;
    }
    switch (failure->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        error_set(err, ERROR_NETWORK, 0,
                  "cannot find the host '%s'; check its name and this "
                  "machine's DNS",
                  failure->host);
        break;
    case CURLE_COULDNT_RESOLVE_PROXY:
        error_set(err, ERROR_NETWORK, 0,
                  "cannot find the proxy; check its name and this machine's "
                  "DNS");
        break;
    case CURLE_COULDNT_CONNECT:
        set_connect(failure, err);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        set_timeout(failure, err);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
        error_set(err, ERROR_REMOTE, 0,
                  "the certificate of '%s' is not valid (%.200s); %s",
                  failure->host, failure->text,
                  certificate_help(failure->text));
        break;
    case CURLE_SSL_CACERT_BADFILE:
        error_set(err, ERROR_CONFIG, 0,
                  "cannot read the certificates of '%s'; check 'ca_file'",
                  failure->ca_file ? failure->ca_file : "this system");
        break;
    case CURLE_OUT_OF_MEMORY:
        error_set(err, ERROR_SYSTEM, 0, "out of memory");
        break;
    case CURLE_GOT_NOTHING:
        error_set(err, ERROR_NETWORK, 0,
                  "'%s' closed the connection without an answer",
                  failure->host);
        break;
    case CURLE_PARTIAL_FILE:
        set_broken(failure, "ended before the answer was whole", err);
        break;
    default:
        set_broken(failure, "broke", err);
    }
}
