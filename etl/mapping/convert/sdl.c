/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/sdl.h"

#include "base/suggest.h"
#include "mapping/convert/sdl_target.h"

#include <stdlib.h>

#define SHOWN 80 /* bytes of a name in a message */

struct reading {
    struct sdl *sdl;
    const struct sdl_context *context;
    struct problems *problems;
    size_t field_room, note_room;
};

static int
shown(struct slice text)
{
    return (int)(text.len < SHOWN ? text.len : SHOWN);
}

/* A note stands in the draft; a warning is also told. */
static void
add_note(struct reading *reading, const struct property *line, struct slice why)
{
    struct sdl *sdl = reading->sdl;
    sdl->notes[sdl->note_count++] =
        (struct sdl_note){line->line, line->key, why};
}

static void
warn(struct reading *reading, const struct property *line, const char *code,
     const char *help, struct slice why)
{
    problem_warn(reading->problems, line->line, 1, code, help, "'%.*s' %.*s",
                 shown(line->key), line->key.ptr ? line->key.ptr : "",
                 SLICE_ARGS(why));
    add_note(reading, line, why);
}

/* The part up to the next comma, without blanks around; false at the end. */
static bool
next_part(struct slice *rest, struct slice *part)
{
    while (rest->len > 0) {
        const char *comma = memchr(rest->ptr, ',', rest->len);
        size_t len = comma ? (size_t)(comma - rest->ptr) : rest->len;
        *part = slice_trim((struct slice){rest->ptr, len});
        size_t taken = comma ? len + 1 : len;
        *rest = (struct slice){rest->ptr + taken, rest->len - taken};
        if (part->len > 0) {
            return true;
        }
    }
    return false;
}

static bool
is_constant(struct slice key)
{
    return key.len >= 2 && key.ptr[0] == '"' && key.ptr[key.len - 1] == '"';
}

static bool
take_columns(struct reading *reading, const struct property *line,
             struct sdl_field *field)
{
    struct slice rest = line->key, part;
    while (next_part(&rest, &part)) {
        if (field->column_count == SDL_COLUMN_LIMIT) {
            problem_add(reading->problems, line->line, 1, "sdl-syntax",
                        "write a formula in a mapping of sfetl instead",
                        "over %zu columns are joined", SDL_COLUMN_LIMIT);
            return false;
        }
        field->columns[field->column_count++] = part;
    }
    if (field->column_count == 0) {
        warn(reading, line, "sdl-column",
             "a constant with blanks is written \"a\\ b\"",
             SLICE_LITERAL("names no column, and is passed over"));
        return false;
    }
    return true;
}

/* Data Loader passes over what the file does not have. */
static bool
has_columns(struct reading *reading, const struct property *line,
            const struct sdl_field *field)
{
    const struct columns *columns = reading->context->columns;
    size_t index;
    for (size_t i = 0; columns != NULL && i < field->column_count; i++) {
        enum columns_match match =
            columns_find(columns, field->columns[i], &index);
        if (match == COLUMNS_MISSING) {
            warn(reading, line, "sdl-column",
                 "look at its header; Data Loader passes over such a line in "
                 "silence",
                 arena_printf(&reading->sdl->arena,
                              "is not a column of the source, and is passed "
                              "over"));
            return false;
        }
    }
    return true;
}

static struct sdl_field *
find_target(struct sdl *sdl, struct slice target)
{
    for (size_t i = 0; i < sdl->field_count; i++) {
        struct slice other = sdl->fields[i].target;
        if (other.len == target.len &&
            strncasecmp(other.ptr, target.ptr, target.len) == 0) {
            return &sdl->fields[i];
        }
    }
    return NULL;
}

/* Of two for one field the constant counts; of two columns nobody knows. */
static void
add_field(struct reading *reading, const struct property *line,
          const struct sdl_field *field)
{
    struct sdl *sdl = reading->sdl;
    struct sdl_field *other = find_target(sdl, field->target);
    if (other == NULL) {
        sdl->fields[sdl->field_count++] = *field;
        return;
    }
    if (!field->is_constant && !other->is_constant) {
        problem_add(reading->problems, line->line, 1, "sdl-field-twice",
                    "take one of them out; Data Loader sends whichever it "
                    "comes to last",
                    "'%.*s' is filled here and in line %d",
                    shown(field->target), field->target.ptr, other->line);
        return;
    }
    struct slice why = arena_printf(
        &sdl->arena, "is passed over for %.*s: line %d fills it, and %s",
        SLICE_ARGS(field->target),
        field->is_constant ? field->line : other->line,
        field->is_constant && other->is_constant
            ? "the last constant counts"
            : "a constant goes before a column");
    const struct property passed = {
        .key = field->is_constant ? other->columns[0] : line->key,
        .line = field->is_constant ? other->line : line->line,
    };
    warn(reading, &passed, "sdl-field-twice", "take one of them out", why);
    if (field->is_constant) {
        *other = *field;
    }
}

static void
take_targets(struct reading *reading, const struct property *line,
             struct sdl_field *field)
{
    struct slice rest = line->value, part;
    bool has_target = false;
    while (next_part(&rest, &part)) {
        has_target = true;
        if (!sdl_target_take(reading->context, part, &reading->sdl->arena,
                             field)) {
            problem_add(reading->problems, line->line, 1, "sdl-relationship",
                        "write RELATIONSHIP:FIELD or "
                        "RELATIONSHIP:OBJECT-FIELD, as in "
                        "Owner:User-Username",
                        "'%.*s' is no field of a parent", shown(part),
                        part.ptr);
            continue;
        }
        add_field(reading, line, field);
    }
    if (!has_target) {
        add_note(reading, line, SLICE_LITERAL("is mapped to no field"));
    }
}

static void
take_line(struct reading *reading, const struct property *line)
{
    struct sdl_field field = {.line = line->line};
    field.is_constant = is_constant(line->key);
    if (field.is_constant) {
        field.constant = (struct slice){line->key.ptr + 1, line->key.len - 2};
    } else if (!take_columns(reading, line, &field) ||
               (line->value.len > 0 && !has_columns(reading, line, &field))) {
        return;
    }
    take_targets(reading, line, &field);
}

/* Whether a later line has the same source: that one counts. */
static bool
is_overridden(const struct property_list *list, size_t index)
{
    for (size_t i = index + 1; i < list->count; i++) {
        if (slice_equals(list->items[i].key, list->items[index].key)) {
            return true;
        }
    }
    return false;
}

/* Targets of a line stand between commas. */
static size_t
count_targets(const struct property_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct slice value = list->items[i].value;
        count++;
        for (size_t j = 0; j < value.len; j++) {
            count += value.ptr[j] == ',';
        }
    }
    return count;
}

bool
sdl_read(struct sdl *sdl, struct slice text, const struct sdl_context *context,
         struct problems *problems, struct error *err)
{
    struct property_list list;
    if (!properties_read(text, &sdl->arena, &list, err)) {
        return error_add_context(err, "%s", problems->path);
    }
    struct reading reading = {
        .sdl = sdl, .context = context, .problems = problems};
    size_t room = count_targets(&list) + 1;
    sdl->fields = arena_array(&sdl->arena, room, sizeof *sdl->fields);
    /* A target may lose to a later one, and a line be passed over as well. */
    sdl->notes = arena_array(&sdl->arena, 2 * room, sizeof *sdl->notes);
    for (size_t i = 0; i < list.count; i++) {
        if (!is_overridden(&list, i)) {
            take_line(&reading, &list.items[i]);
        } else {
            warn(&reading, &list.items[i], "sdl-field-twice",
                 "join the targets with a comma in one line",
                 SLICE_LITERAL("stands there again below, and only the last "
                               "line of a source counts"));
        }
    }
    if (sdl->field_count == 0 && problems->error_count == 0) {
        problem_add(problems, 0, 0, "sdl-empty",
                    "write a line COLUMN=Field each",
                    "the file maps no column of the source to a field");
    }
    return true;
}

struct slice
sdl_missing_object(const struct sdl *sdl, const struct sdl_context *context)
{
    struct slice none = {NULL, 0};
    if (context->object == NULL || context->schema == NULL) {
        return none;
    }
    const struct schema_object *object =
        schema_object(context->schema, slice_of(context->object));
    if (object == NULL) {
        return slice_of(context->object);
    }
    for (size_t i = 0; i < sdl->field_count; i++) {
        struct slice parent = sdl_target_parent(object, sdl->fields[i].target);
        if (parent.ptr != NULL &&
            schema_object(context->schema, parent) == NULL) {
            return parent;
        }
    }
    return none;
}

void
sdl_release(struct sdl *sdl)
{
    arena_release(&sdl->arena);
    *sdl = (struct sdl){0};
}
