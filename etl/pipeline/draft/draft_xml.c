/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft_xml.h"

#include "model/yaml_text.h"

#define NAME_WIDTH 40
#define SAMPLE_CHARACTERS 30
#define INDENT 2

static void
put_sample(struct buffer *text, const struct xml_survey_path *path)
{
    if (path->sample.ptr == NULL) {
        return;
    }
    size_t len = slice_utf8_prefix(path->sample, SAMPLE_CHARACTERS);
    buffer_append_text(text, "  ");
    yaml_text_quoted(text, (struct slice){path->sample.ptr, len});
}

static void
put_path(const struct xml_survey *survey, size_t at, size_t depth,
         const char *prefix, struct buffer *text)
{
    const struct xml_survey_path *path = &survey->paths[at];
    size_t used = depth * INDENT + path->name.len;
    buffer_printf(text, "%s%*s%.*s%*s %8llu", prefix, (int)(depth * INDENT), "",
                  SLICE_ARGS(path->name),
                  used < NAME_WIDTH ? (int)(NAME_WIDTH - used) : 1, "",
                  (unsigned long long)path->count);
    if (path->most > 1) {
        buffer_printf(text, ", up to %llu in one",
                      (unsigned long long)path->most);
    }
    if (at == survey->record) {
        buffer_append_text(text, ", the record");
    }
    put_sample(text, path);
    buffer_append_char(text, '\n');
}

void
draft_xml_tree(const struct draft_source *source, const char *prefix,
               struct buffer *text)
{
    const struct xml_survey *survey = &source->survey;
    size_t at = 0, depth = 0;
    while (at != SIZE_MAX && survey->path_count > 0) {
        put_path(survey, at, depth, prefix, text);
        if (survey->paths[at].first_child != SIZE_MAX) {
            at = survey->paths[at].first_child;
            depth++;
            continue;
        }
        while (at != SIZE_MAX && survey->paths[at].next == SIZE_MAX) {
            at = survey->paths[at].parent;
            depth -= at != SIZE_MAX;
        }
        at = at != SIZE_MAX ? survey->paths[at].next : SIZE_MAX;
    }
}

/* The first on its way below the record that comes several times. */
static bool
is_first_repeat(const struct xml_survey *survey, size_t at)
{
    const struct xml_survey_path *paths = survey->paths;
    size_t record = survey->record;
    if (at == record || !xml_survey_is_around(survey, record, at) ||
        paths[at].most <= 1) {
        return false;
    }
    for (size_t i = paths[at].parent; i != record; i = paths[i].parent) {
        if (paths[i].most > 1) {
            return false;
        }
    }
    return true;
}

void
draft_xml_repeats(const struct draft_source *source, struct buffer *text)
{
    const struct xml_survey *survey = &source->survey;
    struct arena arena = {0};
    bool is_first = true;
    for (size_t i = 0; i < survey->path_count; i++) {
        if (!is_first_repeat(survey, i)) {
            continue;
        }
        if (is_first) {
            buffer_append_text(
                text, "\n# These come several times in a record; each can be "
                      "a load of its own,\n# or be indexed, counted or "
                      "joined (sfetl-mapping(5), XML):\n");
        }
        is_first = false;
        const struct xml_survey_path *path = &survey->paths[i];
        struct slice spelled =
            xml_survey_spell(survey, survey->record, i, &arena);
        if (path->first_child != SIZE_MAX) {
            buffer_printf(text, "#   each: %.*s", SLICE_ARGS(spelled));
        } else {
            buffer_printf(text, "#   FIELD: =JOIN(\"; \", [%.*s])",
                          SLICE_ARGS(spelled));
        }
        buffer_printf(text, "  # up to %llu", (unsigned long long)path->most);
        put_sample(text, path);
        buffer_append_char(text, '\n');
    }
    arena_release(&arena);
    buffer_append_text(text, "\n# What is in the file:\n");
    draft_xml_tree(source, "#   ", text);
}
