/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SOQL_SOQL_LEX_H
#define ETL_REHEARSAL_SOQL_SOQL_LEX_H

#include "base/arena.h"

/* The words of a query. Numbers, dates and paths are words too: what they are
 * is the parser's to say. */
enum soql_token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_SYMBOL };

struct soql_token {
    enum soql_token_kind kind;
    struct slice text; /* a string's without quotes, escapes as written */
};

/* Takes the next token off rest; false where a string has no end. */
bool soql_lex_next(struct slice *rest, struct soql_token *token);
/* Resolves the escapes of a string; keep_wildcards leaves \%, \_ and \\, for a
 * pattern. */
struct slice soql_lex_unescape(struct slice text, bool keep_wildcards,
                               struct arena *arena);

#endif
