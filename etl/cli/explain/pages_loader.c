/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_loader[] = {
    {.name = "process-conf",
     .what = "The file is no process-conf.xml of Data Loader that can be read.",
     .why = "It is XML of Spring beans. A quote that is not closed, an & that "
            "is not written &amp;, or a comment inside a tag spoils all of it, "
            "for Data Loader, too.",
     .advice = "mend the line that the message names",
     .more = NULL},
    {.name = "sdl-column",
     .what = "A line of the .sdl names a column that the file does not have, "
             "or no column at all.",
     .why = "The .sdl was made for another export. Data Loader passes over "
            "such a line in silence, so that its field stays as it is; sfetl "
            "passes over it as well, and says so.",
     .advice = "compare the line with the file's header; take it out if the "
               "column is gone for good",
     .more = "A key of an .sdl ends at a blank: a column 'BATCH NUM' is "
             "written\n  BATCH\\ NUM=Batch_Number__c"},
    {.name = "sdl-empty",
     .what = "No line of the .sdl leads from a column of the file to a field.",
     .why = "All its columns are missing in this file, or the file is an "
            "empty template.",
     .advice = "check that .sdl and input belong together",
     .more = "  Name=Name\n  Customer\\ No.=ERP_Id__c"},
    {.name = "sdl-field-twice",
     .what = "Two lines of the .sdl say something of the same field, or of "
             "the same column.",
     .why = "Of a column that stands there twice Data Loader takes the last "
            "line, and a constant goes before a column: these are told as "
            "warnings. Of two columns for one field it sends whichever it "
            "comes to last, which nobody can foresee: that is an error.",
     .advice = "keep the line that is meant; one column for several fields is "
               "written with commas",
     .more = "  Name=Name,Legal_Name__c"},
    {.name = "sdl-object",
     .what = "An .sdl says which column goes to which field, and nothing "
             "else.",
     .why = "Data Loader has the object, the operation and the file from its "
            "windows or from process-conf.xml.",
     .advice = "add --object, --operation, for an upsert --external-id, and "
               "to load --input",
     .more = "  sfetl run a.sdl --object Account --operation insert "
             "--input a.csv"},
    {.name = "sdl-relationship",
     .what = "What an .sdl has on the right of a line is neither a field nor "
             "a field of a parent.",
     .why = "There are three forms: Field, Relationship:Field, and "
            "Relationship:Object-Field where a lookup leads to several "
            "objects.",
     .advice = "write one of these, with the relationship's name, which is "
               "not the lookup field's",
     .more = "  OWNER=Owner\\:User-Username\n"
             "  PARENT=Parent\\:Account-ERP_Id__c"},
    {.name = "sdl-syntax",
     .what = "The .sdl can't be read as a file of Java properties.",
     .why = "It is ISO 8859-1 with \\u and four hexadecimal digits for other "
            "characters; a backslash before anything else stands for that "
            "character itself.",
     .advice = "mend the line that the message names",
     .more = "  Gr\\u00f6\\u00dfe=Size__c"},
    {.name = NULL},
};
