/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_source.h"

#include "base/mem.h"
#include "source/csv_source.h"
#include "source/input.h"
#include "source/xml/xml_record.h"

#include <ctype.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <stdlib.h>

/* Fed at once: so many tiny rows fit a batch. */
#define FEED_SIZE ((size_t)16 * 1024)
#define BATCH_FEEDS 4
#define BATCH_ROWS 4096
/* libxml2 compares each attribute with all others, so they are counted before
 * it does, in a tag longer than this. */
#define LONG_TAG_SIZE ((size_t)64 * 1024)

struct xml_source {
    struct source base; /* first, as source_ops.h says */
    struct input input;
    xmlParserCtxt *parser;
    struct xml_record *record;
    size_t feed_size;
    bool is_wide; /* a NUL may be a part of a character */
    bool done;
    struct error failure; /* told after the rows before it were given */
};

static struct xml_source *
xml_source_of(struct source *source)
{
    return (struct xml_source *)source;
}

static unsigned long long
line_now(const struct xml_source *source)
{
    int line = xmlSAX2GetLineNumber(source->parser);
    return line > 0 ? (unsigned long long)line : 1;
}

/* The line where the tag that was just read begins: no value holds a '<'. */
static uint64_t
tag_line(void *cookie)
{
    const struct xml_source *source = cookie;
    const xmlParserInput *input = source->parser->input;
    uint64_t line = line_now(source);
    for (const xmlChar *at = input->cur; at > input->base && at[-1] != '<';
         at--) {
        line -= at[-1] == '\n' && line > 1;
    }
    return line;
}

/* In a callback, so that the parser goes no further. */
static void
stop(struct xml_source *source)
{
    source->done = true;
    xmlStopParser(source->parser);
}

static void
refuse(struct xml_source *source, const char *what)
{
    error_set(&source->failure, ERROR_INPUT, 0, "%s:%llu: %s",
              source->base.name, line_now(source), what);
    stop(source);
}

static void
begin_element(void *cookie, const xmlChar *local, const xmlChar *prefix,
              const xmlChar *uri, int namespace_count,
              const xmlChar **namespaces, int attribute_count,
              int default_count, const xmlChar **attributes)
{
    struct xml_source *source = cookie;
    const struct xml_element element = {
        .local = local,
        .uri = uri,
        .attributes = attributes,
        .attribute_count = (size_t)attribute_count,
    };
    (void)prefix;
    (void)namespaces;
    (void)namespace_count;
    (void)default_count;
    struct error err = {0};
    if (source->done) {
        return;
    }
    if (xml_record_begin(source->record, &element, tag_line, source, &err)) {
        return;
    }
    if (strncmp(err.text, source->base.name, strlen(source->base.name)) != 0) {
        error_add_context(&err, "%s:%llu", source->base.name,
                          (unsigned long long)tag_line(source));
    }
    source->failure = err;
    stop(source);
}

static void
end_element(void *cookie, const xmlChar *local, const xmlChar *prefix,
            const xmlChar *uri)
{
    struct xml_source *source = cookie;
    (void)local;
    (void)prefix;
    (void)uri;
    if (!source->done) {
        xml_record_end(source->record);
    }
}

static void
take_text(void *cookie, const xmlChar *text, int len)
{
    struct xml_source *source = cookie;
    if (!source->done &&
        !xml_record_text(source->record,
                         (struct slice){(const char *)text, (size_t)len},
                         &source->failure)) {
        stop(source);
    }
}

static void
take_entity(void *cookie, const xmlChar *name, int type,
            const xmlChar *public_id, const xmlChar *system_id,
            xmlChar *content)
{
    char what[200];
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    snprintf(what, sizeof what,
             "the document type declares the entity '%.80s'; such files are "
             "not read [xml-entity]",
             (const char *)name);
    refuse(cookie, what);
}

static void
take_unparsed(void *cookie, const xmlChar *name, const xmlChar *public_id,
              const xmlChar *system_id, const xmlChar *notation)
{
    (void)notation;
    take_entity(cookie, name, 0, public_id, system_id, NULL);
}

static xmlEntity *
find_parameter_entity(void *cookie, const xmlChar *name)
{
    (void)name;
    refuse(cookie, "the document type refers to an entity; such files are not "
                   "read [xml-entity]");
    return NULL;
}

/* A few bytes of declaration could add long values to each element. */
static void
take_attribute_declaration(void *cookie, const xmlChar *element,
                           const xmlChar *name, int type, int default_kind,
                           const xmlChar *default_value, xmlEnumeration *values)
{
    (void)element;
    (void)name;
    (void)type;
    (void)default_kind;
    xmlFreeEnumeration(values);
    if (default_value != NULL) {
        refuse(cookie, "the document type declares values of attributes; such "
                       "files are not read [xml-entity]");
    }
}

/* libxml2's words, without its capital, its line end and what a terminal would
 * take for more than text. */
static void
clean_message(char text[200], const char *message)
{
    snprintf(text, 200, "%s", message ? message : "unknown");
    for (char *at = text; *at != '\0'; at++) {
        *at = (unsigned char)*at < ' ' || *at == 0x7f ? ' ' : *at;
    }
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ') {
        text[--len] = '\0';
    }
    if (isupper((unsigned char)text[0]) && !isupper((unsigned char)text[1])) {
        text[0] = (char)tolower((unsigned char)text[0]);
    }
}

#if LIBXML_VERSION >= 21200
typedef const xmlError *reported;
#else
typedef xmlError *reported;
#endif

static bool
is_fatal(const xmlError *report)
{
    return report->level >= XML_ERR_ERROR ||
           report->code == XML_WAR_UNDECLARED_ENTITY;
}

static void
take_error(void *cookie, reported report)
{
    struct xml_source *source = cookie;
    if (source->done || !is_fatal(report)) {
        return;
    }
    char text[200];
    clean_message(text, report->code == XML_ERR_DOCUMENT_END &&
                                xml_record_depth(source->record) > 0
                            ? "the file ends inside its root element"
                            : report->message);
    unsigned long long line =
        report->line > 0 ? (unsigned long long)report->line : line_now(source);
    int column = report->line > 0 ? report->int2 : 0;
    char place[24] = "";
    if (column > 0) {
        snprintf(place, sizeof place, ":%d", column);
    }
    error_set(&source->failure, ERROR_INPUT, 0,
              "%s:%llu%s: the XML can't be read: %s [xml-broken]",
              source->base.name, line, place, text);
    stop(source);
}

static const xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = begin_element,
    .endElementNs = end_element,
    .characters = take_text,
    .ignorableWhitespace = take_text,
    .cdataBlock = take_text,
    .entityDecl = take_entity,
    .unparsedEntityDecl = take_unparsed,
    .attributeDecl = take_attribute_declaration,
    .getParameterEntity = find_parameter_entity,
    .serror = take_error,
};

/* Attributes of the unfinished tag that text begins with, roughly: quoted
 * values. */
static size_t
count_values(const xmlChar *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len && text[i] != '>'; i++) {
        if (text[i] == '"' || text[i] == '\'') {
            const xmlChar *end = memchr(text + i + 1, text[i], len - i - 1);
            count++;
            if (end == NULL) {
                return count;
            }
            i = (size_t)(end - text);
        }
    }
    return count;
}

/* What the parser holds back is a tag, a comment or the like without end. */
static void
check_held(struct xml_source *source)
{
    const xmlParserInput *input = source->parser->input;
    size_t limit = source->base.spec->max_row_bytes
                       ? source->base.spec->max_row_bytes
                       : SOURCE_MAX_ROW_BYTES_DEFAULT;
    if (source->done || input == NULL) {
        return;
    }
    size_t held = (size_t)(input->end - input->cur);
    if (held > limit + source->feed_size) {
        refuse(source, "a tag or comment that begins here is longer than "
                       "'max_row_bytes' allows [row-too-long]");
    } else if (held > LONG_TAG_SIZE && input->cur[0] == '<' &&
               input->cur[1] != '!' && input->cur[1] != '?' &&
               count_values(input->cur, held) > XML_ATTRIBUTE_LIMIT) {
        refuse(source, "an element has more than 2048 attributes [xml-limit]");
    }
}

/* libxml2 takes a NUL behind the document for its end. */
static bool
has_nul(const struct xml_source *source, struct slice bytes)
{
    return !source->is_wide && bytes.len > 0 &&
           memchr(bytes.ptr, '\0', bytes.len) != NULL;
}

/* What is left undecoded at the end is a part of a character. */
static void
check_end(struct xml_source *source)
{
    const xmlParserInput *input = source->parser->input;
    if (source->done) {
        return;
    }
    if (input != NULL && input->buf != NULL && input->buf->raw != NULL &&
        xmlBufUse(input->buf->raw) > 0) {
        refuse(source, "the file ends in the middle of a character "
                       "[xml-broken]");
    } else if (!source->parser->wellFormed ||
               xml_record_depth(source->record) > 0) {
        refuse(source, "the file ends inside its root element [xml-broken]");
    }
    source->done = true;
}

static void
feed(struct xml_source *source)
{
    struct slice bytes = input_text(&source->input);
    bool at_end = source->input.at_end && bytes.len <= source->feed_size;
    bytes.len = at_end                          ? bytes.len
                : bytes.len < source->feed_size ? bytes.len
                                                : source->feed_size;
    if (has_nul(source, bytes)) {
        refuse(source, "a NUL byte is no text [xml-broken]");
        return;
    }
    xmlSetStructuredErrorFunc(source, (xmlStructuredErrorFunc)take_error);
    xmlParseChunk(source->parser, bytes.ptr, (int)bytes.len, at_end);
    xmlSetStructuredErrorFunc(NULL, NULL);
    input_take(&source->input, bytes.len);
    check_held(source);
    if (at_end) {
        check_end(source);
    }
}

/* Adds rows until there are some, or the input ends. */
static void
read_rows(struct xml_source *source, struct batch *batch)
{
    struct input *input = &source->input;
    size_t feeds = 0;
    while (!source->done && batch->count < BATCH_ROWS &&
           (batch->count == 0 || feeds < BATCH_FEEDS)) {
        if (!input->at_end && input_text(input).len == 0 &&
            !input_fill(input, &source->failure)) {
            source->done = true;
            return;
        }
        feed(source);
        feeds++;
    }
}

static void
xml_source_close(struct source *base)
{
    struct xml_source *source = xml_source_of(base);
    xml_record_free(source->record);
    if (source->parser != NULL) {
        xmlFreeDoc(source->parser->myDoc);
        xmlFreeParserCtxt(source->parser);
    }
    input_close(&source->input);
    free(source->base.columns.names);
    free(source->base.name);
    free(source);
}

static bool
begins(struct slice text, const char *bytes, size_t len)
{
    return text.len >= len && memcmp(text.ptr, bytes, len) == 0;
}

static bool
has_mark(struct slice text)
{
    return begins(text, "\xef\xbb\xbf", 3) || begins(text, "\xff\xfe", 2) ||
           begins(text, "\xfe\xff", 2);
}

/* The mapping's encoding is right where it contradicts the file's. */
static bool
set_encoding(struct xml_source *source, const char *encoding, struct error *err)
{
    xmlCharEncodingHandler *decoder = xmlFindCharEncodingHandler(encoding);
    source->is_wide = true;
    return (decoder != NULL &&
            xmlSwitchToEncoding(source->parser, decoder) == 0) ||
           error_set(err, ERROR_CONFIG, 0,
                     "the encoding '%s' is not known [source-encoding]",
                     encoding);
}

static void
set_columns(struct xml_source *source)
{
    const struct source_spec *spec = source->base.spec;
    struct columns *columns = &source->base.columns;
    columns->names = mem_array(spec->path_count + 1, sizeof *columns->names);
    columns->count = spec->path_count;
    for (size_t i = 0; i < spec->path_count; i++) {
        columns->names[i] = spec->paths[i].text;
    }
    snprintf(source->base.description, sizeof source->base.description,
             "XML, records at %.150s, %zu paths", spec->record,
             spec->path_count);
}

/* libxml2 must see the first four bytes alone: it finds UTF-16 by them, and
 * then decodes no more than the declaration before it has read that. */
static bool
open_parser(struct xml_source *source, struct error *err)
{
    struct slice text = input_text(&source->input);
    size_t head = text.len < 4 ? text.len : 4;
    const char *encoding = has_mark(text) ? NULL : source->base.spec->encoding;
    bool decides = has_mark(text) || encoding != NULL;
    xmlSAXHandler callbacks = handler;
    xmlInitParser();
    source->is_wide = memchr(text.ptr, '\0', head) != NULL ||
                      text.ptr[0] == '\xff' || text.ptr[0] == '\xfe';
    source->parser = xmlCreatePushParserCtxt(
        &callbacks, source, encoding == NULL ? text.ptr : NULL,
        encoding == NULL ? (int)head : 0, NULL);
    if (source->parser == NULL) {
        mem_exhausted();
    }
    input_take(&source->input, encoding == NULL ? head : 0);
    xmlCtxtUseOptions(source->parser,
                      XML_PARSE_NONET | (decides ? XML_PARSE_IGNORE_ENC : 0));
    source->record = xml_record_new(source->base.spec, source->base.name,
                                    source->parser->dict, err);
    return source->record != NULL &&
           (encoding == NULL || set_encoding(source, encoding, err));
}

/* A result file, by the columns that it begins with. */
static bool
is_fed_back(struct slice text)
{
    return slice_begins(text, "sf__Id") || slice_begins(text, "\"sf__Id") ||
           slice_begins(text, "sfetl__") || slice_begins(text, "\"sfetl__");
}

struct source *
xml_source_open(const struct source_spec *spec, size_t window_size,
                struct error *err)
{
    struct xml_source *source = mem_zalloc(sizeof *source);
    source->base.ops = &xml_source_ops;
    source->base.spec = spec;
    source->feed_size =
        window_size && window_size < FEED_SIZE ? window_size : FEED_SIZE;
    if (!input_open(&source->input, spec->path, window_size, spec->stop_fd,
                    err)) {
        free(source);
        return NULL;
    }
    source->base.name = mem_strdup(source->input.stored.name);
    struct slice text = input_text(&source->input);
    if (is_fed_back(text)) {
        xml_source_close(&source->base);
        return csv_source_open(spec, window_size, err);
    }
    if (text.len == 0) {
        error_set(err, ERROR_INPUT, 0, "the source '%s' is empty",
                  source->base.name);
    }
    if (text.len == 0 || !open_parser(source, err)) {
        xml_source_close(&source->base);
        return NULL;
    }
    set_columns(source);
    return &source->base;
}

static struct source *
open_usual(const struct source_spec *spec, struct error *err)
{
    return xml_source_open(spec, 0, err);
}

static enum source_status
next(struct source *base, struct batch *batch, struct error *err)
{
    struct xml_source *source = xml_source_of(base);
    batch_reset(batch);
    xml_record_lend(source->record, batch);
    read_rows(source, batch);
    if (batch->count > 0) {
        return SOURCE_ROWS;
    }
    if (source->failure.kind != ERROR_NONE) {
        *err = source->failure;
        return SOURCE_FAILED;
    }
    return SOURCE_END;
}

static struct source_position
position(const struct source *base)
{
    const struct xml_source *source = (const struct xml_source *)base;
    struct source_position position = {
        .bytes = source->input.stored.hashed_bytes,
        .rows = xml_record_count(source->record),
        .hashed_bytes = source->input.stored.hashed_bytes,
    };
    stored_hash(&source->input.stored, position.hash);
    return position;
}

static uint64_t
size(const struct source *base)
{
    return ((const struct xml_source *)base)->input.stored.size;
}

const struct source_ops xml_source_ops = {
    .format = "xml",
    .open = open_usual,
    .next = next,
    .position = position,
    .size = size,
    .close = xml_source_close,
};
