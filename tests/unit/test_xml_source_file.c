/* SPDX-License-Identifier: Apache-2.0 */
#include "xml_source_case.h"

static void
encodings_are_read(void **state)
{
    CHECK_BYTES("/r", "x", "\xef\xbb\xbf<r><x>\xc3\xa4</x></r>",
                "1@1 [\xc3\xa4]\n");
    CHECK_BYTES("/r", "x",
                "<?xml version='1.0' encoding='ISO-8859-1'?><r><x>\xe4</x></r>",
                "1@1 [\xc3\xa4]\n");
    CHECK_BYTES("/r", ".",
                "<?xml version='1.0' encoding='windows-1252'?>\n<r>\x80</r>",
                "1@2 [\xe2\x82\xac]\n");
    CHECK_BYTES("/r", ".",
                "\xff\xfe<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0"
                "1\0.\0"
                "0\0'\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0"
                "8\0'\0?\0>\0<\0r\0>\0\xe4\0<\0/\0r\0>\0",
                "1@1 [\xc3\xa4]\n");
    /* Declarations that are longer than what libxml2 decodes at first. */
    CHECK_BYTES("/r", ".",
                "\xfe\xff\0<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0"
                "1\0.\0"
                "0\0'\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0U\0T\0F\0-\0"
                "1\0"
                "6\0'\0 \0s\0t\0a\0n\0d\0a\0l\0o\0n\0e\0=\0'\0y\0e\0s\0'\0?"
                "\0>\0<\0r\0>\0\xe4\0<\0/\0r\0>",
                "1@1 [\xc3\xa4]\n");
    CHECK_BYTES("/r", ".",
                "<?xml version='1.0' encoding='ISO-8859-1'?>\n"
                "<!-- 123456789 123456789 123456789 123456789 123456789 -->\n"
                "<r>\xe4</r>",
                "1@3 [\xc3\xa4]\n");
    struct source_spec spec = usual("/r");
    spec.encoding = "ISO-8859-1";
    check_spec(state, spec, ".", SLICE_LITERAL("<r>\xe4</r>"),
               "1@1 [\xc3\xa4]\n");
    spec.encoding = "klingon";
    check_spec(state, spec, ".", SLICE_LITERAL("<r/>"),
               "error 3: the encoding 'klingon' is not known "
               "[source-encoding]");
}

static void
document_types_are_passed_over(void **state)
{
    check(state, "/r", "x",
          "<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/x.dtd\"><r><x>1</x></r>",
          "1@1 [1]\n");
    check(state, "/r", "x", "<!DOCTYPE r SYSTEM \"x.dtd\"><r><x>1&e;</x></r>",
          "error 4: input:1:38: the XML can't be read: entity 'e' not defined "
          "[xml-broken]");
    check(state, "/r", "x", "<!DOCTYPE r [<!ENTITY e 'x'>]><r><x>1&e;</x></r>",
          "error 4: input:1: the document type declares the entity 'e'; such "
          "files are not read [xml-entity]");
    check(state, "/r", "x",
          "<!DOCTYPE r [<!ATTLIST x k CDATA 'v'>]><r><x/></r>",
          "error 4: input:1: the document type declares values of attributes; "
          "such files are not read [xml-entity]");
    check(state, "/r", "x",
          "<!DOCTYPE r [<!ATTLIST x k (a|b) #IMPLIED><!ELEMENT r ANY>]><r/>",
          "1@1 -\n");
    check(state, "/r", "x", "<!DOCTYPE r [\n%e;]><r/>",
          "error 4: input:2: the document type refers to an entity; such files "
          "are not read [xml-entity]");
}

static void
broken_files_fail(void **state)
{
    check(state, "/a/r", ".", "<a>\n<r>1</r>\n<r>2</s></a>",
          "1@2 [1]\nerror 4: input:3:9: the XML can't be read: opening and "
          "ending tag mismatch: r line 3 and s [xml-broken]");
    check(state, "/a/r", ".", "<a><r>1</r><r>",
          "1@1 [1]\nerror 4: input:1:15: the XML can't be read: the file ends "
          "inside its root element [xml-broken]");
    check(
        state, "/a", ".", "<a>\n&nbsp;</a>",
        "error 4: input:2:7: the XML can't be read: entity 'nbsp' not defined "
        "[xml-broken]");
    check(state, "/a", ".", "<a>&#0;</a>",
          "error 4: input:1:8: the XML can't be read: xmlParseCharRef: invalid "
          "xmlChar value 0 [xml-broken]");
    CHECK_BYTES("/a", ".", "<a> \0</a>",
                "error 4: input:1: a NUL byte is no text [xml-broken]");
    CHECK_BYTES("/a", ".", "\xff\xfe<\0a\0/\0>\0\n",
                "1@1 []\nerror 4: input:1: the file ends in the middle of a "
                "character [xml-broken]");
}

static void
limits_hold(void **state)
{
    struct source_spec spec = usual("/a/r");
    spec.max_row_bytes = 10;
    check_spec(state, spec, ".",
               slice_of("<a><r>12345</r>\n<r>12345678901</r></a>"),
               "1@1 [12345]\nerror 4: input:2: the record that begins here is "
               "over 10 bytes; 'max_row_bytes' allows more [row-too-long]");
    check_spec(state, spec, "../h", slice_of("<a><h>12345678901</h><r/></a>"),
               "error 4: input: what is read around the records is over 10 "
               "bytes; 'max_row_bytes' allows more [row-too-long]");
}

static void
refuse_path(void **state, const char *record, const char *path,
            const char *reason)
{
    char *want = mem_printf(
        "error 3: line 7 of the mapping: the path '%s' can't be read: %s "
        "[xml-path]",
        path, reason);
    check(state, record, path, "<a/>", want);
    free(want);
}

static void
paths_that_cannot_be_served_are_refused(void **state)
{
    static const struct {
        const char *path, *reason;
    } cases[] = {
        {"..", "an element around the record ends behind it, so that its text "
               "is not known"},
        {"/a/h", "it begins at the record; what lies around that is reached "
                 "with '../'"},
        {"../../a", "it leads above the root"},
        {"../r", "it leads into the records themselves, which a record can't "
                 "see"},
        {"../*/x", "it leads into the records themselves, which a record can't "
                   "see"},
        {"..//x", "'//' can't follow '..'"},
        {"x/..", "'.' and '..' stand at the beginning of a path, and '..' in a "
                 "column only"},
        {"//x//y", "a path takes one '//'"},
        {"//x[1]", "an index can't stand behind '//'"},
        {"x[0]", "an index counts from 1"},
        {"x[1][2]", "a step takes one pair of brackets"},
        {"x[y]", "brackets take a number, CHILD='text' or @ATTRIBUTE='text'"},
        {"x[y='1", "a quote is open"},
        {"x[y='1'", "a ']' is missing"},
        {"x y", "a '/' is missing between two steps"},
        {"x/", "a name is missing"},
        {"@a/b", "nothing can stand behind an attribute"},
        {"q:x", "its prefix is not declared in 'namespaces'"},
        {"1x", "this is no name of XML"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        refuse_path(state, "/a/r", cases[i].path, cases[i].reason);
    }
    check(state, "/a/r", "x;/c~x", "<a/>",
          "error 3: line 7 of the mapping: the path '/c' can't be read: 'each' "
          "begins at the record, without '/' [xml-path]");
    check(state, "/a/r", "x;c//d~x", "<a/>",
          "error 3: line 7 of the mapping: the path 'c//d' can't be read: "
          "'each' takes no '//' [xml-path]");
    check(state, "/a/r", "x;c/@d~x", "<a/>",
          "error 3: line 7 of the mapping: the path 'c/@d' can't be read: "
          "'each' leads to elements, no attribute [xml-path]");
    check(state, "/a/r", "x;c~../../../a", "<a/>",
          "error 3: line 7 of the mapping: the path '../../../a' can't be "
          "read: it leads above the root [xml-path]");
    check(state, "/a/r", "x;c~../../r", "<a/>",
          "error 3: line 7 of the mapping: the path '../../r' can't be read: "
          "it leads into the records themselves, which a record can't see "
          "[xml-path]");
    refuse_path(state, "//r", "../h",
                "it leads above '//' of the record's path, where any element "
                "may be");
    refuse_path(state, "/a/b/r", "../../b",
                "it is an element around the record, whose text ends behind "
                "it");
    refuse_path(state, "/a/b/r", "../../b[k='1']/c",
                "whether an element around the record has that child may be "
                "known only behind it");
}

static void
record_paths_are_checked(void **state)
{
    check(state, "a/r", "x", "<a/>",
          "error 3: the record path 'a/r' can't be read: it begins at the "
          "root, with '/' or '//' [xml-path]");
    check(state, "/a[k='1']/r", "x", "<a/>",
          "error 3: the record path '/a[k='1']/r' can't be read: whether an "
          "element around the records has that child may be known only behind "
          "them; the last step can ask for a child [xml-path]");
    check(state, "/a/@r", "x", "<a/>",
          "error 3: the record path '/a/@r' can't be read: a record is an "
          "element, no attribute [xml-path]");
}

static void
a_result_file_is_csv(void **state)
{
    struct source_spec spec = usual("/a/r");
    spec.quote = '"';
    spec.has_header = true;
    check_spec(state, spec, "x/y",
               slice_of("\"sf__Id\",\"sf__Error\",\"x/y\"\n\"\",\"e\",\"1\"\n"),
               "1@2 [][e][1]\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_read),
        cmocka_unit_test(document_types_are_passed_over),
        cmocka_unit_test(broken_files_fail),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(paths_that_cannot_be_served_are_refused),
        cmocka_unit_test(record_paths_are_checked),
        cmocka_unit_test(a_result_file_is_csv),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
