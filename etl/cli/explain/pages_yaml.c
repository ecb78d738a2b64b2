/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_yaml[] = {
    {.name = "repeated-key",
     .what =
         "The same key stands twice in one map; only one of them could count.",
     .why = NULL,
     .advice = "remove one of the two, or put both meanings into one",
     .more = "Two columns can't feed one field by two lines."},
    {.name = "yaml-alias",
     .what = "A text begins with *, which YAML takes for an alias. Mappings "
             "have none.",
     .why = NULL,
     .advice = "put the text in quotes",
     .more = NULL},
    {.name = "yaml-anchor",
     .what = "A text begins with &, which YAML takes for an anchor. Mappings "
             "have none.",
     .why = NULL,
     .advice = "put the text in quotes",
     .more = NULL},
    {.name = "yaml-comment",
     .what = "A blank and # stand behind an unquoted text; to YAML a comment "
             "begins there, and the rest would be lost in silence.",
     .why = "The name of a column holds #, or a comment was meant.",
     .advice =
         "put the text in quotes, with the # inside when it belongs to it",
     .more = "  Name: 'Cust #'\n"
             "  Name: 'Cust'   # a comment"},
    {.name = "yaml-depth",
     .what = "Maps and lists lie deeper in one another than any mapping needs.",
     .why = NULL,
     .advice = "look for brackets that were not closed",
     .more = NULL},
    {.name = "yaml-document",
     .what = "A second document begins in the file.",
     .why = NULL,
     .advice = "remove the line '---', or make two files",
     .more = NULL},
    {.name = "yaml-key",
     .what = "A key is not a plain text.",
     .why = "Something is missing before ':', or brackets stand where a name "
            "should.",
     .advice = "put the key in quotes, or add what is missing before ':'",
     .more = NULL},
    {.name = "yaml-merge-key",
     .what = "<< merges maps in YAML; mappings do without.",
     .why = NULL,
     .advice = "write the keys out",
     .more = NULL},
    {.name = "yaml-quote",
     .what = "A text means something else to YAML than it was meant to be, and "
             "needs quotes.",
     .why = "It holds ': ' or begins with one of [ { \" ! @ * & % | > or a "
            "backtick; inside { } also a comma or a bracket.",
     .advice = "put the text in quotes as the message shows",
     .more = "  Name: \"[Customer: No.]\""},
    {.name = "yaml-size",
     .what = "The file has more keys and values than are taken.",
     .why = "A large table stands in the mapping.",
     .advice = "put large tables into a CSV file",
     .more = "  tables:\n"
             "    owners: { csv: owners.csv, key: Code, value: UserName }"},
    {.name = "yaml-syntax",
     .what = "The file is not YAML at this place.",
     .why = "Lines of one map do not begin in the same column, a tab indents, "
            "or a quote or bracket is not closed, often in the line above.",
     .advice = "look at this line and the one above; indent with blanks",
     .more = NULL},
    {.name = "yaml-tag",
     .what =
         "A text begins with !, which is a tag to YAML. Mappings have none.",
     .why = NULL,
     .advice = "put the text in quotes, or write NOT in place of !",
     .more = NULL},
    {0}};
