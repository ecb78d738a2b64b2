/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_FIELD_TYPE_H
#define ETL_MAPPING_VALUE_FIELD_TYPE_H

#include "mapping/value/value_fault.h"
#include "model/schema.h"

/*
 * What a Salesforce field takes: a text is checked against the field's type
 * and spelled as the org spells it (mapping.md, A field: the last step).
 */

/* Characters the org takes in a field (salesforce.md, Bulk API limits). */
#define FIELD_CHARACTERS_LIMIT 131072

struct field_check {
    enum field_type type; /* FIELD_OTHER: not known, any text will do */
    uint32_t length;      /* characters; 0: none stated */
    int whole_digits;     /* of a number, before the point; 0: not stated */
    int scale;            /* behind it; -1: not stated */
    bool truncate;        /* to the length, instead of a fault */
    bool restricted;      /* to these values: */
    const char *const *picklist;
    size_t picklist_count;
    struct map picklist_set; /* of them; its entries are the owner's */
};

/* What happened to values of a field on their way that `check` tells. */
struct value_note {
    uint64_t count;
    uint64_t first_line; /* of the source */
};
struct value_notes {
    uint64_t line;               /* of the row at work, set by the caller */
    struct value_note rounded;   /* more decimals than the field's scale */
    struct value_note at_change; /* local times left out or repeated by the
                                    clocks */
};

static inline void
value_note_add(const struct value_notes *notes, struct value_note *note)
{
    if (note->count++ == 0) {
        note->first_line = notes->line;
    }
}

/* Copies what outlives the schema into the arena. */
void field_type_bind(struct field_check *check,
                     const struct schema_field *field, struct arena *arena);
void field_type_release(struct field_check *check);

/*
 * text is not blank. *out borrows from text or lies in the arena. False with
 * the fault.
 */
bool field_type_apply(const struct field_check *check, struct slice text,
                      struct arena *arena, struct value_notes *notes,
                      struct slice *out, struct value_fault *fault);

/* Any text of up to this many bytes passes as it is, but for `#N/A`; 0: each
 * value must be looked at. */
size_t field_type_plain_limit(const struct field_check *check);

bool field_type_is_text(enum field_type type);

/* 15 characters, or 18 with a right checksum. */
bool field_type_is_id(struct slice text);

#endif
