/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/file.h"
#include "source/archive.h"
#include "source/csv_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A CSV source of any bytes, packed or not, in any encoding, read twice: whole
 * windows and tiny ones must give the same rows and end the same way, and all
 * text is UTF-8. The first two bytes say how it is to be read.
 */
#define HOW_SIZE 2
#define ROW_BYTES_LIMIT 4096

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const encodings[] = {
    NULL,     "windows-1252", "ISO-8859-7",   "UTF-16",
    "UTF-32", "Shift_JIS",    "windows-1258", "UTF-7"};
static const char delimiters[] = {'\0', ',', ';', '\t', '^', 'x', ' ', '|'};

static void
check_text(struct slice text)
{
    if (slice_utf8_valid_len(text) != text.len) {
        __builtin_trap();
    }
}

static void
add_cells(struct buffer *all, const struct slice *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_text(cells[i]);
        buffer_printf(all, "%d:%zu:", cells[i].ptr != NULL, cells[i].len);
        buffer_append_slice(all, cells[i]);
    }
}

static void
add_record(struct buffer *all, const struct record *record)
{
    buffer_printf(all, "\n%d %d %d %zu ", (int)record->row, (int)record->line,
                  (int)record->fate, record->field_count);
    buffer_append_slice(all, record->reason);
    check_text(record->reason);
    add_cells(all, record->fields, record->field_count);
}

static enum error_kind
read_all(const struct source_spec *spec, size_t window, struct buffer *all)
{
    struct error err = {0};
    struct source *source = csv_source_open(spec, window, &err);
    struct batch batch = {0};
    if (source != NULL) {
        const struct columns *columns = source_columns(source);
        buffer_append_text(all, source_description(source));
        add_cells(all, columns->names, columns->count);
        while (source_next(source, &batch, &err) == SOURCE_ROWS) {
            for (size_t i = 0; i < batch.count; i++) {
                add_record(all, &batch.records[i]);
            }
        }
    }
    buffer_printf(all, "\n%d %s", (int)err.kind, err.text);
    batch_release(&batch);
    source_close(source);
    return err.kind;
}

static struct source_spec
how_to_read(const uint8_t *how, const char *path)
{
    return (struct source_spec){
        .format = "csv",
        .path = path,
        .encoding = encodings[how[0] & 7],
        .delimiter = delimiters[how[0] >> 3 & 7],
        .quote = (how[0] & 0x40) != 0 ? '\'' : '"',
        .no_quotes = (how[0] & 0x80) != 0,
        .has_header = true,
        .skip_lines = how[1] & 1,
        .comment = (how[1] & 2) != 0 ? "#!" : NULL,
        .ragged = (enum ragged_policy)((how[1] >> 2 & 3) % 3),
        .max_row_bytes = ROW_BYTES_LIMIT,
        .trim = (how[1] & 0x10) != 0,
    };
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const size_t windows[] = {1, 3, 17, 300};
    if (size < HOW_SIZE) {
        return 0;
    }
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || !file_write_all(fd, bytes + HOW_SIZE, size - HOW_SIZE)) {
        abort();
    }
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct source_spec spec = how_to_read(bytes, path);
    struct buffer whole = {0}, pieces = {0};
    enum error_kind one = read_all(&spec, 0, &whole);
    enum error_kind other = read_all(&spec, windows[bytes[1] >> 6], &pieces);
    /* Of a broken archive a larger window loses more. */
    struct slice text = {(const char *)bytes + HOW_SIZE, size - HOW_SIZE};
    bool is_broken = archive_form(text) != ARCHIVE_NONE && one != ERROR_NONE &&
                     other != ERROR_NONE;
    if (!is_broken &&
        !slice_equals(buffer_slice(&whole), buffer_slice(&pieces))) {
        printf("%s\n---\n%s\n", buffer_text(&whole), buffer_text(&pieces));
        fflush(stdout);
        __builtin_trap();
    }
    buffer_release(&whole);
    buffer_release(&pieces);
    close(fd);
    return 0;
}
