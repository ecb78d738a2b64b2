/* SPDX-License-Identifier: Apache-2.0 */
#include "source/several_source.h"

#include "base/file.h"
#include "base/mem.h"
#include "source/source_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

struct several_source {
    struct source base;        /* first, as source_ops.h says */
    struct arena arena;        /* column names */
    struct source_spec one;    /* the spec of the file that is open */
    struct source *inner;      /* NULL: between two files */
    struct source_part *parts; /* of each stream: one a file */
    uint64_t *rows_before; /* of each stream, in the files that are through */
    uint64_t *rows;        /* of each, with the one that is open */
    uint64_t records, records_before;
    size_t at;                     /* the file that is open, or the next */
    struct source_position before; /* of the files that are through */
    uint64_t size;
};

/* Files that are through, in one hash with the one that is open. */
struct chained {
    uint64_t before[2], hash[2], bytes;
};

static void
chain(const struct source_position *before,
      const struct source_position *position, uint64_t hash[2])
{
    const struct chained chained = {
        .before = {before->hash[0], before->hash[1]},
        .hash = {position->hash[0], position->hash[1]},
        .bytes = position->hashed_bytes,
    };
    XXH128_hash_t digest = XXH3_128bits(&chained, sizeof chained);
    hash[0] = digest.high64;
    hash[1] = digest.low64;
}

static struct source_position
position(const struct source *base)
{
    const struct several_source *source = (const struct several_source *)base;
    struct source_position sum = source->before;
    if (source->inner != NULL) {
        struct source_position inner = source_position(source->inner);
        sum.bytes += inner.bytes;
        sum.rows += inner.rows;
        sum.hashed_bytes += inner.hashed_bytes;
        chain(&source->before, &inner, sum.hash);
    }
    return sum;
}

/* The open file's, of a stream. */
static struct source_part *
part_of(const struct several_source *source, size_t stream)
{
    return &source->parts[stream * source->base.spec->file_count + source->at];
}

static void
set_columns(struct several_source *source)
{
    size_t count = source_stream_count(source->inner);
    const struct columns *columns = source_columns(source->inner);
    struct arena *arena = &source->arena;
    source->base.streams =
        arena_array(arena, count, sizeof *source->base.streams);
    source->base.stream_count = count;
    source->rows = arena_array(arena, count, sizeof *source->rows);
    source->rows_before =
        arena_array(arena, count, sizeof *source->rows_before);
    source->parts = arena_array(arena, count * source->base.spec->file_count,
                                sizeof *source->parts);
    for (size_t i = 0; i < count * source->base.spec->file_count; i++) {
        source->parts[i].name =
            source->base.spec->files[i % source->base.spec->file_count].name;
    }
    for (size_t i = 0; i < count; i++) {
        struct columns *own = &source->base.streams[i];
        *own = columns[i];
        own->names =
            arena_array(arena, columns[i].count + 1, sizeof *own->names);
        for (size_t j = 0; j < columns[i].count; j++) {
            own->names[j] = arena_copy(arena, columns[i].names[j]);
        }
    }
}

/* Of XML all columns are the mapping's; a result file has one stream. */
static bool
check_columns(const struct several_source *source, struct error *err)
{
    const struct columns *first = source->base.streams;
    const struct columns *now = source_columns(source->inner);
    const struct source_file *files = source->base.spec->files;
    const char *name = files[source->at].path;
    if (source_stream_count(source->inner) != source->base.stream_count) {
        return error_set(err, ERROR_INPUT, 0,
                         "'%s' and '%s' are of different formats; files that "
                         "are read together need the same header "
                         "[other-header]",
                         name, files[0].path);
    }
    if (now->count != first->count) {
        return error_set(err, ERROR_INPUT, 0,
                         "'%s' has %zu columns, and '%s' has %zu; files that "
                         "are read together need the same header "
                         "[other-header]",
                         name, now->count, files[0].path, first->count);
    }
    for (size_t i = 0; i < now->count; i++) {
        struct slice theirs = first->names[i], own = now->names[i];
        if (!slice_equals(theirs, own)) {
            return error_set(
                err, ERROR_INPUT, 0,
                "column %zu of '%s' is '%.*s', and in '%s' it is '%.*s'; files "
                "that are read together need the same header [other-header]",
                i + 1, name, (int)(own.len < 80 ? own.len : 80), own.ptr,
                files[0].path, (int)(theirs.len < 80 ? theirs.len : 80),
                theirs.ptr);
        }
    }
    return true;
}

static bool
open_one(struct several_source *source, struct error *err)
{
    source->one.path = source->base.spec->files[source->at].path;
    source->inner = source_open(&source->one, err);
    return source->inner != NULL;
}

/* The header of each, so that a wrong one is told before a row is mapped. */
static bool
look_at_all(struct several_source *source, struct error *err)
{
    size_t count = source->base.spec->file_count;
    for (source->at = 0; source->at < count; source->at++) {
        if (!open_one(source, err)) {
            return false;
        }
        if (source->at == 0) {
            set_columns(source);
            snprintf(source->base.description, sizeof source->base.description,
                     "%.200s%s", source_description(source->inner),
                     count > 1 ? ", each of the files" : "");
        } else if (!check_columns(source, err)) {
            return false;
        }
        source->size += source_size(source->inner);
        source_close(source->inner);
        source->inner = NULL;
    }
    source->at = 0;
    return true;
}

static void
several_source_close(struct source *base)
{
    struct several_source *source = (struct several_source *)base;
    source_close(source->inner);
    arena_release(&source->arena);
    free(source->base.name);
    free(source);
}

static const struct source_ops ops;

struct source *
several_source_open(const struct source_spec *spec, struct error *err)
{
    struct several_source *source = mem_zalloc(sizeof *source);
    source->base.ops = &ops;
    source->base.spec = spec;
    source->base.name = mem_strdup(spec->path);
    source->one = *spec;
    source->one.files = NULL;
    source->one.file_count = 0;
    if (!look_at_all(source, err)) {
        several_source_close(&source->base);
        return NULL;
    }
    return &source->base;
}

/* The next file; it may have changed since all were looked at. */
static bool
begin_file(struct several_source *source, struct error *err)
{
    if (!open_one(source, err) || !check_columns(source, err)) {
        return false;
    }
    for (size_t i = 0; i < source->base.stream_count; i++) {
        *part_of(source, i) = (struct source_part){
            .name = source->base.spec->files[source->at].name,
            .first_row = source->rows_before[i] + 1};
    }
    return true;
}

static void
end_file(struct several_source *source)
{
    source->before = position(&source->base);
    source->records_before = source->records;
    for (size_t i = 0; i < source->base.stream_count; i++) {
        source->rows_before[i] = source->rows[i];
    }
    source_close(source->inner);
    source->inner = NULL;
    source->at++;
}

/* Rows are numbered through, and so are the records around them. */
static void
take_stream(struct several_source *source, size_t stream, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct record *record = &batch->records[i];
        record->row += source->rows_before[stream];
        if (record->outer > 0) {
            record->outer += source->records_before;
        }
        source->rows[stream] = record->row;
        uint64_t number = record->outer > 0 ? record->outer : record->row;
        source->records = number > source->records ? number : source->records;
    }
    struct source_part *part = part_of(source, stream);
    part->rows = source->rows[stream] - source->rows_before[stream];
    part->bytes = source_position(source->inner).bytes;
    batch->file_name = part->name;
}

static void
take_rows(struct several_source *source, struct batch *batches)
{
    for (size_t i = 0; i < source->base.stream_count; i++) {
        take_stream(source, i, &batches[i]);
    }
}

static enum source_status
next(struct source *base, struct batch *batches, struct error *err)
{
    struct several_source *source = (struct several_source *)base;
    while (source->inner != NULL || source->at < base->spec->file_count) {
        if (source->inner == NULL && !begin_file(source, err)) {
            return SOURCE_FAILED;
        }
        enum source_status status = source_next(source->inner, batches, err);
        if (status == SOURCE_ROWS) {
            take_rows(source, batches);
        }
        if (status != SOURCE_END) {
            return status;
        }
        for (size_t i = 0; i < base->stream_count; i++) {
            part_of(source, i)->bytes = source_position(source->inner).bytes;
        }
        end_file(source);
    }
    for (size_t i = 0; i < base->stream_count; i++) {
        batch_reset(&batches[i]);
    }
    return SOURCE_END;
}

static uint64_t
size(const struct source *base)
{
    return ((const struct several_source *)base)->size;
}

static const struct source_part *
parts(const struct source *base, size_t stream, size_t *count)
{
    const struct several_source *source = (const struct several_source *)base;
    *count = base->spec->file_count;
    return &source->parts[stream * base->spec->file_count];
}

static const struct source_ops ops = {
    .next = next,
    .position = position,
    .size = size,
    .parts = parts,
    .close = several_source_close,
};
