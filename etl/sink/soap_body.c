/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/soap_body.h"

#include "model/chunk_replay.h"
#include "salesforce/soap/soap_envelope.h"

#define O SOAP_RECORD_PREFIX

struct writing {
    const struct load *load;
    struct buffer *body;
    uint64_t first, end, row; /* of the chunk */
};

static bool
is_cleared(struct slice value)
{
    return slice_is(value, "#N/A");
}

static bool
is_id_column(const struct load_column *column)
{
    return slice_is_nocase(slice_of(column->name), "Id");
}

/* salesforce.md, "Id checksum": 5 bits each for capitals of 5 characters. */
static void
add_id(struct buffer *body, struct slice id)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    soap_envelope_text(body, id);
    for (size_t i = 0; id.len == 15 && i < 15; i += 5) {
        unsigned bits = 0;
        for (size_t j = 0; j < 5; j++) {
            char c = id.ptr[i + j];
            bits |= (unsigned)(c >= 'A' && c <= 'Z') << j;
        }
        buffer_append_char(body, letters[bits]);
    }
}

/* Where a column's own name begins: behind "Type:". */
static const char *
behind_type(const char *name, const char *dot)
{
    const char *colon = memchr(name, ':', (size_t)(dot - name));
    return colon != NULL ? colon + 1 : name;
}

static void
add_cleared(struct buffer *body, const struct load_column *column)
{
    soap_envelope_element(
        body, O "fieldsToNull",
        slice_of(column->lookup != NULL ? column->lookup : column->name));
}

static void
add_open(struct buffer *body, struct slice name, bool closes)
{
    buffer_append_text(body, closes ? "</" O : "<" O);
    buffer_append_slice(body, name);
    buffer_append_char(body, '>');
}

static void
add_value(struct buffer *body, struct slice name, struct slice value)
{
    add_open(body, name, false);
    soap_envelope_text(body, value);
    add_open(body, name, true);
}

/* "Account.ERP_Id__c", "User:Owner.Username": a record within the record. */
static void
add_parent(struct buffer *body, const struct load_column *column,
           const char *dot, struct slice value)
{
    const char *begin = behind_type(column->name, dot);
    struct slice relationship = {begin, (size_t)(dot - begin)};
    add_open(body, relationship, false);
    add_value(body, SLICE_LITERAL("type"), slice_of(column->parent));
    add_value(body, slice_of(dot + 1), value);
    add_open(body, relationship, true);
}

static void
add_field(struct buffer *body, const struct load_column *column,
          struct slice value)
{
    const char *dot = strchr(column->name, '.');
    if (dot != NULL) {
        add_parent(body, column, dot, value);
    } else {
        add_value(body, slice_of(column->name), value);
    }
}

/* The first members of a record, in the WSDL's order. */
static void
add_head(struct writing *writing, const struct slice *fields)
{
    const struct load *load = writing->load;
    struct buffer *body = writing->body;
    struct slice id = {NULL, 0};
    add_value(body, SLICE_LITERAL("type"), slice_of(load->object));
    for (size_t i = 0; i < load->column_count; i++) {
        if (is_id_column(&load->columns[i])) {
            id = fields[i];
        } else if (is_cleared(fields[i])) {
            add_cleared(body, &load->columns[i]);
        }
    }
    if (id.len > 0) {
        add_open(body, SLICE_LITERAL("Id"), false);
        add_id(body, id);
        add_open(body, SLICE_LITERAL("Id"), true);
    } else {
        buffer_append_text(body, "<" O "Id" SOAP_NIL "/>");
    }
}

static void
add_record(struct writing *writing, const struct slice *fields)
{
    const struct load *load = writing->load;
    struct buffer *body = writing->body;
    if (load->operation == OPERATION_DELETE ||
        load->operation == OPERATION_UNDELETE) {
        buffer_append_text(body, "<ids>");
        add_id(body, fields[load->key_column]);
        buffer_append_text(body, "</ids>");
        return;
    }
    buffer_append_text(body, "<sObjects>");
    add_head(writing, fields);
    for (size_t i = 0; i < load->column_count; i++) {
        if (fields[i].len > 0 && !is_cleared(fields[i]) &&
            !is_id_column(&load->columns[i])) {
            add_field(body, &load->columns[i], fields[i]);
        }
    }
    buffer_append_text(body, "</sObjects>");
}

static bool
take_record(void *cookie, const struct slice *fields)
{
    struct writing *writing = cookie;
    if (writing->row >= writing->first) {
        add_record(writing, fields);
    }
    writing->row++;
    return writing->row < writing->end;
}

bool
soap_body_make(const struct load *load, const char *chunk_path, uint64_t first,
               uint64_t count, struct buffer *body, struct error *err)
{
    struct writing writing = {
        .load = load, .body = body, .first = first, .end = first + count};
    if (!chunk_replay_each(chunk_path, load->column_count, take_record,
                           &writing, err)) {
        return false;
    }
    return (writing.row == writing.end && !body->overflowed) ||
           error_set(err, ERROR_INTERNAL, 0,
                     "'%s' does not hold the rows %llu to %llu", chunk_path,
                     (unsigned long long)first + 1,
                     (unsigned long long)writing.end);
}
