/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_DRAFT_FIELD_MATCH_H
#define ETL_MAPPING_DRAFT_FIELD_MATCH_H

#include "mapping/draft/column_profile.h"
#include "model/schema.h"

/*
 * Which field of an object a column is for: by the field's API name, its
 * label, or words that exports use for it in several languages ("PLZ",
 * "Street", "NAME1"); letters and digits count, case and signs don't.
 */
enum match_surety {
    MATCH_NONE,
    MATCH_POSSIBLE, /* the name leads there, the content does not fit */
    MATCH_LIKELY,   /* by a word of the trade */
    MATCH_SURE,     /* by API name or label, and the content fits */
};

struct field_match {
    const struct schema_field *field; /* NULL without metadata, or none */
    const char *name;                 /* of the field, also without metadata */
    enum match_surety surety;
    const char *why; /* "by its label", "a picklist of other values" */
};

/* object NULL: there is no metadata, and only the usual words are known; the
 * name is in the arena then. */
struct field_match
field_match_find(const struct schema_object *object, const char *object_name,
                 struct slice column, const struct column_guess *guess,
                 const struct column_profile *profile, struct arena *arena);
/* The column's name is one that keys have ("No.", "KUNNR"). */
bool field_match_is_key_name(struct slice column);

#endif
