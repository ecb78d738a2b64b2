/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/reject_writer.h"

static void
count(struct reject_writer *writer, enum outcome_fate fate)
{
    writer->rejected += fate == OUTCOME_REJECTED;
    writer->skipped += fate == OUTCOME_SKIPPED;
}

/*
 * How much of the file to keep. Behind what was synced a kill may have left
 * anything: a cut entry, zeros, or fates that will be decided again. So the
 * first that is damaged or out of order ends it; only a disk that can't be
 * read is a failure.
 */
static bool
find_size(struct reject_writer *writer, const char *path, uint64_t last_row,
          uint64_t *size, struct error *err)
{
    *size = 0;
    if (last_row == 0 || !file_exists(path)) {
        return true;
    }
    struct outcome_reader reader;
    if (!outcome_reader_open(&reader, path, err)) {
        return false;
    }
    struct outcome outcome;
    struct error cause = {0};
    uint64_t row = 0;
    while (outcome_reader_next(&reader, &outcome, &cause) == FILE_BYTES &&
           outcome.row > row && outcome.row <= last_row) {
        row = outcome.row;
        *size = reader.file.offset;
        count(writer, outcome.fate);
    }
    outcome_reader_close(&reader);
    if (cause.code != 0) {
        *err = cause;
    }
    return cause.code == 0;
}

bool
reject_writer_open(struct reject_writer *writer, const char *path,
                   uint64_t last_row, struct error *err)
{
    *writer = (struct reject_writer){.file = {.file = {.fd = -1}}};
    uint64_t size;
    return find_size(writer, path, last_row, &size, err) &&
           outcome_writer_open_append(&writer->file, path, size, err);
}

static bool
put(struct reject_writer *writer, const struct outcome *outcome,
    struct error *err)
{
    writer->is_synced = false;
    count(writer, outcome->fate);
    return outcome_writer_put(&writer->file, outcome, err);
}

bool
reject_writer_put(struct reject_writer *writer, const struct record *record,
                  struct error *err)
{
    const struct outcome outcome = {
        .row = record->row,
        .fate =
            record->fate == RECORD_SKIPPED ? OUTCOME_SKIPPED : OUTCOME_REJECTED,
        .code = slice_of(record->code),
        .message = record->reason,
    };
    return put(writer, &outcome, err);
}

bool
reject_writer_reject(struct reject_writer *writer, uint64_t row,
                     const char *code, const char *message, struct error *err)
{
    const struct outcome outcome = {
        .row = row,
        .fate = OUTCOME_REJECTED,
        .code = slice_of(code),
        .message = slice_of(message),
    };
    return put(writer, &outcome, err);
}

bool
reject_writer_sync(struct reject_writer *writer, struct error *err)
{
    uint64_t size;
    if (!writer->is_synced) {
        writer->is_synced = outcome_writer_sync(&writer->file, &size, err);
    }
    return writer->is_synced;
}

void
reject_writer_close(struct reject_writer *writer)
{
    outcome_writer_close(&writer->file);
}
