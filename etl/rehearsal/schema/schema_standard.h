/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SCHEMA_SCHEMA_STANDARD_H
#define ETL_REHEARSAL_SCHEMA_SCHEMA_STANDARD_H

#include "rehearsal/schema/org_schema.h"

/*
 * The objects that every org has, as tables with a line a field:
 *
 *   "Name|Label|type numbers flags|extra|extra…"
 *
 * numbers: length of texts, precision and scale of decimals, digits of ints.
 * flags: N nillable, c createable, u updateable, i idLookup, d defaulted on
 * create, R restricted, n name field, a auto number, f calculated, k gone with
 * its parent, M master-detail.
 * extra: ">Account,Contact:Relationship:Children" of a reference,
 * "@Compound", "=default"; else picklist values by ';', the default behind '*'.
 * "&Billing|Billing" stands for the nine fields of an address.
 * Id, IsDeleted and the audit fields are added to all.
 *
 * Account, Contact, Event and User are as a recorded describe shows them.
 */
struct schema_standard {
    const char *head;         /* "Account|Account|Accounts|001" */
    unsigned flags;           /* object_flag */
    const char *const *lines; /* NULL ends */
};

/* NULL head ends. */
extern const struct schema_standard schema_sales_objects[];
extern const struct schema_standard schema_service_objects[];

/* Adds all of them. */
void schema_standard_add(struct schema *schema);
/* The fields that every object begins and ends with; label is the object's. */
void schema_standard_begin(struct schema *schema, struct schema_object *object);
void schema_standard_end(struct schema *schema, struct schema_object *object);
/* Adds one field of a line as above. */
void schema_standard_add_line(struct schema *schema,
                              struct schema_object *object, const char *line);

#endif
