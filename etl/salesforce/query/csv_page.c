/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/query/csv_page.h"

#include "base/buffer.h"
#include "base/mem.h"

#include <csv.h>
#include <stdlib.h>

#define CELL_BLOCK_BYTES 4096
#define COLUMNS_LIMIT 6000 /* BULK_RECORD_FIELDS, and then some */

struct reading {
    const struct csv_page *page;
    struct csv_parser parser;
    struct buffer text; /* the row's cells, one behind another */
    size_t *ends;       /* of each cell in text */
    size_t cell_count, capacity;
    size_t *places; /* of each field among the columns */
    size_t column_count;
    struct slice *values;
    uint64_t rows;
    bool has_header, gives;
    bool stopped; /* with the error, or cut */
    struct error *err;
};

static int
keep_blanks(unsigned char c)
{
    (void)c;
    return 0; /* libcsv trims what this calls a space */
}

static bool
cut(struct reading *reading, const char *why)
{
    reading->stopped = true;
    return error_set(reading->err, ERROR_NETWORK, 0,
                     "query.result: the page of records is cut: %s", why);
}

static void
on_cell(void *bytes, size_t len, void *cookie)
{
    struct reading *reading = cookie;
    if (reading->stopped) {
        return;
    }
    if (reading->cell_count == reading->capacity) {
        reading->capacity = reading->capacity ? reading->capacity * 2 : 64;
        reading->ends = mem_realloc_array(reading->ends, reading->capacity,
                                          sizeof *reading->ends);
    }
    if (reading->cell_count == COLUMNS_LIMIT ||
        !buffer_append(&reading->text, bytes ? bytes : "", len)) {
        cut(reading, "a row is too long");
        return;
    }
    reading->ends[reading->cell_count++] = reading->text.len;
}

static struct slice
cell(const struct reading *reading, size_t index)
{
    size_t begin = index > 0 ? reading->ends[index - 1] : 0;
    return (struct slice){reading->text.bytes + begin,
                          reading->ends[index] - begin};
}

static bool
equals_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        char x = a.ptr[i], y = b.ptr[i];
        x = (char)(x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x);
        y = (char)(y >= 'A' && y <= 'Z' ? y - 'A' + 'a' : y);
        if (x != y) {
            return false;
        }
    }
    return true;
}

static void
take_header(struct reading *reading)
{
    reading->has_header = true;
    reading->column_count = reading->cell_count;
    for (size_t i = 0; i < reading->page->field_count; i++) {
        size_t at = 0;
        while (at < reading->cell_count &&
               !equals_nocase(cell(reading, at), reading->page->fields[i])) {
            at++;
        }
        if (at == reading->cell_count) {
            cut(reading, "a column is missing");
            return;
        }
        reading->places[i] = at;
    }
}

static void
take_row(struct reading *reading)
{
    const struct csv_page *page = reading->page;
    if (reading->cell_count != reading->column_count) {
        cut(reading, "a row has another number of cells than the header");
        return;
    }
    reading->rows++;
    if (!reading->gives) {
        return;
    }
    for (size_t i = 0; i < page->field_count; i++) {
        struct slice value = cell(reading, reading->places[i]);
        reading->values[i] = value.len > 0 ? value : (struct slice){NULL, 0};
    }
    reading->stopped =
        !page->on_record(page->cookie, reading->values, reading->err);
}

static void
on_row(int end, void *cookie)
{
    struct reading *reading = cookie;
    (void)end;
    if (reading->stopped) {
        return;
    }
    if (reading->has_header) {
        take_row(reading);
    } else {
        take_header(reading);
    }
    reading->cell_count = 0;
    buffer_reset(&reading->text);
}

static void
parse(struct reading *reading)
{
    struct slice bytes = reading->page->bytes;
    size_t taken = csv_parse(&reading->parser, bytes.ptr, bytes.len, on_cell,
                             on_row, reading);
    if (taken != bytes.len) {
        cut(reading, "a quote stands where none may");
    } else if (csv_fini(&reading->parser, on_cell, on_row, reading) != 0) {
        cut(reading, "it ends inside quotes");
    }
}

static bool
read_page(const struct csv_page *page, bool gives, struct error *err)
{
    struct reading reading = {.page = page, .gives = gives, .err = err};
    if (csv_init(&reading.parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        mem_exhausted();
    }
    csv_set_space_func(&reading.parser, keep_blanks);
    csv_set_blk_size(&reading.parser, CELL_BLOCK_BYTES);
    reading.places = mem_array(page->field_count, sizeof(size_t));
    reading.values = mem_array(page->field_count, sizeof(struct slice));
    parse(&reading);
    bool counted =
        page->announced < 0 || reading.rows == (uint64_t)page->announced;
    if (!reading.stopped && !counted) {
        cut(&reading, "it has not the announced number of rows");
    }
    csv_free(&reading.parser);
    buffer_release(&reading.text);
    free(reading.ends);
    free(reading.places);
    free(reading.values);
    return !reading.stopped;
}

bool
csv_page_read(const struct csv_page *page, struct error *err)
{
    return read_page(page, true, err);
}

bool
csv_page_check(const struct csv_page *page, struct error *err)
{
    return read_page(page, false, err);
}
