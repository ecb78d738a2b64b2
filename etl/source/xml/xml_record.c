/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_record.h"

#include "base/buffer.h"
#include "base/mem.h"

#include <stdlib.h>

#define XSI_NAMESPACE "http://www.w3.org/2001/XMLSchema-instance"

/* A place in one of the two texts of a record. */
struct span {
    size_t begin, len;
    bool is_attribute;
    bool is_nil;
};

struct column {
    uint64_t count; /* matches */
    struct span span;
    struct buffer kept; /* around the record: the text */
    struct slice lent;  /* the same in the batch; ptr NULL: not there */
};

/* A value below a step whose test is not decided yet. */
struct waiting {
    size_t column, guard;
    struct span span;
};

/* That an open element is where a path stands. */
struct frame {
    size_t node;
    size_t guard; /* the frame whose test decides on what is below */
    size_t outer; /* of a guard: the one around it */
    size_t text_begin;
    size_t slot_begin; /* of the counters of its children */
    size_t waiting_begin;
    bool lingers; /* only for the steps behind "//" */
    bool passed;  /* the test */
};

struct xml_record {
    const struct source_spec *spec;
    const char *name;
    struct batch *batch;
    struct arena arena; /* of the tree */
    struct xml_tree tree;
    struct column *columns;
    const xmlChar *nil, *nil_uri;
    struct frame *frames;
    size_t frame_count, frame_capacity;
    uint64_t *slots;
    size_t slot_count, slot_capacity;
    size_t levels[XML_DEPTH_LIMIT + 2]; /* the first frame of each */
    bool nils[XML_DEPTH_LIMIT + 2];
    size_t depth;        /* open elements */
    size_t unknown;      /* of these, the innermost in which no path stands */
    size_t record_depth; /* 0: outside */
    uint64_t row, line;
    size_t bytes; /* of the record, or held for those to come */
    struct buffer text, attributes;
    size_t capture_count; /* elements whose text is taken */
    struct waiting *waiting;
    size_t waiting_count, waiting_capacity;
};

static size_t
size_limit(const struct xml_record *self)
{
    return self->spec->max_row_bytes ? self->spec->max_row_bytes
                                     : SOURCE_MAX_ROW_BYTES_DEFAULT;
}

static bool
refuse_size(const struct xml_record *self, struct error *err)
{
    if (self->record_depth == 0) {
        return error_set(err, ERROR_INPUT, 0,
                         "%s: what is read around the records is over %zu "
                         "bytes; 'max_row_bytes' allows more [row-too-long]",
                         self->name, size_limit(self));
    }
    return error_set(err, ERROR_INPUT, 0,
                     "%s:%llu: the record that begins here is over %zu bytes; "
                     "'max_row_bytes' allows more [row-too-long]",
                     self->name, (unsigned long long)self->line,
                     size_limit(self));
}

static bool
count_bytes(struct xml_record *self, size_t len, struct error *err)
{
    self->bytes += len;
    return self->bytes <= size_limit(self) || refuse_size(self, err);
}

static bool
is_name(const struct xml_name *name, const xmlChar *local, const xmlChar *uri)
{
    return (name->local == NULL || name->local == local) &&
           (name->uri == NULL || name->uri == uri);
}

/* One without a namespace is meant before others of the same local name. */
static const xmlChar **
find_attribute(const struct xml_element *element, const struct xml_name *name)
{
    const xmlChar **found = NULL;
    for (size_t i = 0; i < element->attribute_count; i++) {
        const xmlChar **attribute = element->attributes + 5 * i;
        if (is_name(name, attribute[0], attribute[2]) &&
            (found == NULL || attribute[2] == NULL)) {
            found = attribute;
        }
    }
    return found;
}

static struct slice
attribute_text(const xmlChar **attribute)
{
    return (struct slice){(const char *)attribute[3],
                          (size_t)(attribute[4] - attribute[3])};
}

static bool
is_nil(const struct xml_record *self, const struct xml_element *element)
{
    const struct xml_name name = {self->nil_uri, self->nil};
    const xmlChar **found = find_attribute(element, &name);
    return found != NULL && (slice_is(attribute_text(found), "true") ||
                             slice_is(attribute_text(found), "1"));
}

static struct slice
span_text(const struct xml_record *self, const struct span *span)
{
    const struct buffer *buffer =
        span->is_attribute ? &self->attributes : &self->text;
    if (span->is_nil || buffer->bytes == NULL) {
        return (struct slice){span->is_nil ? NULL : "", 0};
    }
    return (struct slice){buffer->bytes + span->begin, span->len};
}

/* Outside the records the first value is kept, inside it stands in the text. */
static void
commit(struct xml_record *self, size_t at, const struct span *span)
{
    struct column *column = &self->columns[at];
    if (column->count++ > 0) {
        return;
    }
    column->span = *span;
    if (self->record_depth == 0) {
        buffer_reset(&column->kept);
        buffer_append_slice(&column->kept, span_text(self, span));
        column->lent = (struct slice){NULL, 0};
    }
}

static void
add_value(struct xml_record *self, size_t column, size_t guard,
          const struct span *span)
{
    if (guard == XML_NONE) {
        commit(self, column, span);
        return;
    }
    if (self->waiting_count == self->waiting_capacity) {
        self->waiting_capacity = 2 * self->waiting_capacity + 16;
        self->waiting = mem_realloc_array(self->waiting, self->waiting_capacity,
                                          sizeof *self->waiting);
    }
    self->waiting[self->waiting_count++] =
        (struct waiting){column, guard, *span};
    self->bytes += sizeof *self->waiting;
}

/* The values that waited for a frame go on to the guard around it. */
static void
settle(struct xml_record *self, size_t at)
{
    const struct frame *frame = &self->frames[at];
    size_t kept = frame->waiting_begin;
    if (kept >= self->waiting_count) {
        return;
    }
    for (size_t i = kept; i < self->waiting_count; i++) {
        struct waiting value = self->waiting[i];
        if (value.guard == at && !frame->passed) {
            continue;
        }
        value.guard = value.guard == at ? frame->outer : value.guard;
        if (value.guard == XML_NONE) {
            commit(self, value.column, &value.span);
        } else {
            self->waiting[kept++] = value;
        }
    }
    self->waiting_count = kept;
}

static void
take_attributes(struct xml_record *self, const struct frame *frame,
                const struct xml_element *element)
{
    size_t at = self->tree.nodes[frame->node].first_output;
    for (; at != XML_NONE; at = self->tree.outputs[at].next) {
        const struct xml_output *output = &self->tree.outputs[at];
        const xmlChar **found =
            output->is_attribute ? find_attribute(element, &output->attribute)
                                 : NULL;
        if (found == NULL) {
            continue;
        }
        struct slice text = attribute_text(found);
        struct span span = {.begin = self->attributes.len,
                            .len = text.len,
                            .is_attribute = true};
        buffer_append_slice(&self->attributes, text);
        self->bytes += self->record_depth == 0 ? text.len : 0;
        add_value(self, output->column, frame->guard, &span);
    }
}

static void
push_frame(struct xml_record *self, const struct frame *frame)
{
    if (self->frame_count == self->frame_capacity) {
        self->frame_capacity = 2 * self->frame_capacity + 64;
        self->frames = mem_realloc_array(self->frames, self->frame_capacity,
                                         sizeof *self->frames);
    }
    self->frames[self->frame_count++] = *frame;
}

static size_t
push_slots(struct xml_record *self, size_t count)
{
    size_t begin = self->slot_count;
    if (self->slot_capacity < begin + count) {
        self->slot_capacity = 2 * self->slot_capacity + count;
        self->slots = mem_realloc_array(self->slots, self->slot_capacity,
                                        sizeof *self->slots);
    }
    for (size_t i = 0; i < count; i++) {
        self->slots[begin + i] = 0;
    }
    self->slot_count += count;
    return begin;
}

/* An element around the records begins or ends: what it held is over. */
static void
forget_around(struct xml_record *self, size_t node)
{
    for (size_t i = 0; i < self->tree.column_count; i++) {
        if (self->tree.anchors[i] == node) {
            self->columns[i].count = 0;
        }
    }
}

static void
enter(struct xml_record *self, size_t at, size_t guard,
      const struct xml_element *element)
{
    const struct xml_node *node = &self->tree.nodes[at];
    struct frame frame = {
        .node = at,
        .guard = node->step.test == XML_TEST_CHILD ? self->frame_count : guard,
        .outer = guard,
        .text_begin = self->text.len,
        .slot_begin = push_slots(self, node->slot_count),
        .waiting_begin = self->waiting_count,
    };
    push_frame(self, &frame);
    self->capture_count += node->has_text || node->is_test;
    if (node->is_on_way && at != self->tree.record) {
        forget_around(self, at);
    }
    if (node->first_output != XML_NONE && at != self->tree.record) {
        take_attributes(self, &frame, element);
    }
}

static bool
is_chosen(struct xml_record *self, const struct frame *parent,
          const struct xml_node *node, const struct xml_element *element)
{
    if (!is_name(&node->step.name, element->local, element->uri)) {
        return false;
    }
    if (node->step.test == XML_TEST_INDEX) {
        return ++self->slots[parent->slot_begin + node->slot] ==
               node->step.index;
    }
    if (node->step.test == XML_TEST_ATTRIBUTE) {
        const xmlChar **found = find_attribute(element, &node->step.test_name);
        return found != NULL &&
               slice_equals(attribute_text(found), node->step.test_text);
    }
    return true;
}

/* The steps that may follow a frame, held against a new element. True when one
 * of them is the record. */
static bool
follow(struct xml_record *self, size_t at, const struct xml_element *element)
{
    const struct frame parent = self->frames[at];
    const struct xml_node *node = &self->tree.nodes[parent.node];
    size_t child = node->first_child;
    for (; child != XML_NONE; child = self->tree.nodes[child].next) {
        const struct xml_node *next = &self->tree.nodes[child];
        if ((parent.lingers && !next->step.anywhere) ||
            !is_chosen(self, &parent, next, element)) {
            continue;
        }
        enter(self, child, parent.guard, element);
        if (child == self->tree.record) {
            return true;
        }
    }
    if (node->has_anywhere) {
        struct frame lingering = parent;
        lingering.lingers = true;
        lingering.text_begin = XML_NONE;
        lingering.waiting_begin = self->waiting_count;
        push_frame(self, &lingering);
    }
    return false;
}

/* Nothing but the record is followed inside it; texts that were being taken
 * around it would not end before it. */
static void
begin_record(struct xml_record *self, const struct xml_element *element,
             uint64_t line)
{
    struct frame frame = self->frames[self->frame_count - 1];
    self->frame_count = self->levels[self->depth];
    for (size_t i = 0; i < self->frame_count; i++) {
        self->frames[i].text_begin = XML_NONE;
        self->frames[i].waiting_begin = 0;
    }
    frame.waiting_begin = 0;
    frame.text_begin = 0;
    frame.guard = self->tree.nodes[frame.node].step.test == XML_TEST_CHILD
                      ? self->frame_count
                      : XML_NONE;
    frame.outer = XML_NONE;
    push_frame(self, &frame);
    self->capture_count = self->tree.nodes[frame.node].has_text;
    self->waiting_count = 0;
    self->record_depth = self->depth;
    self->line = line;
    self->bytes = 0;
    buffer_reset(&self->text);
    buffer_reset(&self->attributes);
    for (size_t i = 0; i < self->tree.column_count; i++) {
        if (self->tree.anchors[i] == self->tree.record) {
            self->columns[i].count = 0;
        }
    }
    take_attributes(self, &frame, element);
}

static bool
check_element(struct xml_record *self, const struct xml_element *element,
              struct error *err)
{
    size_t len = strlen((const char *)element->local);
    const char *what = NULL;
    if (self->depth == XML_DEPTH_LIMIT) {
        what = "elements are nested deeper than 250 levels";
    } else if (element->attribute_count > XML_ATTRIBUTE_LIMIT) {
        what = "an element has more than 2048 attributes";
    } else if (len > XML_NAME_LIMIT) {
        what = "an element's name is longer than 1000 bytes";
    }
    for (size_t i = 0; what == NULL && i < element->attribute_count; i++) {
        const xmlChar **attribute = element->attributes + 5 * i;
        size_t name_len = strlen((const char *)attribute[0]);
        len += name_len + attribute_text(attribute).len;
        if (name_len > XML_NAME_LIMIT) {
            what = "an attribute's name is longer than 1000 bytes";
        }
    }
    if (what != NULL) {
        return error_set(err, ERROR_INPUT, 0, "%s [xml-limit]", what);
    }
    return self->record_depth == 0 || count_bytes(self, len, err);
}

static bool
check_root(const struct xml_record *self, const struct xml_element *element,
           struct error *err)
{
    if (self->frame_count > self->levels[1]) {
        return true;
    }
    return error_set(err, ERROR_INPUT, 0,
                     "the root element is '%.80s'%s%.200s%s, which is not the "
                     "first step of the record path '%.200s' [xml-root]",
                     (const char *)element->local,
                     element->uri ? " of the namespace '" : "",
                     element->uri ? (const char *)element->uri : "",
                     element->uri ? "'" : "", self->spec->record);
}

/* The frames of the new element, from those of its parent. True when it is a
 * record. */
static bool
follow_all(struct xml_record *self, const struct xml_element *element)
{
    size_t begin = self->levels[self->depth - 1];
    size_t end = self->levels[self->depth];
    for (size_t i = begin; i < end; i++) {
        if (follow(self, i, element)) {
            return true;
        }
    }
    return false;
}

bool
xml_record_begin(struct xml_record *self, const struct xml_element *element,
                 uint64_t (*line)(void *cookie), void *cookie,
                 struct error *err)
{
    if (!check_element(self, element, err)) {
        return false;
    }
    self->depth++;
    self->levels[self->depth] = self->frame_count;
    if (self->unknown > 0) {
        self->unknown++;
        return true;
    }
    bool is_record = follow_all(self, element);
    if (is_record) {
        begin_record(self, element, line(cookie));
    }
    if (self->depth == 1 && !check_root(self, element, err)) {
        return false;
    }
    self->unknown = self->frame_count == self->levels[self->depth];
    self->nils[self->depth] = self->unknown == 0 &&
                              element->attribute_count > 0 &&
                              is_nil(self, element);
    return self->bytes <= size_limit(self) || refuse_size(self, err);
}

bool
xml_record_text(struct xml_record *self, struct slice text, struct error *err)
{
    if ((self->record_depth > 0 || self->capture_count > 0) &&
        !count_bytes(self, text.len, err)) {
        return false;
    }
    if (self->capture_count > 0) {
        buffer_append_slice(&self->text, text);
    }
    return true;
}

/* The text of a frame's element is whole. */
static void
take_text(struct xml_record *self, const struct frame *frame)
{
    const struct xml_node *node = &self->tree.nodes[frame->node];
    struct span span = {.begin = frame->text_begin,
                        .len = self->text.len - frame->text_begin,
                        .is_nil = self->nils[self->depth]};
    if (node->is_test) {
        struct frame *guard = &self->frames[frame->guard];
        guard->passed |=
            slice_equals(span_text(self, &span),
                         self->tree.nodes[guard->node].step.test_text);
    }
    size_t at = node->first_output;
    for (; at != XML_NONE; at = self->tree.outputs[at].next) {
        if (!self->tree.outputs[at].is_attribute) {
            add_value(self, at, frame->guard, &span);
        }
    }
    self->capture_count--;
}

static void
leave(struct xml_record *self, size_t at)
{
    const struct frame *frame = &self->frames[at];
    const struct xml_node *node = &self->tree.nodes[frame->node];
    if (frame->lingers) {
        return;
    }
    self->slot_count = frame->slot_begin;
    if (node->is_on_way && frame->node != self->tree.record) {
        forget_around(self, frame->node);
    }
    if ((node->has_text || node->is_test) && frame->text_begin != XML_NONE) {
        take_text(self, frame);
    }
    if (frame->guard == at) {
        settle(self, at);
    }
}

static struct slice
trimmed(const struct xml_record *self, struct slice text)
{
    return self->spec->trim && text.ptr != NULL ? slice_trim(text) : text;
}

/* What was kept from around the record is copied once a batch. */
static struct slice
lend_kept(struct xml_record *self, struct column *column)
{
    if (column->lent.ptr == NULL && !column->span.is_nil) {
        struct slice kept = buffer_slice(&column->kept);
        column->lent =
            kept.len == 0
                ? SLICE_LITERAL("")
                : trimmed(self, arena_copy(&self->batch->arena, kept));
    }
    return column->lent;
}

static const char *
copy_text(struct xml_record *self, const struct buffer *text)
{
    return text->len == 0
               ? ""
               : arena_copy(&self->batch->arena, buffer_slice(text)).ptr;
}

static void
emit(struct xml_record *self)
{
    size_t count = self->tree.column_count;
    struct record *record = batch_add(self->batch);
    record->row = ++self->row;
    record->line = self->line;
    record->fields =
        arena_array(&self->batch->arena, count + 1, sizeof *record->fields);
    record->field_count = count;
    const char *text = copy_text(self, &self->text);
    const char *attributes = copy_text(self, &self->attributes);
    for (size_t i = 0; i < count; i++) {
        struct column *column = &self->columns[i];
        const struct span *span = &column->span;
        if (column->count == 0) {
            continue;
        }
        if (self->tree.anchors[i] != self->tree.record) {
            record->fields[i] = lend_kept(self, column);
        } else if (!span->is_nil) {
            const char *base = span->is_attribute ? attributes : text;
            record->fields[i] =
                trimmed(self, (struct slice){base + span->begin, span->len});
        }
        if (column->count > 1) {
            struct slice path = self->spec->paths[i].text;
            batch_reject(self->batch, record, "repeated-element",
                         "'%.*s' matches %llu elements; say which, as in "
                         "%.*s[1]",
                         SLICE_ARGS(path), (unsigned long long)column->count,
                         SLICE_ARGS(path));
        }
    }
}

static void
end_record(struct xml_record *self, size_t at)
{
    const struct frame *frame = &self->frames[at];
    if (frame->guard == XML_NONE || frame->passed) {
        emit(self);
    }
    self->record_depth = 0;
    self->capture_count = 0;
    self->waiting_count = 0;
    self->line = 0;
}

void
xml_record_end(struct xml_record *self)
{
    if (self->unknown > 0) {
        self->unknown--;
        self->depth--;
        return;
    }
    for (size_t i = self->frame_count; i-- > self->levels[self->depth];) {
        leave(self, i);
    }
    if (self->depth == self->record_depth) {
        end_record(self, self->levels[self->depth]);
    }
    if (self->record_depth == 0 && self->capture_count == 0 &&
        self->waiting_count == 0) {
        buffer_reset(&self->text);
        buffer_reset(&self->attributes);
        self->bytes = 0;
    }
    self->frame_count = self->levels[self->depth--];
}

uint64_t
xml_record_count(const struct xml_record *self)
{
    return self->row;
}

size_t
xml_record_depth(const struct xml_record *self)
{
    return self->depth;
}

uint64_t
xml_record_line(const struct xml_record *self)
{
    return self->line;
}

void
xml_record_lend(struct xml_record *self, struct batch *batch)
{
    self->batch = batch;
    for (size_t i = 0; i < self->tree.column_count; i++) {
        self->columns[i].lent = (struct slice){NULL, 0};
    }
}

struct xml_record *
xml_record_new(const struct source_spec *spec, const char *name, xmlDict *dict,
               struct error *err)
{
    struct xml_record *self = mem_zalloc(sizeof *self);
    const struct xml_path_scope scope = {spec, dict, &self->arena};
    self->spec = spec;
    self->name = name;
    if (!xml_tree_build(&self->tree, &scope, err)) {
        xml_record_free(self);
        return NULL;
    }
    self->columns = mem_array(spec->path_count + 1, sizeof *self->columns);
    self->nil = xmlDictLookup(dict, (const xmlChar *)"nil", -1);
    self->nil_uri = xmlDictLookup(dict, (const xmlChar *)XSI_NAMESPACE, -1);
    const struct frame document = {
        .guard = XML_NONE,
        .outer = XML_NONE,
        .text_begin = XML_NONE,
        .slot_begin = push_slots(self, self->tree.nodes[0].slot_count)};
    push_frame(self, &document);
    return self;
}

void
xml_record_free(struct xml_record *self)
{
    if (self == NULL) {
        return;
    }
    for (size_t i = 0; self->columns != NULL && i < self->tree.column_count;
         i++) {
        buffer_release(&self->columns[i].kept);
    }
    free(self->columns);
    free(self->frames);
    free(self->slots);
    free(self->waiting);
    buffer_release(&self->text);
    buffer_release(&self->attributes);
    xml_tree_release(&self->tree);
    arena_release(&self->arena);
    free(self);
}
