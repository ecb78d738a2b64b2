/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gen_idoc MEGABYTES: DEBMAS IDocs on three levels, as many as give so many
 * megabytes, the same each time: customers, their sales areas, and contacts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t seed = 88172645463325252ULL;

static unsigned
pick(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % below);
}

static uint64_t
put_customer(uint64_t number)
{
    static const char *const towns[] = {"Bremen", "M\xc3\xbcnchen", "Goslar",
                                        "Saarbr\xc3\xbc"
                                        "cken"};
    int len =
        printf("  <IDOC BEGIN=\"1\">\n"
               "    <EDI_DC40 SEGMENT=\"1\">\n      <DOCNUM>%016" PRIu64
               "</DOCNUM>\n      <MESTYP>DEBMAS</MESTYP>\n    </EDI_DC40>\n"
               "    <E1KNA1M SEGMENT=\"1\">\n      <MSGFN>005</MSGFN>\n"
               "      <KUNNR>%010" PRIu64 "</KUNNR>\n      <LAND1>DE</LAND1>\n"
               "      <NAME1>Kunde %u &amp; S\xc3\xb6hne</NAME1>\n"
               "      <ORT01>%s</ORT01>\n      <PSTLZ>%05u</PSTLZ>\n"
               "      <STRAS>Stra\xc3\x9f"
               "e %u</STRAS>\n      <ERDAT>20%02u0%u1%u</ERDAT>\n",
               number, number, pick(1000000), towns[pick(4)], pick(99999),
               pick(300), pick(26), pick(9) + 1, pick(9) + 1);
    for (unsigned i = 0, areas = pick(4); i < areas; i++) {
        len += printf("      <E1KNVVM SEGMENT=\"1\">\n"
                      "        <VKORG>%u000</VKORG>\n"
                      "        <VTWEG>10</VTWEG>\n        <KLABC>%c</KLABC>\n"
                      "      </E1KNVVM>\n",
                      i + 1, 'A' + (int)pick(3));
    }
    for (unsigned i = 0, contacts = pick(4); i < contacts; i++) {
        len += printf("      <E1KNVKM SEGMENT=\"1\">\n"
                      "        <PARNR>%010" PRIu64 "</PARNR>\n"
                      "        <NAMEV>Ann</NAMEV>\n        <NAME1>Person "
                      "%u</NAME1>\n        <TELF1>+49 421 %u</TELF1>\n"
                      "      </E1KNVKM>\n",
                      number * 10 + i, pick(100000), pick(1000000));
    }
    return (uint64_t)(len + printf("    </E1KNA1M>\n  </IDOC>\n"));
}

int
main(int argc, char **argv)
{
    uint64_t wanted =
        argc > 1 ? strtoull(argv[1], NULL, 10) * 1000000 : 1000000;
    uint64_t written = 0;

    puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DEBMAS06>");
    for (uint64_t number = 1; written < wanted; number++)
        written += put_customer(number);
    puts("</DEBMAS06>");
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
