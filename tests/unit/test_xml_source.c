/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_source.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const size_t windows[] = {0, 1, 2, 3, 7, 64};
#define WINDOW_COUNT (sizeof windows / sizeof *windows)
#define PATHS_LIMIT 16
#define STREAMS_LIMIT 4

static struct source_spec
usual(const char *record)
{
    static const struct source_namespace namespaces[] = {
        {{"p", 1}, {"urn:a", 5}}};
    return (struct source_spec){.format = "xml",
                                .record = record,
                                .namespaces = namespaces,
                                .namespace_count = 1};
}

/* "[a]" is a value, "-" one that is not there; of a nested row, "b" is its
 * stream, and the record's number stands in brackets. */
static void
show_record(struct buffer *text, size_t stream, const struct record *record)
{
    if (stream > 0) {
        buffer_append_char(text, (char)('a' + stream));
    }
    buffer_printf(text, "%d", (int)record->row);
    if (record->outer > 0) {
        buffer_printf(text, "(%d)", (int)record->outer);
    }
    buffer_printf(text, "@%d ", (int)record->line);
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].ptr == NULL) {
            buffer_append_char(text, '-');
        } else {
            buffer_append_char(text, '[');
            buffer_append_slice(text, record->fields[i]);
            buffer_append_char(text, ']');
        }
    }
    if (record->fate == RECORD_REJECTED) {
        buffer_printf(text, " %s: %.*s", record->code,
                      SLICE_ARGS(record->reason));
    }
    buffer_append_char(text, '\n');
}

static void
show(struct buffer *text, const struct source_spec *spec, size_t window)
{
    struct error err = {0};
    struct buffer streams[STREAMS_LIMIT] = {{0}};
    struct source *source = xml_source_open(spec, window, &err);
    struct batch batches[STREAMS_LIMIT] = {0};
    while (source != NULL &&
           source_next(source, batches, &err) == SOURCE_ROWS) {
        for (size_t i = 0; i < source_stream_count(source); i++) {
            for (size_t j = 0; j < batches[i].count; j++) {
                show_record(&streams[i], i, &batches[i].records[j]);
            }
        }
    }
    for (size_t i = 0; i < STREAMS_LIMIT; i++) {
        buffer_append_slice(text, buffer_slice(&streams[i]));
        buffer_release(&streams[i]);
        batch_release(&batches[i]);
    }
    if (err.kind != ERROR_NONE) {
        const char *rest = strstr(err.text, "input:");
        buffer_printf(text, "error %d: %s", error_exit_code(&err),
                      rest ? rest : err.text);
    }
    source_close(source);
}

/* "path", "#path" is counted, "&path" joined by "+". */
static struct source_path
read_path(struct slice text)
{
    struct source_path path = {.text = text, .line = 7};
    if (text.len > 0 && strchr("#&", text.ptr[0]) != NULL) {
        path.gather = text.ptr[0] == '#' ? GATHER_COUNT : GATHER_JOIN;
        path.separator = SLICE_LITERAL("+");
        path.text = (struct slice){text.ptr + 1, text.len - 1};
        path.name = text;
    }
    return path;
}

/* Paths are separated by "|", streams by ";"; "x~" before its paths is the
 * `each` of one. */
static void
check_spec(void **state, struct source_spec spec, const char *paths,
           struct slice bytes, const char *want)
{
    struct error err = {0};
    struct source_path columns[STREAMS_LIMIT][PATHS_LIMIT];
    struct source_stream streams[STREAMS_LIMIT] = {{.line = 7}};
    char *path = scratch_path(state, "input");
    assert_true(file_replace(path, bytes, &err));
    spec.streams = streams;
    spec.stream_count = 1;
    streams[0].paths = columns[0];
    for (const char *at = paths; *at != '\0';) {
        struct source_stream *stream = &streams[spec.stream_count - 1];
        size_t len = strcspn(at, "|;~");
        struct slice part = {at, len};
        if (at[len] == '~') {
            stream->each = part;
        } else {
            columns[spec.stream_count - 1][stream->path_count++] =
                read_path(part);
        }
        if (at[len] == ';') {
            streams[spec.stream_count].line = 7;
            streams[spec.stream_count].paths = columns[spec.stream_count];
            spec.stream_count++;
        }
        at += len + (at[len] != '\0');
    }
    spec.path = path;
    for (size_t i = 0; i < WINDOW_COUNT; i++) {
        struct buffer text = {0};
        show(&text, &spec, windows[i]);
        if (strcmp(buffer_text(&text), want) != 0) {
            fail_msg("%s, window %zu:\n%s\ninstead of\n%s", paths, windows[i],
                     buffer_text(&text), want);
        }
        buffer_release(&text);
    }
    free(path);
}

static void
check(void **state, const char *record, const char *paths, const char *xml,
      const char *want)
{
    check_spec(state, usual(record), paths, slice_of(xml), want);
}

#define CHECK_BYTES(record, paths, literal, want)                              \
    check_spec(state, usual(record), paths, SLICE_LITERAL(literal), want)

static void
records_have_row_and_line(void **state)
{
    check(state, "/a/r", "x|y",
          "<a>\n<r><x>1</x><y>2</y></r>\n\n<r\n k='>\n'><x>3</x></r></a>",
          "1@2 [1][2]\n2@4 [3]-\n");
    check(state, "/a/r", "x", "<?xml version='1.0'?>\r\n<a>\r\n<r/>\r\n</a>",
          "1@3 -\n");
    check(state, "/a/none", "x", "<a><r/></a>", "");
    check(state, "/r", ".", "<r>x</r>", "1@1 [x]\n");
    check(state, "/a/*", ".", "<a><r>1</r><s>2</s></a>", "1@1 [1]\n2@1 [2]\n");
    check(state, "//r", "x", "<a><r><x>1</x></r><b><r><x>2</x></r></b></a>",
          "1@1 [1]\n2@1 [2]\n");
    check(state, "/a//r", "@k",
          "<a><r k='1'><r k='2'/></r><b><r k='3'/></b></a>",
          "1@1 [1]\n2@1 [3]\n");
    check(state, "/a/r", "", "<a><r/><r/></a>", "1@1 \n2@1 \n");
}

static void
records_are_chosen_by_a_test(void **state)
{
    check(state, "/a/r[2]", ".", "<a><r>1</r><r>2</r><r>3</r></a>",
          "1@1 [2]\n");
    check(state, "/a/r[@k='x']", ".", "<a><r>1</r><r k='x'>2</r></a>",
          "1@1 [2]\n");
    check(state, "/a/r[k='x']", "v|k",
          "<a><r><v>1</v><k>y</k></r><r><v>2</v><k>x</k></r></a>",
          "1@1 [2][x]\n");
    check(state, "/a[2]/r", ".", "<a><r>1</r></a>",
          "error 4: input:1: the root element is 'a', which is not the first "
          "step of the record path '/a[2]/r' [xml-root]");
}

static void
text_is_whole(void **state)
{
    check(state, "/r", "x", "<r><x> a &amp;&lt;&gt;&quot;&apos;&#65; </x></r>",
          "1@1 [ a &<>\"'A ]\n");
    check(state, "/r", "x", "<r><x>a<![CDATA[<b>]]>c<!-- d --><?e f?>g</x></r>",
          "1@1 [a<b>cg]\n");
    check(state, "/r", "x", "<r><x>a<b>b<c>c</c></b>d</x></r>", "1@1 [abcd]\n");
    check(state, "/r", "x|x/b|x/@k", "<r><x k='1'>a<b k='2'>b</b>c</x></r>",
          "1@1 [abc][b][1]\n");
    check(state, "/r", "x", "<r><x/></r>", "1@1 []\n");
    check(state, "/r", "x|y|@k",
          "<r k='a > b' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>"
          "<x i:nil='true'/><y i:nil='false'>z</y></r>",
          "1@1 -[z][a > b]\n");
    struct source_spec spec = usual("/r");
    spec.trim = true;
    check_spec(state, spec, "x", slice_of("<r><x>\n a b\t</x></r>"),
               "1@1 [a b]\n");
}

static void
columns_are_paths(void **state)
{
    static const char xml[] =
        "<a><r><s k='1'><q>A</q><v>1</v></s><s k='2'><v>2</v><q>B</q></s>"
        "<t><u><v>3</v></u></t></r></a>";
    check(state, "/a/r", "s[1]/v|s[2]/v|s[3]/v", xml, "1@1 [1][2]-\n");
    check(state, "/a/r", "s[q='B']/v|s[q='A']/v|s[q=\"C\"]/v", xml,
          "1@1 [2][1]-\n");
    check(state, "/a/r", "s[@k='2']/v|s[@k='2']/q|s[@k='3']/q", xml,
          "1@1 [2][B]-\n");
    check(state, "/a/r", "t//v|t/*/v|*[3]/u/v|./t/u/v|.//u/v", xml,
          "1@1 [3][3][3][3][3]\n");
    check(state, "/a/r", "s[q='B']|s[q='A']/@k", xml, "1@1 [2B][1]\n");
    check(state, "/a/r", "s[q='B']/v",
          "<a><r><s><v>1</v></s><s><q>A</q><q>B</q><v>2</v></s></r></a>",
          "1@1 [2]\n");
    check(state, "/a/r", "//v[q='B']/w",
          "<a><r><v><w>1</w><v><w>2</w><q>B</q></v></v></r></a>", "1@1 [2]\n");
}

static void
repeated_elements_reject_the_row(void **state)
{
    check(state, "/a/r", "x|y/x",
          "<a><r><x>1</x><x>2</x><x/><y><x>3</x></y></r><r><x>4</x></r></a>",
          "1@1 [1][3] repeated-element: 'x' matches 3 elements; say which, as "
          "in x[1]\n2@1 [4]-\n");
    check(state, "/a/r", "//x", "<a><r><x/><b><x/></b></r></a>",
          "1@1 [] repeated-element: '//x' matches 2 elements; say which, as in "
          "//x[1]\n");
    check(state, "/a/r", "../h", "<a><h>1</h><h>2</h><r/></a>",
          "1@1 [1] repeated-element: '../h' matches 2 elements; say which, as "
          "in ../h[1]\n");
}

static void
ancestors_give_what_ended_before(void **state)
{
    check(state, "/a/b/r", "../h|../@k|../../@k|../../g/h|.",
          "<a k='A'><g><h>G</h></g>\n<b k='1'><h>1</h><r>x</r><r>y</r></b>"
          "<b><r>z</r></b></a>",
          "1@2 [1][1][A][G][x]\n2@2 [1][1][A][G][y]\n3@2 --[A][G][z]\n");
    check(state, "/a/r", "../h[q='2']/v|../h[2]/v",
          "<a><h><q>1</q><v>A</v></h><h><v>B</v><q>2</q></h><r/></a>",
          "1@1 [B][B]\n");
    check(state, "//b/r", "../h", "<a><b><h>1</h><r/></b><b><r/></b></a>",
          "1@1 [1]\n2@1 -\n");
    check(state, "//b/r", "../h",
          "<a><b><h>1</h><r/></b>\n<b><r/><h>2</h></b></a>",
          "1@1 [1]\n2@2 -\nerror 4: input:2: '../h' stands behind records that "
          "read it, and a stream can't go back; make the element around them "
          "the record and read the rows by 'each' [xml-late]");
    check(state, "//b/r", "../h",
          "<a><b><h>1<b><h>2</h><r/></b>3</h><r/></b></a>", "1@1 [2]\n2@1 -\n");
}

static void
nested_rows_have_a_stream(void **state)
{
    static const char xml[] =
        "<a><h>H</h><r><k>1</k>\n<c><n>x</n><n>y</n></c>\n<c/><d>D</d></r>\n"
        "<r><k>2</k></r><r><c><n>z</n></c><k>3</k></r></a>";
    check(state, "/a/r", "k;c~n[1]|../k|../d|../../h", xml,
          "1@1 [1]\n2@4 [2]\n3@4 [3]\n"
          "b1(1)@2 [x][1][D][H]\nb2(1)@3 -[1][D][H]\nb3(3)@4 [z][3]-[H]\n");
    check(state, "/a/r", "c~../k", xml, "1(1)@2 [1]\n2(1)@3 [1]\n3(3)@4 [3]\n");
    check(state, "/a/r", "c/n~.|../../k;k;c~@q", xml,
          "1(1)@2 [x][1]\n2(1)@2 [y][1]\n3(3)@4 [z][3]\n"
          "b1@1 [1]\nb2@4 [2]\nb3@4 [3]\n"
          "c1(1)@2 -\nc2(1)@3 -\nc3(3)@4 -\n");
    check(state, "/a/r", "c~n|../d", xml,
          "1(1)@2 [x][D] repeated-element: 'n' matches 2 elements; say which, "
          "as in n[1]\n2(1)@3 -[D]\n3(3)@4 [z]-\n");
    check(state, "/a/r", "*~.;k~.", xml,
          "1(1)@1 [1]\n2(1)@2 [xy]\n3(1)@3 []\n4(1)@3 [D]\n5(2)@4 [2]\n"
          "6(3)@4 [z]\n7(3)@4 [3]\nb1(1)@1 [1]\nb2(2)@4 [2]\nb3(3)@4 [3]\n");
}

static void
nested_rows_are_chosen_by_tests(void **state)
{
    static const char xml[] =
        "<a><r k='1'><c t='x'><q>A</q><i><v>1</v></i></c>"
        "<c t='y'><i><v>2</v></i><q>B</q><i><v>3</v></i></c><z>Z</z></r>"
        "<r k='2'><c><i><v>4</v></i></c></r></a>";
    check(state, "/a/r", "c[q='B']~@t|q|../z", xml, "1(1)@1 [y][B][Z]\n");
    check(state, "/a/r", "c[q='B']/i~v|../@t|../q|../../z|../../../@n", xml,
          "1(1)@1 [2][y][B][Z]-\n2(1)@1 [3][y][B][Z]-\n");
    check(state, "/a/r", "c[@t='x']/i~v|../q", xml, "1(1)@1 [1][A]\n");
    check(state, "/a/r", "c[2]/i[1]~v|../q|../../@k", xml,
          "1(1)@1 [2][B][1]\n");
    check(state, "/a/r[z='Z']", "c/i~v", xml,
          "1(1)@1 [1]\n2(1)@1 [2]\n3(1)@1 [3]\n");
    check(state, "/a/r", "c/i~../../c[q='A']/i/v|../../c/q", xml,
          "1(1)@1 [1][A] repeated-element: '../../c/q' matches 2 elements; say "
          "which, as in ../../c/q[1]\n"
          "2(1)@1 [1][A] repeated-element: '../../c/q' matches 2 elements; say "
          "which, as in ../../c/q[1]\n"
          "3(1)@1 [1][A] repeated-element: '../../c/q' matches 2 elements; say "
          "which, as in ../../c/q[1]\n4(2)@1 --\n");
}

static void
all_elements_are_counted_or_joined(void **state)
{
    static const char xml[] =
        "<a><h>1</h><h>2</h><r><n>x</n><n/><n a='A'>y</n><c><n>z</n></c></r>"
        "<r/></a>";
    check(state, "/a/r", "#n|&n|n[3]|#../h|&../h|&//n|#n/@a|&n/@a", xml,
          "1@1 [3][x+y][y][2][1+2][x+y+z][1][A]\n2@1 [0]--[2][1+2]-[0]-\n");
    check(state, "/a/r", "#c[n='z']|#c[n='q']|&c[n='z']/n|#.", xml,
          "1@1 [1][0][z][1]\n2@1 [0][0]-[1]\n");
    check(state, "/a/r", "#c;c~#n|#../n|&../n", xml,
          "1@1 [1]\n2@1 [0]\nb1(1)@1 [1][3][x+y]\n");
    struct source_spec spec = usual("/a/r");
    spec.max_row_bytes = 30;
    check_spec(state, spec, "&../h",
               slice_of("<a><h>1234567890</h><h>1234567890</h><h>1234567890</h>"
                        "<h>1234567890</h><r/></a>"),
               "error 4: input: what is read around the records is over 30 "
               "bytes; 'max_row_bytes' allows more [row-too-long]");
}

static void
namespaces_are_matched_by_uri(void **state)
{
    check(state, "/p:a/r", "p:x|x|@p:k|@k",
          "<q:a xmlns:q='urn:a'><r q:k='1' k='2' xmlns='urn:a'><x>1</x></r>"
          "</q:a>",
          "1@1 [1][1][1][2]\n");
    check(state, "/p:a", "x", "<a xmlns='urn:b'/>",
          "error 4: input:1: the root element is 'a' of the namespace 'urn:b', "
          "which is not the first step of the record path '/p:a' [xml-root]");
    check(state, "/a", "p:*|@xml:lang",
          "<a xml:lang='de'><x xmlns='urn:a'>1"
          "</x><x>2</x></a>",
          "1@1 [1][de]\n");
}

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
        cmocka_unit_test(records_have_row_and_line),
        cmocka_unit_test(records_are_chosen_by_a_test),
        cmocka_unit_test(text_is_whole),
        cmocka_unit_test(columns_are_paths),
        cmocka_unit_test(repeated_elements_reject_the_row),
        cmocka_unit_test(ancestors_give_what_ended_before),
        cmocka_unit_test(nested_rows_have_a_stream),
        cmocka_unit_test(nested_rows_are_chosen_by_tests),
        cmocka_unit_test(all_elements_are_counted_or_joined),
        cmocka_unit_test(namespaces_are_matched_by_uri),
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
