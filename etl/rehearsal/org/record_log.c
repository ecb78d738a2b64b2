/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/org/record_log.h"

#include "base/clock.h"

struct buffer *
record_log_begin(struct store *store, const struct write_request *request,
                 const char *operation, const struct schema_object *object,
                 const char *id)
{
    char now[CLOCK_TEXT_SIZE];
    clock_format(clock_wall_ms(), now);
    struct buffer *line = commit_log_begin(&store->log);
    buffer_printf(line, "\"time\":\"%s\",\"api\":", now);
    field_value_append_quoted(slice_of(request->api), line);
    buffer_append_text(line, ",\"call\":");
    field_value_append_quoted(slice_of(request->call_id), line);
    buffer_printf(line, ",\"operation\":\"%s\",\"object\":\"%s\",\"id\":\"%s\"",
                  operation, object->name, id);
    return line;
}

static void
append_fields(const struct record_draft *draft, struct buffer *line)
{
    const char *comma = "";
    for (size_t i = 0; i < draft->object->field_count; i++) {
        if (!draft->given[i])
            continue;
        struct slice value = draft->row.values[i];
        buffer_printf(line, "%s\"%s\":", comma, draft->object->fields[i]->name);
        if (value.len)
            field_value_append_quoted(value, line);
        else
            buffer_append_text(line, "null");
        comma = ",";
    }
}

void
record_log_save(struct record_draft *draft, const char *id)
{
    static const char *const names[] = {"insert", "update", "upsert"};
    const struct write_request *request = draft->request;
    struct buffer *line = record_log_begin(
        draft->store, request, names[request->operation], draft->object, id);
    if (request->operation == WRITE_UPSERT) {
        buffer_printf(line, ",\"created\":%s,\"externalIdField\":\"%s\"",
                      draft->old.object ? "false" : "true",
                      request->external->name);
        buffer_append_text(line, ",\"externalId\":");
        field_value_append_quoted(draft->key.len ? draft->key : slice_of(id),
                                  line);
    }
    buffer_append_text(line, ",\"fields\":{");
    append_fields(draft, line);
    buffer_append_text(line, "}}\n");
}
