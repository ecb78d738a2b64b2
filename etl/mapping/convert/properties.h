/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_PROPERTIES_H
#define ETL_MAPPING_CONVERT_PROPERTIES_H

#include "base/arena.h"
#include "base/error.h"

/*
 * Java properties, as java.util.Properties.load reads them: ISO 8859-1 with
 * \uXXXX, keys that end at the first = : or blank without a backslash before
 * it, lines that go on behind a backslash. A byte order mark of UTF-8 says
 * that the file is UTF-8, which Java would have read wrongly. Entries stand in
 * the file's order, repeated keys included: which counts is the caller's rule.
 */
struct property {
    struct slice key, value; /* UTF-8, in the arena */
    int line;                /* where it begins */
};

struct property_list {
    struct property *items;
    size_t count;
};

/* ERROR_CONFIG with the line for a \u that is none, and past the limits. */
bool properties_read(struct slice text, struct arena *arena,
                     struct property_list *list, struct error *err);

#endif
