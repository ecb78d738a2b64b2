/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SERVER_HTTP_ANSWER_H
#define ETL_REHEARSAL_SERVER_HTTP_ANSWER_H

#include "rehearsal/server/http_server.h"

/*
 * The way out of an answer: through libmicrohttpd, compressed for who takes
 * that; or, when it is to be spoiled, straight to the socket. False: the
 * connection is to be closed.
 */
bool http_answer_send(struct http_server *server, struct exchange *exchange,
                      const struct http_spoil *spoil);

#endif
