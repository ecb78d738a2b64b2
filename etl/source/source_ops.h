/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SOURCE_SOURCE_OPS_H
#define ETL_SOURCE_SOURCE_OPS_H

#include "source/source.h"

/*
 * For those who add a format, in three steps: write NAME_source.c with a const
 * struct source_ops whose source begins with struct source; declare it here;
 * put it into the table of source.c.
 */
struct source {
    const struct source_ops *ops;
    const struct source_spec *spec;
    char *name; /* for messages, owned */
    struct columns columns;
    struct columns *streams; /* NULL: one stream, with columns */
    size_t stream_count;     /* 0: one */
    char description[256];
};

struct source_ops {
    const char *format; /* as written in a mapping */
    struct source *(*open)(const struct source_spec *spec, struct error *err);
    enum source_status (*next)(struct source *source, struct batch *batches,
                               struct error *err);
    struct source_position (*position)(const struct source *source);
    uint64_t (*size)(const struct source *source);
    /* NULL: a format, which reads one file. */
    const struct source_part *(*parts)(const struct source *source,
                                       size_t stream, size_t *count);
    void (*close)(struct source *source);
};

/* The reader of spec->format; NULL with ERROR_CONFIG: it is not known. */
const struct source_ops *source_format(const struct source_spec *spec,
                                       struct error *err);

extern const struct source_ops csv_source_ops;
extern const struct source_ops xml_source_ops;

#endif
