/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_SCHEMA_H
#define ETL_MODEL_SCHEMA_H

#include "base/arena.h"
#include "base/map.h"

/*
 * What the org says of its objects: the part of sObject describe that mapping,
 * staging and matching need. Everything lives in the schema's arena and is
 * read-only once added. Filled by salesforce/describe.
 */
enum field_type {
    FIELD_STRING,
    FIELD_TEXTAREA,
    FIELD_PICKLIST,
    FIELD_MULTIPICKLIST,
    FIELD_COMBOBOX,
    FIELD_BOOLEAN,
    FIELD_INT,
    FIELD_LONG,
    FIELD_DOUBLE,
    FIELD_CURRENCY,
    FIELD_PERCENT,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_TIME,
    FIELD_EMAIL,
    FIELD_PHONE,
    FIELD_URL,
    FIELD_ENCRYPTED,
    FIELD_REFERENCE,
    FIELD_ID,
    FIELD_BASE64,
    FIELD_ADDRESS,
    FIELD_LOCATION,
    FIELD_OTHER, /* a type this version does not know: sent as text */
};

struct schema_field {
    const char *name, *label;
    const char *relationship; /* relationshipName: "Account", "Parent__r" */
    enum field_type type;
    uint32_t length;      /* characters; 0: none stated */
    int precision, scale; /* of doubles: all digits, those behind */
    int digits;           /* of ints */
    bool nillable, createable, updateable, calculated, defaulted_on_create;
    bool external_id, id_lookup, unique, case_sensitive;
    bool restricted_picklist, polymorphic;
    bool cascade_delete; /* a lookup whose records go with their parent */
    const char *const *picklist; /* active values */
    size_t picklist_count;
    const char *const *reference_to; /* objects a reference may lead to */
    size_t reference_count;
};

struct schema_object {
    const char *name, *label, *key_prefix;
    bool createable, updateable, deletable, undeletable;
    const struct schema_field *fields;
    size_t field_count;
};

struct schema {
    struct arena arena;
    struct map objects; /* name -> struct schema_object */
};

void schema_release(struct schema *schema);
void schema_add(struct schema *schema, const struct schema_object *object);
/* NULL when it was not described. Names are matched exactly. */
const struct schema_object *schema_object(const struct schema *schema,
                                          struct slice name);
const struct schema_field *
schema_object_field(const struct schema_object *object, struct slice name);
/* By relationshipName. */
const struct schema_field *
schema_object_relationship(const struct schema_object *object,
                           struct slice name);

/* As the REST API spells types: "string", "double"; FIELD_OTHER if unknown. */
enum field_type schema_type_of(struct slice name);
const char *schema_type_name(enum field_type type);
bool schema_type_is_number(enum field_type type);

#endif
