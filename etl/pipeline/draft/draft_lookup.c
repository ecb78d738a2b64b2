/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/draft/draft_lookup.h"

#include <stdio.h>

#define WORD_LIMIT 64

/* Words of exports for a relationship, beside its own name and label; all
 * without blanks and signs. */
static const struct alias {
    const char *relationship, *words;
} aliases[] = {
    {"Parent", " group parent holding konzern mother headoffice hauptkunde "},
    {"Account", " account customer client kunde debitor company firma "},
    {"Owner", " owner salesrep salesperson accountmanager responsible "
              "betreuer vertreter "},
    {"Product2", " product item material artikel sku article "},
    {"Pricebook2", " pricebook pricelist preisliste "},
    {"Contact", " contact contactperson ansprechpartner "},
    {"Order", " order salesorder auftrag "},
};
/* What stands behind such a word in a column that holds its keys. */
static const char *const endings[] = {
    "",     "no",       "number",     "nr",       "id",    "key",
    "code", "nummer",   "externalid", "extid",    "erpid", "ref",
    "user", "username", "email",      "externid", "num",
};

struct looking {
    struct draft_plan *plan;
    struct draft_org *org;
};

static void
word_of(struct slice name, char word[WORD_LIMIT])
{
    size_t len = 0;
    for (size_t i = 0; i < name.len && len + 1 < WORD_LIMIT; i++) {
        char c = name.ptr[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      (unsigned char)c >= 0x80;
        if (counts) {
            word[len++] = c;
        }
    }
    word[len] = '\0';
}

/* "Parent__r" is "Parent"; a label's "ID" says nothing. */
static struct slice
without_ending(const char *text, const char *ending)
{
    struct slice name = slice_of(text);
    size_t len = strlen(ending);
    if (name.len > len &&
        slice_is_nocase((struct slice){name.ptr + name.len - len, len},
                        ending)) {
        name.len -= len;
    }
    return name;
}

static bool
begins_as(const char *word, const char *stem)
{
    size_t len = strlen(stem);
    if (len == 0 || strncmp(word, stem, len) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (strcmp(word + len, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_alias(const char *word, const char *relationship)
{
    char stem[WORD_LIMIT];
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        const char *next = aliases[i].words + 1;
        while (strcmp(aliases[i].relationship, relationship) == 0 &&
               *next != '\0') {
            size_t len = strcspn(next, " ");
            snprintf(stem, sizeof stem, "%.*s", (int)len, next);
            if (begins_as(word, stem)) {
                return true;
            }
            next += len + 1;
        }
    }
    return false;
}

static bool
names_lookup(const char *word, const struct schema_field *field)
{
    char stem[WORD_LIMIT];
    word_of(without_ending(field->relationship, "__r"), stem);
    if (begins_as(word, stem)) {
        return true;
    }
    word_of(without_ending(field->label ? field->label : "", " ID"), stem);
    return begins_as(word, stem) || is_alias(word, field->relationship);
}

static const struct schema_field *
find_lookup(const struct draft_plan *plan, struct slice column)
{
    char word[WORD_LIMIT];
    word_of(column, word);
    for (size_t i = 0; i < plan->object->field_count; i++) {
        const struct schema_field *field = &plan->object->fields[i];
        if (field->type == FIELD_REFERENCE && field->relationship != NULL &&
            field->createable && field->reference_count > 0 &&
            names_lookup(word, field)) {
            return field;
        }
    }
    return NULL;
}

static bool
leads_to(const struct schema_field *lookup, const char *object)
{
    for (size_t i = 0; i < lookup->reference_count; i++) {
        if (strcmp(lookup->reference_to[i], object) == 0) {
            return true;
        }
    }
    return false;
}

/* NULL with a note where nobody can tell. */
static const struct schema_field *
find_key(struct looking *looking, const struct schema_object *parent,
         const struct draft_column *column, const char **note)
{
    struct arena *arena = &looking->plan->arena;
    const struct schema_field *found = NULL;
    struct slice list = SLICE_LITERAL("");
    size_t count = 0;
    if (strcmp(parent->name, "User") == 0) {
        found = schema_object_field(parent, SLICE_LITERAL("Username"));
        *note = "users are found by Username, which looks like an e-mail";
        return column->guess.kind == COLUMN_EMAIL ? found : NULL;
    }
    for (size_t i = 0; i < parent->field_count; i++) {
        const struct schema_field *field = &parent->fields[i];
        if (field->external_id) {
            found = field;
            count++;
            list = arena_printf(arena, "%.*s%s%s", SLICE_ARGS(list),
                                count > 1 ? ", " : "", field->name);
        }
    }
    *note = count == 0
                ? arena_printf(arena, "%s has no external id to be found by%c",
                               parent->name, 0)
                      .ptr
                : arena_printf(arena, "%s is found by %.*s: which one?%c",
                               parent->name, SLICE_ARGS(list), 0)
                      .ptr;
    return count == 1 ? found : NULL;
}

static bool
describe(struct looking *looking, struct slice name,
         const struct schema_object **object, struct error *err)
{
    *object = schema_object(&looking->org->schema, name);
    if (*object == NULL && draft_org_describe(looking->org, name, err)) {
        *object = schema_object(&looking->org->schema, name);
    }
    return err->kind == ERROR_NONE;
}

static void
set_line(struct looking *looking, size_t index,
         const struct schema_field *lookup, const struct schema_field *key,
         const char *object)
{
    struct draft_plan *plan = looking->plan;
    struct draft_line *line = &plan->lines[index];
    bool is_polymorphic = lookup->reference_count > 1;
    bool is_taken = draft_lookup_is_mapped(plan, lookup);
    line->match = (struct field_match){
        .field = key,
        .name = arena_printf(&plan->arena, "%s%s%s.%s%c",
                             is_polymorphic ? object : "",
                             is_polymorphic ? ":" : "", lookup->relationship,
                             key->name, 0)
                    .ptr,
        .surety = MATCH_LIKELY,
        .why =
            arena_printf(&plan->arena, "by its name, keys of %s%c", object, 0)
                .ptr,
    };
    line->is_open = is_taken;
    line->note = is_taken ? "another column is nearer" : NULL;
}

/* A line that is not for anything else. */
static bool
look_at(struct looking *looking, size_t index, struct error *err)
{
    struct draft_plan *plan = looking->plan;
    const struct draft_column *column = &plan->source->columns[index];
    const struct schema_field *lookup = find_lookup(plan, column->name);
    const struct schema_object *parent = NULL;
    const char *note = NULL;
    if (lookup == NULL || column->guess.kind == COLUMN_BLANK ||
        column->guess.kind == COLUMN_ID) {
        return true;
    }
    const char *object = lookup->reference_count == 1 ? lookup->reference_to[0]
                         : leads_to(lookup, "User")   ? "User"
                                                      : NULL;
    if (object == NULL || !describe(looking, slice_of(object), &parent, err)) {
        return err->kind == ERROR_NONE;
    }
    const struct schema_field *key =
        parent == NULL ? NULL : find_key(looking, parent, column, &note);
    if (key != NULL) {
        set_line(looking, index, lookup, key, object);
    } else if (parent != NULL) {
        struct draft_line *line = &plan->lines[index];
        line->match = (struct field_match){
            .field = lookup,
            .name =
                arena_printf(&plan->arena, "%s.KEY%c", lookup->relationship, 0)
                    .ptr,
            .surety = MATCH_POSSIBLE,
        };
        line->is_open = true;
        line->note = note;
    }
    return true;
}

bool
draft_lookup_add(struct draft_plan *plan, struct draft_org *org,
                 struct error *err)
{
    struct looking looking = {plan, org};
    bool done = true;
    for (size_t i = 0;
         plan->object != NULL && done && i < plan->source->column_count; i++) {
        const struct draft_line *line = &plan->lines[i];
        const struct schema_field *field = line->match.field;
        bool is_free = line->is_open &&
                       (line->match.surety == MATCH_NONE ||
                        (field != NULL && (field->type == FIELD_REFERENCE ||
                                           !field->createable)));
        done = !is_free || look_at(&looking, i, err);
    }
    return done;
}

bool
draft_lookup_is_mapped(const struct draft_plan *plan,
                       const struct schema_field *lookup)
{
    const char *relationship = lookup->relationship;
    size_t len = relationship != NULL ? strlen(relationship) : 0;
    for (size_t i = 0; len > 0 && i < plan->source->column_count; i++) {
        const struct draft_line *line = &plan->lines[i];
        const char *name = line->match.name;
        const char *colon = name != NULL ? strchr(name, ':') : NULL;
        name = colon != NULL ? colon + 1 : name;
        if (!line->is_open && name != NULL &&
            strncmp(name, relationship, len) == 0 && name[len] == '.') {
            return true;
        }
    }
    return false;
}
