/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_API_API_OAUTH_H
#define ETL_REHEARSAL_API_API_OAUTH_H

#include "rehearsal/router.h"

/*
 * Signing in: the OAuth token endpoint (JWT bearer with the signature really
 * checked, client credentials, refresh token, password), userinfo, and the
 * sessions that all APIs share. Sessions are kept in the store: they survive a
 * restart, as Salesforce's do.
 */
extern const struct route api_oauth_routes[];

/* The session id a new sign-in gets, in the arena; NULL when the store fails.
 */
const char *api_oauth_open_session(struct rehearsal *rehearsal,
                                   struct arena *arena);
bool api_oauth_session_is_live(struct rehearsal *rehearsal, const char *token);
/* By the Authorization header; false: the refusal has been answered. */
bool api_oauth_check(struct rehearsal *rehearsal, struct exchange *exchange);
/* Ends the session that the request carries, in whatever header. */
void api_oauth_expire(struct rehearsal *rehearsal, struct exchange *exchange);

#endif
