/* SPDX-License-Identifier: Apache-2.0 */
#include "source/archive.h"

#include "base/mem.h"
#include "source/zip_header.h"

#include <stdlib.h>
#include <zlib.h>

#define STORED_WINDOW_SIZE ((size_t)64 * 1024)
#define GZIP_ONLY (16 + MAX_WBITS) /* inflateInit2's ways to say it */
#define RAW_DEFLATE (-MAX_WBITS)
#define SIGNATURE_SIZE 4
#define NAME_SHOWN 80

#define LOCAL_HEADER "PK\x03\x04"
#define CENTRAL_HEADER "PK\x01\x02"
#define CENTRAL_END "PK\x05\x06"
#define SPLIT_MARK "PK\x07\x08" /* of a split archive; or a descriptor's */

struct archive {
    enum archive_form form;
    struct stored *stored;
    char *bytes; /* of stored, read and not used */
    size_t begin, end, capacity;
    bool stored_ended, ended;
    bool in_member;
    bool had_member; /* that counts */

    z_stream inflater;
    uint64_t packed_left; /* of a member that is not deflated */
    struct zip_header header;
    bool is_aside; /* the member's bytes are passed over */
    uint32_t crc, size;
};

enum archive_form
archive_form(struct slice head)
{
    return slice_begins(head, "\x1f\x8b") ? ARCHIVE_GZIP
           : slice_begins(head, LOCAL_HEADER) ||
                   slice_begins(head, SPLIT_MARK) ||
                   slice_begins(head, CENTRAL_END)
               ? ARCHIVE_ZIP
               : ARCHIVE_NONE;
}

struct archive *
archive_open(enum archive_form form, struct stored *stored, struct slice head)
{
    struct archive *archive = mem_zalloc(sizeof *archive);
    archive->form = form;
    archive->stored = stored;
    archive->capacity = head.len + STORED_WINDOW_SIZE;
    archive->bytes = mem_alloc(archive->capacity);
    memcpy(archive->bytes, head.ptr, head.len);
    archive->end = head.len;
    int window = form == ARCHIVE_GZIP ? GZIP_ONLY : RAW_DEFLATE;
    if (inflateInit2(&archive->inflater, window) != Z_OK) {
        mem_exhausted();
    }
    return archive;
}

static bool
tell(const struct archive *archive, struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, 0, "the source '%s' %s [source-form]",
                     archive->stored->name, what);
}

static bool
tell_cut(const struct archive *archive, struct error *err)
{
    return tell(archive, err,
                "ends in the middle of packed data; fetch it again");
}

static size_t
at_hand(const struct archive *archive)
{
    return archive->end - archive->begin;
}

/* Reads until so many bytes are at hand, or nothing is left. */
static bool
need(struct archive *archive, size_t len, struct error *err)
{
    while (at_hand(archive) < len && !archive->stored_ended) {
        size_t have = at_hand(archive), got;
        memmove(archive->bytes, archive->bytes + archive->begin, have);
        archive->begin = 0;
        archive->end = have;
        if (archive->capacity < have + STORED_WINDOW_SIZE) {
            archive->capacity = have + STORED_WINDOW_SIZE;
            archive->bytes = mem_realloc(archive->bytes, archive->capacity);
        }
        if (!stored_read(archive->stored, archive->bytes + have,
                         STORED_WINDOW_SIZE, &got, err)) {
            return false;
        }
        archive->end += got;
        archive->stored_ended = got < STORED_WINDOW_SIZE;
    }
    return true;
}

/* So that the hash is of all that is stored. */
static bool
pass_the_rest(struct archive *archive, struct error *err)
{
    archive->ended = true;
    do {
        archive->begin = archive->end = 0;
        if (!need(archive, 1, err)) {
            return false;
        }
    } while (!archive->stored_ended);
    return true;
}

static const char *
at(const struct archive *archive)
{
    return archive->bytes + archive->begin;
}

static bool
is_next(const struct archive *archive, const char *signature, size_t len)
{
    return at_hand(archive) >= len && memcmp(at(archive), signature, len) == 0;
}

/* Zeros that a tape adds are nothing. */
static bool
next_gzip(struct archive *archive, struct error *err)
{
    if (!need(archive, 2, err)) {
        return false;
    }
    if (is_next(archive, "\x1f\x8b", 2)) {
        archive->in_member = true;
        inflateReset(&archive->inflater);
        return true;
    }
    while (at_hand(archive) > 0) {
        if (*at(archive) != '\0') {
            return tell(archive, err,
                        "holds something behind its packed data; fetch it "
                        "again, or unpack it first");
        }
        archive->begin++;
        if (!need(archive, 1, err)) {
            return false;
        }
    }
    archive->ended = true;
    return true;
}

/* The header is known, its name and more follow. */
static bool
begin_member(struct archive *archive, struct error *err)
{
    size_t name_len = archive->header.name_len;
    size_t len = ZIP_HEADER_SIZE + name_len + archive->header.extra_len;
    if (!need(archive, len, err)) {
        return false;
    }
    if (at_hand(archive) < len) {
        return tell_cut(archive, err);
    }
    struct slice name = {at(archive) + ZIP_HEADER_SIZE, name_len};
    archive->is_aside = zip_header_is_aside(name);
    if (zip_header_is_workbook(name)) {
        return tell(archive, err,
                    "is a workbook; save its sheet as CSV UTF-8 in Excel");
    }
    const char *trouble = zip_header_trouble(&archive->header);
    if (!archive->is_aside && archive->had_member) {
        trouble = "is not the only file in it; unpack the one that is meant";
    }
    if (trouble != NULL) {
        return error_set(err, ERROR_INPUT, 0,
                         "'%.*s' in the zip archive '%s' %s [source-form]",
                         (int)(name_len < NAME_SHOWN ? name_len : NAME_SHOWN),
                         name.ptr, archive->stored->name, trouble);
    }
    archive->begin += len;
    archive->in_member = true;
    archive->had_member |= !archive->is_aside;
    archive->packed_left = archive->header.packed_size;
    archive->crc = (uint32_t)crc32(0, NULL, 0);
    archive->size = 0;
    inflateReset(&archive->inflater);
    return true;
}

static bool
next_zip(struct archive *archive, struct error *err)
{
    if (!need(archive, ZIP_HEADER_SIZE, err)) {
        return false;
    }
    if (is_next(archive, LOCAL_HEADER, SIGNATURE_SIZE) &&
        at_hand(archive) >= ZIP_HEADER_SIZE) {
        archive->header = zip_header_parse(at(archive));
        return begin_member(archive, err);
    }
    if (is_next(archive, CENTRAL_HEADER, SIGNATURE_SIZE) ||
        is_next(archive, CENTRAL_END, SIGNATURE_SIZE)) {
        return archive->had_member
                   ? pass_the_rest(archive, err)
                   : tell(archive, err, "is a zip archive without a file");
    }
    if (at_hand(archive) < ZIP_HEADER_SIZE) {
        return tell_cut(archive, err);
    }
    return tell(archive, err,
                "is a zip archive that is split or broken; pack it anew");
}

/* What came out is what the archive says of it. */
static bool
end_zip_member(struct archive *archive, struct error *err)
{
    archive->in_member = false;
    if (archive->header.has_descriptor) {
        size_t len = SIGNATURE_SIZE + ZIP_DESCRIPTOR_SIZE;
        if (!need(archive, len, err)) {
            return false;
        }
        if (at_hand(archive) < len) {
            return tell_cut(archive, err);
        }
        archive->begin +=
            is_next(archive, SPLIT_MARK, SIGNATURE_SIZE) ? SIGNATURE_SIZE : 0;
        zip_header_descriptor(&archive->header, at(archive));
        archive->begin += ZIP_DESCRIPTOR_SIZE;
    }
    return (archive->header.crc == archive->crc &&
            archive->header.size == archive->size) ||
           tell(archive, err,
                "is damaged: its check sum differs; fetch it again");
}

static void
copy_some(struct archive *archive, char *bytes, size_t len, size_t *got)
{
    size_t some = at_hand(archive) < len ? at_hand(archive) : len;
    some = some < archive->packed_left ? some : (size_t)archive->packed_left;
    memcpy(bytes, at(archive), some);
    archive->begin += some;
    archive->packed_left -= some;
    *got = some;
}

static bool
inflate_some(struct archive *archive, char *bytes, size_t len, size_t *got,
             bool *member_ended, struct error *err)
{
    z_stream *inflater = &archive->inflater;
    inflater->next_in = (Bytef *)archive->bytes + archive->begin;
    inflater->avail_in = (uInt)at_hand(archive);
    inflater->next_out = (Bytef *)bytes;
    inflater->avail_out = (uInt)len;
    int done = inflate(inflater, Z_NO_FLUSH);
    archive->begin = archive->end - inflater->avail_in;
    *got = len - inflater->avail_out;
    *member_ended = done == Z_STREAM_END;
    if (done == Z_MEM_ERROR) {
        mem_exhausted();
    }
    return done == Z_OK || done == Z_STREAM_END || done == Z_BUF_ERROR ||
           tell(archive, err,
                "is damaged: it can't be unpacked; fetch it again");
}

/* A step within a member. */
static bool
read_member(struct archive *archive, char *bytes, size_t len, size_t *got,
            struct error *err)
{
    bool is_plain =
        archive->form == ARCHIVE_ZIP && archive->header.method == ZIP_AS_IT_IS;
    bool ended = is_plain && archive->packed_left == 0;
    *got = 0;
    if (!ended && !need(archive, 1, err)) {
        return false;
    }
    if (!ended && at_hand(archive) == 0) {
        return tell_cut(archive, err);
    }
    if (is_plain) {
        copy_some(archive, bytes, len, got);
        ended = archive->packed_left == 0;
    } else if (!inflate_some(archive, bytes, len, got, &ended, err)) {
        return false;
    }
    if (archive->form == ARCHIVE_GZIP) {
        archive->in_member = !ended;
        return true;
    }
    archive->crc =
        (uint32_t)crc32(archive->crc, (const Bytef *)bytes, (uInt)*got);
    archive->size += (uint32_t)*got;
    *got = archive->is_aside ? 0 : *got;
    return !ended || end_zip_member(archive, err);
}

bool
archive_read(struct archive *archive, char *bytes, size_t len, size_t *got,
             struct error *err)
{
    *got = 0;
    while (*got < len && !archive->ended) {
        bool done = true;
        if (archive->in_member) {
            size_t some;
            done = read_member(archive, bytes + *got, len - *got, &some, err);
            *got += done ? some : 0;
        } else if (archive->form == ARCHIVE_GZIP) {
            done = next_gzip(archive, err);
        } else {
            done = next_zip(archive, err);
        }
        if (!done) {
            return false;
        }
    }
    return true;
}

void
archive_close(struct archive *archive)
{
    if (archive != NULL) {
        inflateEnd(&archive->inflater);
        free(archive->bytes);
        free(archive);
    }
}
