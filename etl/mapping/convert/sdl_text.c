/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/sdl_text.h"

#include "mapping/convert/loader_dates.h"
#include "mapping/value/field_type.h"
#include "model/yaml_text.h"

#include <stdlib.h>

#define LINE_WIDTH 78 /* of a list of patterns */

struct writing {
    const struct sdl *sdl;
    const struct sdl_settings *settings;
    struct buffer *text;
    struct arena arena;
};

static bool
is_of(const struct sdl_field *field, enum field_type type)
{
    return field->field != NULL && field->field->type == type;
}

static bool
any_of(const struct writing *writing, enum field_type type)
{
    for (size_t i = 0; i < writing->sdl->field_count; i++) {
        if (is_of(&writing->sdl->fields[i], type)) {
            return true;
        }
    }
    return false;
}

/* Only text fields get columns joined: of others the first one counts. */
static bool
is_joined(const struct sdl_field *field)
{
    return field->column_count > 1 &&
           (field->field == NULL || is_of(field, FIELD_STRING) ||
            is_of(field, FIELD_TEXTAREA));
}

/* What a name means in brackets can't be said of one that holds them. */
static void
put_formula(struct writing *writing, const struct sdl_field *field)
{
    struct slice formula = SLICE_LITERAL("=");
    for (size_t i = 0; i < field->column_count; i++) {
        formula = arena_printf(&writing->arena, "%.*s%s[%.*s]",
                               SLICE_ARGS(formula), i > 0 ? " & \", \" & " : "",
                               SLICE_ARGS(field->columns[i]));
    }
    buffer_append_text(writing->text, "formula: ");
    yaml_text_quoted(writing->text, formula);
}

static bool
is_key(const struct writing *writing, const struct sdl_field *field)
{
    const char *key = writing->settings->external_id;
    return slice_is(field->target, "Id") ||
           (key != NULL && slice_is_nocase(field->target, key));
}

/* As its line in the fields has it; Data Loader knows no case. */
static const char *
key_name(struct writing *writing)
{
    const char *key = writing->settings->external_id;
    for (size_t i = 0; key != NULL && i < writing->sdl->field_count; i++) {
        if (slice_is_nocase(writing->sdl->fields[i].target, key)) {
            return arena_strdup(&writing->arena,
                                writing->sdl->fields[i].target);
        }
    }
    return key;
}

/* A delete takes the Id and nothing else. */
static bool
is_sent(const struct writing *writing, const struct sdl_field *field)
{
    return strstr(writing->settings->operation, "delete") == NULL ||
           slice_is(field->target, "Id");
}

static bool
can_truncate(const struct sdl_field *field)
{
    return field->field != NULL && field_type_is_text(field->field->type) &&
           !is_of(field, FIELD_PICKLIST) && !is_of(field, FIELD_MULTIPICKLIST);
}

static void
put_origin(struct writing *writing, const struct sdl_field *field)
{
    if (field->is_constant) {
        buffer_append_text(writing->text, "value: ");
        yaml_text_quoted(writing->text, field->constant);
    } else if (is_joined(field)) {
        put_formula(writing, field);
    } else {
        /* In brackets it is a name, whatever it begins with. */
        struct slice name = arena_printf(&writing->arena, "[%.*s]",
                                         SLICE_ARGS(field->columns[0]));
        bool is_plain = strchr("[=#", field->columns[0].ptr[0]) == NULL;
        buffer_append_text(writing->text, "column: ");
        yaml_text_put(writing->text, is_plain ? field->columns[0] : name);
    }
}

static void
put_field(struct writing *writing, const struct sdl_field *field)
{
    struct buffer *text = writing->text;
    yaml_text_put(text, field->target);
    buffer_append_text(text, ": { ");
    put_origin(writing, field);
    if (is_of(field, FIELD_DATE)) {
        buffer_append_text(text, ", date: yes");
    } else if (is_of(field, FIELD_DATETIME)) {
        buffer_append_text(text, ", datetime: yes");
    } else if (is_of(field, FIELD_BASE64)) {
        buffer_append_text(text, ", file: yes");
    }
    if (writing->settings->insert_nulls && !is_key(writing, field)) {
        buffer_append_text(text, ", blank: clear");
    }
    if (writing->settings->truncate && can_truncate(field) &&
        !is_key(writing, field)) {
        buffer_append_text(text, ", truncate: yes");
    }
    buffer_append_text(text, " }");
}

static void
put_patterns(struct writing *writing, const struct loader_dates *dates,
             const char *indent)
{
    struct buffer *text = writing->text;
    size_t line = text->len;
    buffer_append_char(text, '[');
    for (size_t i = 0; i < dates->count; i++) {
        if (i > 0) {
            buffer_append_char(text, ',');
        }
        if (indent != NULL &&
            text->len - line + dates->items[i].len + 4 > LINE_WIDTH) {
            line = text->len + 1;
            buffer_printf(text, "\n%s", indent);
        } else if (i > 0) {
            buffer_append_char(text, ' ');
        }
        yaml_text_quoted(text, dates->items[i]);
    }
    buffer_append_char(text, ']');
}

/* A key of the source, in a line of its own or behind a comma. */
static void
put_key(struct writing *writing, bool flow, const char *key, const char *value)
{
    if (value == NULL) {
        return;
    }
    buffer_printf(writing->text, flow ? ", %s: " : "  %s: ", key);
    yaml_text_put(writing->text, slice_of(value));
    if (!flow) {
        buffer_append_char(writing->text, '\n');
    }
}

static void
put_dates(struct writing *writing, bool flow)
{
    const struct sdl_settings *settings = writing->settings;
    struct buffer *text = writing->text;
    const char *indent = flow ? NULL : "    ";
    if (any_of(writing, FIELD_DATE)) {
        struct loader_dates dates =
            loader_dates_of_day(settings->european_dates, &writing->arena);
        buffer_append_text(text, flow ? ", date: " : "  date: ");
        put_patterns(writing, &dates, indent);
        buffer_append_text(text, flow ? "" : "\n");
    }
    if (any_of(writing, FIELD_DATETIME)) {
        struct loader_dates dates =
            loader_dates_of_moment(settings->european_dates,
                                   settings->timezone != NULL, &writing->arena);
        buffer_append_text(text, flow ? ", datetime: " : "  datetime: ");
        put_patterns(writing, &dates, indent);
        buffer_append_text(text, flow ? "" : "\n");
    }
}

/* Java's "GMT-08:00" is "Etc/GMT+8", the sign turned round as POSIX has it. */
static const char *
zone_name(struct writing *writing)
{
    const char *zone = writing->settings->timezone;
    unsigned hours = 0;
    size_t at = 4;
    if (zone == NULL || strncmp(zone, "GMT", 3) != 0 ||
        (zone[3] != '+' && zone[3] != '-')) {
        return zone;
    }
    while (zone[at] >= '0' && zone[at] <= '9' && at < 6) {
        hours = hours * 10 + (unsigned)(zone[at++] - '0');
    }
    bool is_whole = zone[at] == '\0' || strcmp(zone + at, ":00") == 0;
    if (at == 4 || !is_whole || hours > 14) {
        return zone; /* the mapping's check refuses it */
    }
    return hours == 0 ? "Etc/GMT"
                      : arena_printf(&writing->arena, "Etc/GMT%c%u%c",
                                     zone[3] == '-' ? '+' : '-', hours, 0)
                            .ptr;
}

/* What comes from outside must not end the comment. */
static void
put_comment(struct writing *writing, struct slice text)
{
    struct buffer quoted = {0};
    yaml_text_quoted(&quoted, text);
    buffer_append(writing->text, quoted.bytes + 1, quoted.len - 2);
    buffer_release(&quoted);
}

static void
put_source(struct writing *writing, bool flow)
{
    const struct sdl_settings *settings = writing->settings;
    struct buffer *text = writing->text;
    buffer_append_text(text, flow ? "source: {format: csv"
                                  : "source:\n  format: csv\n");
    if (!flow && settings->input_note != NULL) {
        buffer_append_text(text, "  # ");
        put_comment(writing, slice_of(settings->input_note));
        buffer_append_char(text, '\n');
    }
    put_key(writing, flow, "path", settings->input);
    put_key(writing, flow, "delimiter", settings->delimiter);
    put_key(writing, flow, "encoding", settings->encoding);
    put_key(writing, flow, "timezone", zone_name(writing));
    buffer_append_text(text, flow ? ", clear_values: [\"#N/A\"]"
                                  : "  clear_values: [\"#N/A\"]\n");
    put_dates(writing, flow);
    buffer_append_text(text, flow ? "}, " : "\n");
}

static void
put_remarks(struct writing *writing)
{
    struct buffer *text = writing->text;
    if (any_of(writing, FIELD_DATETIME) &&
        writing->settings->timezone == NULL) {
        buffer_append_text(
            text, "# Times without an offset are rejected: Data Loader takes "
                  "the zone of its\n# computer. Add 'timezone' to the source "
                  "and patterns without XXX.\n");
    }
    for (size_t i = 0; i < writing->sdl->note_count; i++) {
        const struct sdl_note *note = &writing->sdl->notes[i];
        buffer_printf(text, "      # line %d: ", note->line);
        yaml_text_quoted(text, note->source);
        buffer_append_char(text, ' ');
        put_comment(writing, note->why);
        buffer_append_char(text, '\n');
    }
}

static void
put_load_key(struct writing *writing, const char *key, const char *value)
{
    if (value != NULL) {
        buffer_printf(writing->text, "    %s: ", key);
        yaml_text_put(writing->text, slice_of(value));
        buffer_append_char(writing->text, '\n');
    }
}

void
sdl_text_write(const struct sdl *sdl, const struct sdl_settings *settings,
               const char *sdl_path, struct buffer *text)
{
    struct writing writing = {sdl, settings, text, {0}};
    bool has_types = false;
    for (size_t i = 0; i < sdl->field_count; i++) {
        has_types = has_types || sdl->fields[i].field != NULL;
    }
    buffer_append_text(text, "# From Data Loader's ");
    yaml_text_put(text, slice_of(sdl_path));
    buffer_append_text(text, ", by 'sfetl convert'.\n");
    if (!has_types) {
        buffer_append_text(
            text, "# No org was asked: dates are sent as they stand, and "
                  "names as they are spelled.\n# With '--org NAME' they get "
                  "Data Loader's date patterns, and the org's spelling.\n");
    }
    buffer_append_text(text, "sfetl: 1\nname: ");
    yaml_text_put(text, slice_of(settings->name));
    buffer_append_text(text, "\n\n");
    put_source(&writing, false);
    buffer_append_text(text, "loads:\n  - object: ");
    yaml_text_put(text, slice_of(settings->object));
    buffer_append_char(text, '\n');
    put_load_key(&writing, "operation", settings->operation);
    put_load_key(&writing, "external_id", key_name(&writing));
    put_load_key(&writing, "assignment_rule", settings->assignment_rule);
    buffer_append_text(text, "    fields:\n");
    for (size_t i = 0; i < sdl->field_count; i++) {
        buffer_append_text(text, is_sent(&writing, &sdl->fields[i])
                                     ? "      "
                                     : "      # not of a delete: ");
        put_field(&writing, &sdl->fields[i]);
        buffer_append_char(text, '\n');
    }
    put_remarks(&writing);
    arena_release(&writing.arena);
}

static int
by_line(const void *a, const void *b)
{
    const struct sdl_field *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

void
sdl_text_in_place(const struct sdl *sdl, const struct sdl_settings *settings,
                  struct buffer *text)
{
    struct writing writing = {sdl, settings, text, {0}};
    int line = 1;
    /* A constant that took the place of a column has another line. */
    qsort(sdl->fields, sdl->field_count, sizeof *sdl->fields, by_line);
    buffer_append_text(text, "{sfetl: \"1\", name: ");
    yaml_text_quoted(text, slice_of(settings->name));
    buffer_append_text(text, ", ");
    put_source(&writing, true);
    buffer_append_text(text, "loads: [{object: ");
    yaml_text_quoted(text, slice_of(settings->object));
    buffer_printf(text, ", operation: %s", settings->operation);
    put_key(&writing, true, "external_id", key_name(&writing));
    buffer_append_text(text, ", fields: {");
    bool is_first = true;
    for (size_t i = 0; i < sdl->field_count; i++) {
        if (!is_sent(&writing, &sdl->fields[i])) {
            continue;
        }
        buffer_append_text(text, is_first ? "" : ",");
        is_first = false;
        for (; line < sdl->fields[i].line; line++) {
            buffer_append_char(text, '\n');
        }
        put_field(&writing, &sdl->fields[i]);
    }
    buffer_append_text(text, "}}]}\n");
    arena_release(&writing.arena);
}
