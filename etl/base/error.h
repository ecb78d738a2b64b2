/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_ERROR_H
#define ETL_BASE_ERROR_H

#include <stdbool.h>

/*
 * A failed run, told once and passed up. The caller owns the struct and passes
 * it last, never NULL, initialised to {0}. The first error set wins; later
 * ones are ignored, so clean-up may fail without hiding the cause. A bad row
 * is not an error: it is data with a reason (model/batch.h).
 *
 * The kind is what the caller may do; never branch on the text. Wording: lower
 * case, no full stop, the subject in single quotes, what helps after '; '. A
 * stable name in brackets, such as [unknown-column], closes the text where
 * `sfetl explain` has a page on it.
 */
enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,     /* exit 2 */
    ERROR_CONFIG,    /* exit 3: mapping or configuration */
    ERROR_INPUT,     /* exit 4: the source */
    ERROR_AUTH,      /* exit 5: sign-in refused; signing in again may help */
    ERROR_NETWORK,   /* exit 6: trying again may help */
    ERROR_REMOTE,    /* exit 6: the org refuses the call for good */
    ERROR_LIMIT,     /* exit 7 */
    ERROR_LOCKED,    /* exit 8 */
    ERROR_SYSTEM,    /* exit 9: this machine; errno in code */
    ERROR_CANCELLED, /* exit 128 + code, the signal */
    ERROR_INTERNAL,  /* exit 70 */
};

struct error {
    enum error_kind kind;
    int code;
    char text[1024];
};

/* The setters return false, so that a failure is one line. */
bool error_set(struct error *err, enum error_kind kind, int code,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ERROR_SYSTEM with errno in code and its text behind ': '. */
bool error_set_errno(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text. */
bool error_add_context(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Forgets the error, for a caller that handled it. */
void error_clear(struct error *err);

/* The exit code of product.md; 0 for ERROR_NONE. */
int error_exit_code(const struct error *err);

#endif
