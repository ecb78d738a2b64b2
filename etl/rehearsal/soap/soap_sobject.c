/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soap/soap_sobject.h"

#include "rehearsal/soap/soap_reply.h"

static const struct schema_object *
read_type(struct rehearsal *rehearsal, struct exchange *exchange, xmlNode *node)
{
    if (!soap_request_is_data(node, "type")) {
        soap_reply_fault(exchange, "InvalidSObjectFault", "INVALID_TYPE",
                         "Must send a concrete entity type.");
        return NULL;
    }
    const char *name = soap_request_text(exchange, node);
    const struct schema_object *object =
        name ? org_schema_object(rehearsal->schema, slice_of(name)) : NULL;
    if (!object) {
        soap_reply_fault(exchange, "InvalidSObjectFault", "INVALID_TYPE",
                         "sObject type '%s' is not supported. If you are "
                         "attempting to use a custom object, be sure to "
                         "append the '__c' after the entity name. Please "
                         "reference your WSDL or the describe call for the "
                         "appropriate names.",
                         name ? name : "");
    }
    return object;
}

static bool
refuse_field(struct exchange *exchange, const struct schema_object *object,
             const char *name)
{
    return soap_reply_fault(
        exchange, "InvalidFieldFault", "INVALID_FIELD",
        "No such column '%s' on entity '%s'. If you are attempting to use a "
        "custom field, be sure to append the '__c' after the custom field "
        "name. Please reference your WSDL or the describe call for the "
        "appropriate names.",
        name, object->name);
}

/* <Parent><type>Account</type><ERP_Id__c>1</ERP_Id__c></Parent> */
static bool
read_parent(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct schema_object *object, xmlNode *node,
            struct write_cell *cell)
{
    const char *name = (const char *)node->name;
    const struct schema_field *field =
        org_schema_relationship(object, slice_of(name));
    if (!field) {
        return refuse_field(exchange, object, name);
    }
    xmlNode *member = soap_request_element(node->children);
    const struct schema_object *parent = read_type(rehearsal, exchange, member);
    xmlNode *key = parent ? soap_request_element(member->next) : NULL;
    if (key && soap_request_is_data(key, "Id") &&
        !soap_request_text(exchange, key)) {
        key = soap_request_element(key->next);
    }
    if (!parent) {
        return false;
    }
    if (!key || !soap_request_is_data(key, NULL) ||
        soap_request_element(key->next)) {
        return soap_reply_fault(
            exchange, "InvalidFieldFault", "INVALID_FIELD",
            "More than 1 field or no field provided in an external foreign "
            "key reference in entity: %s",
            parent->name);
    }
    if (!org_schema_field_targets(field, parent)) {
        return soap_reply_fault(exchange, "InvalidSObjectFault", "INVALID_TYPE",
                                "%s is not a valid type for relationship %s",
                                parent->name, name);
    }
    const char *text = soap_request_text(exchange, key);
    bool typed = field->flags & FIELD_POLYMORPHIC;
    cell->name =
        arena_printf(&exchange->arena, "%s%s%s.%s", typed ? parent->name : "",
                     typed ? ":" : "", name, (const char *)key->name);
    cell->value = slice_of(text ? text : "");
    return true;
}

static bool
read_field(struct rehearsal *rehearsal, struct exchange *exchange,
           const struct schema_object *object, xmlNode *node,
           struct write_cell *cell)
{
    const char *name = (const char *)node->name;
    if (!soap_request_is_data(node, NULL) || strcmp(name, "Id") == 0 ||
        strcmp(name, "type") == 0 || strcmp(name, "fieldsToNull") == 0) {
        return soap_request_misplaced(exchange, node);
    }
    if (xmlFirstElementChild(node)) {
        return read_parent(rehearsal, exchange, object, node, cell);
    }
    if (!org_schema_field(object, slice_of(name))) {
        return refuse_field(exchange, object, name);
    }
    const char *text = soap_request_text(exchange, node);
    cell->name = arena_copy(&exchange->arena, slice_of(name));
    cell->value = slice_of(text ? text : "");
    return true;
}

/* A field that is there and empty is passed over; fieldsToNull clears. */
static bool
read_fields(struct rehearsal *rehearsal, struct exchange *exchange,
            const struct schema_object *object, xmlNode *node,
            struct write_row *row, struct write_cell *cells)
{
    for (; node; node = soap_request_element(node->next)) {
        struct write_cell *cell = &cells[row->cell_count];
        if (!read_field(rehearsal, exchange, object, node, cell)) {
            return false;
        }
        row->cell_count += cell->value.len > 0;
    }
    return true;
}

static bool
read_cleared(struct exchange *exchange, const struct schema_object *object,
             xmlNode *node, struct write_cell *cell)
{
    const char *name = soap_request_text(exchange, node);
    if (!name || !org_schema_field(object, slice_of(name))) {
        return refuse_field(exchange, object, name ? name : "");
    }
    *cell = (struct write_cell){.name = slice_of(name)};
    return true;
}

bool
soap_sobject_read(struct rehearsal *rehearsal, struct exchange *exchange,
                  const xmlNode *record, struct write_row *row)
{
    xmlNode *node = soap_request_element(record->children);
    const struct schema_object *object = read_type(rehearsal, exchange, node);
    if (!object) {
        return false;
    }
    struct write_cell *cells = arena_array(
        &exchange->arena, xmlChildElementCount((xmlNode *)(uintptr_t)record),
        sizeof *cells);
    *row = (struct write_row){.cells = cells, .object = object};
    node = soap_request_element(node->next);
    for (; soap_request_is_data(node, "fieldsToNull");
         node = soap_request_element(node->next)) {
        if (!read_cleared(exchange, object, node, &cells[row->cell_count++])) {
            return false;
        }
    }
    if (soap_request_is_data(node, "Id")) {
        const char *id = soap_request_text(exchange, node);
        if (id && *id) {
            cells[row->cell_count++] =
                (struct write_cell){SLICE_LITERAL("Id"), slice_of(id)};
        }
        node = soap_request_element(node->next);
    }
    return read_fields(rehearsal, exchange, object, node, row, cells);
}
