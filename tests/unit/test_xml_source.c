/* SPDX-License-Identifier: Apache-2.0 */
#include "xml_source_case.h"

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
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_drop);
}
