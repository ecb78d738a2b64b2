/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "base/file.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A folder of the test's own below the build tree: make and drop are a group's
 * set-up and tear-down; state is its path. */
static int
scratch_make(void **state)
{
    char *path = mem_printf("scratch-%ld-XXXXXX", (long)getpid());
    *state = path;
    return mkdtemp(path) != NULL ? 0 : -1;
}

static int
scratch_drop(void **state)
{
    struct error err = {0};
    bool done = file_remove_tree(*state, &err);
    free(*state);
    return done ? 0 : -1;
}

/* The caller's. */
static inline char *
scratch_path(void **state, const char *name)
{
    return mem_printf("%s/%s", (const char *)*state, name);
}

#endif
