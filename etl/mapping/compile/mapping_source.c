/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_source.h"

#include "base/suggest.h"
#include "mapping/compile/mapping_shape.h"
#include "mapping/compile/mapping_xml.h"

#include <iconv.h>
#include <stdio.h>

#define SKIP_LINES_MOST 1000000
#define ROW_BYTES_LEAST 1024
#define ROW_BYTES_MOST ((uint64_t)1 << 30)
#define COMMENT_LIMIT 16
#define ENCODING_LIMIT 64
#define PARAMS_SHOWN 32 /* compared for a suggestion */

struct source_reading {
    struct source_spec *spec;
    struct source_shapes *shapes;
    const struct yaml_pair *path, *files, *record, *namespaces;
    struct place delimiter_place;
};

static void
take_format(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    static const char *const words[] = {"csv", "xml"};
    struct source_reading *reading = into;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 2, &index)) {
        reading->spec->format = words[index];
    }
}

static void
take_record(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    (void)reader;
    ((struct source_reading *)into)->record = pair;
}

static void
take_namespaces(struct mapping_reader *reader, void *into,
                const struct yaml_pair *pair)
{
    (void)reader;
    ((struct source_reading *)into)->namespaces = pair;
}

static void
take_path(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)reader;
    reading->path = pair;
}

static void
take_delimiter(struct mapping_reader *reader, void *into,
               const struct yaml_pair *pair)
{
    static const struct {
        const char *word;
        char sign;
    } words[] = {
        {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}};
    struct source_reading *reading = into;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    reading->delimiter_place = mapping_reader_place(pair->value);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (slice_is(text, words[i].word)) {
            reading->spec->delimiter = words[i].sign;
            return;
        }
    }
    char sign = text.len == 1 ? text.ptr[0] : '\0';
    bool is_word = (sign >= '0' && sign <= '9') ||
                   ((sign | 0x20) >= 'a' && (sign | 0x20) <= 'z');
    if ((sign <= ' ' && sign != '\t') || sign == 0x7F || is_word) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value",
                    "it is one ASCII sign, or comma, semicolon, tab or pipe",
                    "'delimiter' can't be '%.80s'", text.ptr);
        return;
    }
    reading->spec->delimiter = sign;
}

static void
take_quote(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    if (slice_is(text, "none")) {
        reading->spec->no_quotes = true;
        return;
    }
    if (text.len != 1 || text.ptr[0] <= ' ' || text.ptr[0] == 0x7F) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value", "it is one ASCII sign, or none",
                    "'quote' can't be '%.80s'", text.ptr);
        return;
    }
    reading->spec->quote = text.ptr[0];
}

static void
take_encoding(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    static const char *const usual[] = {
        "UTF-8",        "UTF-16LE",     "UTF-16BE",     "windows-1250",
        "windows-1251", "windows-1252", "windows-1253", "windows-1254",
        "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-7",
        "ISO-8859-9",   "ISO-8859-15",  "CP437",        "CP850",
        "Shift_JIS",    "EUC-JP",       "GBK",          "GB18030",
        "BIG5",         "EUC-KR",       "MACINTOSH",    "KOI8-R"};
    struct source_reading *reading = into;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    iconv_t converter = (iconv_t)-1;
    if (text.len <= ENCODING_LIMIT && memchr(text.ptr, '/', text.len) == NULL) {
        converter = iconv_open("UTF-8", text.ptr);
    }
    if (converter != (iconv_t)-1) {
        iconv_close(converter);
        reading->spec->encoding = text.ptr;
        return;
    }
    char near[SUGGEST_SIZE], help[SUGGEST_SIZE + 80];
    suggest_phrase(near, text, usual, sizeof usual / sizeof *usual);
    snprintf(help, sizeof help, "'iconv -l' lists those that can be read%s",
             near);
    problem_add(reader->problems, pair->value->line, pair->value->column,
                "source-encoding", help, "the encoding '%.80s' is not known",
                text.ptr);
}

static void
take_header(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    struct text_list names;
    if (pair->value->kind == YAML_TEXT) {
        bool has_header;
        if (mapping_reader_switch(reader, pair, &has_header) && !has_header) {
            problem_add(reader->problems, pair->value->line,
                        pair->value->column, "wrong-value",
                        "for a file without a header give the names of its "
                        "columns, as in header: [Id, Name]",
                        "'header' can't be '%s'", pair->value->text.ptr);
        }
    } else if (mapping_reader_texts(reader, pair, &names)) {
        if (names.count == 0) {
            problem_add(reader->problems, pair->value->line,
                        pair->value->column, "missing-value",
                        "give the names of the columns",
                        "'header' is an empty list");
        }
        reading->spec->has_header = false;
        reading->spec->header = names.items;
        reading->spec->header_count = names.count;
    }
}

static void
take_skip_lines(struct mapping_reader *reader, void *into,
                const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    uint64_t lines;
    if (mapping_reader_number(reader, pair, 0, SKIP_LINES_MOST, &lines)) {
        reading->spec->skip_lines = (size_t)lines;
    }
}

static void
take_comment(struct mapping_reader *reader, void *into,
             const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return;
    }
    if (text.len == 0 || text.len > COMMENT_LIMIT) {
        problem_add(reader->problems, pair->value->line, pair->value->column,
                    "wrong-value",
                    "it is what comment lines begin with, as in \"#\"",
                    "'comment' can't be '%.80s'", text.ptr);
        return;
    }
    reading->spec->comment = text.ptr;
}

static void
take_ragged(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    static const char *const words[] = {"error", "reject", "pad"};
    static const enum ragged_policy policies[] = {RAGGED_ERROR, RAGGED_REJECT,
                                                  RAGGED_PAD};
    struct source_reading *reading = into;
    size_t index;
    if (mapping_reader_word(reader, pair, words, 3, &index)) {
        reading->spec->ragged = policies[index];
    }
}

static void
take_max_row_bytes(struct mapping_reader *reader, void *into,
                   const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    uint64_t size;
    if (mapping_reader_size(reader, pair, ROW_BYTES_LEAST, ROW_BYTES_MOST,
                            &size)) {
        reading->spec->max_row_bytes = (size_t)size;
    }
}

static void
take_trim(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_reader_switch(reader, pair, &reading->spec->trim);
}

static void
take_null_values(struct mapping_reader *reader, void *into,
                 const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_reader_texts(reader, pair, &reading->shapes->null_values);
}

static void
take_clear_values(struct mapping_reader *reader, void *into,
                  const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_reader_texts(reader, pair, &reading->shapes->clear_values);
}

static void
take_number(struct mapping_reader *reader, void *into,
            const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_shape_number(reader, pair, &reading->shapes->number);
    /* Also when it is wrong, so that no field complains of its absence. */
    reading->shapes->has_number = true;
}

static void
take_date(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_shape_patterns(reader, pair, &reading->shapes->dates,
                                 &reading->shapes->date_count);
    reading->shapes->has_date = true;
}

static void
take_datetime(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_shape_patterns(reader, pair, &reading->shapes->datetimes,
                                 &reading->shapes->datetime_count);
    reading->shapes->has_datetime = true;
}

static void
take_timezone(struct mapping_reader *reader, void *into,
              const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)mapping_shape_zone(reader, pair, &reading->shapes->zone);
    reading->shapes->has_zone = true;
}

static void
take_files(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct source_reading *reading = into;
    (void)reader;
    reading->files = pair;
}

static const struct mapping_key source_keys[] = {
    {"format", take_format},
    {"path", take_path},
    {"delimiter", take_delimiter},
    {"quote", take_quote},
    {"encoding", take_encoding},
    {"header", take_header},
    {"skip_lines", take_skip_lines},
    {"comment", take_comment},
    {"ragged", take_ragged},
    {"max_row_bytes", take_max_row_bytes},
    {"trim", take_trim},
    {"null_values", take_null_values},
    {"clear_values", take_clear_values},
    {"number", take_number},
    {"date", take_date},
    {"datetime", take_datetime},
    {"timezone", take_timezone},
    {"record", take_record},
    {"namespaces", take_namespaces},
    {"files", take_files},
};

static const struct mapping_param *
find_param(const struct mapping *mapping, struct slice name)
{
    for (size_t i = 0; i < mapping->param_count; i++) {
        if (slice_equals(mapping->params[i].name, name)) {
            return &mapping->params[i];
        }
    }
    return NULL;
}

static bool
refuse_param(struct mapping_reader *reader, const struct yaml_node *node,
             struct slice name)
{
    const struct mapping *mapping = reader->mapping;
    const char *names[PARAMS_SHOWN];
    char near[SUGGEST_SIZE];
    size_t count = mapping->param_count < PARAMS_SHOWN ? mapping->param_count
                                                       : PARAMS_SHOWN;
    for (size_t i = 0; i < count; i++) {
        names[i] = mapping->params[i].name.ptr;
    }
    suggest_phrase(near, name, names, count);
    char help[SUGGEST_SIZE + 60];
    snprintf(help, sizeof help, "add it to 'params' with its default%s", near);
    problem_add(reader->problems, node->line, node->column, "unknown-param",
                help, "the parameter '%.*s' is not declared",
                (int)(name.len < 80 ? name.len : 80), name.ptr);
    return false;
}

/* "${name}" by its value. */
static bool
expand(struct mapping_reader *reader, const struct yaml_node *node,
       struct buffer *text)
{
    struct slice rest = node->text;
    bool is_sound = true;
    while (rest.len > 0) {
        const char *end;
        if (!slice_begins(rest, "${") ||
            (end = memchr(rest.ptr, '}', rest.len)) == NULL) {
            buffer_append_char(text, *rest.ptr++);
            rest.len--;
            continue;
        }
        struct slice name = {rest.ptr + 2, (size_t)(end - rest.ptr) - 2};
        const struct mapping_param *param = find_param(reader->mapping, name);
        if (param != NULL) {
            buffer_append_slice(text, param->value);
        } else {
            is_sound = refuse_param(reader, node, name);
        }
        rest.len -= (size_t)(end + 1 - rest.ptr);
        rest.ptr = end + 1;
    }
    return is_sound;
}

const char *
mapping_source_resolve(struct mapping *mapping, struct slice path)
{
    const char *slash = strrchr(mapping->path, '/');
    bool is_own = path.ptr[0] == '/' || slice_is(path, "-") ||
                  strstr(path.ptr, "://") != NULL;
    if (slash == NULL || is_own) {
        return arena_strdup(&mapping->arena, path);
    }
    struct slice joined = arena_printf(&mapping->arena, "%.*s%.*s%c",
                                       (int)(slash + 1 - mapping->path),
                                       mapping->path, SLICE_ARGS(path), '\0');
    return joined.ptr;
}

static void
read_path(struct mapping_reader *reader, const struct yaml_pair *pair,
          const char *help, const char **resolved)
{
    struct slice written;
    if (!mapping_reader_text(reader, pair, &written)) {
        return;
    }
    const struct yaml_node *node = pair->value;
    struct buffer text = {0};
    if (!expand(reader, node, &text)) {
        buffer_release(&text);
        return;
    }
    struct slice path = slice_of(buffer_text(&text));
    if (path.len == 0) {
        problem_add(reader->problems, node->line, node->column, "missing-value",
                    help, "'%s' is empty", pair->key->text.ptr);
    } else {
        *resolved = mapping_source_resolve(reader->mapping, path);
    }
    buffer_release(&text);
}

void
mapping_source_read(struct mapping_reader *reader, const struct yaml_node *node,
                    const char *input)
{
    struct source_spec *spec = &reader->mapping->source;
    struct source_reading reading = {.spec = spec,
                                     .shapes = &reader->mapping->shapes};
    *spec = (struct source_spec){
        .format = "csv",
        .quote = '"',
        .has_header = true,
        .ragged = RAGGED_REJECT,
        .max_row_bytes = SOURCE_MAX_ROW_BYTES_DEFAULT,
    };
    if (!mapping_reader_keys(reader, node, "source", source_keys,
                             sizeof source_keys / sizeof *source_keys,
                             &reading)) {
        return;
    }
    if (spec->delimiter == spec->quote && !spec->no_quotes) {
        problem_add(reader->problems, reading.delimiter_place.line,
                    reading.delimiter_place.column, "wrong-value",
                    "they must differ", "'delimiter' and 'quote' are the same");
    }
    mapping_xml_refuse_keys(reader, node);
    if (strcmp(spec->format, "xml") == 0 &&
        !mapping_reader_was_meant(reader, "record")) {
        mapping_xml_read(reader, node, reading.record, reading.namespaces);
    }
    if (reading.path != NULL) {
        read_path(reader, reading.path, "name the file to be read",
                  &spec->path);
    } else if (input == NULL && !mapping_reader_was_meant(reader, "path")) {
        problem_add(reader->problems, node->line, node->column, "missing-key",
                    "add 'path', or use --input FILE",
                    "the source has no 'path'");
    }
    if (reading.files != NULL) {
        read_path(reader, reading.files, "name the folder of the files",
                  &reader->mapping->files);
    }
    if (input != NULL) {
        spec->path = arena_strdup(&reader->mapping->arena, slice_of(input));
    }
}
