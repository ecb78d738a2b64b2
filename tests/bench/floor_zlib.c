/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_zlib LEVEL FILE...: what zlib alone needs to gzip the files, in windows
 * of 64 KiB, into nothing.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define WINDOW (64 * 1024)
#define GZIP_WINDOW_BITS (15 + 16)

/* Feeds one window; -1 when zlib refuses. */
static int
squeeze(z_stream *zip, unsigned char *in, size_t len, int flush)
{
    static unsigned char out[WINDOW];

    zip->next_in = in;
    zip->avail_in = (unsigned)len;
    do {
        zip->next_out = out;
        zip->avail_out = sizeof(out);
        if (deflate(zip, flush) == Z_STREAM_ERROR)
            return -1;
    } while (zip->avail_out == 0);
    return 0;
}

static int
gzip(const char *path, int level, uint64_t *in, uint64_t *out)
{
    static unsigned char window[WINDOW];
    z_stream zip = {0};
    ssize_t got = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || deflateInit2(&zip, level, Z_DEFLATED, GZIP_WINDOW_BITS, 8,
                               Z_DEFAULT_STRATEGY) != Z_OK)
        return -1;
    while ((got = read(fd, window, sizeof(window))) > 0)
        if (squeeze(&zip, window, (size_t)got, Z_NO_FLUSH) != 0)
            break;
    if (got == 0 && squeeze(&zip, window, 0, Z_FINISH) != 0)
        got = -1;
    *in += zip.total_in;
    *out += zip.total_out;
    deflateEnd(&zip);
    close(fd);
    return got == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
    int level = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1;
    uint64_t in = 0, out = 0;

    for (int i = 2; i < argc; i++)
        if (gzip(argv[i], level, &in, &out) != 0) {
            fprintf(stderr, "floor_zlib: '%s' can't be packed\n", argv[i]);
            return EXIT_FAILURE;
        }
    printf("%" PRIu64 " bytes to %" PRIu64 "\n", in, out);
    return EXIT_SUCCESS;
}
