/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_describe.h"

#include "rehearsal/schema/schema_describe.h"
#include "rehearsal/soap/soap_reply.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { OBJECT_LIMIT = 100 };

/*
 * The members of each type in the WSDL's order, by the names that REST has for
 * them too. NEW: in the WSDL of 58.0 and not in that of 38.0 (which version
 * was the first is unconfirmed).
 */
enum flag {
    NEEDED = 0,
    OPTIONAL = 1, /* left out where it is null */
    NULLABLE = 2, /* xsi:nil */
    NEW = 4,
};
#define NEW_FROM 580

struct member {
    const char *name;
    unsigned flags;
    const struct member *members; /* of each item of a list */
};

static const struct member picklist_members[] = {
    {"active", NEEDED, NULL},  {"defaultValue", NEEDED, NULL},
    {"label", NULLABLE, NULL}, {"validFor", OPTIONAL, NULL},
    {"value", NEEDED, NULL},   {0},
};

static const struct member child_members[] = {
    {"cascadeDelete", NEEDED, NULL},
    {"childSObject", NEEDED, NULL},
    {"deprecatedAndHidden", NEEDED, NULL},
    {"field", NEEDED, NULL},
    {"junctionIdListNames", OPTIONAL, NULL},
    {"junctionReferenceTo", OPTIONAL, NULL},
    {"relationshipName", OPTIONAL, NULL},
    {"restrictedDelete", OPTIONAL, NULL},
    {0},
};

static const struct member record_type_members[] = {
    {"active", NEEDED | NEW, NULL},
    {"available", NEEDED, NULL},
    {"defaultRecordTypeMapping", NEEDED, NULL},
    {"developerName", NEEDED | NEW, NULL},
    {"master", NEEDED, NULL},
    {"name", NEEDED, NULL},
    {"recordTypeId", NULLABLE, NULL},
    {0},
};

static const struct member field_members[] = {
    {"aggregatable", NEEDED, NULL},
    {"aiPredictionField", NEEDED | NEW, NULL},
    {"autoNumber", NEEDED, NULL},
    {"byteLength", NEEDED, NULL},
    {"calculated", NEEDED, NULL},
    {"calculatedFormula", OPTIONAL, NULL},
    {"cascadeDelete", OPTIONAL, NULL},
    {"caseSensitive", NEEDED, NULL},
    {"compoundFieldName", OPTIONAL, NULL},
    {"controllerName", OPTIONAL, NULL},
    {"createable", NEEDED, NULL},
    {"custom", NEEDED, NULL},
    {"dataTranslationEnabled", OPTIONAL | NEW, NULL},
    {"defaultValue", OPTIONAL, NULL},
    {"defaultValueFormula", OPTIONAL, NULL},
    {"defaultedOnCreate", NEEDED, NULL},
    {"dependentPicklist", OPTIONAL, NULL},
    {"deprecatedAndHidden", NEEDED, NULL},
    {"digits", NEEDED, NULL},
    {"displayLocationInDecimal", OPTIONAL, NULL},
    {"encrypted", OPTIONAL, NULL},
    {"externalId", OPTIONAL, NULL},
    {"extraTypeInfo", OPTIONAL, NULL},
    {"filterable", NEEDED, NULL},
    {"filteredLookupInfo", OPTIONAL, NULL},
    {"formulaTreatNullNumberAsZero", OPTIONAL | NEW, NULL},
    {"groupable", NEEDED, NULL},
    {"highScaleNumber", OPTIONAL, NULL},
    {"htmlFormatted", OPTIONAL, NULL},
    {"idLookup", NEEDED, NULL},
    {"inlineHelpText", OPTIONAL, NULL},
    {"label", NEEDED, NULL},
    {"length", NEEDED, NULL},
    {"mask", OPTIONAL, NULL},
    {"maskType", OPTIONAL, NULL},
    {"name", NEEDED, NULL},
    {"nameField", NEEDED, NULL},
    {"namePointing", OPTIONAL, NULL},
    {"nillable", NEEDED, NULL},
    {"permissionable", NEEDED, NULL},
    {"picklistValues", OPTIONAL, picklist_members},
    {"polymorphicForeignKey", NEEDED | NEW, NULL},
    {"precision", NEEDED, NULL},
    {"queryByDistance", NEEDED, NULL},
    {"referenceTargetField", OPTIONAL, NULL},
    {"referenceTo", OPTIONAL, NULL},
    {"relationshipName", OPTIONAL, NULL},
    {"relationshipOrder", OPTIONAL, NULL},
    {"restrictedDelete", OPTIONAL, NULL},
    {"restrictedPicklist", NEEDED, NULL},
    {"scale", NEEDED, NULL},
    {"searchPrefilterable", NEEDED | NEW, NULL},
    {"soapType", NEEDED, NULL},
    {"sortable", OPTIONAL, NULL},
    {"type", NEEDED, NULL},
    {"unique", NEEDED, NULL},
    {"updateable", NEEDED, NULL},
    {"writeRequiresMasterRead", OPTIONAL, NULL},
    {0},
};

static const struct member object_members[] = {
    {"actionOverrides", OPTIONAL, NULL},
    {"activateable", NEEDED, NULL},
    {"associateEntityType", NULLABLE | NEW, NULL},
    {"associateParentEntity", NULLABLE | NEW, NULL},
    {"childRelationships", OPTIONAL, child_members},
    {"compactLayoutable", NEEDED, NULL},
    {"createable", NEEDED, NULL},
    {"custom", NEEDED, NULL},
    {"customSetting", NEEDED, NULL},
    {"dataTranslationEnabled", OPTIONAL | NEW, NULL},
    {"deepCloneable", NEEDED | NEW, NULL},
    {"defaultImplementation", NULLABLE | NEW, NULL},
    {"deletable", NEEDED, NULL},
    {"deprecatedAndHidden", NEEDED, NULL},
    {"feedEnabled", NEEDED, NULL},
    {"fields", OPTIONAL, field_members},
    {"hasSubtypes", NEEDED, NULL},
    {"idEnabled", NEEDED, NULL},
    {"implementedBy", NULLABLE | NEW, NULL},
    {"implementsInterfaces", NULLABLE | NEW, NULL},
    {"isInterface", NEEDED | NEW, NULL},
    {"isSubtype", NEEDED | NEW, NULL},
    {"keyPrefix", NULLABLE, NULL},
    {"label", NEEDED, NULL},
    {"labelPlural", NEEDED, NULL},
    {"layoutable", NEEDED, NULL},
    {"mergeable", NEEDED, NULL},
    {"mruEnabled", NEEDED, NULL},
    {"name", NEEDED, NULL},
    {"namedLayoutInfos", OPTIONAL, NULL},
    {"networkScopeFieldName", NULLABLE, NULL},
    {"queryable", NEEDED, NULL},
    {"recordTypeInfos", OPTIONAL, record_type_members},
    {"replicateable", NEEDED, NULL},
    {"retrieveable", NEEDED, NULL},
    {"searchLayoutable", OPTIONAL, NULL},
    {"searchable", NEEDED, NULL},
    {"supportedScopes", OPTIONAL, NULL},
    {"triggerable", OPTIONAL, NULL},
    {"undeletable", NEEDED, NULL},
    {"updateable", NEEDED, NULL},
    {"urlDetail", NULLABLE, NULL},
    {"urlEdit", NULLABLE, NULL},
    {"urlNew", NULLABLE, NULL},
    {0},
};

static void append_members(struct buffer *out, json_t *object,
                           const struct member *members, int version);

static void
append_value(struct buffer *out, const struct member *member, json_t *value,
             int version)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        /* "urn:address" of REST is "tns:address" in the WSDL. */
        bool is_compound = strcmp(member->name, "soapType") == 0 &&
                           strncmp(text, "urn:", 4) == 0;
        char compound[64];
        snprintf(compound, sizeof compound, "tns:%s",
                 is_compound ? text + 4 : "");
        soap_reply_element(out, member->name, is_compound ? compound : text);
    } else if (json_is_object(value) && member->members) {
        buffer_printf(out, "<%s>", member->name);
        append_members(out, value, member->members, version);
        buffer_printf(out, "</%s>", member->name);
    } else if (!json_is_object(value)) {
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        soap_reply_element(out, member->name, text);
        free(text);
    }
}

/* What the rehearsal org's describe does not have is false, as it is there. */
static void
append_member(struct buffer *out, json_t *object, const struct member *member,
              int version)
{
    json_t *value = json_object_get(object, member->name), *item;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach(value, i, item)
        {
            append_value(out, member, item, version);
        }
    } else if (value && !json_is_null(value)) {
        append_value(out, member, value, version);
    } else if (member->flags & NULLABLE) {
        soap_reply_element(out, member->name, NULL);
    } else if (!(member->flags & OPTIONAL)) {
        soap_reply_element(out, member->name, "false");
    }
}

static void
append_members(struct buffer *out, json_t *object, const struct member *members,
               int version)
{
    for (; members->name; members++) {
        if (!(members->flags & NEW) || version >= NEW_FROM) {
            append_member(out, object, members, version);
        }
    }
}

static void
append_object(struct rehearsal *rehearsal, struct exchange *exchange,
              const struct schema_object *object)
{
    struct buffer text = {0};
    const char *version = exchange->captures[0];
    schema_describe_object(rehearsal->schema, object, version,
                           rehearsal->instance_url, &text);
    json_t *json = json_loadb(text.bytes, text.len, 0, NULL);
    buffer_append_text(&exchange->answer, "<result>");
    append_members(&exchange->answer, json, object_members,
                   router_read_version(version));
    buffer_append_text(&exchange->answer, "</result>");
    json_decref(json);
    buffer_release(&text);
}

/* The objects that the call names; false: a fault has been answered. */
static bool
read_objects(struct rehearsal *rehearsal, struct exchange *exchange,
             const struct soap_request *request,
             const struct schema_object **objects, size_t limit, size_t *count)
{
    xmlNode *node = soap_request_element(request->call->children);
    for (*count = 0; node; node = soap_request_element(node->next)) {
        if (*count == limit ||
            !soap_request_is(node, "sObjectType", SOAP_REQUEST_PARTNER)) {
            return soap_request_misplaced(exchange, node);
        }
        const char *name = soap_request_text(exchange, node);
        objects[*count] =
            name ? org_schema_object(rehearsal->schema, slice_of(name)) : NULL;
        if (!objects[(*count)++]) {
            return soap_reply_fault(
                exchange, "InvalidSObjectFault", "INVALID_TYPE",
                "sObject type '%s' is not supported.", name ? name : "");
        }
    }
    return true;
}

static void
describe(struct rehearsal *rehearsal, struct exchange *exchange,
         const struct soap_request *request, const char *response, size_t limit)
{
    const struct schema_object *objects[OBJECT_LIMIT];
    size_t count;
    if (!read_objects(rehearsal, exchange, request, objects, limit, &count)) {
        return;
    }
    if (count == 0 && limit == 1) {
        soap_reply_client_fault(exchange, "Required element sObjectType is "
                                          "missing");
        return;
    }
    soap_reply_begin(rehearsal, exchange, response);
    for (size_t i = 0; i < count; i++) {
        append_object(rehearsal, exchange, objects[i]);
    }
    soap_reply_end(exchange, response);
}

void
soap_describe_one(struct rehearsal *rehearsal, struct exchange *exchange,
                  const struct soap_request *request)
{
    describe(rehearsal, exchange, request, "describeSObjectResponse", 1);
}

void
soap_describe_many(struct rehearsal *rehearsal, struct exchange *exchange,
                   const struct soap_request *request)
{
    describe(rehearsal, exchange, request, "describeSObjectsResponse",
             OBJECT_LIMIT);
}
