/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FORMULA_FORMULA_LEX_H
#define ETL_MAPPING_FORMULA_FORMULA_LEX_H

#include "base/arena.h"

/* A formula's text as tokens, one at a time. */
enum token_kind {
    TOKEN_END,
    TOKEN_WRONG, /* why says what */
    TOKEN_TEXT,  /* "…"; value is what it means */
    TOKEN_NUMBER,
    TOKEN_NAME,   /* of a function, a word or a column */
    TOKEN_COLUMN, /* [any text]; value is what stands inside */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_SIGN, /* an operator */
};

struct token {
    enum token_kind kind;
    struct slice text;       /* as written */
    struct slice value;      /* in the arena, or of the text */
    const char *what, *help; /* of TOKEN_WRONG */
};

/* The next token of a text of valid UTF-8, which is taken off it. */
struct token formula_lex_next(struct slice *rest, struct arena *arena);

#endif
