/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

#include "base/suggest.h"
#include "source/several_source.h"
#include "source/source_ops.h"

static const struct source_ops *const formats[] = {&csv_source_ops,
                                                   &xml_source_ops};
#define FORMAT_COUNT (sizeof formats / sizeof *formats)

const struct source_ops *
source_format(const struct source_spec *spec, struct error *err)
{
    const char *format = spec->format ? spec->format : "csv";
    const char *names[FORMAT_COUNT];
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (slice_is(slice_of(format), formats[i]->format)) {
            return formats[i];
        }
        names[i] = formats[i]->format;
    }
    char phrase[SUGGEST_SIZE];
    error_set(err, ERROR_CONFIG, 0,
              "the source format '%s' is not read by this version%s",
              spec->format,
              suggest_phrase(phrase, slice_of(format), names, FORMAT_COUNT));
    return NULL;
}

struct source *
source_open(const struct source_spec *spec, struct error *err)
{
    const struct source_ops *format = source_format(spec, err);
    if (format == NULL) {
        return NULL;
    }
    return spec->files != NULL ? several_source_open(spec, err)
                               : format->open(spec, err);
}

size_t
source_stream_count(const struct source *source)
{
    return source->streams != NULL ? source->stream_count : 1;
}

const struct columns *
source_columns(const struct source *source)
{
    return source->streams != NULL ? source->streams : &source->columns;
}

const char *
source_description(const struct source *source)
{
    return source->description;
}

const char *
source_name(const struct source *source)
{
    return source->name;
}

enum source_status
source_next(struct source *source, struct batch *batches, struct error *err)
{
    return source->ops->next(source, batches, err);
}

struct source_position
source_position(const struct source *source)
{
    return source->ops->position(source);
}

uint64_t
source_size(const struct source *source)
{
    return source->ops->size(source);
}

const struct source_part *
source_parts(const struct source *source, size_t stream, size_t *count)
{
    *count = 0;
    return source->ops->parts ? source->ops->parts(source, stream, count)
                              : NULL;
}

void
source_close(struct source *source)
{
    if (source != NULL) {
        source->ops->close(source);
    }
}
