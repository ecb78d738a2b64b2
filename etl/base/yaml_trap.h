/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_YAML_TRAP_H
#define ETL_BASE_YAML_TRAP_H

#include "base/slice.h"

/*
 * Texts that YAML takes for something else: why, and how they are written
 * instead. Works on one line of a file, since that is what a person looks at.
 */
#define YAML_TRAP_TEXT_SIZE 240

struct yaml_trap {
    size_t offset; /* of the text in the line, in bytes */
    char what[YAML_TRAP_TEXT_SIZE];
    char help[YAML_TRAP_TEXT_SIZE]; /* shows the quoted form */
};

/*
 * Looks at the value of a line where the parser stopped at the byte offset
 * stop. False when nothing in it is a trap.
 */
bool yaml_trap_find(struct slice line, size_t stop, struct yaml_trap *trap);

/* "write it in quotes: Name: '…'" for the value of a line. */
void yaml_trap_quote(struct slice line, char help[YAML_TRAP_TEXT_SIZE]);

/* What the parser's own messages mean to a person; NULL: not known here. */
struct yaml_trap_fault {
    const char *problem; /* the parser's words, or how they begin */
    const char *context; /* likewise; NULL: any */
    bool at_context;     /* it shows where that began */
    const char *what, *help;
};
const struct yaml_trap_fault *yaml_trap_fault(const char *problem,
                                              const char *context);

#endif
