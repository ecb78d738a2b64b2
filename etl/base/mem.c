/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXIT_NO_MEMORY 9 /* product.md: this machine failed */

void
mem_exhausted(void)
{
    static const char message[] =
        "sfetl: out of memory; free some and run 'sfetl resume'\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written;
    _exit(EXIT_NO_MEMORY);
}

void *
mem_alloc(size_t size)
{
    return mem_realloc(NULL, size);
}

void *
mem_zalloc(size_t size)
{
    return mem_array(1, size);
}

void *
mem_array(size_t count, size_t size)
{
    void *ptr = calloc(count ? count : 1, size ? size : 1);
    if (ptr == NULL) {
        mem_exhausted();
    }
    return ptr;
}

void *
mem_realloc(void *old, size_t size)
{
    void *ptr = realloc(old, size ? size : 1);
    if (ptr == NULL) {
        mem_exhausted();
    }
    return ptr;
}

void *
mem_realloc_array(void *old, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        mem_exhausted();
    }
    return mem_realloc(old, count * size);
}

void *
mem_array_large(size_t count, size_t size)
{
    char *ptr = mem_array(count, size);
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)ptr + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)ptr + count * size) / page * page;
    if (begin < end) {
        /* Only advice: a kernel without huge pages says no. */
        (void)madvise(ptr + (begin - (uintptr_t)ptr), end - begin,
                      MADV_HUGEPAGE);
    }
    return ptr;
}

char *
mem_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(mem_alloc(size), text, size);
}

char *
mem_printf(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0 || text == NULL) {
        mem_exhausted();
    }
    return text;
}
