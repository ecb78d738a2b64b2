/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SCHEMA_ORG_SCHEMA_H
#define ETL_REHEARSAL_SCHEMA_ORG_SCHEMA_H

#include "base/arena.h"
#include "base/map.h"

/*
 * Objects and fields of the rehearsal org, with the attributes that a describe
 * shows. Built at start (standard objects, then any number of schema files in
 * order, a later one extends or replaces fields of an earlier one), not
 * changed after store_open, and so read by all threads without a lock. All
 * texts live in the schema's arena. API names match without ASCII case, as in
 * Salesforce.
 */
enum field_type {
    FIELD_ID,
    FIELD_STRING,
    FIELD_TEXTAREA,
    FIELD_ENCRYPTED,
    FIELD_PICKLIST,
    FIELD_MULTIPICKLIST,
    FIELD_COMBOBOX,
    FIELD_EMAIL,
    FIELD_PHONE,
    FIELD_URL,
    FIELD_BOOLEAN,
    FIELD_INT,
    FIELD_LONG,
    FIELD_DOUBLE,
    FIELD_CURRENCY,
    FIELD_PERCENT,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_TIME,
    FIELD_REFERENCE,
    FIELD_BASE64,
    FIELD_ADDRESS,
    FIELD_LOCATION,
    FIELD_ANY,
    FIELD_TYPE_COUNT,
};

enum field_flag {
    FIELD_CREATEABLE = 1u << 0,
    FIELD_UPDATEABLE = 1u << 1,
    FIELD_NILLABLE = 1u << 2,
    FIELD_EXTERNAL_ID = 1u << 3,
    FIELD_ID_LOOKUP = 1u << 4,
    FIELD_UNIQUE = 1u << 5,
    FIELD_CASE_SENSITIVE = 1u << 6,
    FIELD_DEFAULTED = 1u << 7, /* defaultedOnCreate */
    FIELD_CALCULATED = 1u << 8,
    FIELD_AUTO_NUMBER = 1u << 9,
    FIELD_NAME = 1u << 10, /* nameField */
    FIELD_RESTRICTED = 1u << 11,
    FIELD_CASCADE = 1u << 12,     /* gone with its parent */
    FIELD_POLYMORPHIC = 1u << 13, /* several targets: names need a type */
    FIELD_MASTER = 1u << 14,      /* master-detail */
    FIELD_HTML = 1u << 15,
};

struct schema_field {
    const char *name, *label;
    enum field_type type;
    unsigned flags;
    int length;                     /* characters; 0: not a text */
    int precision, scale, digits;   /* decimal digits */
    const char *relationship;       /* "Account"; NULL: not walked by name */
    const char *child_relationship; /* "Contacts"; NULL */
    const char **targets;           /* object names */
    size_t target_count;
    const char **picklist; /* values, the default's position beside */
    size_t picklist_count;
    const char *default_value; /* stored form (field_value.h); NULL: none */
    const char *compound;      /* "BillingAddress", "Name"; NULL */
    size_t index;              /* in its object's fields */
    unsigned number;           /* in the store, above 0 once it is open */
};

struct schema_record_type {
    const char *name, *developer_name;
    bool is_default;
    char id[19]; /* given by store_open */
};

enum object_flag {
    OBJECT_CUSTOM = 1u << 0,
    OBJECT_CREATEABLE = 1u << 1,
    OBJECT_UPDATEABLE = 1u << 2,
    OBJECT_DELETABLE = 1u << 3,
    OBJECT_UNDELETABLE = 1u << 4,
    OBJECT_PERSON = 1u << 5,  /* Name is FirstName and LastName */
    OBJECT_NO_BULK = 1u << 6, /* "is not supported by the Bulk API" */
};

struct schema_object {
    const char *name, *label, *plural;
    char prefix[4]; /* key prefix; "" until store_open gives a custom one */
    unsigned flags;
    struct schema_field **fields; /* Id first */
    size_t field_count, field_capacity;
    struct schema_field *name_field; /* NULL: has none */
    struct schema_record_type *record_types;
    size_t record_type_count;
    struct map by_name, by_relationship; /* lower case names to fields */
    size_t index;                        /* in the schema's objects */
    unsigned number; /* in the store, above 0 once it is open */
};

struct schema {
    struct arena arena;
    struct schema_object **objects; /* by name */
    size_t object_count, object_capacity;
    struct map by_name, by_prefix;
};

/* With the standard objects. Owned by the caller. */
struct schema *org_schema_new(void);
void org_schema_free(struct schema *schema);

/* NULL when unknown. */
const struct schema_object *org_schema_object(const struct schema *schema,
                                              struct slice name);
/* By the first three characters of an id; case counts. */
const struct schema_object *org_schema_object_of_id(const struct schema *schema,
                                                    struct slice id);
const struct schema_field *org_schema_field(const struct schema_object *object,
                                            struct slice name);
/* "Account", "Account__r": the reference field that is walked by this name. */
const struct schema_field *
org_schema_relationship(const struct schema_object *object, struct slice name);
bool org_schema_field_targets(const struct schema_field *field,
                              const struct schema_object *object);
/* The REST name of a type: "string", "currency". */
const char *org_schema_type_name(enum field_type type);
/* Case counts; false when it is none. */
bool org_schema_type_of(struct slice name, enum field_type *type);
bool org_schema_type_is_text(enum field_type type); /* has a length */
bool org_schema_type_is_decimal(enum field_type type);
/* Letters, digits and _, a letter first, at most 127. */
bool org_schema_is_name(struct slice name);
/* Must be given on insert. */
bool org_schema_field_is_required(const struct schema_field *field);
/* Its values stand in the store's index, for lookups by value. */
bool org_schema_field_is_key(const struct schema_field *field);

/*
 * For those who build a schema. put_object returns the object of this name,
 * new and empty where there was none; put_field adds a copy of *field, or
 * replaces the field of this name. Texts are borrowed for the schema's life
 * (its arena).
 */
struct schema_object *org_schema_put_object(struct schema *schema,
                                            const char *name);
struct schema_field *org_schema_put_field(struct schema *schema,
                                          struct schema_object *object,
                                          const struct schema_field *field);
/* Forgets them all, to be put anew. */
void org_schema_clear_fields(struct schema_object *object);
void org_schema_set_prefix(struct schema *schema, struct schema_object *object,
                           const char prefix[3]);

#endif
