/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_survey.h"

#include "base/buffer.h"
#include "base/map.h"
#include "base/mem.h"
#include "source/input.h"
#include "source/xml/xml_reader.h"

#include <stdio.h>
#include <stdlib.h>

#define FEED_SIZE ((size_t)16 * 1024)
#define SAMPLE_SIZE 80
#define KEY_SIZE (XML_NAME_LIMIT + 40)

struct surveying {
    struct xml_survey *survey;
    struct xml_reader reader;
    struct map known; /* parent and name -> place, plus 1 */
    size_t at;        /* the element that is open; SIZE_MAX: none */
    struct buffer text;
    bool is_full;
};

bool
xml_survey_is(struct slice head)
{
    for (size_t i = 0; i < head.len; i++) {
        if (memchr("\xef\xbb\xbf\xff\xfe \t\r\n", head.ptr[i], 9) == NULL &&
            head.ptr[i] != '\0') {
            return head.ptr[i] == '<';
        }
    }
    return false;
}

bool
xml_survey_is_attribute(const struct xml_survey_path *path)
{
    return path->name.ptr[0] == '@';
}

static size_t
add_path(struct surveying *surveying, struct slice name)
{
    struct xml_survey *survey = surveying->survey;
    if (survey->path_count == survey->path_capacity) {
        survey->path_capacity = survey->path_capacity * 2 + 64;
        survey->paths = mem_realloc_array(survey->paths, survey->path_capacity,
                                          sizeof *survey->paths);
    }
    size_t added = survey->path_count++;
    survey->paths[added] = (struct xml_survey_path){
        .name = arena_copy(&survey->arena, name),
        .parent = surveying->at,
        .first_child = SIZE_MAX,
        .last_child = SIZE_MAX,
        .next = SIZE_MAX,
    };
    if (surveying->at != SIZE_MAX) {
        struct xml_survey_path *parent = &survey->paths[surveying->at];
        if (parent->first_child == SIZE_MAX) {
            parent->first_child = added;
        } else {
            survey->paths[parent->last_child].next = added;
        }
        parent->last_child = added;
    }
    return added;
}

/* A child of the open element, counted; SIZE_MAX: there are too many. */
static size_t
take_path(struct surveying *surveying, const char *sign, const xmlChar *name)
{
    struct xml_survey *survey = surveying->survey;
    char key[KEY_SIZE];
    int head = snprintf(key, sizeof key, "%zu:", surveying->at);
    int len = snprintf(key + head, sizeof key - (size_t)head, "%s%s", sign,
                       (const char *)name);
    struct slice text = {key, (size_t)(head + len)};
    size_t found = (size_t)map_get(&surveying->known, text) - 1;
    if (found == SIZE_MAX) {
        if (survey->path_count == XML_SURVEY_PATHS) {
            surveying->is_full = true;
            return SIZE_MAX;
        }
        found = add_path(surveying, (struct slice){key + head, (size_t)len});
        map_put(&surveying->known, arena_copy(&survey->arena, text),
                (void *)(found + 1));
    }
    struct xml_survey_path *path = &survey->paths[found];
    uint64_t parent_count =
        surveying->at == SIZE_MAX ? 1 : survey->paths[surveying->at].count;
    path->within = path->parent_count == parent_count ? path->within + 1 : 1;
    path->parent_count = parent_count;
    path->most = path->within > path->most ? path->within : path->most;
    path->count++;
    return found;
}

static void
take_sample(struct xml_survey *survey, size_t at, struct slice text)
{
    struct xml_survey_path *path = &survey->paths[at];
    text = slice_trim(text);
    if (path->sample.ptr == NULL && text.len > 0) {
        size_t len = slice_utf8_prefix(text, SAMPLE_SIZE);
        path->sample =
            arena_copy(&survey->arena, (struct slice){text.ptr, len});
    }
}

static bool
begin_element(void *cookie, const struct xml_element *element,
              struct error *err)
{
    struct surveying *surveying = cookie;
    struct xml_survey *survey = surveying->survey;
    size_t bytes;
    if (!xml_element_check(element, surveying->reader.depth, &bytes, err)) {
        return false;
    }
    size_t found = take_path(surveying, "", element->local);
    surveying->is_full |= ++survey->elements >= XML_SURVEY_ELEMENTS;
    if (found == SIZE_MAX) {
        return error_set(err, ERROR_INPUT, 0, "more paths than are looked at");
    }
    surveying->at = found;
    buffer_reset(&surveying->text);
    for (size_t i = 0; i < element->attribute_count; i++) {
        const xmlChar **attribute = element->attributes + 5 * i;
        size_t at = take_path(surveying, "@", attribute[0]);
        if (at != SIZE_MAX) {
            take_sample(survey, at, xml_attribute_text(attribute));
        }
    }
    return true;
}

static bool
take_text(void *cookie, struct slice text, struct error *err)
{
    struct surveying *surveying = cookie;
    (void)err;
    if (surveying->text.len < SAMPLE_SIZE * 4) {
        buffer_append_slice(&surveying->text, text);
    }
    return true;
}

static bool
end_element(void *cookie, struct error *err)
{
    struct surveying *surveying = cookie;
    (void)err;
    take_sample(surveying->survey, surveying->at,
                buffer_slice(&surveying->text));
    surveying->at = surveying->survey->paths[surveying->at].parent;
    buffer_reset(&surveying->text);
    return true;
}

static bool
read_all(struct surveying *surveying, struct input *input, struct error *err)
{
    struct xml_reader *reader = &surveying->reader;
    size_t taken = 0;
    if (!xml_reader_open(reader, input_text(input), NULL, 0, &taken, err)) {
        return false;
    }
    input_take(input, taken);
    while (!reader->done && !surveying->is_full) {
        if (!input->at_end && input_text(input).len == 0 &&
            !input_fill(input, err)) {
            return false;
        }
        struct slice bytes = input_text(input);
        bool is_last = input->at_end && bytes.len <= FEED_SIZE;
        bytes.len = bytes.len < FEED_SIZE ? bytes.len : FEED_SIZE;
        xml_reader_feed(reader, bytes, is_last);
        input_take(input, bytes.len);
    }
    if (reader->failure.kind != ERROR_NONE && !surveying->is_full) {
        *err = reader->failure;
    }
    return err->kind == ERROR_NONE;
}

/* Parents stand before their children. */
static void
count_leaves(struct xml_survey *survey)
{
    for (size_t i = survey->path_count; i-- > 0;) {
        struct xml_survey_path *path = &survey->paths[i];
        path->leaf_count += path->sample.ptr != NULL;
        if (path->parent != SIZE_MAX) {
            survey->paths[path->parent].leaf_count += path->leaf_count;
        }
    }
}

/* Of those that repeat the one with most below it; else the root. */
static void
choose_record(struct xml_survey *survey)
{
    size_t most = 1;
    for (size_t i = 0; i < survey->path_count; i++) {
        const struct xml_survey_path *path = &survey->paths[i];
        if (path->most > 1 && path->leaf_count > most &&
            path->first_child != SIZE_MAX) {
            most = path->leaf_count;
            survey->record = i;
        }
    }
}

bool
xml_survey_read(struct xml_survey *survey, const char *path, int stop_fd,
                struct error *err)
{
    struct surveying surveying = {.survey = survey, .at = SIZE_MAX};
    struct input input = {.stored.fd = -1};
    bool done = input_open(&input, path, 0, stop_fd, err);
    if (done) {
        surveying.reader.name = input.stored.name;
        surveying.reader.listener = (struct xml_listener){
            begin_element, take_text, end_element, &surveying};
        done = read_all(&surveying, &input, err);
    }
    if (done) {
        const xmlParserCtxt *parser = surveying.reader.parser;
        const char *encoding =
            parser->encoding ? (const char *)parser->encoding : "UTF-8";
        survey->encoding = arena_strdup(&survey->arena, slice_of(encoding));
        survey->is_whole = !surveying.is_full;
        count_leaves(survey);
        choose_record(survey);
    }
    xml_reader_close(&surveying.reader);
    input_close(&input);
    map_release(&surveying.known);
    buffer_release(&surveying.text);
    return done;
}

static size_t
depth_of(const struct xml_survey *survey, size_t at)
{
    size_t depth = 0;
    for (; at != SIZE_MAX; at = survey->paths[at].parent) {
        depth++;
    }
    return depth;
}

bool
xml_survey_is_around(const struct xml_survey *survey, size_t outer, size_t at)
{
    while (at != SIZE_MAX && at != outer) {
        at = survey->paths[at].parent;
    }
    return at == outer;
}

struct slice
xml_survey_spell(const struct xml_survey *survey, size_t from, size_t at,
                 struct arena *arena)
{
    struct buffer text = {0};
    size_t top = from;
    while (top != SIZE_MAX && !xml_survey_is_around(survey, top, at)) {
        buffer_append_text(&text, "../");
        top = survey->paths[top].parent;
    }
    size_t count = depth_of(survey, at) - depth_of(survey, top);
    for (size_t i = count; i-- > 0;) {
        size_t step = at;
        for (size_t j = 0; j < i; j++) {
            step = survey->paths[step].parent;
        }
        buffer_append_text(&text, from == SIZE_MAX ? "/" : "");
        buffer_append_slice(&text, survey->paths[step].name);
        buffer_append_text(&text, from != SIZE_MAX && i > 0 ? "/" : "");
    }
    struct slice spelled =
        arena_copy(arena, count == 0 && from == at ? SLICE_LITERAL(".")
                                                   : buffer_slice(&text));
    buffer_release(&text);
    return spelled;
}

void
xml_survey_release(struct xml_survey *survey)
{
    free(survey->paths);
    arena_release(&survey->arena);
    *survey = (struct xml_survey){0};
}
