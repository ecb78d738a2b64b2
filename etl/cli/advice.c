/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/advice.h"

#include <stddef.h>
#include <string.h>

struct advice {
    const char *code, *text;
};

static const struct advice advices[] = {
    /* Salesforce's */
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
     "a trigger or flow of the org refused the record; its administrator can "
     "tell why"},
    {"DELETE_FAILED", "other records still refer to it; delete those first"},
    {"DUPLICATE_EXTERNAL_ID",
     "the org holds several records with this key; merge them there"},
    {"DUPLICATE_VALUE",
     "another record holds this unique value, or the key comes twice in the "
     "source"},
    {"DUPLICATES_DETECTED",
     "a duplicate rule of the org matched; merge there, or let the rule allow "
     "the loading user"},
    {"ENTITY_IS_DELETED",
     "the record lies in the org's recycle bin; restore it or empty the bin"},
    {"ENTITY_IS_LOCKED",
     "an approval holds the record; wait for it or unlock the record"},
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION",
     "a validation rule of the org refused the row; its message says which"},
    {"FIELD_INTEGRITY_EXCEPTION",
     "a value does not fit another one, such as a state its country"},
    {"FIELD_FILTER_VALIDATION_EXCEPTION",
     "the parent does not pass the lookup filter of this field"},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
     "the loading user may not use the parent record; widen its sharing"},
    {"INSUFFICIENT_ACCESS_OR_READONLY",
     "the loading user may not change this record; widen its rights"},
    {"INVALID_CROSS_REFERENCE_KEY",
     "an id points to no record that the loading user sees"},
    {"INVALID_EMAIL_ADDRESS",
     "mend the address in the source, or leave it blank"},
    {"INVALID_FIELD",
     "the parent's key is not in the org; load the parents first, or mend the "
     "key"},
    {"INVALID_FIELD_FOR_INSERT_UPDATE",
     "the loading user may not write this field; check field-level security"},
    {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
     "the picklist does not have this value; add it in the org, or mend it in "
     "the source"},
    {"INVALID_TYPE_ON_FIELD_IN_RECORD",
     "the value is not of the field's type; say its shape in the mapping"},
    {"MALFORMED_ID", "the value is no record id of the right object"},
    {"MISSING_ARGUMENT", "the key is blank; fill it in the source"},
    {"NUMBER_OUTSIDE_VALID_RANGE",
     "the number has more digits than the field takes"},
    {"REQUEST_RUNNING_TOO_LONG",
     "the org's automation is slow; try again with smaller chunks "
     "(--chunk-rows)"},
    {"REQUIRED_FIELD_MISSING",
     "map this field, or give it a 'default' in the mapping"},
    {"STORAGE_LIMIT_EXCEEDED", "the org's data storage is full"},
    {"STRING_TOO_LONG",
     "the value is longer than the field; shorten it, or set 'truncate: yes' "
     "in the mapping"},
    {"TRANSFER_REQUIRES_READ", "the new owner may not read this object"},
    {"UNABLE_TO_LOCK_ROW",
     "others change the same parents just now; load these rows again later"},
    {"UNKNOWN_EXCEPTION",
     "the org failed; load these rows again, and report its error id if it "
     "stays"},
    /* ours */
    {"bad-bytes",
     "the file is not UTF-8 here; export it as UTF-8, or convert it"},
    {"base64-shape", "the field takes base64 only"},
    {"blank-key", "fill the key in the source"},
    {"date-shape",
     "mend the date in the source, or say its pattern, as in date: dd.MM.yyyy"},
    {"datetime-shape",
     "mend the time in the source, or say its pattern, as in datetime: "
     "dd.MM.yyyy HH:mm"},
    {"duplicate-key",
     "the key comes twice in the source; 'duplicates: first' or 'last' picks "
     "one"},
    {"email", "mend the address in the source, or leave it blank"},
    {"id-checksum", "look whether a spreadsheet changed the case of the Ids"},
    {"id-shape", "an Id has 15 or 18 letters and digits"},
    {"not-a-number",
     "say what the number looks like, as in number: \"1.234,56\""},
    {"not-boolean",
     "mend the value in the source, or say the two texts, as in boolean: [ja, "
     "nein]"},
    {"not-sent", "the run stopped before these rows were sent"},
    {"not-whole", "the field takes whole numbers only"},
    {"nul-byte", "the row holds a NUL byte; look at how the file was made"},
    {"null-literal", "to remove a value use 'blank: clear'"},
    {"number-shape",
     "mend the number in the source, or say its shape by an example"},
    {"outcome-open",
     "the org was still at work; look at the job before loading again"},
    {"picklist",
     "the picklist does not have this value; add it in the org, or mend it in "
     "the source"},
    {"ragged-row",
     "the row has more or fewer cells than the header; look for stray "
     "delimiters or quotes"},
    {"required",
     "fill the column in the source, or give the field a 'default'"},
    {"stray-quote", "double the quotes inside a quoted cell"},
    {"time-shape", "a time of day reads 09:30:00"},
    {"too-long",
     "the value is longer than the field; shorten it, or set 'truncate: yes'"},
    {"too-many-digits", "the number has more digits than the field takes"},
};

const char *
advice_for(const char *code)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
        if (strcmp(advices[i].code, code) == 0) {
            return advices[i].text;
        }
    }
    return NULL;
}
