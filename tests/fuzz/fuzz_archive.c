/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/file.h"
#include "source/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A source of any bytes, unpacked where it is packed, in whole windows and in
 * tiny ones: the same bytes must come, and it ends in the same way; of one that
 * fails, less may come with larger windows.
 */
#define UNPACKED_LIMIT ((size_t)1 << 20) /* a bomb is read no further */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool
read_all(const char *path, size_t window, struct buffer *all)
{
    struct error err = {0};
    struct input input = {0};
    bool done = input_open(&input, path, window, 0, &err);
    if (!done) {
        return false;
    }
    while (done && all->len < UNPACKED_LIMIT) {
        struct slice text = input_text(&input);
        buffer_append_slice(all, text);
        input_take(&input, text.len);
        if (input.at_end) {
            break;
        }
        done = input_fill(&input, &err);
    }
    if (done != (err.kind == ERROR_NONE)) {
        abort();
    }
    input_close(&input);
    return done;
}

static void
compare(const char *path, size_t window)
{
    struct buffer whole = {0}, pieces = {0};
    bool one = read_all(path, 0, &whole);
    bool other = read_all(path, window, &pieces);
    size_t least = whole.len < pieces.len ? whole.len : pieces.len;
    bool is_cut = whole.len >= UNPACKED_LIMIT || pieces.len >= UNPACKED_LIMIT;
    if ((one != other && !is_cut) ||
        (one && other && !is_cut && whole.len != pieces.len) ||
        (least > 0 &&
         memcmp(buffer_text(&whole), buffer_text(&pieces), least) != 0)) {
        abort();
    }
    buffer_release(&whole);
    buffer_release(&pieces);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const size_t windows[] = {1, 3, 17, 300};
    char path[64];
    if (size < 1) {
        return 0;
    }
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || !file_write_all(fd, bytes + 1, size - 1)) {
        abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    compare(path, windows[bytes[0] % 4]);
    close(fd);
    return 0;
}
