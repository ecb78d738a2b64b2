/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_value[] = {
    {.name = "file-outside",
     .what =
         "The path that the row names leads out of the folder of the files.",
     .why = "Rows come from outside: a path with .., an absolute one or a "
            "symbolic link could send any file of this machine to the org.",
     .advice = "name files from their folder on, or name another folder by "
               "'files' in the source",
     .more = NULL},
    {.name = "file-size",
     .what = "The file is larger than one call takes.",
     .why = "Its bytes go in base64, a third longer, together with the row.",
     .advice = "load the file by hand, or make it smaller",
     .more = NULL},
    {.name = "file-unreadable",
     .what = "The file that the row names can't be read, is empty, or is a "
             "folder.",
     .why = "It is not there, its name is spelled otherwise, or this user may "
            "not read it.",
     .advice = "look at the path: it counts from the source's folder, or from "
               "'files' of the source",
     .more = NULL},
    {.name = "files-folder",
     .what = "A field sends files, and the folder they lie in is not there.",
     .why = "It is the folder of the source, or the one that 'files' names; "
            "standard input and addresses have none.",
     .advice = "name the folder by 'files' in the source",
     .more = NULL},
    {.name = "base64-shape",
     .what = "The value holds characters that are not base64, and the field "
             "takes a file's bytes in base64 only.",
     .why = "The column holds plain text or a path, or the base64 was cut.",
     .advice = "the field takes base64 only",
     .more = "Look at the end of the value: base64 has a length that divides "
             "by 4, with '=' to fill up."},
    {.name = "blank-key",
     .what = "The external id of the row is blank, so that no record can be "
             "found or made for it.",
     .why = "The key column is empty in this row, often in a total or a remark "
            "at the end of an export.",
     .advice = "fill the key in the source",
     .more = "A row without a key is never sent: an upsert could not tell it "
             "from any other."},
    {.name = "date-shape",
     .what = "The value does not read as a date in any of the patterns that "
             "the mapping gives.",
     .why = "The file mixes date forms, or holds a day that does not exist "
            "(31.02.), or a placeholder such as 00000000.",
     .advice = "mend the date in the source, or say its pattern, as in date: "
               "dd.MM.yyyy",
     .more = "Several patterns are tried in order; placeholders can be read as "
             "blank:\n"
             "  Start__c:\n"
             "    column: Start\n"
             "    date: [dd.MM.yyyy, yyyyMMdd]\n"
             "    null_values: [\"00000000\"]\n"
             "dd and MM take two digits, d and M one or two. Without 'date' "
             "only 2026-01-31 is a date."},
    {.name = "datetime-shape",
     .what = "The value does not read as a date with a time in any of the "
             "patterns that the mapping gives.",
     .why = "The pattern lacks the seconds or the zone that the file has, or "
            "the file mixes forms.",
     .advice = "mend the time in the source, or say its pattern, as in "
               "datetime: dd.MM.yyyy HH:mm",
     .more =
         "A time without a zone needs one from the mapping; none is assumed:\n"
         "  Called__c:\n"
         "    column: Called\n"
         "    datetime: dd.MM.yyyy HH:mm\n"
         "    timezone: Europe/Berlin"},
    {.name = "email",
     .what = "The value is not an e-mail address that Salesforce would take.",
     .why = "There are blanks, two addresses in one cell, or no domain behind "
            "the @.",
     .advice = "mend the address in the source, or leave it blank",
     .more = "Remarks such as 'none' can be read as blank:\n"
             "  Email: { column: Mail, null_values: [none, n/a] }"},
    {.name = "id-checksum",
     .what = "The last three of an Id's 18 characters do not fit the first 15.",
     .why = "Those three tell which letters are capitals. A spreadsheet or a "
            "look-up that ignores case has changed some.",
     .advice = "look whether a spreadsheet changed the case of the Ids",
     .more = "Export the Ids again, and keep them as text. Better: find "
             "records by an external id, not by Id."},
    {.name = "id-shape",
     .what = "The value is not a record's Id.",
     .why = "The column holds a name or a key of another system.",
     .advice = "an Id has 15 or 18 letters and digits",
     .more = "To set a lookup by the parent's key, write the relationship "
             "instead of the Id field:\n"
             "  Account.ERP_Id__c: CustomerNo"},
    {.name = "key-ambiguous",
     .what = "Several records of the org have this key, and nobody knows which "
             "of them is meant.",
     .why = "The field is no unique external id: the org lets values repeat.",
     .advice = "make the values unique in the org, or give the record's Id",
     .more = NULL},
    {.name = "key-not-found",
     .what = "The org has no record with this key, so there is nothing to "
             "update or delete.",
     .why = "The record was never loaded, was deleted, or the loading user may "
            "not see it; or the key is spelled otherwise there.",
     .advice = "load such rows with 'operation: upsert', or leave them out",
     .more = "Keys are looked up before anything is sent."},
    {.name = "not-a-number",
     .what = "The field takes a number, and the value is not written as "
             "-1234.56, which is the form that needs no shape.",
     .why = "The file has group signs, a decimal comma, a currency, or a minus "
            "at the end.",
     .advice = "say what the number looks like, as in number: \"1.234,56\"",
     .more = "  AnnualRevenue: { column: Revenue, number: \"1.234,56-\" }\n"
             "The shape is an example: any number of digits, group signs "
             "optional."},
    {.name = "not-boolean",
     .what = "The field is a checkbox, and the value is none of the texts for "
             "yes and no.",
     .why = "Without a 'boolean' key, true yes y on 1 x and false no n off 0 "
            "are taken, in any case.",
     .advice = "mend the value in the source, or say the two texts, as in "
               "boolean: [ja, nein]",
     .more = NULL},
    {.name = "not-in-table",
     .what = "The value is not a key of the table that the mapping translates "
             "it with.",
     .why = "The source has a new code, blanks around it, or another case.",
     .advice =
         "add the value to the table, or say what else to do with 'otherwise'",
     .more =
         "'otherwise' is reject (the default), keep, blank, or a text:\n"
         "  Country__c: { column: LAND1, translate: lands, otherwise: keep }"},
    {.name = "not-whole",
     .what = "The field takes whole numbers, and the value has decimals other "
             "than zero.",
     .why = NULL,
     .advice = "the field takes whole numbers only",
     .more = "Nothing is rounded unasked. Map it to a field with decimals, or "
             "round it in the source."},
    {.name = "null-literal",
     .what = "The value is just #N/A, which the Bulk APIs read as 'remove what "
             "is there'.",
     .why = "A spreadsheet formula failed and its error was exported as text.",
     .advice = "to remove a value use 'blank: clear'",
     .more = "To leave the field alone instead, read it as blank:\n"
             "  Fax: { column: Fax, null_values: [\"#N/A\"] }"},
    {.name = "number-shape",
     .what = "The value does not read as a number of the shape that the "
             "mapping gives; or, found by 'check' in the mapping itself, the "
             "shape is not an example of a number.",
     .why = "The rows mix shapes (1.234,56 and 1,234.56), hold units or text, "
            "or group signs that do not stand in threes.",
     .advice = "mend the number in the source, or say its shape by an example",
     .more =
         "Shapes are examples such as \"1.234,56\", \"1 234.56\", "
         "\"1,234.56-\" and \"(1,234.56)\". A leading minus is always taken."},
    {.name = "picklist",
     .what = "The picklist is restricted, and the value is not one of its "
             "active values.",
     .why = "The source uses a code or a label, Salesforce the API name; or "
            "the value was never added, or is inactive.",
     .advice = "the picklist does not have this value; add it in the org, or "
               "mend it in the source",
     .more = "To turn codes into values use a table:\n"
             "  Industry: { column: Branch, translate: industries }\n"
             "A value's spelling and case count. In a multi-select picklist "
             "values are separated by ;"},
    {.name = "required",
     .what = "The mapping says 'required: yes' of a field, and it is blank in "
             "this row.",
     .why = NULL,
     .advice = "fill the column in the source, or give the field a 'default'",
     .more = "  LastName: { column: Name2, default: unknown }"},
    {.name = "time-shape",
     .what =
         "The field takes a time of day, and the value does not read as one.",
     .why = NULL,
     .advice = "a time of day reads 09:30:00",
     .more =
         "Hours run from 00 to 23; seconds may have decimals: 09:30:00.250."},
    {.name = "too-long",
     .what = "The value has more characters than the field takes; the message "
             "says both numbers.",
     .why = "Salesforce refuses such rows whole, so that the row is rejected "
            "before it is sent. Nothing is cut unasked.",
     .advice = "the value is longer than the field; shorten it, or set "
               "'truncate: yes'",
     .more = "  Description: { column: Remark, truncate: yes }\n"
             "A very long value is often a quote that was never closed: look "
             "at the row in the source."},
    {.name = "too-many-digits",
     .what =
         "The number has more digits before the point than the field takes.",
     .why = "The field is too small; or the shape is wrong, and a decimal sign "
            "was read as a group sign.",
     .advice = "the number has more digits than the field takes",
     .more = "Compare the shape with the file: under number: \"1,234.56\" the "
             "text 1,234 is a thousand, not one."},
    {.name = "xml-character",
     .what = "The value holds a character that XML can't carry, and the load "
             "goes by SOAP, which is XML.",
     .why = "Exports of old systems hold control characters, as U+0000 to "
            "U+001F but for tab and line ends; they come from terminals and "
            "printers.",
     .advice = "take it out with a formula, or load by 'api: bulk2'",
     .more = "Such a row is rejected before anything is sent. In the mapping:\n"
             "  Name: { formula: CLEAN(Name) }"},
    {0},
};
