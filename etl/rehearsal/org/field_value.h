/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_FIELD_VALUE_H
#define ETL_REHEARSAL_ORG_FIELD_VALUE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "rehearsal/org/org_fault.h"
#include "rehearsal/schema/org_schema.h"

/*
 * One value of a field: from the text that came in to the stored form and from
 * there to what each API shows. Stored forms: booleans "true"/"false"; numbers
 * exact decimal text with the field's scale, rounded half up; date
 * "2026-01-31"; datetime "2026-01-31T09:30:00.000Z"; time "09:30:00.000Z"; ids
 * 18 characters; multipicklists joined by ';'; the rest as it came. Null is
 * ptr NULL; an empty text is null in Salesforce.
 */

/* Where the text stood: Salesforce is more patient with CSV and XML. */
enum value_origin {
    VALUE_FROM_CSV,
    VALUE_FROM_XML,
    VALUE_FROM_JSON, /* a JSON string, or a number or literal as text */
};

/*
 * Checks and converts a non-empty text. Lookups are checked for the form of
 * the id only. The value is in the arena, or the text itself.
 */
bool field_value_parse(const struct schema_field *field, struct slice text,
                       enum value_origin origin, struct arena *arena,
                       struct slice *value, struct org_fault *fault);

/* Stored form to CSV as Bulk results and Bulk queries show it (doubles as
 * 9.12260031E8), without quotes. */
void field_value_append_csv(const struct schema_field *field,
                            struct slice value, struct buffer *out);
/* Stored form to a JSON value (datetimes end in +0000); null for absent. */
void field_value_append_json(const struct schema_field *field,
                             struct slice value, struct buffer *out);
/*
 * A text that came in, as Bulk 2.0's results echo it: re-rendered where it can
 * be read as the field's type, as it came where not. field NULL: as it came.
 */
void field_value_append_echo(const struct schema_field *field,
                             struct slice text, struct buffer *out);
/* Any text as a JSON string with its quotes. */
void field_value_append_quoted(struct slice text, struct buffer *out);

/* The 18-character form of 15 characters. */
void field_value_id18(const char id15[15], char id18[19]);
/* A well-formed id of 15, or 18 with the right checksum, in 18 characters. */
bool field_value_read_id(struct slice text, char id18[19]);

/* Folds ASCII and Latin, Greek and Cyrillic capitals, as keys that ignore
 * case compare. */
struct slice field_value_fold(struct slice text, struct arena *arena);

#endif
