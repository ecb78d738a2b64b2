/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_mapping[] = {
    {.name = "after-cycle",
     .what =
         "Loads wait for one another in a circle, so that none could begin.",
     .why = NULL,
     .advice = "take one 'after' out; parents come first",
     .more = NULL},
    {.name = "ambiguous-column",
     .what = "Several columns of the file have this name. Case and outer "
             "blanks don't count.",
     .why = "Exports that join tables repeat names.",
     .advice = "name the column by its position, as in \"[#3]\"",
     .more = "  Phone: \"[#7]\"   # the seventh column"},
    {.name = "date-pattern",
     .what = "A pattern of 'date' or 'datetime' is not one.",
     .why = "Letters mean parts of a date, and their case counts: MM is the "
            "month, mm the minute; DD and YYYY mean nothing.",
     .advice = "write the pattern of yyyy MM dd HH mm ss and signs",
     .more = "yyyy yy MM MMM M dd d HH H mm m ss s SSS XXX a. Examples: "
             "dd.MM.yyyy, M/d/yyyy, yyyyMMdd, dd-MMM-yy, "
             "yyyy-MM-dd'T'HH:mm:ssXXX."},
    {.name = "datetime-zone",
     .what = "The pattern has no time zone, and the mapping names none, so "
             "that the moment is not known.",
     .why = "Salesforce stores moments in UTC. A guessed zone would shift "
            "every value by hours, and some by a day.",
     .advice =
         "add 'timezone', or XXX to the pattern if the file has the offset",
     .more =
         "  source: { format: csv, path: calls.csv, timezone: Europe/Berlin }"},
    {.name = "key-not-mapped",
     .what = "The load finds records by a field that its 'fields' do not fill.",
     .why = NULL,
     .advice = "add a line for the key to 'fields'",
     .more =
         "An upsert needs its external id, an update or delete the field Id."},
    {.name = "language-version",
     .what = "The mapping is written in a version of the language that this "
             "sfetl does not read.",
     .why = NULL,
     .advice = "the first line reads 'sfetl: 1'",
     .more = NULL},
    {.name = "missing-key",
     .what = "A key that can't be left out is missing.",
     .why = NULL,
     .advice = "add the key that the message names",
     .more = "The smallest mapping has sfetl, source with format and path, and "
             "loads with object, operation and fields. 'sfetl init FILE "
             "--object Account' writes one."},
    {.name = "missing-shape",
     .what = "'number: yes', 'date: yes' or 'datetime: yes' takes the shape "
             "from the source, and the source gives none.",
     .why = NULL,
     .advice = "give the shape in the source, or here in place of yes",
     .more = "  source:\n"
             "    format: csv\n"
             "    path: a.csv\n"
             "    number: \"1.234,56\"\n"
             "    date: dd.MM.yyyy"},
    {.name = "missing-value",
     .what = "A key stands there without a value.",
     .why =
         "The value was forgotten, or stands in the next line without indent.",
     .advice = "write the value behind the colon, or remove the key",
     .more = NULL},
    {.name = "not-external-id",
     .what = "The field can't find records: it is neither marked as external "
             "id nor as idLookup in the org.",
     .why = "It is another field, or the mark 'External ID' was never set.",
     .advice = "use one of the keys that the message lists, or mark the field "
               "as External ID in Setup",
     .more = "'sfetl org describe Account --org NAME' shows the external ids "
             "of an object."},
    {.name = "not-polymorphic",
     .what = "The relationship leads to one object only and takes no 'Type:' "
             "before it.",
     .why = "The org refuses the whole job for it.",
     .advice = "leave 'Type:' out",
     .more = "  Parent.ERP_Id__c: ParentNo"},
    {.name = "not-writable",
     .what = "The loading user can't write the field; as a warning: only when "
             "the record is made, or only later.",
     .why = "It is a formula, a roll-up or a system field, or field-level "
            "security hides it.",
     .advice = "take the field out, or ask the administrator for the right to "
               "edit it",
     .more = "'sfetl org describe OBJECT --org NAME' marks such fields as "
             "read-only or create-only."},
    {.name = "not-yet",
     .what = "The mapping uses something that the language has and this "
             "version of sfetl can't do. It is refused, not ignored.",
     .why = NULL,
     .advice = "take it out, or use a later version",
     .more = NULL},
    {.name = "operation-refused",
     .what = "The org does not let the loading user insert, update or delete "
             "records of this object.",
     .why = NULL,
     .advice = "ask the administrator for the object's rights, or check the "
               "operation",
     .more = NULL},
    {.name = "parent-missing",
     .what = "Rows name a parent by a key that no record of the org has, and "
             "that no earlier load of the mapping makes.",
     .why = "The parents were not loaded yet, come from another file, or their "
            "keys are spelled in another way: with or without leading zeros, "
            "say.",
     .advice = "load the parents first, or spell their keys as the org has "
               "them",
     .more = "'sfetl check' names each missing key once, with its first rows; "
             "with --format json up to 100 of them. Leading zeros are added by "
             "a formula:\n"
             "  Account.ERP_Id__c: =LPAD(TRIM(KUNNR), 10, \"0\")"},
    {.name = "record-missing",
     .what = "An update or delete finds records by their Id, and the org has "
             "none with these.",
     .why =
         "An Id belongs to one org: a file from another org, or from before "
         "a sandbox was refreshed, holds Ids that mean nothing here. Deleted "
         "records are not found either.",
     .advice = "find the records by an external id, or insert them without the "
               "column of Ids",
     .more = "  operation: upsert\n"
             "  external_id: ERP_Id__c"},
    {.name = "repeated-field",
     .what = "Two lines of 'fields' write the same field, so that one would "
             "win by chance.",
     .why = "A lookup is set twice: by its Id field and by its relationship.",
     .advice = "keep one of the lines",
     .more = NULL},
    {.name = "repeated-name",
     .what = "Two loads have the same name; names that differ in case only "
             "count as the same, for each load has a folder.",
     .why = NULL,
     .advice = "give one of the loads a 'name'",
     .more = "  - object: Account\n"
             "    name: parents"},
    {.name = "repeated-table-key",
     .what = "A table has the same key twice with different values.",
     .why = "With 'case: insensitive', keys that differ in case only are the "
            "same.",
     .advice = "keep one of the lines",
     .more = NULL},
    {.name = "required-not-mapped",
     .what = "The org needs a value for the field in new records, and the "
             "mapping does not fill it.",
     .why = NULL,
     .advice = "map the field, or give it a constant",
     .more = "  LastName: { value: unknown }\n"
             "For an upsert it is a warning: rows that only update will go "
             "through."},
    {.name = "table-file",
     .what = "The CSV file of a table can't be read.",
     .why = "The path is seen from the mapping's folder, not from the current "
            "one.",
     .advice = "correct the path, or the file",
     .more = NULL},
    {.name = "table-filled",
     .what = "An example gives rows to a table that the mapping itself fills.",
     .why = "Rows of a 'map' or a CSV file are the same in a test as in a "
            "run; only those of a query have to be given.",
     .advice = "take the table out of 'given_tables'",
     .more = NULL},
    {.name = "table-needs-org",
     .what = "The table comes from a query, and no org is asked.",
     .why = NULL,
     .advice = "leave '--offline' out",
     .more = NULL},
    {.name = "table-text-long",
     .what = "A key or value of a table is longer than any code or name.",
     .why = "A quote in the table's file is not closed, so that lines run "
            "together.",
     .advice = "look at the quotes of the table's file",
     .more = NULL},
    {.name = "table-too-large",
     .what = "The table does not fit into what tables may take of memory.",
     .why = NULL,
     .advice = "keep only the rows that are needed",
     .more = "To find parents no table is needed: a lookup can be set by the "
             "parent's external id."},
    {.name = "two-conversions",
     .what = "A field has one conversion at most, such as number, date, "
             "datetime, boolean or translate.",
     .why = NULL,
     .advice = "keep the one that the field's type needs",
     .more = NULL},
    {.name = "two-expectations",
     .what = "An example expects several ends at once.",
     .why = "A row is either loaded, or rejected, or skipped.",
     .advice = "keep one of 'expect', 'expect_error' and 'expect_skip'; "
               "write an example for each",
     .more = NULL},
    {.name = "two-origins",
     .what = "A field's text comes from one place: column, formula or value; a "
             "table's rows from csv or query.",
     .why = NULL,
     .advice = "keep one of them",
     .more = "For a constant where the column is blank use 'default':\n"
             "  Country__c: { column: LAND1, default: DE }"},
    {.name = "types-unchecked",
     .what = "No metadata of the org is at hand, so that objects, fields, "
             "lengths and picklists are not checked.",
     .why = "'--offline' was given, and the object was never described.",
     .advice = "sign in, or save the metadata with 'sfetl org describe OBJECT "
               "--save DIR'",
     .more = NULL},
    {.name = "unknown-column",
     .what = "The file has no column of this name.",
     .why = "The name is spelled otherwise, the file is another one, or the "
            "wrong delimiter made one column of all.",
     .advice = "use a name of the file's header; the message names the nearest",
     .more = "'sfetl init --sniff FILE' lists the columns. Case and outer "
             "blanks don't count."},
    {.name = "unknown-field",
     .what = "The object has no field of this name, or the loading user can't "
             "see it.",
     .why = "It is a label in place of an API name, '__c' is missing, or "
            "field-level security hides it.",
     .advice = "use the field's API name; the message names the nearest",
     .more = "'sfetl org describe OBJECT --org NAME' lists the fields."},
    {.name = "unknown-key",
     .what = "The mapping language, or orgs.yaml, has no such key here.",
     .why = "A typing error, or the key stands one level too deep or too high.",
     .advice = "correct the key; the message names the nearest",
     .more = "'man 5 sfetl-mapping' has every key."},
    {.name = "unknown-load",
     .what = "'after' or '--load' names a load that the mapping does not have.",
     .why = NULL,
     .advice = "name a load by its 'name', or by its object when it has none",
     .more = NULL},
    {.name = "unknown-object",
     .what = "The org has no such object, or the loading user can't see it; or "
             "a relationship does not lead to it.",
     .why = "It is a label in place of an API name, or '__c' is missing.",
     .advice = "use the object's API name",
     .more = "'sfetl org describe --org NAME' lists the objects."},
    {.name = "unknown-param",
     .what = "The mapping declares no parameter of this name.",
     .why = NULL,
     .advice = "declare it under 'params', or correct the name",
     .more = "  params: { country: DE }"},
    {.name = "unknown-relationship",
     .what = "The object has no relationship of this name.",
     .why = "A lookup's relationship is named otherwise than its field: "
            "AccountId has Account, Region__c has Region__r.",
     .advice = "use the relationship's name; the message names the nearest",
     .more = "  Region__r.Code__c: RegionCode"},
    {.name = "unknown-table",
     .what = "'translate' names a table that the mapping does not have.",
     .why = NULL,
     .advice = "add the table under 'tables', or correct the name",
     .more = NULL},
    {.name = "unknown-timezone",
     .what = "The system knows no time zone of this name.",
     .why = "Short names such as CET or MEZ are no zones with summer time.",
     .advice = "use a name such as Europe/Berlin",
     .more = NULL},
    {.name = "unread-column",
     .what = "An example gives a column that nothing in the mapping reads, and "
             "one is read that is nearly called so.",
     .why = "It is misspelt in the example, which then tests a row where that "
            "column is blank.",
     .advice = "spell the column as the mapping does",
     .more = NULL},
    {.name = "wrong-case",
     .what = "The API name is right but for its case. Salesforce's names are "
             "matched exactly, so that a mapping reads the same everywhere.",
     .why = NULL,
     .advice = "write the name as the message does",
     .more = NULL},
    {.name = "wrong-conversion",
     .what = "The field's type takes no such conversion.",
     .why = "A date field has no time of day, a text field takes the text as "
            "it is.",
     .advice = "use the conversion that the message names, or none",
     .more = NULL},
    {.name = "wrong-key",
     .what = "The key exists, but means nothing here: 'truncate' of a number, "
             "'timezone' without 'datetime', 'external_id' of an insert.",
     .why = NULL,
     .advice = "take the key out, or add the one that it belongs to",
     .more = NULL},
    {.name = "wrong-type",
     .what = "A text stands where a map or a list belongs, or the reverse.",
     .why =
         "An indent or a dash is missing, or '- ' stands where it should not.",
     .advice = "write it in the form that the message shows",
     .more = "'loads' is a list, each load begins with '- '; 'fields' is a "
             "map, a line 'Field: Column' each."},
    {.name = "wrong-value",
     .what = "The key does not take this value.",
     .why = NULL,
     .advice = "use one of the values that the message names",
     .more = NULL},
    {0}};
