/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_MEM_H
#define ETL_BASE_MEM_H

#include <stddef.h>

/*
 * Heap memory that never fails: out of memory ends the process at once with
 * exit code 9 and one line on standard error. A run is resumable from its
 * ledger, so ENOMEM plumbing would buy nothing. What comes from outside is
 * bounded before it is allocated. Free with free().
 */
#define MEM_RESULT __attribute__((malloc, returns_nonnull, warn_unused_result))

void *mem_alloc(size_t size) MEM_RESULT;
void *mem_zalloc(size_t size) MEM_RESULT;
void *mem_array(size_t count, size_t size) MEM_RESULT; /* zeroed */
void *mem_realloc(void *old, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));
/* Grows to count items of size bytes each; the new ones are not set. */
void *mem_realloc_array(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));
/* The same for some MiB that are read at random: on huge pages where the
 * system has them. */
void *mem_array_large(size_t count, size_t size) MEM_RESULT;
/* Ends the process so; for a library that says it has none left. */
void mem_exhausted(void) __attribute__((noreturn));
char *mem_strdup(const char *text) MEM_RESULT;
char *mem_printf(const char *format, ...)
    __attribute__((format(printf, 1, 2), malloc, returns_nonnull));

#endif
