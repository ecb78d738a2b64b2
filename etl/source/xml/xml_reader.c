/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_reader.h"

#include "base/mem.h"

#include <ctype.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

/* libxml2 compares each attribute with all others, so they are counted before
 * it does, in a tag longer than this. */
#define LONG_TAG_SIZE ((size_t)64 * 1024)

static unsigned long long
line_now(const struct xml_reader *reader)
{
    int line = xmlSAX2GetLineNumber(reader->parser);
    return line > 0 ? (unsigned long long)line : 1;
}

/* No value holds a '<'. */
uint64_t
xml_reader_tag_line(const struct xml_reader *reader)
{
    const xmlParserInput *input = reader->parser->input;
    uint64_t line = line_now(reader);
    for (const xmlChar *at = input->cur; at > input->base && at[-1] != '<';
         at--) {
        line -= at[-1] == '\n' && line > 1;
    }
    return line;
}

/* In a callback, so that the parser goes no further. */
static void
stop(struct xml_reader *reader)
{
    reader->done = true;
    xmlStopParser(reader->parser);
}

static void
refuse(struct xml_reader *reader, const char *what)
{
    error_set(&reader->failure, ERROR_INPUT, 0, "%s:%llu: %s", reader->name,
              line_now(reader), what);
    stop(reader);
}

/* What the listener refuses has its place, or gets the tag's. Its error is
 * told in the reader's own: one on the stack would be cleared for each call. */
static void
fail(struct xml_reader *reader)
{
    if (strncmp(reader->failure.text, reader->name, strlen(reader->name)) !=
        0) {
        error_add_context(&reader->failure, "%s:%llu", reader->name,
                          (unsigned long long)xml_reader_tag_line(reader));
    }
    stop(reader);
}

static void
begin_element(void *cookie, const xmlChar *local, const xmlChar *prefix,
              const xmlChar *uri, int namespace_count,
              const xmlChar **namespaces, int attribute_count,
              int default_count, const xmlChar **attributes)
{
    struct xml_reader *reader = cookie;
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
    if (reader->done) {
        return;
    }
    if (!reader->listener.begin(reader->listener.cookie, &element,
                                &reader->failure)) {
        fail(reader);
    }
    reader->depth++;
}

static void
end_element(void *cookie, const xmlChar *local, const xmlChar *prefix,
            const xmlChar *uri)
{
    struct xml_reader *reader = cookie;
    (void)local;
    (void)prefix;
    (void)uri;
    if (reader->done) {
        return;
    }
    reader->depth--;
    if (!reader->listener.end(reader->listener.cookie, &reader->failure)) {
        fail(reader);
    }
}

static void
take_text(void *cookie, const xmlChar *text, int len)
{
    struct xml_reader *reader = cookie;
    const struct slice bytes = {(const char *)text, (size_t)len};
    if (!reader->done && !reader->listener.text(reader->listener.cookie, bytes,
                                                &reader->failure)) {
        fail(reader);
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
    struct xml_reader *reader = cookie;
    if (reader->done || !is_fatal(report)) {
        return;
    }
    char text[200];
    clean_message(text,
                  report->code == XML_ERR_DOCUMENT_END && reader->depth > 0
                      ? "the file ends inside its root element"
                      : report->message);
    unsigned long long line =
        report->line > 0 ? (unsigned long long)report->line : line_now(reader);
    int column = report->line > 0 ? report->int2 : 0;
    char place[24] = "";
    if (column > 0) {
        snprintf(place, sizeof place, ":%d", column);
    }
    error_set(&reader->failure, ERROR_INPUT, 0,
              "%s:%llu%s: the XML can't be read: %s [xml-broken]", reader->name,
              line, place, text);
    /* xmlStopParser would free the buffer that an error of decoding comes from;
     * all that follows in these bytes is passed over. */
    reader->done = true;
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
check_held(struct xml_reader *reader)
{
    const xmlParserInput *input = reader->parser->input;
    if (reader->done || input == NULL) {
        return;
    }
    size_t held = (size_t)(input->end - input->cur);
    if (held > reader->held_limit) {
        refuse(reader, "a tag or comment that begins here is longer than "
                       "'max_row_bytes' allows [row-too-long]");
    } else if (held > LONG_TAG_SIZE && input->cur[0] == '<' &&
               input->cur[1] != '!' && input->cur[1] != '?' &&
               count_values(input->cur, held) > XML_ATTRIBUTE_LIMIT) {
        refuse(reader, "an element has more than 2048 attributes [xml-limit]");
    }
}

/* libxml2 takes a NUL behind the document for its end. */
static bool
has_nul(const struct xml_reader *reader, struct slice bytes)
{
    return !reader->is_wide && bytes.len > 0 &&
           memchr(bytes.ptr, '\0', bytes.len) != NULL;
}

/* What is left undecoded at the end is a part of a character. */
static void
check_end(struct xml_reader *reader)
{
    const xmlParserInput *input = reader->parser->input;
    if (reader->done) {
        return;
    }
    if (input != NULL && input->buf != NULL && input->buf->raw != NULL &&
        xmlBufUse(input->buf->raw) > 0) {
        refuse(reader, "the file ends in the middle of a character "
                       "[xml-broken]");
    } else if (!reader->parser->wellFormed || reader->depth > 0) {
        refuse(reader, "the file ends inside its root element [xml-broken]");
    }
    reader->done = true;
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
set_encoding(struct xml_reader *reader, const char *encoding, struct error *err)
{
    xmlCharEncodingHandler *decoder = xmlFindCharEncodingHandler(encoding);
    reader->is_wide = true;
    return (decoder != NULL &&
            xmlSwitchToEncoding(reader->parser, decoder) == 0) ||
           error_set(err, ERROR_CONFIG, 0,
                     "the encoding '%s' is not known [source-encoding]",
                     encoding);
}

/* libxml2 must see the first four bytes alone: it finds UTF-16 by them, and
 * then decodes no more than the declaration before it has read that. */
bool
xml_reader_open(struct xml_reader *reader, struct slice head,
                const char *encoding, size_t max_bytes, size_t *taken,
                struct error *err)
{
    size_t len = head.len < 4 ? head.len : 4;
    encoding = has_mark(head) ? NULL : encoding;
    bool decides = has_mark(head) || encoding != NULL;
    xmlSAXHandler callbacks = handler;
    xmlInitParser();
    reader->held_limit =
        (max_bytes ? max_bytes : SOURCE_MAX_ROW_BYTES_DEFAULT) + LONG_TAG_SIZE;
    reader->is_wide = memchr(head.ptr, '\0', len) != NULL ||
                      head.ptr[0] == '\xff' || head.ptr[0] == '\xfe';
    *taken = encoding == NULL ? len : 0;
    reader->parser = xmlCreatePushParserCtxt(&callbacks, reader,
                                             encoding == NULL ? head.ptr : NULL,
                                             (int)*taken, NULL);
    if (reader->parser == NULL) {
        mem_exhausted();
    }
    xmlCtxtUseOptions(reader->parser,
                      XML_PARSE_NONET | (decides ? XML_PARSE_IGNORE_ENC : 0));
    return encoding == NULL || set_encoding(reader, encoding, err);
}

void
xml_reader_feed(struct xml_reader *reader, struct slice bytes, bool is_last)
{
    if (has_nul(reader, bytes)) {
        refuse(reader, "a NUL byte is no text [xml-broken]");
        return;
    }
    xmlSetStructuredErrorFunc(reader, (xmlStructuredErrorFunc)take_error);
    xmlParseChunk(reader->parser, bytes.ptr, (int)bytes.len, is_last);
    xmlSetStructuredErrorFunc(NULL, NULL);
    check_held(reader);
    if (is_last) {
        check_end(reader);
    }
}

void
xml_reader_close(struct xml_reader *reader)
{
    if (reader->parser != NULL) {
        xmlFreeDoc(reader->parser->myDoc);
        xmlFreeParserCtxt(reader->parser);
        reader->parser = NULL;
    }
}
