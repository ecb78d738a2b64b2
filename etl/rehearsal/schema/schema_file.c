/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_file.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/yaml_tree.h"
#include "rehearsal/schema/schema_json.h"
#include "rehearsal/schema/schema_standard.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_LIMIT ((size_t)64 << 20) /* bytes */

struct reader {
    struct schema *schema;
    struct schema_object *object;
    const char *name;
    struct error *err;
};

static bool
refuse(struct reader *reader, const struct yaml_node *node, const char *what)
{
    return error_set(reader->err, ERROR_CONFIG, 0, "%s:%d:%d: %s", reader->name,
                     node->line, node->column, what);
}

static char *
keep(struct reader *reader, struct slice text)
{
    return arena_strdup(&reader->schema->arena, text);
}

static bool
read_flag(struct reader *reader, const struct yaml_node *value, bool *flag)
{
    *flag = slice_is(value->text, "yes") || slice_is(value->text, "true");
    return *flag || slice_is(value->text, "no") ||
           slice_is(value->text, "false") ||
           refuse(reader, value, "yes or no expected");
}

static bool
read_number(struct reader *reader, const struct yaml_node *value, int *number)
{
    uint64_t wide;
    if (value->kind != YAML_TEXT || !slice_to_u64(value->text, &wide) ||
        wide > INT_MAX)
        return refuse(reader, value, "a whole number expected");
    *number = (int)wide;
    return true;
}

static bool
read_text(struct reader *reader, const struct yaml_node *value,
          const char **text)
{
    if (value->kind != YAML_TEXT || !value->text.len ||
        memchr(value->text.ptr, '\0', value->text.len))
        return refuse(reader, value, "a text expected");
    *text = keep(reader, value->text);
    return true;
}

/* A text or a list of them. */
static bool
read_list(struct reader *reader, const struct yaml_node *value,
          const char ***list, size_t *count)
{
    *count = value->kind == YAML_LIST ? value->count : 1;
    *list = arena_array(&reader->schema->arena, *count + 1, sizeof **list);
    if (value->kind != YAML_LIST)
        return read_text(reader, value, &(*list)[0]);
    for (size_t i = 0; i < *count; i++)
        if (!read_text(reader, value->pairs[i].value, &(*list)[i]))
            return false;
    return true;
}

static const struct {
    const char *name;
    unsigned flag;
    bool inverse;
} flags[] = {
    {"required", FIELD_NILLABLE, true},
    {"nillable", FIELD_NILLABLE, false},
    {"createable", FIELD_CREATEABLE, false},
    {"updateable", FIELD_UPDATEABLE, false},
    {"externalId", FIELD_EXTERNAL_ID | FIELD_ID_LOOKUP, false},
    {"idLookup", FIELD_ID_LOOKUP, false},
    {"unique", FIELD_UNIQUE, false},
    {"caseSensitive", FIELD_CASE_SENSITIVE, false},
    {"defaultedOnCreate", FIELD_DEFAULTED, false},
    {"calculated", FIELD_CALCULATED, false},
    {"autoNumber", FIELD_AUTO_NUMBER, false},
    {"nameField", FIELD_NAME, false},
    {"restricted", FIELD_RESTRICTED, false},
    {"restrictedPicklist", FIELD_RESTRICTED, false},
    {"masterDetail", FIELD_MASTER | FIELD_CASCADE, false},
    {"cascadeDelete", FIELD_CASCADE, false},
};

static bool
set_flag(struct reader *reader, struct schema_field *field,
         const struct yaml_pair *pair, bool *known)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        bool on;
        if (!slice_is(pair->key->text, flags[i].name))
            continue;
        *known = true;
        if (!read_flag(reader, pair->value, &on))
            return false;
        if (on != flags[i].inverse)
            field->flags |= flags[i].flag;
        else
            field->flags &= ~flags[i].flag;
        return true;
    }
    *known = false;
    return true;
}

static bool
read_member(struct reader *reader, struct schema_field *field,
            const struct yaml_pair *pair)
{
    const struct yaml_node *value = pair->value;
    struct slice key = pair->key->text;
    bool known;
    if (!set_flag(reader, field, pair, &known) || known)
        return known && reader->err->kind == ERROR_NONE;
    if (slice_is(key, "type"))
        return true; /* read before the others */
    if (slice_is(key, "label"))
        return read_text(reader, value, &field->label);
    if (slice_is(key, "length"))
        return read_number(reader, value, &field->length);
    if (slice_is(key, "precision"))
        return read_number(reader, value, &field->precision);
    if (slice_is(key, "scale"))
        return read_number(reader, value, &field->scale);
    if (slice_is(key, "digits"))
        return read_number(reader, value, &field->digits);
    if (slice_is(key, "default") || slice_is(key, "format"))
        return read_text(reader, value, &field->default_value);
    if (slice_is(key, "values"))
        return read_list(reader, value, &field->picklist,
                         &field->picklist_count);
    if (slice_is(key, "to") || slice_is(key, "referenceTo"))
        return read_list(reader, value, &field->targets, &field->target_count);
    if (slice_is(key, "relationship") || slice_is(key, "relationshipName"))
        return read_text(reader, value, &field->relationship);
    if (slice_is(key, "child"))
        return read_text(reader, value, &field->child_relationship);
    return refuse(reader, pair->key, "unknown member of a field");
}

static bool
read_type(struct reader *reader, const struct yaml_node *node,
          struct schema_field *field)
{
    const struct yaml_node *type = yaml_tree_get(node, "type");
    if (!type || type->kind != YAML_TEXT)
        return refuse(reader, node, "'type' is missing");
    if (slice_is(type->text, "autoNumber")) {
        field->type = FIELD_STRING;
        field->flags = FIELD_AUTO_NUMBER | FIELD_DEFAULTED;
    } else if (slice_is(type->text, "text"))
        field->type = FIELD_STRING;
    else if (slice_is(type->text, "checkbox"))
        field->type = FIELD_BOOLEAN;
    else if (!org_schema_type_of(type->text, &field->type))
        return refuse(reader, type, "unknown type");
    return true;
}

/* What Salesforce's set-up pages propose for a new field. */
static void
set_usual(struct schema_field *field)
{
    if (field->type == FIELD_TEXTAREA)
        field->length = 32768;
    else if (field->type == FIELD_EMAIL)
        field->length = 80;
    else if (field->type == FIELD_PHONE)
        field->length = 40;
    else if (org_schema_type_is_text(field->type))
        field->length = 255;
    else if (org_schema_type_is_decimal(field->type)) {
        field->precision = 18;
        field->scale = field->type == FIELD_CURRENCY ? 2 : 0;
    } else if (field->type == FIELD_INT)
        field->digits = 9;
    else if (field->type == FIELD_BOOLEAN) {
        field->default_value = "false";
        field->flags |= FIELD_DEFAULTED;
        field->flags &= ~(unsigned)FIELD_NILLABLE;
    } else if (field->type == FIELD_REFERENCE)
        field->length = 18;
}

static bool
check_field(struct reader *reader, const struct yaml_node *node,
            struct schema_field *field)
{
    if (field->scale > 17 || field->precision > 38 ||
        field->scale > field->precision)
        return refuse(reader, node, "precision or scale out of range");
    if (field->type == FIELD_REFERENCE && !field->target_count)
        return refuse(reader, node, "a reference needs 'to'");
    if (field->target_count > 1)
        field->flags |= FIELD_POLYMORPHIC;
    size_t len = strlen(field->name);
    if (field->type == FIELD_REFERENCE && !field->relationship && len > 3 &&
        strcmp(field->name + len - 3, "__c") == 0)
        field->relationship =
            keep(reader, arena_printf(&reader->schema->arena, "%.*s__r",
                                      (int)(len - 3), field->name));
    return true;
}

static bool
read_field(struct reader *reader, const char *name,
           const struct yaml_node *node)
{
    if (node->kind != YAML_MAP)
        return refuse(reader, node, "a map with 'type' expected");
    struct schema_field field = {.name = name,
                                 .label = name,
                                 .flags = FIELD_CREATEABLE | FIELD_UPDATEABLE |
                                          FIELD_NILLABLE};
    const struct schema_field *old =
        org_schema_field(reader->object, slice_of(name));
    if (old && !yaml_tree_get(node, "type"))
        field = *old;
    else if (!read_type(reader, node, &field))
        return false;
    else
        set_usual(&field);
    for (size_t i = 0; i < node->count; i++)
        if (!read_member(reader, &field, &node->pairs[i]))
            return false;
    if (!check_field(reader, node, &field))
        return false;
    org_schema_put_field(reader->schema, reader->object, &field);
    return true;
}

static bool
read_record_types(struct reader *reader, const struct yaml_node *node)
{
    const char **names;
    size_t count;
    if (!read_list(reader, node, &names, &count))
        return false;
    reader->object->record_types =
        arena_array(&reader->schema->arena, count + 1,
                    sizeof *reader->object->record_types);
    reader->object->record_type_count = count;
    for (size_t i = 0; i < count; i++) {
        struct schema_record_type *type = &reader->object->record_types[i];
        type->name = names[i];
        type->is_default = i == 0;
        char *developer_name = keep(reader, slice_of(names[i]));
        for (char *c = developer_name; *c; c++)
            if (*c == ' ' || *c == '-')
                *c = '_';
        type->developer_name = developer_name;
    }
    return true;
}

static void
begin_custom(struct reader *reader)
{
    struct schema_object *object = reader->object;
    object->flags = OBJECT_CUSTOM | OBJECT_CREATEABLE | OBJECT_UPDATEABLE |
                    OBJECT_DELETABLE | OBJECT_UNDELETABLE;
    schema_standard_begin(reader->schema, object);
    schema_standard_add_line(
        reader->schema, object,
        "OwnerId|Owner ID|reference cud|>Group,User:Owner");
    schema_standard_add_line(reader->schema, object,
                             "Name|Name|string 80 Ncuidn");
    schema_standard_end(reader->schema, object);
}

/* Of an object whose records belong to another's. */
static bool
has_master(const struct schema_object *object)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (object->fields[i]->flags & FIELD_MASTER)
            return true;
    return false;
}

static bool
read_name_field(struct reader *reader, const struct yaml_node *node)
{
    if (!read_field(reader, "Name", node))
        return false;
    const struct schema_field *read =
        org_schema_field(reader->object, SLICE_LITERAL("Name"));
    struct schema_field name = *read;
    name.flags |= FIELD_NAME | FIELD_ID_LOOKUP | FIELD_DEFAULTED;
    if (name.flags & FIELD_AUTO_NUMBER)
        name.flags &=
            ~(unsigned)(FIELD_CREATEABLE | FIELD_UPDATEABLE | FIELD_NILLABLE);
    org_schema_put_field(reader->schema, reader->object, &name);
    return true;
}

static bool
read_object_member(struct reader *reader, const struct yaml_pair *pair)
{
    struct slice key = pair->key->text;
    const struct yaml_node *value = pair->value;
    if (slice_is(key, "label"))
        return read_text(reader, value, &reader->object->label);
    if (slice_is(key, "plural"))
        return read_text(reader, value, &reader->object->plural);
    if (slice_is(key, "record_types"))
        return read_record_types(reader, value);
    if (slice_is(key, "name"))
        return read_name_field(reader, value);
    if (!slice_is(key, "fields"))
        return refuse(reader, pair->key, "unknown member of an object");
    if (value->kind != YAML_MAP)
        return refuse(reader, value, "a map of fields expected");
    for (size_t i = 0; i < value->count; i++) {
        const struct yaml_node *name = value->pairs[i].key;
        if (!org_schema_is_name(name->text))
            return refuse(reader, name, "no API name");
        if (!read_field(reader, keep(reader, name->text),
                        value->pairs[i].value))
            return false;
    }
    return true;
}

static bool
read_object(struct reader *reader, const struct yaml_pair *pair)
{
    struct slice name = pair->key->text;
    if (pair->value->kind != YAML_MAP)
        return refuse(reader, pair->value, "a map with 'fields' expected");
    if (!org_schema_is_name(name))
        return refuse(reader, pair->key, "no API name");
    bool is_new = !org_schema_object(reader->schema, name);
    if (is_new &&
        (name.len < 4 || memcmp(name.ptr + name.len - 3, "__c", 3) != 0))
        return refuse(reader, pair->key,
                      "no standard object, and a custom one ends in '__c'");
    reader->object = org_schema_put_object(reader->schema, keep(reader, name));
    if (is_new)
        begin_custom(reader);
    for (size_t i = 0; i < pair->value->count; i++)
        if (!read_object_member(reader, &pair->value->pairs[i]))
            return false;
    const struct schema_field *owner =
        org_schema_field(reader->object, SLICE_LITERAL("OwnerId"));
    if (is_new && owner && has_master(reader->object)) {
        /* Its owner is its master's. */
        struct schema_field hidden = *owner;
        hidden.flags = FIELD_NILLABLE;
        org_schema_put_field(reader->schema, reader->object, &hidden);
    }
    return true;
}

static bool
add_yaml(struct schema *schema, struct slice bytes, const char *name,
         struct error *err)
{
    struct arena arena = {0};
    struct reader reader = {.schema = schema, .name = name, .err = err};
    struct yaml_node *root = yaml_tree_parse(bytes, name, &arena, err);
    bool worked = root != NULL;
    const struct yaml_node *objects = NULL;
    if (worked && (root->kind != YAML_MAP || root->count != 1 ||
                   !(objects = yaml_tree_get(root, "objects")) ||
                   objects->kind != YAML_MAP))
        worked = refuse(&reader, root, "'objects:' with a map expected");
    for (size_t i = 0; worked && i < objects->count; i++)
        worked = read_object(&reader, &objects->pairs[i]);
    arena_release(&arena);
    return worked;
}

bool
schema_file_add_bytes(struct schema *schema, struct slice bytes, bool is_json,
                      const char *name, struct error *err)
{
    if (slice_begins(bytes, "\xEF\xBB\xBF"))
        bytes = (struct slice){bytes.ptr + 3, bytes.len - 3};
    return is_json ? schema_json_add(schema, bytes, name, err)
                   : add_yaml(schema, bytes, name, err);
}

static bool
ends_in(const char *path, const char *suffix)
{
    size_t len = strlen(path), tail = strlen(suffix);
    return len > tail && strcmp(path + len - tail, suffix) == 0;
}

static bool
is_schema_name(const char *path)
{
    return ends_in(path, ".yaml") || ends_in(path, ".yml") ||
           ends_in(path, ".json");
}

static int
is_schema_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && is_schema_name(entry->d_name);
}

static bool
add_folder(struct schema *schema, const char *path, struct error *err)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_schema_entry, alphasort);
    if (count < 0)
        return error_set_errno(err, "cannot read '%s'", path);
    bool worked = count > 0 || error_set(err, ERROR_CONFIG, 0,
                                         "'%s' holds no .yaml, .yml or .json "
                                         "file",
                                         path);
    for (int i = 0; i < count; i++) {
        char *file = mem_printf("%s/%s", path, entries[i]->d_name);
        worked = worked && schema_file_add(schema, file, err);
        free(file);
        free(entries[i]);
    }
    free(entries);
    return worked;
}

bool
schema_file_add(struct schema *schema, const char *path, struct error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return error_set_errno(err, "cannot read '%s'", path);
    if (S_ISDIR(info.st_mode))
        return add_folder(schema, path, err);
    struct buffer bytes = {0};
    bool worked = file_read_whole(path, FILE_LIMIT, &bytes, err) &&
                  schema_file_add_bytes(schema, buffer_slice(&bytes),
                                        ends_in(path, ".json"), path, err);
    buffer_release(&bytes);
    return worked;
}
