/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_SDL_TEXT_H
#define ETL_MAPPING_CONVERT_SDL_TEXT_H

#include "base/buffer.h"
#include "mapping/convert/sdl.h"

/*
 * An .sdl as the text of a mapping. What Data Loader's settings say beside the
 * file comes from its configuration, by the names that it has there.
 */
struct sdl_settings {
    const char *name, *object, *operation; /* the last as a mapping spells it */
    const char *external_id;               /* NULL: none */
    const char *input;                     /* path of the source */
    const char *input_note;                /* a comment behind it; NULL */
    const char *encoding, *delimiter;      /* NULL: not stated */
    const char *timezone;                  /* NULL: not stated */
    const char *assignment_rule;           /* NULL */
    bool european_dates, insert_nulls, truncate;
};

/* For people: a line each, with what was left out as comments. */
void sdl_text_write(const struct sdl *sdl, const struct sdl_settings *settings,
                    const char *sdl_path, struct buffer *text);
/* For the machine: each field stands in the line that it has in the .sdl, so
 * that messages lead there. */
void sdl_text_in_place(const struct sdl *sdl,
                       const struct sdl_settings *settings,
                       struct buffer *text);

#endif
