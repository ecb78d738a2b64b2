/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_SDL_H
#define ETL_MAPPING_CONVERT_SDL_H

#include "mapping/convert/properties.h"
#include "mapping/problem.h"
#include "model/columns.h"
#include "model/schema.h"

/*
 * A Data Loader mapping file, .sdl (mapping.md, Data Loader files): Java
 * properties, `SOURCE=Field`. What its lines say is decided here, by Data
 * Loader's rules: of a repeated source the last line counts, a constant goes
 * before a column, a column that the file does not have is passed over. What
 * Data Loader leaves to chance, two columns for one field, is a problem.
 */
struct sdl_field {
    int line;
    bool is_constant;
    struct slice constant;
    struct slice columns[1 << 4]; /* joined with ", " where the type is text */
    size_t column_count;
    struct slice target; /* as a mapping writes it: "Type:Rel.Field" */
    /* Of the target, once the object is known; NULL: it is not. */
    const struct schema_field *field;
};
#define SDL_COLUMN_LIMIT ((size_t)1 << 4)

/* A line that maps nothing, and why. */
struct sdl_note {
    int line;
    struct slice source, why;
};

struct sdl {
    struct arena arena;
    struct sdl_field *fields;
    size_t field_count;
    struct sdl_note *notes;
    size_t note_count;
};

/* What is known of where it leads and what it reads. */
struct sdl_context {
    const char *object;            /* NULL: not known */
    const struct schema *schema;   /* of the object, as far as described */
    const struct columns *columns; /* of the source; NULL: not known */
};

/* A zeroed struct. Problems hold what is wrong; false where err is set. */
bool sdl_read(struct sdl *sdl, struct slice text,
              const struct sdl_context *context, struct problems *problems,
              struct error *err);
/* The next object that the targets need described; absent: none. */
struct slice sdl_missing_object(const struct sdl *sdl,
                                const struct sdl_context *context);
void sdl_release(struct sdl *sdl);

#endif
