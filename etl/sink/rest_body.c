/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/rest_body.h"

#include "model/chunk_replay.h"

struct writing {
    const struct load *load;
    struct buffer *body;
    uint64_t first, end, row; /* of the chunk */
};

static void
add_text(struct buffer *body, struct slice text)
{
    buffer_append_char(body, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            buffer_append_char(body, '\\');
            buffer_append_char(body, (char)c);
        } else if (c == '\n') {
            buffer_append_text(body, "\\n");
        } else if (c < ' ') {
            buffer_printf(body, "\\u%04x", (unsigned)c);
        } else {
            buffer_append_char(body, (char)c);
        }
    }
    buffer_append_char(body, '"');
}

static size_t
skip_digits(struct slice text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        at++;
    }
    return at;
}

/* RFC 8259, "number". */
static bool
is_json_number(struct slice text)
{
    size_t at = text.len > 0 && text.ptr[0] == '-';
    size_t end = skip_digits(text, at);
    if (end == at || (text.ptr[at] == '0' && end > at + 1)) {
        return false;
    }
    at = end;
    if (at < text.len && text.ptr[at] == '.') {
        end = skip_digits(text, at + 1);
        if (end == at + 1) {
            return false;
        }
        at = end;
    }
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        at++;
        at += at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-');
        end = skip_digits(text, at);
        return end > at && end == text.len;
    }
    return at == text.len;
}

static void
add_value(struct buffer *body, enum field_type type, struct slice value)
{
    if (schema_type_is_number(type) && is_json_number(value)) {
        buffer_append_slice(body, value);
    } else if (type == FIELD_BOOLEAN && slice_is_nocase(value, "true")) {
        buffer_append_text(body, "true");
    } else if (type == FIELD_BOOLEAN && slice_is_nocase(value, "false")) {
        buffer_append_text(body, "false");
    } else {
        add_text(body, value);
    }
}

/* The relationship's own field: by the org's rule Account's is AccountId, and
 * Parent__r's is Parent__c. An object can't be null in the place of a key. */
static void
add_cleared_parent(struct buffer *body, struct slice relationship)
{
    struct slice name = relationship;
    bool is_custom =
        name.len > 3 && memcmp(name.ptr + name.len - 3, "__r", 3) == 0;
    name.len -= is_custom ? 1 : 0;
    buffer_append_char(body, '"');
    buffer_append_slice(body, name);
    buffer_append_text(body, is_custom ? "c\":null" : "Id\":null");
}

/* "Account.ERP_Id__c", "User:Owner.Username" */
static void
add_parent(struct buffer *body, const struct load_column *column,
           const char *dot, struct slice value, bool cleared)
{
    const char *colon = memchr(column->name, ':', (size_t)(dot - column->name));
    const char *begin = colon != NULL ? colon + 1 : column->name;
    struct slice relationship = {begin, (size_t)(dot - begin)};
    if (cleared) {
        add_cleared_parent(body, relationship);
        return;
    }
    add_text(body, relationship);
    buffer_append_text(body, ":{");
    if (colon != NULL) {
        buffer_append_text(body, "\"attributes\":{\"type\":");
        add_text(body,
                 (struct slice){column->name, (size_t)(colon - column->name)});
        buffer_append_text(body, "},");
    }
    add_text(body, slice_of(dot + 1));
    buffer_append_char(body, ':');
    add_value(body, column->type, value);
    buffer_append_char(body, '}');
}

static void
add_field(struct buffer *body, const struct load_column *column,
          struct slice value)
{
    const char *dot = strchr(column->name, '.');
    bool cleared = slice_is(value, "#N/A");
    buffer_append_char(body, ',');
    if (dot != NULL) {
        add_parent(body, column, dot, value, cleared);
        return;
    }
    bool is_id = slice_is_nocase(slice_of(column->name), "Id");
    add_text(body, slice_of(is_id ? "id" : column->name));
    buffer_append_char(body, ':');
    if (cleared) {
        buffer_append_text(body, "null");
    } else {
        add_value(body, column->type, value);
    }
}

static void
add_record(struct writing *writing, const struct slice *fields)
{
    struct buffer *body = writing->body;
    const struct load *load = writing->load;
    buffer_append_text(body, writing->row > writing->first ? "," : "");
    if (load->operation == OPERATION_DELETE) {
        buffer_append_slice(body, fields[load->key_column]);
        return;
    }
    buffer_append_text(body, "{\"attributes\":{\"type\":");
    add_text(body, slice_of(load->object));
    buffer_append_char(body, '}');
    for (size_t i = 0; i < load->column_count; i++) {
        if (fields[i].len > 0) {
            add_field(body, &load->columns[i], fields[i]);
        }
    }
    buffer_append_char(body, '}');
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
rest_body_make(const struct load *load, const char *chunk_path, uint64_t first,
               uint64_t count, struct buffer *body, struct error *err)
{
    struct writing writing = {
        .load = load, .body = body, .first = first, .end = first + count};
    bool is_list = load->operation == OPERATION_DELETE;
    buffer_append_text(body, is_list ? ""
                             : load->all_or_none
                                 ? "{\"allOrNone\":true,\"records\":["
                                 : "{\"allOrNone\":false,\"records\":[");
    if (!chunk_replay_each(chunk_path, load->column_count, take_record,
                           &writing, err)) {
        return false;
    }
    buffer_append_text(body, is_list ? "" : "]}");
    if (writing.row != writing.end || body->overflowed) {
        return error_set(err, ERROR_INTERNAL, 0,
                         "'%s' does not hold the rows %llu to %llu", chunk_path,
                         (unsigned long long)first + 1,
                         (unsigned long long)writing.end);
    }
    return true;
}
