/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_row[] = {
    {.name = "ALL_OR_NONE_OPERATION_ROLLED_BACK",
     .what = "The row was sound, but another row of the same call was not, and "
             "all were taken back together.",
     .why = "The load says 'all_or_none'.",
     .advice = "mend the rows with another code; these then go through",
     .more = NULL},
    {.name = "CANNOT_EXECUTE_FLOW_TRIGGER",
     .what = "A flow of the org failed on the record.",
     .why = "The flow expects a value that the row lacks, or runs into a limit "
            "when many records come at once.",
     .advice =
         "a flow of the org failed; its administrator gets the details by mail",
     .more = "Smaller chunks help when a limit is named: --chunk-rows 200."},
    {.name = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
     .what = "A trigger or flow of the org refused the record. The message "
             "names it, and often the true cause at its end.",
     .why = "Code of the org or of a package ran into an error; a lock "
            "(UNABLE_TO_LOCK_ROW) may hide in the text.",
     .advice = "show the message to the org's administrator: a trigger or flow "
               "refused the row",
     .more = "Read the text behind 'caused by'. If it speaks of locks, load "
             "the rows again."},
    {.name = "CANNOT_UPDATE_CONVERTED_LEAD",
     .what = "The lead has been converted and can't be changed any more.",
     .why = NULL,
     .advice = "leave converted leads out of the source",
     .more = "Load the change into the contact or account that it became."},
    {.name = "DELETE_FAILED",
     .what = "The record can't be deleted, for others depend on it.",
     .why = NULL,
     .advice = "other records still refer to it; delete those first",
     .more = NULL},
    {.name = "DUPLICATES_DETECTED",
     .what =
         "A duplicate rule of the org takes the record for one that it has.",
     .why = "The rule compares names, addresses or e-mail, not your key.",
     .advice = "a duplicate rule of the org matched; merge there, or let the "
               "rule allow the loading user",
     .more = NULL},
    {.name = "DUPLICATE_EXTERNAL_ID",
     .what = "Several records of the org have this external id, and which one "
             "was meant can't be told.",
     .why = "The external id field is not marked as unique, and records were "
            "made without an upsert.",
     .advice = "the org holds several records with this key; merge them there",
     .more = "Then mark the field as unique, so that it does not come back."},
    {.name = "DUPLICATE_VALUE",
     .what = "A field of the row is unique in the org, and another record "
             "holds the value; the message has its Id.",
     .why = "The record was loaded before under another key, or the source has "
            "the value twice.",
     .advice = "look at the record whose Id the message names: another record "
               "holds this value, or the source has it twice",
     .more = "If it is the same thing, use 'operation: upsert' with that field "
             "as external_id."},
    {.name = "ENTITY_IS_DELETED",
     .what = "The record was deleted.",
     .why = NULL,
     .advice = "the record lies in the org's recycle bin; restore it or empty "
               "the bin",
     .more = NULL},
    {.name = "ENTITY_IS_LOCKED",
     .what = "The record is locked by an approval process.",
     .why = NULL,
     .advice = "an approval holds the record; wait for it or unlock the record",
     .more = NULL},
    {.name = "FIELD_CUSTOM_VALIDATION_EXCEPTION",
     .what = "A validation rule of the org refused the row. The message is the "
             "rule's own.",
     .why = "The rule holds for everybody, also for loads.",
     .advice = "mend the values that the rule's message speaks of, or have the "
               "administrator exempt the loading user",
     .more = NULL},
    {.name = "FIELD_FILTER_VALIDATION_EXCEPTION",
     .what = "The parent is not one that the lookup's filter admits.",
     .why = NULL,
     .advice = "the parent does not pass the lookup filter of this field",
     .more = NULL},
    {.name = "FIELD_INTEGRITY_EXCEPTION",
     .what = "A value does not go with another one of the record.",
     .why =
         "With state and country picklists a state needs its country; a price "
         "book entry needs its standard price; an owner must be active.",
     .advice = "a value does not fit another one, such as a state its country",
     .more = NULL},
    {.name = "INACTIVE_OWNER_OR_USER",
     .what = "The owner, or another user the row names, is inactive.",
     .why = "Somebody has left since the source was made.",
     .advice = "name an active user, or let the org allow inactive owners",
     .more =
         "A table can give the records of those who left to somebody else."},
    {.name = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
     .what = "The loading user may not use the parent record.",
     .why = "The parent belongs to somebody else and sharing is private, or "
            "the rights on the parent's object are missing.",
     .advice =
         "the loading user may not use the parent record; widen its sharing",
     .more = NULL},
    {.name = "INSUFFICIENT_ACCESS_OR_READONLY",
     .what = "The loading user may not change the record.",
     .why = "Sharing gives reading only, or the object's rights lack 'edit'.",
     .advice = "have the administrator let the loading user edit this record",
     .more = "Loads usually run as a user with 'Modify All' on the objects."},
    {.name = "INVALID_CROSS_REFERENCE_KEY",
     .what =
         "An Id in the row points to no record that the loading user can see.",
     .why = "The Id is of another org (a sandbox), of another object, or the "
            "record is gone.",
     .advice = "set the lookup by the parent's external id: this Id is of "
               "another org, or its record is gone",
     .more = "  Account.ERP_Id__c: CustomerNo"},
    {.name = "INVALID_EMAIL_ADDRESS",
     .what = "The org does not take the text for an e-mail address.",
     .why = NULL,
     .advice = "mend the address in the source, or leave it blank",
     .more = NULL},
    {.name = "INVALID_FIELD",
     .what =
         "In a row: the parent with this key is not in the org ('Foreign key "
         "external ID: … not found'). In a call: the object has no such field.",
     .why = "The parents were not loaded yet, failed, or have another spelling "
            "of the key: blanks, leading zeros. The message shows the key in "
            "lower case, whatever the source has.",
     .advice =
         "load the parents first, or spell their keys as the org has them",
     .more = "In one mapping let the children wait for the parents: 'after: "
             "Account'."},
    {.name = "INVALID_FIELD_FOR_INSERT_UPDATE",
     .what = "The field can't be written in this operation by this user.",
     .why = "Field-level security, a field that is set by the org, or one that "
            "can be set only when the record is made.",
     .advice = "the loading user may not write this field; check field-level "
               "security",
     .more = "CreatedDate and its like need the right 'Set Audit Fields upon "
             "Record Creation'."},
    {.name = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
     .what = "The picklist is restricted and does not have the value.",
     .why = "The value is missing, inactive, or not allowed for the record's "
            "type.",
     .advice = "the picklist does not have this value; add it in the org, or "
               "mend it in the source",
     .more = "'sfetl check' finds such rows beforehand, but for those that "
             "only the record type forbids."},
    {.name = "INVALID_STATUS",
     .what = "The record can't take this status, or can't be made in it.",
     .why = "Orders and contracts are made as Draft and activated in a second "
            "step.",
     .advice = "load the record as Draft first, then update its status",
     .more = NULL},
    {.name = "INVALID_TYPE_ON_FIELD_IN_RECORD",
     .what = "The value is not of the field's type.",
     .why = NULL,
     .advice =
         "the value is not of the field's type; say its shape in the mapping",
     .more = "'sfetl check MAPPING --org NAME' says of each such value what is "
             "wrong."},
    {.name = "LIMIT_EXCEEDED",
     .what = "A limit of the org or the object is reached.",
     .why =
         "The message names it: records of a parent, shares, tasks of a user.",
     .advice =
         "look in the message which limit it is, and ask the administrator",
     .more = NULL},
    {.name = "MALFORMED_ID",
     .what =
         "A value is not a record's Id of the object that the field leads to.",
     .why = "A key of the source system was mapped to an Id field.",
     .advice = "map a column of Ids, or set the lookup by the parent's key",
     .more = "  Account.ERP_Id__c: CustomerNo"},
    {.name = "MISSING_ARGUMENT",
     .what = "The external id of the row, or the Id, is blank.",
     .why = NULL,
     .advice = "the key is blank; fill it in the source",
     .more = NULL},
    {.name = "NUMBER_OUTSIDE_VALID_RANGE",
     .what = "The number is too large for the field.",
     .why = NULL,
     .advice = "the number has more digits than the field takes",
     .more =
         "Look at the shape too: 1.234,56 read as 1,234.56 is another number."},
    {.name = "QUERY_TIMEOUT",
     .what = "A query in the org took too long, mostly one of a trigger.",
     .why = NULL,
     .advice =
         "try again with smaller chunks (--chunk-rows), or at a quieter hour",
     .more = NULL},
    {.name = "REQUEST_RUNNING_TOO_LONG",
     .what = "The org gave the row up after its time was over.",
     .why =
         "Triggers and flows work on 200 records together and take too long.",
     .advice = "the org's automation is slow; try again with smaller chunks "
               "(--chunk-rows)",
     .more = NULL},
    {.name = "REQUIRED_FIELD_MISSING",
     .what = "A new record needs a value for a field that is blank or not "
             "mapped; the message lists the fields.",
     .why = "In an upsert it also means that no record with this key was "
            "there: the row would have made a new one.",
     .advice = "map this field, or give it a 'default' in the mapping",
     .more = "  LastName: { column: Name2, default: unknown }"},
    {.name = "SELF_REFERENCE_FROM_TRIGGER",
     .what = "A trigger changes or deletes the record that it is running for.",
     .why = NULL,
     .advice = "a trigger of the org is wrong; its administrator can mend it",
     .more = NULL},
    {.name = "STORAGE_LIMIT_EXCEEDED",
     .what = "The org has no data storage left; nothing new can be made.",
     .why = NULL,
     .advice = "the org's data storage is full",
     .more = "'sfetl org limits NAME' shows what is left. Empty the recycle "
             "bin, or buy storage; then 'sfetl retry'."},
    {.name = "STRING_TOO_LONG",
     .what = "The value has more characters than the field takes.",
     .why = NULL,
     .advice = "shorten the value, or set 'truncate: yes' in the mapping",
     .more = NULL},
    {.name = "TRANSFER_REQUIRES_READ",
     .what = "The new owner has no right to read records of this object.",
     .why = NULL,
     .advice = "the new owner may not read this object",
     .more = NULL},
    {.name = "UNABLE_TO_LOCK_ROW",
     .what = "The row waited ten seconds for a record that somebody else was "
             "changing, mostly its parent.",
     .why = "Children of one parent lie in several chunks that are worked on "
            "at once; or users and other programs were at work.",
     .advice = "load these rows again later with 'sfetl retry': others are "
               "changing the same parents",
     .more = "sfetl has tried such rows again. If many are left, let rows of "
             "one parent go together with 'lock_group' in the load, or load at "
             "a quieter hour."},
    {.name = "UNKNOWN_EXCEPTION",
     .what = "The org failed and does not say why.",
     .why = NULL,
     .advice = "the org failed; load these rows again, and report its error id "
               "if it stays",
     .more = NULL},
    {0}};
