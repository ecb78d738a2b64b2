/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_SDL_TARGET_H
#define ETL_MAPPING_CONVERT_SDL_TARGET_H

#include "mapping/convert/sdl.h"

/*
 * What an .sdl writes at the right: `Field`, `Rel:Field`, `Rel:Object-Field`,
 * in any case. As a mapping writes it: `Field`, `Rel.Field`, and
 * `Object:Rel.Field` where the lookup may lead to several objects; spelled as
 * the org spells it, where that is known.
 */

/* Fills target and field; false when it is none of these. */
bool sdl_target_take(const struct sdl_context *context, struct slice text,
                     struct arena *arena, struct sdl_field *field);
/* The object that a target leads through; absent: none. */
struct slice sdl_target_parent(const struct schema_object *object,
                               struct slice target);

#endif
