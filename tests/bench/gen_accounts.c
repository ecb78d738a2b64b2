/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gen_accounts [ROWS [SEED]]: the reference input of the bench on standard
 * output. 12 columns, some 170 bytes a row, UTF-8; one row in ten holds a
 * quoted line break and doubled quotes. The same arguments give the same
 * bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const trades[] = {
    "Maschinenbau", "Brauerei",  "Bäckerei",  "Möbelwerk", "Spedition",
    "Gerätebau",    "Druckerei", "Gärtnerei", "Weingut",   "Kühltechnik"};
static const char *const names[] = {"Müller", "Schäfer", "Weiß",   "Jäger",
                                    "Böhm",   "Krüger",  "Fuchs",  "Lang",
                                    "Çelik",  "Groß",    "Hübner", "O'Brien"};
static const char *const forms[] = {"GmbH", "AG", "KG", "OHG"};
static const char *const streets[] = {"Königstraße", "Mühlenweg",
                                      "Bahnhofstraße", "Lindenweg"};
static const char *const cities[] = {"München", "Köln",    "Düsseldorf",
                                     "Leipzig", "Dresden", "Nürnberg"};
static const char *const countries[] = {"Germany", "Austria", "Switzerland"};
static const char *const remarks[] = {
    "zahlt pünktlich",          "Rabatt 3 %", "Lieferung frei Haus", "",
    "Ansprechpartner wechselt", "Messe 2024", "Rechnung per Post"};

/* splitmix64 */
static uint64_t
next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

#define PICK(draw, array) array[(draw) % COUNT(array)]
#define DRAWS 20

static void
put_row(uint64_t row, uint64_t *state)
{
    unsigned draw[DRAWS];

    for (size_t i = 0; i < DRAWS; i++)
        draw[i] = (unsigned)(next(state) >> 32);
    printf("C%09" PRIu64 ",%s %s %s,%s %u,", row, PICK(draw[0], trades),
           PICK(draw[1], names), PICK(draw[2], forms), PICK(draw[3], streets),
           1 + draw[4] % 199);
    printf("%05u,%s,%s,", 1000 + draw[5] % 99000, PICK(draw[6], cities),
           PICK(draw[7], countries));
    printf("+49 %u %07u,https://www.kunde-%" PRIu64 ".example/,",
           30 + draw[8] % 900, draw[9] % 10000000, row);
    printf("\"%u.%03u.%03u,%02u\",%u,", 1 + draw[10] % 89, draw[11] % 1000,
           draw[12] % 1000, draw[13] % 100, 1 + draw[14] % 5000);
    printf("%02u.%02u.%u,", 1 + draw[15] % 28, 1 + draw[16] % 12,
           1990 + draw[17] % 36);
    if (row % 10 == 0)
        printf("\"Sagt: \"\"%s\"\",\nsiehe Vorgang %u\"\n",
               PICK(draw[18], remarks), draw[19] % 100000);
    else
        printf("%s\n", PICK(draw[18], remarks));
}

int
main(int argc, char **argv)
{
    uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    printf("No,Name,Street,PostalCode,City,Country,Phone,Website,Revenue,"
           "Employees,Since,Remark\n");
    for (uint64_t row = 1; row <= rows; row++)
        put_row(row, &state);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
