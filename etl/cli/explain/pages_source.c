/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/page.h"

const struct page pages_source[] = {
    {.name = "bad-bytes",
     .what = "The row holds bytes that are no UTF-8; the message says where. "
             "They are shown as U+FFFD, the sign with the question mark.",
     .why =
         "The file was exported in another encoding (Windows-1252 is usual), "
         "or two files were joined. A row fed back from error.csv that still "
         "holds U+FFFD is refused too: the true character is lost there.",
     .advice = "the file is not UTF-8 here; export it as UTF-8, or convert it",
     .more =
         "  iconv -f WINDOWS-1252 -t UTF-8 customers.csv > customers-utf8.csv\n"
         "In a spreadsheet choose 'CSV UTF-8'. 'sfetl init --sniff FILE' says "
         "what a file is likely to be."},
    {.name = "bad-utf8",
     .what = "The mapping file itself holds bytes that are no UTF-8.",
     .why = "The editor saved it in another encoding.",
     .advice = "save the mapping as UTF-8",
     .more = NULL},
    {.name = "delimiter",
     .what = "More than one sign splits the file into columns equally well, "
             "and none is guessed.",
     .why =
         "There are few rows, or the values are full of commas or semicolons.",
     .advice = "name it in the mapping's source, as in delimiter: \";\"",
     .more = NULL},
    {.name = "duplicate-key",
     .what =
         "An earlier row of the source has the same external id; the message "
         "names it. The first row is sent, the later ones are rejected.",
     .why = "Case counts only when the org's field is case-sensitive, so that "
            "a4711 and A4711 are usually one key.",
     .advice = "the key comes twice in the source; 'duplicates: first' or "
               "'last' picks one",
     .more = "With 'duplicates: allow' all are sent, in source order."},
    {.name = "no-header",
     .what = "The source has no first row to take the columns' names from.",
     .why = "The file is empty, or holds blank lines or comments only.",
     .advice = "name the columns in the first row, or with 'header: [...]'",
     .more = NULL},
    {.name = "nul-byte",
     .what = "The row holds a NUL byte, which no text has.",
     .why = "The file is UTF-16, was cut by a full disk, or a program padded "
            "fields with NUL.",
     .advice = "the row holds a NUL byte; look at how the file was made",
     .more = "  tr -d '\\000' < customers.csv > cleaned.csv\n"
             "removes them, when they are padding."},
    {.name = "open-quote",
     .what = "A quote that opens a cell is never closed. The run stops, for "
             "nobody can know how many rows the cell swallowed.",
     .why = "A quote inside a value was not doubled, or the file was cut.",
     .advice = "close the quote in the line that is named, or double the "
               "quotes inside",
     .more = "If the file does not quote at all, name a quote that it does not "
             "use:\n"
             "  source: { format: csv, path: a.csv, quote: \"'\" }"},
    {.name = "ragged-row",
     .what = "The row has more or fewer cells than the header.",
     .why = "A delimiter stands unquoted inside a value, a line break cut the "
            "row, or trailing cells were left out.",
     .advice = "the row has more or fewer cells than the header; look for "
               "stray delimiters or quotes",
     .more =
         "'ragged: pad' fills short rows with blanks, 'ragged: error' stops at "
         "the first one, 'ragged: reject' (the default) leaves such rows out."},
    {.name = "repeated-element",
     .what = "A path matches several elements in one record, and a field takes "
             "one.",
     .why = "The export repeats a segment, for each company code or sales "
            "area say, which the mapping takes for single.",
     .advice = "say which of them: by number, or by a child or attribute",
     .more = "  Rating: E1KNVVM[1]/KLABC\n"
             "  Limit: \"E1KNKKM[KKBER='1000']/KLIMK\"\n"
             "or all of them, counted or joined:\n"
             "  Areas: =JOIN(\"; \", [E1KNVVM/VKORG])"},
    {.name = "one-stream",
     .what = "A result file is to be loaded again, and it has the rows of one "
             "load, but the loads of the mapping take different ones ('each').",
     .why = NULL,
     .advice = "name the load whose result file it is, with --load",
     .more = "'sfetl retry RUN' does that by itself."},
    {.name = "no-input",
     .what = "No file is there that could be read: none matches the pattern, "
             "or none has its marker yet.",
     .why = "Nothing was delivered, or the last run has moved it into its "
            "archive.",
     .advice = "wait for the delivery; 'sfetl run' takes it for nothing to do",
     .more = "With --require-input a run ends with 4 instead."},
    {.name = "other-header",
     .what = "The files that a pattern matches don't have the same columns in "
             "the same order, and are to be read as one.",
     .why = "A file of another kind lies in the folder, or an export was "
            "changed.",
     .advice = "narrow the pattern, or load that file in a run of its own",
     .more = "All headers are looked at before the first row: nothing was "
             "sent."},
    {.name = "row-too-long",
     .what = "A row is longer than max_row_bytes, or cannot fit into a job of "
             "the org.",
     .why = "Mostly a quote that was never closed: what follows is taken for "
            "one cell.",
     .advice = "look for an open quote in the line that is named",
     .more =
         "If the row is right, raise 'max_row_bytes' in the mapping's source."},
    {.name = "source-changed",
     .what = "The file is not the one that the interrupted run read, or it "
             "changed while it was read. Going on with it could load rows "
             "twice or not at all.",
     .why = "An export has been written over it since, or is still being "
            "written.",
     .advice = "close the old run with 'sfetl abort', then start a new one",
     .more = "So that half a file is never loaded, have its writer rename it "
             "when it is whole, or wait for a marker:\n"
             "  sfetl run m.yaml --marker '*.done'"},
    {.name = "source-encoding",
     .what = "The mapping names an encoding that this machine does not know.",
     .why = "It is misspelt, or says more than a name, as //TRANSLIT does.",
     .advice = "take a name that 'iconv -l' lists, as windows-1252",
     .more = NULL},
    {.name = "source-form",
     .what = "The file is no text that can be read: an archive that is "
             "damaged, encrypted, or holds several files, a workbook, or "
             "UTF-16 that does not say so.",
     .why = "A download was cut off, or a workbook was saved as it is.",
     .advice = "unpack it, save it as CSV, or name its 'encoding'",
     .more = "gzip, and a zip archive with one file in it, are unpacked while "
             "they are read."},
    {.name = "source-refused",
     .what = "The server that has the source does not give it to us.",
     .why = "The user, key, password or token is wrong or may not read the "
            "file, or the address leads elsewhere.",
     .advice = "see the entry for that address in 'connections' of orgs.yaml",
     .more = "connections:\n"
             "  sftp://erp.example.com/out/:\n"
             "    { username: sfetl, private_key_file: /etc/sfetl/erp.key }\n"
             "Redirects are not followed; name the address that it leads to."},
    {.name = "stray-quote",
     .what = "There is a quote inside a quoted cell that is not doubled, so "
             "that it is not clear where the cell ends.",
     .why = "The program that wrote the file does not escape quotes, or "
            "escapes them with a backslash.",
     .advice = "double the quotes inside a quoted cell",
     .more = "  \"a 5\"\" pipe\"   is the cell   a 5\" pipe"},
    {.name = "unknown-host",
     .what = "The key of an SSH host is not the one that its known_hosts file "
             "says, or stands not there. Somebody may be in between.",
     .why = "The file is new or empty, or the host was set up anew.",
     .advice = "have its owner confirm the key, then add it to the file",
     .more = "  ssh-keyscan -p 22 erp.example.com >>known_hosts\n"
             "prints the line; 'ssh-keygen -lf known_hosts' its fingerprint."},
    {.name = "xml-broken",
     .what = "The file is not well-formed XML: at that line and column it "
             "breaks a rule that every XML reader keeps.",
     .why = "Mostly an '&' or '<' that was not written as '&amp;' or '&lt;', "
            "bytes in another encoding than the declared one, or a file that "
            "was cut.",
     .advice = "look at the line and column that are named",
     .more = "'xmllint --noout FILE' tells the same with the line shown."},
    {.name = "xml-entity",
     .what = "The document type at the head of the file declares entities or "
             "values of attributes. Such files are not read, for they can be "
             "made to grow without bound or to fetch other files.",
     .why = "No ERP needs them; a document type that only names an outer DTD "
            "is passed over.",
     .advice = "have the file written without its own declarations",
     .more = NULL},
    {.name = "xml-late",
     .what = "A field reads something around the records, and it stands behind "
             "a record that should have had it. The file is read once, from "
             "begin to end.",
     .why = "The export writes a trailer, or a header in the middle.",
     .advice = "make the element around the records the 'record', and read "
               "them with 'each'",
     .more = "  source: { format: xml, path: a.xml, record: /Orders }\n"
             "  loads:\n"
             "    - object: Order\n"
             "      each: Order             # ../Trailer/Date is known here\n"
             "All of the record is held in memory then; 'max_row_bytes' says "
             "how much that may be."},
    {.name = "xml-limit",
     .what = "The file is nested deeper, or an element has more attributes or "
             "a longer name, than any real export.",
     .why = NULL,
     .advice = "look at the line that is named",
     .more = "250 levels, 2048 attributes, 1000 bytes of a name."},
    {.name = "xml-path",
     .what = "A path of the mapping can't be read, or asks for what is not "
             "known yet when a record ends: the file is read once, from "
             "begin to end.",
     .why = NULL,
     .advice = "take an element in the record, or one that ends before it "
               "begins",
     .more = "sfetl-mapping(5), XML, says which paths there are."},
    {.name = "xml-root",
     .what = "The record path begins with another element than the file.",
     .why = "Another export was picked up, or a prefix stands for another "
            "namespace.",
     .advice = "compare the root element with 'record' in the mapping",
     .more = NULL},
    {0}};
