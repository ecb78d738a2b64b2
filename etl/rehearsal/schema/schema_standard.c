/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_standard.h"

#include "base/buffer.h"

#include <assert.h>

static const struct {
    char letter;
    unsigned flag;
} letters[] = {
    {'N', FIELD_NILLABLE},  {'c', FIELD_CREATEABLE},  {'u', FIELD_UPDATEABLE},
    {'i', FIELD_ID_LOOKUP}, {'d', FIELD_DEFAULTED},   {'R', FIELD_RESTRICTED},
    {'n', FIELD_NAME},      {'a', FIELD_AUTO_NUMBER}, {'f', FIELD_CALCULATED},
    {'k', FIELD_CASCADE},   {'M', FIELD_MASTER},
};

static const char *const address_parts[] = {
    "%sStreet|%s Street|textarea 255 Ncu|@%sAddress",
    "%sCity|%s City|string 40 Ncu|@%sAddress",
    "%sState|%s State/Province|string 80 Ncu|@%sAddress",
    "%sPostalCode|%s Zip/Postal Code|string 20 Ncu|@%sAddress",
    "%sCountry|%s Country|string 80 Ncu|@%sAddress",
    "%sLatitude|%s Latitude|double 18 15 Ncu|@%sAddress",
    "%sLongitude|%s Longitude|double 18 15 Ncu|@%sAddress",
    "%sGeocodeAccuracy|%s Geocode Accuracy|picklist 40 NcuR|@%sAddress|"
    "Address;NearAddress;Block;Street;ExtendedZip;Zip;Neighborhood;City;"
    "County;State;Unknown",
    "%sAddress|%s Address|address Nf",
};

/* The text up to the separator, which is passed; all that is left without. */
static struct slice
cut(struct slice *rest, char separator)
{
    const char *end =
        rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    struct slice piece = {rest->ptr, len};
    size_t passed = len + (end ? 1 : 0);
    *rest = (struct slice){rest->ptr + passed, rest->len - passed};
    return piece;
}

static const char **
split(struct schema *schema, struct slice text, char separator, size_t *count)
{
    *count = 1;
    for (size_t i = 0; i < text.len; i++)
        *count += text.ptr[i] == separator;
    const char **list = arena_array(&schema->arena, *count, sizeof *list);
    for (size_t i = 0; i < *count; i++)
        list[i] = arena_strdup(&schema->arena, cut(&text, separator));
    return list;
}

static void
read_form(struct schema_field *field, struct slice form)
{
    bool known = org_schema_type_of(cut(&form, ' '), &field->type);
    assert(known);
    (void)known;
    int numbers[2] = {0, 0}, count = 0;
    while (form.len && form.ptr[0] >= '0' && form.ptr[0] <= '9') {
        uint64_t value = 0;
        slice_to_u64(cut(&form, ' '), &value);
        numbers[count++ & 1] = (int)value;
    }
    if (org_schema_type_is_text(field->type))
        field->length = numbers[0];
    else if (org_schema_type_is_decimal(field->type)) {
        field->precision = numbers[0];
        field->scale = numbers[1];
    } else
        field->digits = numbers[0];
    for (size_t i = 0; i < form.len; i++)
        for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
            if (form.ptr[i] == letters[k].letter)
                field->flags |= letters[k].flag;
    if (field->type == FIELD_REFERENCE || field->type == FIELD_ID)
        field->length = 18;
}

static void
read_reference(struct schema *schema, struct schema_field *field,
               struct slice extra)
{
    field->targets = split(schema, cut(&extra, ':'), ',', &field->target_count);
    if (field->target_count > 1)
        field->flags |= FIELD_POLYMORPHIC;
    struct slice relationship = cut(&extra, ':');
    if (relationship.len)
        field->relationship = arena_strdup(&schema->arena, relationship);
    if (extra.len)
        field->child_relationship = arena_strdup(&schema->arena, extra);
}

static void
read_picklist(struct schema *schema, struct schema_field *field,
              struct slice extra)
{
    field->picklist = split(schema, extra, ';', &field->picklist_count);
    for (size_t i = 0; i < field->picklist_count; i++)
        if (field->picklist[i][0] == '*') {
            field->picklist[i]++;
            field->default_value = field->picklist[i];
        }
}

static void
add_address(struct schema *schema, struct schema_object *object,
            struct slice head)
{
    struct slice name = cut(&head, '|'), label = head;
    for (size_t i = 0; i < sizeof address_parts / sizeof *address_parts; i++) {
        /* The table's own patterns: three names, and the last one two. */
        struct buffer line = {0};
        struct slice given[3] = {name, label, name};
        size_t next = 0;
        for (const char *p = address_parts[i]; *p; p++)
            if (p[0] == '%' && p[1] == 's') {
                struct slice text = given[next++];
                buffer_append_slice(&line, text);
                p += text.len || next != 2 ? 1 : 2; /* "|" and no blank */
            } else
                buffer_append_char(&line, *p);
        schema_standard_add_line(schema, object, buffer_text(&line));
        buffer_release(&line);
    }
}

void
schema_standard_add_line(struct schema *schema, struct schema_object *object,
                         const char *line)
{
    struct slice rest = slice_of(line);
    if (line[0] == '&') {
        cut(&rest, '&');
        add_address(schema, object, rest);
        return;
    }
    struct schema_field field = {0};
    field.name = arena_strdup(&schema->arena, cut(&rest, '|'));
    field.label = arena_strdup(&schema->arena, cut(&rest, '|'));
    read_form(&field, cut(&rest, '|'));
    if (field.type == FIELD_BOOLEAN)
        field.default_value = "false";
    while (rest.len) {
        struct slice extra = cut(&rest, '|');
        struct slice behind = {extra.ptr + 1, extra.len - 1};
        if (extra.ptr[0] == '>')
            read_reference(schema, &field, behind);
        else if (extra.ptr[0] == '@')
            field.compound = arena_strdup(&schema->arena, behind);
        else if (extra.ptr[0] == '=')
            field.default_value = arena_strdup(&schema->arena, behind);
        else
            read_picklist(schema, &field, extra);
    }
    org_schema_put_field(schema, object, &field);
}

void
schema_standard_begin(struct schema *schema, struct schema_object *object)
{
    struct slice line =
        arena_printf(&schema->arena, "Id|%s ID|id id",
                     object->flags & OBJECT_CUSTOM ? "Record" : object->label);
    schema_standard_add_line(schema, object,
                             arena_strdup(&schema->arena, line));
    schema_standard_add_line(schema, object, "IsDeleted|Deleted|boolean d");
}

void
schema_standard_end(struct schema *schema, struct schema_object *object)
{
    static const char *const audit[] = {
        "CreatedDate|Created Date|datetime d",
        "CreatedById|Created By ID|reference d|>User:CreatedBy",
        "LastModifiedDate|Last Modified Date|datetime d",
        "LastModifiedById|Last Modified By ID|reference d|>User:LastModifiedBy",
        "SystemModstamp|System Modstamp|datetime d",
    };
    for (size_t i = 0; i < sizeof audit / sizeof *audit; i++)
        schema_standard_add_line(schema, object, audit[i]);
}

static void
add_objects(struct schema *schema, const struct schema_standard *table)
{
    for (; table->head; table++) {
        size_t count;
        const char **head = split(schema, slice_of(table->head), '|', &count);
        assert(count == 4);
        struct schema_object *object = org_schema_put_object(schema, head[0]);
        object->label = head[1];
        object->plural = head[2];
        object->flags = table->flags;
        org_schema_set_prefix(schema, object, head[3]);
        schema_standard_begin(schema, object);
        for (const char *const *line = table->lines; *line; line++)
            schema_standard_add_line(schema, object, *line);
        schema_standard_end(schema, object);
    }
}

void
schema_standard_add(struct schema *schema)
{
    add_objects(schema, schema_sales_objects);
    add_objects(schema, schema_service_objects);
}
