/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/schema/schema_describe.h"

#include "rehearsal/org/field_value.h"

static const char *
truth(bool value)
{
    return value ? "true" : "false";
}

static void
append_text(struct buffer *json, const char *name, const char *text)
{
    buffer_printf(json, "\"%s\":", name);
    if (text)
        field_value_append_quoted(slice_of(text), json);
    else
        buffer_append_text(json, "null");
    buffer_append_char(json, ',');
}

static void
append_flag(struct buffer *json, const char *name, bool value)
{
    buffer_printf(json, "\"%s\":%s,", name, truth(value));
}

static void
append_number(struct buffer *json, const char *name, int value)
{
    buffer_printf(json, "\"%s\":%d,", name, value);
}

static const char *
soap_type(enum field_type type)
{
    switch (type) {
    case FIELD_ID:
    case FIELD_REFERENCE:
        return "tns:ID";
    case FIELD_BOOLEAN:
        return "xsd:boolean";
    case FIELD_INT:
        return "xsd:int";
    case FIELD_LONG:
        return "xsd:long";
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
        return "xsd:double";
    case FIELD_DATE:
        return "xsd:date";
    case FIELD_DATETIME:
        return "xsd:dateTime";
    case FIELD_TIME:
        return "xsd:time";
    case FIELD_BASE64:
        return "xsd:base64Binary";
    case FIELD_ADDRESS:
        return "urn:address";
    case FIELD_LOCATION:
        return "urn:location";
    case FIELD_ANY:
        return "xsd:anyType";
    default:
        return "xsd:string";
    }
}

static bool
is_custom(const char *name)
{
    size_t len = strlen(name);
    return len > 3 && strcmp(name + len - 3, "__c") == 0;
}

static void
append_picklist(const struct schema_field *field, struct buffer *json)
{
    buffer_append_text(json, "\"picklistValues\":[");
    for (size_t i = 0; i < field->picklist_count; i++) {
        const char *value = field->picklist[i];
        bool is_default =
            field->default_value && strcmp(field->default_value, value) == 0;
        buffer_append_text(json, i ? ",{" : "{");
        append_flag(json, "active", true);
        append_flag(json, "defaultValue", is_default);
        append_text(json, "label", value);
        buffer_append_text(json, "\"validFor\":null,\"value\":");
        field_value_append_quoted(slice_of(value), json);
        buffer_append_char(json, '}');
    }
    buffer_append_text(json, "],");
}

static void
append_targets(const struct schema_field *field, struct buffer *json)
{
    buffer_append_text(json, "\"referenceTo\":[");
    for (size_t i = 0; i < field->target_count; i++) {
        if (i)
            buffer_append_char(json, ',');
        field_value_append_quoted(slice_of(field->targets[i]), json);
    }
    buffer_append_text(json, "],");
}

/* The members and their order are those of the recorded describes. */
static void
append_field(const struct schema_field *field, struct buffer *json)
{
    unsigned flags = field->flags;
    enum field_type type = field->type;
    bool is_text = org_schema_type_is_text(type);
    bool is_long = is_text && field->length > 255;
    bool is_lookup = type == FIELD_REFERENCE || type == FIELD_ID;
    bool is_compound = type == FIELD_ADDRESS || type == FIELD_LOCATION;
    bool is_number = org_schema_type_is_decimal(type) || type == FIELD_DATETIME;
    bool is_master = flags & FIELD_MASTER;
    bool is_base64 = type == FIELD_BASE64;
    buffer_append_char(json, '{');
    append_flag(json, "aggregatable",
                !is_long && !is_compound && type != FIELD_BOOLEAN);
    append_flag(json, "aiPredictionField", false);
    append_flag(json, "autoNumber", flags & FIELD_AUTO_NUMBER);
    append_number(json, "byteLength",
                  is_lookup || is_base64 ? field->length : field->length * 3);
    append_flag(json, "calculated", flags & FIELD_CALCULATED);
    append_text(json, "calculatedFormula", NULL);
    append_flag(json, "cascadeDelete", flags & FIELD_CASCADE);
    append_flag(json, "caseSensitive", flags & FIELD_CASE_SENSITIVE);
    append_text(json, "compoundFieldName", field->compound);
    append_text(json, "controllerName", NULL);
    append_flag(json, "createable", flags & FIELD_CREATEABLE);
    append_flag(json, "custom", is_custom(field->name));
    if (type == FIELD_BOOLEAN)
        append_flag(json, "defaultValue",
                    field->default_value &&
                        strcmp(field->default_value, "true") == 0);
    else
        append_text(json, "defaultValue", NULL);
    append_text(json, "defaultValueFormula", NULL);
    append_flag(json, "defaultedOnCreate", flags & FIELD_DEFAULTED);
    append_flag(json, "dependentPicklist", false);
    append_flag(json, "deprecatedAndHidden", false);
    append_number(json, "digits", field->digits);
    append_flag(json, "displayLocationInDecimal", false);
    append_flag(json, "encrypted", type == FIELD_ENCRYPTED);
    append_flag(json, "externalId", flags & FIELD_EXTERNAL_ID);
    append_text(json, "extraTypeInfo", NULL);
    append_flag(json, "filterable", !is_long && !is_base64);
    append_text(json, "filteredLookupInfo", NULL);
    append_flag(json, "formulaTreatNullNumberAsZero", false);
    append_flag(json, "groupable",
                !is_long && !is_number && !is_compound && !is_base64);
    append_flag(json, "highScaleNumber", false);
    append_flag(json, "htmlFormatted", flags & FIELD_HTML);
    append_flag(json, "idLookup",
                type == FIELD_ID || (flags & FIELD_ID_LOOKUP));
    append_text(json, "inlineHelpText", NULL);
    append_text(json, "label", field->label);
    append_number(json, "length", field->length);
    append_text(json, "mask", NULL);
    append_text(json, "maskType", NULL);
    append_text(json, "name", field->name);
    append_flag(json, "nameField", flags & FIELD_NAME);
    append_flag(json, "namePointing", flags & FIELD_POLYMORPHIC);
    append_flag(json, "nillable", flags & FIELD_NILLABLE);
    append_flag(json, "permissionable",
                is_custom(field->name) && (flags & FIELD_NILLABLE));
    append_picklist(field, json);
    append_flag(json, "polymorphicForeignKey", flags & FIELD_POLYMORPHIC);
    append_number(json, "precision", field->precision);
    append_flag(json, "queryByDistance", false);
    append_text(json, "referenceTargetField", NULL);
    append_targets(field, json);
    append_text(json, "relationshipName", field->relationship);
    if (is_master)
        append_number(json, "relationshipOrder", 0);
    else
        append_text(json, "relationshipOrder", NULL);
    append_flag(json, "restrictedDelete", false);
    append_flag(json, "restrictedPicklist", flags & FIELD_RESTRICTED);
    append_number(json, "scale", field->scale);
    append_flag(json, "searchPrefilterable", false);
    append_text(json, "soapType", soap_type(type));
    append_flag(json, "sortable", !is_long && !is_compound && !is_base64);
    append_text(json, "type", org_schema_type_name(type));
    append_flag(json, "unique", flags & FIELD_UNIQUE);
    append_flag(json, "updateable", flags & FIELD_UPDATEABLE);
    buffer_printf(json, "\"writeRequiresMasterRead\":%s}", truth(is_master));
}

static void
append_children(const struct schema *schema, const struct schema_object *parent,
                struct buffer *json)
{
    const char *comma = "";
    buffer_append_text(json, "\"childRelationships\":[");
    for (size_t i = 0; i < schema->object_count; i++) {
        const struct schema_object *child = schema->objects[i];
        for (size_t k = 0; k < child->field_count; k++) {
            const struct schema_field *field = child->fields[k];
            if (field->type != FIELD_REFERENCE ||
                !org_schema_field_targets(field, parent))
                continue;
            buffer_printf(json, "%s{", comma);
            append_flag(json, "cascadeDelete", field->flags & FIELD_CASCADE);
            append_text(json, "childSObject", child->name);
            append_flag(json, "deprecatedAndHidden", false);
            append_text(json, "field", field->name);
            buffer_append_text(json, "\"junctionIdListNames\":[],"
                                     "\"junctionReferenceTo\":[],");
            append_text(json, "relationshipName", field->child_relationship);
            buffer_append_text(json, "\"restrictedDelete\":false}");
            comma = ",";
        }
    }
    buffer_append_text(json, "],");
}

static void
append_record_type(const char *name, const char *developer_name, const char *id,
                   bool is_default, bool is_master, struct buffer *json)
{
    buffer_append_char(json, '{');
    append_flag(json, "active", true);
    append_flag(json, "available", true);
    append_flag(json, "defaultRecordTypeMapping", is_default);
    append_text(json, "developerName", developer_name);
    append_flag(json, "master", is_master);
    append_text(json, "name", name);
    append_text(json, "recordTypeId", id);
    buffer_append_text(json, "\"urls\":{}}");
}

static void
append_record_types(const struct schema_object *object, struct buffer *json)
{
    bool has_default = false;
    buffer_append_text(json, "\"recordTypeInfos\":[");
    for (size_t i = 0; i < object->record_type_count; i++) {
        const struct schema_record_type *type = &object->record_types[i];
        append_record_type(type->name, type->developer_name, type->id,
                           type->is_default, false, json);
        buffer_append_char(json, ',');
        has_default = has_default || type->is_default;
    }
    append_record_type("Master", "Master", "012000000000000AAA", !has_default,
                       true, json);
    buffer_append_text(json, "],");
}

static void
append_urls(const struct schema_object *object, const char *version,
            const char *base_url, struct buffer *json)
{
    static const char *const members[][2] = {
        {"compactLayouts", "/describe/compactLayouts"},
        {"rowTemplate", "/{ID}"},
        {"approvalLayouts", "/describe/approvalLayouts"},
        {"listviews", "/listviews"},
        {"describe", "/describe"},
        {"quickActions", "/quickActions"},
        {"layouts", "/describe/layouts"},
        {"sobject", ""},
    };
    buffer_append_text(json, "\"urls\":{");
    if (base_url) {
        buffer_printf(json,
                      "\"uiDetailTemplate\":\"%s/{ID}\","
                      "\"uiEditTemplate\":\"%s/{ID}/e\","
                      "\"uiNewRecord\":\"%s/%s/e\",",
                      base_url, base_url, base_url, object->prefix);
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        buffer_printf(json, "%s\"%s\":\"/services/data/v%s/sobjects/%s%s\"",
                      i ? "," : "", members[i][0], version, object->name,
                      members[i][1]);
    buffer_append_char(json, '}');
}

/* The members that both describes share; each ends with a comma. */
static void
append_head(const struct schema_object *object, struct buffer *json)
{
    unsigned flags = object->flags;
    append_flag(json, "activateable", false);
    append_flag(json, "createable", flags & OBJECT_CREATEABLE);
    append_flag(json, "custom", flags & OBJECT_CUSTOM);
    append_flag(json, "customSetting", false);
    append_flag(json, "deepCloneable", false);
    append_flag(json, "deletable", flags & OBJECT_DELETABLE);
    append_flag(json, "deprecatedAndHidden", false);
    append_flag(json, "feedEnabled", false);
    append_flag(json, "hasSubtypes", false);
    append_flag(json, "isInterface", false);
    append_flag(json, "isSubtype", false);
    append_text(json, "keyPrefix", object->prefix[0] ? object->prefix : NULL);
    append_text(json, "label", object->label);
    append_text(json, "labelPlural", object->plural);
    append_flag(json, "layoutable", true);
    append_flag(json, "mergeable", false);
    append_flag(json, "mruEnabled", true);
    append_text(json, "name", object->name);
    append_flag(json, "queryable", true);
    append_flag(json, "replicateable", true);
    append_flag(json, "retrieveable", true);
    append_flag(json, "searchable", true);
    append_flag(json, "triggerable", true);
    append_flag(json, "undeletable", flags & OBJECT_UNDELETABLE);
    append_flag(json, "updateable", flags & OBJECT_UPDATEABLE);
}

void
schema_describe_brief(const struct schema_object *object, const char *version,
                      struct buffer *json)
{
    buffer_append_char(json, '{');
    append_head(object, json);
    append_urls(object, version, NULL, json);
    buffer_append_char(json, '}');
}

void
schema_describe_global(const struct schema *schema, const char *version,
                       struct buffer *json)
{
    buffer_append_text(
        json, "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,\"sobjects\":[");
    for (size_t i = 0; i < schema->object_count; i++) {
        if (i)
            buffer_append_char(json, ',');
        schema_describe_brief(schema->objects[i], version, json);
    }
    buffer_append_text(json, "]}");
}

void
schema_describe_object(const struct schema *schema,
                       const struct schema_object *object, const char *version,
                       const char *base_url, struct buffer *json)
{
    buffer_append_text(json, "{\"actionOverrides\":[],");
    append_children(schema, object, json);
    append_flag(json, "compactLayoutable", true);
    buffer_append_text(json, "\"fields\":[");
    for (size_t i = 0; i < object->field_count; i++) {
        if (i)
            buffer_append_char(json, ',');
        append_field(object->fields[i], json);
    }
    buffer_append_text(json, "],");
    append_head(object, json);
    append_text(json, "listviewable", NULL);
    append_text(json, "lookupLayoutable", NULL);
    buffer_append_text(json, "\"namedLayoutInfos\":[],");
    append_text(json, "networkScopeFieldName", NULL);
    append_record_types(object, json);
    append_flag(json, "searchLayoutable", true);
    buffer_append_text(json, "\"supportedScopes\":[{\"label\":\"All records\","
                             "\"name\":\"everything\"}],");
    append_urls(object, version, base_url, json);
    buffer_append_char(json, '}');
}
