/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_csv FILE...: what libcsv alone needs to parse the files, a callback a
 * cell and a row, in windows of 64 KiB.
 */
#include <csv.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WINDOW (64 * 1024)

struct counts {
    uint64_t cells, bytes, rows;
};

static void
on_cell(void *text, size_t len, void *cookie)
{
    struct counts *counts = cookie;

    (void)text;
    counts->cells++;
    counts->bytes += len;
}

static void
on_row(int end, void *cookie)
{
    struct counts *counts = cookie;

    (void)end;
    counts->rows++;
}

/* libcsv trims what this takes for a blank. */
static int
no_blank(unsigned char byte)
{
    (void)byte;
    return 0;
}

static int
parse(const char *path, struct counts *counts)
{
    static char window[WINDOW];
    struct csv_parser parser;
    ssize_t got = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI |
                                        CSV_EMPTY_IS_NULL) != 0)
        return -1;
    csv_set_space_func(&parser, no_blank);
    while ((got = read(fd, window, sizeof(window))) > 0)
        if (csv_parse(&parser, window, (size_t)got, on_cell, on_row, counts) !=
            (size_t)got)
            break;
    if (got == 0 && csv_fini(&parser, on_cell, on_row, counts) != 0)
        got = -1;
    csv_free(&parser);
    close(fd);
    return got == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
    struct counts counts = {0};

    for (int i = 1; i < argc; i++)
        if (parse(argv[i], &counts) != 0) {
            fprintf(stderr, "floor_csv: '%s' can't be parsed\n", argv[i]);
            return EXIT_FAILURE;
        }
    printf("%" PRIu64 " rows, %" PRIu64 " cells, %" PRIu64 " bytes\n",
           counts.rows, counts.cells, counts.bytes);
    return EXIT_SUCCESS;
}
