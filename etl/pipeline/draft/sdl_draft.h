/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_PIPELINE_DRAFT_SDL_DRAFT_H
#define ETL_PIPELINE_DRAFT_SDL_DRAFT_H

#include "mapping/convert/sdl_text.h"
#include "pipeline/run_options.h"

/*
 * A Data Loader .sdl as a mapping. The file says which column goes to which
 * field and nothing else: object, operation and input come from the command
 * line, and the rest from `--set`, by Data Loader's own names
 * (sfdc.insertNulls=true).
 */
bool sdl_draft_is(const char *path);

/*
 * Fills settings from the options; name and texts live in the arena. wants_all:
 * object and operation must be given. ERROR_USAGE says what is missing.
 */
bool sdl_draft_settings(const struct run_options *options, bool wants_all,
                        struct arena *arena, struct sdl_settings *settings,
                        struct error *err);

/* What asks for metadata. False with err, or without it when there is none. */
struct sdl_describer {
    bool (*describe)(void *cookie, struct slice object, struct error *err);
    void *cookie;
};

/*
 * Reads the file at path and holds it against the schema, which grows by the
 * objects that it needs. columns NULL: the source's are not known.
 */
bool sdl_draft_read(struct sdl *sdl, const char *path, const char *object,
                    struct schema *schema,
                    const struct sdl_describer *describer,
                    const struct columns *columns, struct problems *problems,
                    struct error *err);

#endif
