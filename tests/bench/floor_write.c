/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_write TARGET FILE...: what XXH3 and write need for the bytes of the
 * files: each is read, hashed in 128 bits and written to TARGET anew.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#define WINDOW (64 * 1024)

static int
copy(const char *path, int target, XXH3_state_t *hash)
{
    static char window[WINDOW];
    ssize_t got = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    while ((got = read(fd, window, sizeof(window))) > 0) {
        XXH3_128bits_update(hash, window, (size_t)got);
        if (write(target, window, (size_t)got) != got)
            break;
    }
    close(fd);
    return got == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
    XXH3_state_t *hash = XXH3_createState();
    int status = EXIT_SUCCESS;
    int target = -1;

    if (argc > 1)
        target = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (target < 0 || hash == NULL) {
        fputs("floor_write: the target can't be opened\n", stderr);
        return EXIT_FAILURE;
    }
    XXH3_128bits_reset(hash);
    for (int i = 2; i < argc && status == EXIT_SUCCESS; i++)
        if (copy(argv[i], target, hash) != 0) {
            fprintf(stderr, "floor_write: '%s' can't be copied\n", argv[i]);
            status = EXIT_FAILURE;
        }
    printf("%016" PRIx64 "\n", XXH3_128bits_digest(hash).high64);
    XXH3_freeState(hash);
    close(target);
    return status;
}
