/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SCRIPTED_SERVER_H
#define TESTS_UNIT_SCRIPTED_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An HTTP server on 127.0.0.1 that answers the n-th request with the n-th
 * reply of a script, byte for byte, and keeps what it was asked. When the
 * script is at its end it closes each connection after a request.
 */
enum script_end {
    SCRIPT_KEEP,  /* the connection serves on */
    SCRIPT_CLOSE, /* closed after the reply */
    SCRIPT_RESET, /* reset (RST) after the reply */
    SCRIPT_STALL, /* nothing more until the server stops */
};

struct script_reply {
    const char *bytes; /* NULL: none */
    size_t len;        /* 0: a text */
    enum script_end end;
};

struct scripted_server;

struct scripted_server *
scripted_server_start(const struct script_reply *replies, size_t count);
/* "http://127.0.0.1:PORT" */
const char *scripted_server_url(const struct scripted_server *server);
/* Requests so far. */
size_t scripted_server_count(struct scripted_server *server);
/* Headers and body, terminated; "" when there was none. Valid to the stop. */
const char *scripted_server_request(struct scripted_server *server,
                                    size_t index);
void scripted_server_stop(struct scripted_server *server);

#endif
