/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_writer.h"

#include "base/mem.h"
#include "model/csv_writer.h"
#include "model/row_key.h"
#include "stage/attach.h"
#include "stage/order/links.h"

#include <limits.h>
#include <stdlib.h>

#define FILE_LIMIT ((size_t)3000000) /* bytes; a row of 4 MB is too long */

void
chunk_writer_init(struct chunk_writer *writer, const char *run_folder,
                  const struct load *load, uint32_t load_index,
                  const struct chunk_limits *limits, uint32_t last_number,
                  struct compressor *compressor)
{
    *writer = (struct chunk_writer){
        .run_folder = run_folder,
        .load = load,
        .compressor = compressor,
        .chunk = {.load = load_index,
                  .number = last_number,
                  .gzip = compressor != NULL},
        .links = {.file = {.fd = -1}},
        .link_count = links_key_count(load),
        .link_keys =
            mem_array(links_key_count(load), sizeof *writer->link_keys),
        .sent = mem_array(load->column_count, sizeof *writer->sent),
        .attached = {.limit = SIZE_MAX},
        .has_files = load_has_files(load),
    };
    struct chunk_limits usable = *limits;
    usable.rows = usable.rows ? usable.rows : UINT64_MAX;
    usable.bytes = usable.bytes ? usable.bytes : UINT64_MAX;
    chunk_rule_open(&writer->rule, &usable, load);
    writer->output.block.limit = SIZE_MAX; /* a block and the longest row */
}

/* Its line at the block's end; the bytes it takes. */
static size_t
spell(struct buffer *block, const struct slice *fields, size_t count)
{
    size_t begin = block->len;
    csv_writer_cells(block, fields, count);
    if (block->len == begin) {
        /* One column without a value: a blank line would be no record. */
        buffer_append_text(block, "\"\"");
    }
    buffer_append_char(block, '\n');
    return block->len - begin;
}

static bool
has_cleared(const struct slice *fields, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found |= fields[i].len == 0 && fields[i].ptr != NULL;
    }
    return found;
}

/* Fields as Bulk spells them: #N/A for what is to be cleared. */
static const struct slice *
spell_cleared(struct chunk_writer *writer, const struct slice *fields)
{
    size_t count = writer->load->column_count;
    if (!has_cleared(fields, count)) {
        return fields;
    }
    for (size_t i = 0; i < count; i++) {
        bool cleared = fields[i].len == 0 && fields[i].ptr != NULL;
        writer->sent[i] = cleared ? SLICE_LITERAL("#N/A") : fields[i];
    }
    return writer->sent;
}

/* Puts fields into writer->sent, which fields may be, with the bytes of files
 * for their paths. */
static bool
attach_files(struct chunk_writer *writer, const struct slice *fields,
             struct error *err)
{
    const struct load *load = writer->load;
    struct buffer *text = &writer->attached;
    buffer_reset(text);
    for (size_t i = 0; i < load->column_count; i++) {
        bool is_path = load->columns[i].is_file && fields[i].len > 0 &&
                       !slice_is(fields[i], "#N/A");
        size_t begin = text->len;
        if (is_path && !attach_append(text, fields[i], FILE_LIMIT, err)) {
            return error_add_context(err, "'%s'", load->columns[i].name);
        }
        /* A place until all stand: the text may move as it grows. */
        writer->sent[i] =
            is_path ? (struct slice){NULL, text->len - begin} : fields[i];
    }
    size_t begin = 0;
    for (size_t i = 0; i < load->column_count; i++) {
        if (writer->sent[i].ptr == NULL && writer->sent[i].len > 0) {
            writer->sent[i].ptr = text->bytes + begin;
            begin += writer->sent[i].len;
        }
    }
    return true;
}

/* Appends the value with its line ends as LF. */
static void
mend(struct buffer *text, struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool pair = c == '\r' && i + 1 < value.len && value.ptr[i + 1] == '\n';
        if (!pair) {
            buffer_append_char(text, c == '\r' ? '\n' : c);
        }
    }
}

/* Puts fields whose values hold no CR into writer->sent, which fields may be;
 * how many were changed. */
static uint64_t
mend_fields(struct chunk_writer *writer, const struct slice *fields)
{
    size_t count = writer->load->column_count, total = 1;
    uint64_t changed = 0;
    for (size_t i = 0; i < count; i++) {
        total += fields[i].len;
    }
    writer->mended_text.limit = SIZE_MAX;
    buffer_reset(&writer->mended_text);
    /* So much is reserved that the text never moves. */
    buffer_reserve(&writer->mended_text, total);
    for (size_t i = 0; i < count; i++) {
        writer->sent[i] = fields[i];
        if (fields[i].len == 0 ||
            memchr(fields[i].ptr, '\r', fields[i].len) == NULL) {
            continue;
        }
        size_t begin = writer->mended_text.len;
        mend(&writer->mended_text, fields[i]);
        writer->sent[i] = (struct slice){writer->mended_text.bytes + begin,
                                         writer->mended_text.len - begin};
        changed++;
    }
    return changed;
}

static bool
is_too_long(const struct chunk_writer *writer, size_t size)
{
    const struct chunk_limits *limits = &writer->rule.limits;
    const struct buffer *block = &writer->output.block;
    if (writer->rule.header_size + size > limits->bytes) {
        return true;
    }
    struct slice line = {block->bytes + block->len - size, size - 1};
    return limits->row_characters > 0 && line.len > limits->row_characters &&
           slice_utf8_count(line) > limits->row_characters;
}

/* XML 1.0, "Char": no control characters but three, and not the last two of
 * the plane. A row is valid UTF-8, so surrogates don't occur. */
unsigned
chunk_writer_not_xml(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < ' ' && c != '\t' && c != '\n' && c != '\r') {
            return c == 0 ? UINT_MAX : c;
        }
        if (c == 0xEF && i + 2 < value.len &&
            (unsigned char)value.ptr[i + 1] == 0xBF &&
            (unsigned char)value.ptr[i + 2] >= 0xBE) {
            return (unsigned char)value.ptr[i + 2] == 0xBE ? 0xFFFE : 0xFFFF;
        }
    }
    return 0;
}

static bool
is_not_xml(const struct chunk_writer *writer, size_t size)
{
    const struct buffer *block = &writer->output.block;
    struct slice line = {block->bytes + block->len - size, size};
    return writer->rule.limits.is_xml && chunk_writer_not_xml(line) != 0;
}

static bool
begin_chunk(struct chunk_writer *writer, uint64_t row, struct error *err)
{
    writer->chunk.number++;
    writer->chunk.first_row = row;
    chunk_rule_begin(&writer->rule);
    if (writer->link_count > 0) {
        char *path = chunk_path(writer->run_folder, writer->load->name,
                                &writer->chunk, CHUNK_LINKS);
        bool done = row_index_writer_open(&writer->links, path, err);
        free(path);
        if (!done) {
            return false;
        }
    }
    return chunk_output_open(&writer->output, writer->run_folder,
                             writer->load->name, &writer->chunk,
                             writer->compressor, err);
}

static bool
add_links(struct chunk_writer *writer, const struct record *record,
          const struct slice *sent, struct error *err)
{
    if (writer->link_count == 0) {
        return true;
    }
    links_keys(writer->load, sent, record->lock_group, writer->link_keys);
    return links_put(&writer->links, record->row, writer->link_keys,
                     writer->link_count, err);
}

static bool
add(struct chunk_writer *writer, const struct record *record,
    const struct slice *sent, size_t size, struct error *err)
{
    if (writer->chunk.rows == 0 && !begin_chunk(writer, record->row, err)) {
        return false;
    }
    chunk_rule_add(&writer->rule, size);
    writer->chunk.rows++;
    writer->chunk.last_row = record->row;
    struct row_index_entry entry = {
        row_key_of(writer->load, sent, ROW_KEY_EXACT), record->row};
    return add_links(writer, record, sent, err) &&
           row_index_writer_put(&writer->output.index, &entry, err) &&
           (writer->output.block.len < CHUNK_OUTPUT_BLOCK_SIZE ||
            chunk_output_flush(&writer->output, err));
}

enum chunk_put
chunk_writer_put(struct chunk_writer *writer, const struct record *record,
                 struct error *err)
{
    struct buffer *block = &writer->output.block;
    if (writer->chunk.rows == 0) {
        buffer_reset(block);
        chunk_output_header(block, writer->load);
    }
    size_t begin = block->len, count = writer->load->column_count;
    const struct slice *sent = spell_cleared(writer, record->fields);
    if (writer->has_files) {
        if (!attach_files(writer, sent, err)) {
            return CHUNK_FAILED;
        }
        sent = writer->sent;
    }
    size_t size = spell(block, sent, count);
    uint64_t changed = 0;
    if (memchr(block->bytes + begin, '\r', size) != NULL) {
        changed = mend_fields(writer, sent);
        sent = writer->sent;
        block->len = begin;
        size = spell(block, sent, count);
    }
    enum chunk_put refused =
        is_not_xml(writer, size)    ? CHUNK_ROW_NOT_XML
        : is_too_long(writer, size) ? CHUNK_ROW_TOO_LONG
        : writer->chunk.rows > 0 && chunk_rule_ends_before(&writer->rule, size)
            ? CHUNK_FULL
            : CHUNK_ADDED;
    if (refused != CHUNK_ADDED) {
        block->len = begin;
        return refused;
    }
    writer->line_ends_changed += changed;
    return add(writer, record, sent, size, err) ? CHUNK_ADDED : CHUNK_FAILED;
}

bool
chunk_writer_finish(struct chunk_writer *writer, struct chunk *chunk,
                    struct error *err)
{
    *chunk = writer->chunk;
    if (chunk->rows == 0) {
        return true;
    }
    /* The index comes last: where it stands, the chunk is whole. */
    if ((writer->link_count > 0 &&
         !row_index_writer_commit(&writer->links, err)) ||
        !chunk_output_commit(&writer->output, err)) {
        return false;
    }
    chunk->bytes = writer->output.written;
    writer->chunk.rows = 0;
    return true;
}

void
chunk_writer_release(struct chunk_writer *writer)
{
    chunk_output_close(&writer->output);
    row_index_writer_close(&writer->links);
    buffer_release(&writer->mended_text);
    buffer_release(&writer->attached);
    free(writer->sent);
    free(writer->link_keys);
    *writer = (struct chunk_writer){0};
}
