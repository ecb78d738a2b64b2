/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_path.h"

#include <libxml/tree.h>

#define PATH_BYTES_LIMIT 1000
#define PATH_STEPS_LIMIT 64
#define INDEX_LIMIT 1000000000

struct reading {
    const struct xml_path_scope *scope;
    struct slice rest;
    const char *reason; /* the first thing wrong */
};

static bool
refuse(struct reading *reading, const char *reason)
{
    if (reading->reason == NULL) {
        reading->reason = reason;
    }
    return false;
}

static bool
take(struct reading *reading, const char *sign)
{
    size_t len = strlen(sign);
    if (!slice_begins(reading->rest, sign)) {
        return false;
    }
    reading->rest.ptr += len;
    reading->rest.len -= len;
    return true;
}

/* Up to the next sign that is no part of a name. */
static struct slice
take_word(struct reading *reading)
{
    struct slice *rest = &reading->rest;
    struct slice word = {rest->ptr, 0};
    while (word.len < rest->len &&
           strchr("/[]@:='\"()|, \t\r\n", rest->ptr[word.len]) == NULL) {
        word.len++;
    }
    rest->ptr += word.len;
    rest->len -= word.len;
    return word;
}

static const xmlChar *
intern(const struct reading *reading, struct slice text)
{
    return xmlDictLookup(reading->scope->dict, (const xmlChar *)text.ptr,
                         (int)text.len);
}

static bool
find_namespace(struct reading *reading, struct slice prefix,
               struct xml_name *name)
{
    const struct source_spec *spec = reading->scope->spec;
    if (slice_is(prefix, "xml")) {
        name->uri = intern(reading, slice_of((const char *)XML_XML_NAMESPACE));
        return true;
    }
    for (size_t i = 0; i < spec->namespace_count; i++) {
        if (slice_equals(spec->namespaces[i].prefix, prefix)) {
            name->uri = intern(reading, spec->namespaces[i].uri);
            return true;
        }
    }
    return refuse(reading, "its prefix is not declared in 'namespaces'");
}

static void __attribute__((format(printf, 2, 3)))
keep_quiet(void *cookie, const char *format, ...)
{
    (void)cookie;
    (void)format;
}

/* libxml2 prints what it finds wrong, when it has no parser to tell. */
static bool
is_sound_name(const xmlChar *name)
{
    xmlSetGenericErrorFunc(NULL, keep_quiet);
    bool is_sound = xmlValidateNCName(name, 0) == 0;
    xmlSetGenericErrorFunc(NULL, NULL);
    return is_sound;
}

static bool
set_local(struct reading *reading, struct slice word, struct xml_name *name)
{
    name->local = intern(reading, word);
    return is_sound_name(name->local) ||
           refuse(reading, "this is no name of XML");
}

/* "NAME", "prefix:NAME", "*", "prefix:*". */
static bool
read_name(struct reading *reading, struct xml_name *name)
{
    *name = (struct xml_name){0};
    struct slice word = take_word(reading);
    if (word.len == 0) {
        return refuse(reading, "a name is missing");
    }
    if (take(reading, ":")) {
        if (!find_namespace(reading, word, name)) {
            return false;
        }
        word = take_word(reading);
    }
    return slice_is(word, "*") || set_local(reading, word, name);
}

static bool
read_literal(struct reading *reading, struct slice *text)
{
    const char *quote = take(reading, "'") ? "'" : "\"";
    if (quote[0] == '"' && !take(reading, "\"")) {
        return refuse(reading, "a text in quotes must stand behind '='");
    }
    const char *end =
        reading->rest.len == 0
            ? NULL
            : memchr(reading->rest.ptr, quote[0], reading->rest.len);
    if (end == NULL) {
        return refuse(reading, "a quote is open");
    }
    *text =
        (struct slice){reading->rest.ptr, (size_t)(end - reading->rest.ptr)};
    reading->rest.len -= text->len + 1;
    reading->rest.ptr = end + 1;
    *text = arena_copy(reading->scope->arena, *text);
    return true;
}

/* Behind "[". */
static bool
read_test(struct reading *reading, struct xml_step *step)
{
    struct reading ahead = *reading;
    if (slice_to_u64(take_word(&ahead), &step->index)) {
        *reading = ahead;
        step->test = XML_TEST_INDEX;
        if (step->index == 0 || step->index > INDEX_LIMIT) {
            return refuse(reading, "an index counts from 1");
        }
        if (step->anywhere) {
            return refuse(reading, "an index can't stand behind '//'");
        }
    } else {
        step->test = take(reading, "@") ? XML_TEST_ATTRIBUTE : XML_TEST_CHILD;
        if (!read_name(reading, &step->test_name)) {
            return false;
        }
        if (!take(reading, "=")) {
            return refuse(reading, "brackets take a number, CHILD='text' or "
                                   "@ATTRIBUTE='text'");
        }
        if (!read_literal(reading, &step->test_text)) {
            return false;
        }
    }
    if (!take(reading, "]")) {
        return refuse(reading, "a ']' is missing");
    }
    return !slice_begins(reading->rest, "[") ||
           refuse(reading, "a step takes one pair of brackets");
}

static bool
read_step(struct reading *reading, struct xml_path *path, bool anywhere)
{
    if (path->step_count == PATH_STEPS_LIMIT) {
        return refuse(reading, "it has too many steps");
    }
    if (take(reading, ".")) {
        return refuse(reading, "'.' and '..' stand at the beginning of a path, "
                               "and '..' in a column only");
    }
    struct xml_step *step = &path->steps[path->step_count++];
    step->anywhere = anywhere;
    return read_name(reading, &step->name) &&
           (!take(reading, "[") || read_test(reading, step));
}

/* Steps up to the end or an attribute; anywhere: the first is behind "//". */
static bool
read_steps(struct reading *reading, struct xml_path *path, bool anywhere)
{
    bool had_anywhere = anywhere;
    for (;;) {
        if (!anywhere && take(reading, "@")) {
            path->has_attribute = true;
            if (!read_name(reading, &path->attribute)) {
                return false;
            }
            return reading->rest.len == 0 ||
                   refuse(reading, "nothing can stand behind an attribute");
        }
        if (!read_step(reading, path, anywhere)) {
            return false;
        }
        if (reading->rest.len == 0) {
            return true;
        }
        anywhere = take(reading, "//");
        if (anywhere && had_anywhere) {
            return refuse(reading, "a path takes one '//'");
        }
        had_anywhere |= anywhere;
        if (!anywhere && !take(reading, "/")) {
            return refuse(reading, "a '/' is missing between two steps");
        }
    }
}

static size_t
count_slashes(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '/';
    }
    return count;
}

static struct reading
begin(const struct xml_path_scope *scope, struct slice text,
      struct xml_path *path)
{
    struct reading reading = {.scope = scope, .rest = slice_trim(text)};
    *path = (struct xml_path){0};
    if (reading.rest.len == 0) {
        refuse(&reading, "it is empty");
    } else if (reading.rest.len > PATH_BYTES_LIMIT) {
        refuse(&reading, "it is longer than 1000 bytes");
    } else if (memchr(reading.rest.ptr, '\0', reading.rest.len) != NULL) {
        refuse(&reading, "it holds a NUL byte");
    } else {
        path->steps = arena_array(scope->arena, count_slashes(reading.rest) + 1,
                                  sizeof *path->steps);
    }
    return reading;
}

/* What a record's path can't have, as a row is found while it streams by. */
static bool
check_record(struct reading *reading, const struct xml_path *path)
{
    if (path->has_attribute) {
        return refuse(reading, "a record is an element, no attribute");
    }
    for (size_t i = 0; i + 1 < path->step_count; i++) {
        if (path->steps[i].test == XML_TEST_CHILD) {
            return refuse(reading,
                          "whether an element around the records has that "
                          "child may be known only behind them; the last step "
                          "can ask for a child");
        }
    }
    return true;
}

bool
xml_path_read_record(const struct xml_path_scope *scope, struct xml_path *path,
                     struct error *err)
{
    const char *text = scope->spec->record;
    struct reading reading = begin(scope, slice_of(text), path);
    if (reading.reason == NULL) {
        bool anywhere = take(&reading, "//");
        if (!anywhere && !take(&reading, "/")) {
            refuse(&reading, "it begins at the root, with '/' or '//'");
        } else if (read_steps(&reading, path, anywhere)) {
            check_record(&reading, path);
        }
    }
    return reading.reason == NULL ||
           error_set(err, ERROR_CONFIG, 0,
                     "the record path '%.80s' can't be read: %s [xml-path]",
                     text, reading.reason);
}

/* What was wrong, with its place in the mapping. */
static bool
tell(const struct reading *reading, struct slice text, int line,
     struct error *err)
{
    return reading->reason == NULL ||
           error_set(err, ERROR_CONFIG, 0,
                     "line %d of the mapping: the path '%.*s' can't be read: "
                     "%s [xml-path]",
                     line, (int)(text.len < 80 ? text.len : 80), text.ptr,
                     reading->reason);
}

bool
xml_path_read_each(const struct xml_path_scope *scope,
                   const struct source_stream *stream, struct xml_path *path,
                   struct error *err)
{
    struct reading reading = begin(scope, stream->each, path);
    if (reading.reason == NULL && slice_begins(reading.rest, "/")) {
        refuse(&reading, "'each' begins at the record, without '/'");
    } else if (reading.reason == NULL && read_steps(&reading, path, false)) {
        for (size_t i = 0; i < path->step_count; i++) {
            if (path->steps[i].anywhere) {
                refuse(&reading, "'each' takes no '//'");
            }
        }
        if (path->has_attribute) {
            refuse(&reading, "'each' leads to elements, no attribute");
        }
    }
    return tell(&reading, stream->each, stream->line, err);
}

static bool
may_be_same(const struct xml_name *a, const struct xml_name *b)
{
    return (a->local == NULL || b->local == NULL || a->local == b->local) &&
           (a->uri == NULL || b->uri == NULL || a->uri == b->uri);
}

/* Down from up_count levels above the record, only what ended before it is
 * known. */
static bool
check_descent(struct reading *reading, const struct xml_path *path,
              const struct xml_path *record, size_t up_count)
{
    size_t level = record->step_count - up_count;
    for (size_t i = 0; i < path->step_count; i++, level++) {
        if (!may_be_same(&path->steps[i].name, &record->steps[level].name)) {
            return true;
        }
        if (level + 1 == record->step_count) {
            return refuse(reading, "it leads into the records themselves, "
                                   "which a record can't see");
        }
        if (path->steps[i].test == XML_TEST_CHILD) {
            return refuse(reading, "whether an element around the record has "
                                   "that child may be known only behind it");
        }
    }
    return path->has_attribute ||
           refuse(reading, "it is an element around the record, whose text "
                           "ends behind it");
}

/* Upwards by named steps only, and down again to what has ended; below the
 * record all of it is known. */
static bool
check_ancestors(struct reading *reading, const struct xml_path *path,
                const struct xml_path *record, size_t each_steps)
{
    for (size_t i = 0; i < path->step_count; i++) {
        if (path->steps[i].anywhere) {
            return refuse(reading, "'//' can't follow '..'");
        }
    }
    if (path->up_count <= each_steps) {
        return true;
    }
    size_t up_count = path->up_count - each_steps;
    for (size_t i = 0; i < up_count; i++) {
        if (i == record->step_count) {
            return refuse(reading, "it leads above the root");
        }
        if (record->steps[record->step_count - 1 - i].anywhere) {
            return refuse(reading, "it leads above '//' of the record's path, "
                                   "where any element may be");
        }
    }
    return up_count == record->step_count
               ? refuse(reading, "it leads above the root")
               : check_descent(reading, path, record, up_count);
}

static bool
read_column(struct reading *reading, struct xml_path *path)
{
    while (take(reading, "../")) {
        path->up_count++;
    }
    if (slice_is(reading->rest, "..")) {
        return refuse(reading, "an element around the record ends behind it, "
                               "so that its text is not known");
    }
    if (path->up_count == 0) {
        if (slice_is(reading->rest, ".")) {
            return true;
        }
        bool has_dot = take(reading, ".");
        if (has_dot && !slice_begins(reading->rest, "//")) {
            take(reading, "/");
        }
    }
    if (path->up_count > 0 && slice_begins(reading->rest, "/")) {
        return refuse(reading, "'//' can't follow '..'");
    }
    bool anywhere = take(reading, "//");
    if (!anywhere && slice_begins(reading->rest, "/")) {
        return refuse(reading, "it begins at the record; what lies around that "
                               "is reached with '../'");
    }
    return read_steps(reading, path, anywhere);
}

bool
xml_path_read_column(const struct xml_path_scope *scope,
                     const struct source_path *column,
                     const struct xml_path *record, size_t each_steps,
                     struct xml_path *path, struct error *err)
{
    struct reading reading = begin(scope, column->text, path);
    if (reading.reason == NULL && read_column(&reading, path) &&
        path->up_count > 0) {
        check_ancestors(&reading, path, record, each_steps);
    }
    return tell(&reading, column->text, column->line, err);
}

static bool
same_name(const struct xml_name *a, const struct xml_name *b)
{
    return a->uri == b->uri && a->local == b->local;
}

bool
xml_path_same_step(const struct xml_step *a, const struct xml_step *b)
{
    return same_name(&a->name, &b->name) && a->anywhere == b->anywhere &&
           a->test == b->test && a->index == b->index &&
           same_name(&a->test_name, &b->test_name) &&
           slice_equals(a->test_text, b->test_text);
}
