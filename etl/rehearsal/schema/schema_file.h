/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_SCHEMA_SCHEMA_FILE_H
#define ETL_REHEARSAL_SCHEMA_SCHEMA_FILE_H

#include "base/error.h"
#include "rehearsal/schema/org_schema.h"

/*
 * Adds a YAML schema file, a describe JSON (one sObject's, as REST gives it; a
 * byte order mark may lead), or all *.yaml, *.yml and *.json files of a folder
 * in the order of their names. In YAML:
 *
 *   objects:
 *     Account:                  # extends the standard one
 *       record_types: [Business, Private]
 *       fields:
 *         ERP_Id__c: {type: string, length: 40, externalId: yes,
 *                     unique: yes, caseSensitive: no}
 *         Tier__c: {type: picklist, restricted: yes, values: [A, B, C]}
 *     Invoice__c:               # a new one
 *       label: Invoice
 *       plural: Invoices
 *       name: {type: autoNumber}
 *       fields:
 *         Account__c: {type: reference, to: Account, required: no,
 *                      relationship: Account__r, child: Invoices__r}
 *         Amount__c: {type: currency, precision: 18, scale: 2}
 *
 * Field members are those of a describe, and short ones: required, default,
 * values, restricted, to, relationship, child, masterDetail. An unknown member
 * or type is an error with its line and column (ERROR_CONFIG).
 */
bool schema_file_add(struct schema *schema, const char *path,
                     struct error *err);
/* One file's bytes; is_json chooses the form; name heads the messages. */
bool schema_file_add_bytes(struct schema *schema, struct slice bytes,
                           bool is_json, const char *name, struct error *err);

#endif
