/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A fuzz target as an ordinary test, without libFuzzer: each file of its
 * corpus, tests/fuzz/corpus/NAME, goes through it once. A crash is a failure.
 */
#define INPUT_LIMIT ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int
is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool
replay(const char *folder, const char *name)
{
    char *path = mem_printf("%s/%s", folder, name);
    struct buffer bytes = {.limit = INPUT_LIMIT};
    struct error err = {0};
    bool is_read = file_read_whole(path, INPUT_LIMIT, &bytes, &err);
    if (is_read) {
        /* A copy of just this size, so that a sanitizer sees an overrun. */
        uint8_t *copy = mem_alloc(bytes.len + 1);
        memcpy(copy, buffer_text(&bytes), bytes.len);
        (void)LLVMFuzzerTestOneInput(copy, bytes.len);
        free(copy);
    }
    buffer_release(&bytes);
    free(path);
    return is_read;
}

int
main(int argc, char **argv)
{
    const char *source = getenv("srcdir");
    const char *slash = strrchr(argv[0], '/');
    struct dirent **entries;
    (void)argc;
    char *folder = mem_printf("%s/tests/fuzz/corpus/%s", source ? source : ".",
                              slash ? slash + 1 : argv[0]);
    int count = scandir(folder, &entries, is_input, alphasort);
    printf("1..%d\n", count < 1 ? 1 : count);
    if (count < 1) {
        printf("not ok 1 - a corpus in %s\n", folder);
    }
    for (int i = 0; i < count; i++) {
        bool ok = replay(folder, entries[i]->d_name);
        printf("%sok %d - %s\n", ok ? "" : "not ", i + 1, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    free(folder);
    return 0;
}
