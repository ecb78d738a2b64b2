/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_record.h"

#include "base/mem.h"
#include "source/xml/xml_rows.h"
#include "source/xml/xml_tree.h"
#include "source/xml/xml_values.h"

#include <stdlib.h>

#define XSI_NAMESPACE "http://www.w3.org/2001/XMLSchema-instance"

/* That an open element is where a path stands. */
struct frame {
    size_t node;
    size_t guard; /* the frame whose test decides on what is below */
    size_t outer; /* of a guard: the one around it */
    size_t text_begin;
    size_t slot_begin; /* of the counters of its children */
    size_t waiting_begin;
    size_t row_begin; /* of an anchor: the rows that begin in it */
    bool lingers;     /* only for the steps behind "//" */
    bool passed;      /* the test */
};

struct xml_record {
    const struct source_spec *spec;
    const char *name;
    struct arena arena; /* of the tree */
    struct xml_tree tree;
    struct xml_values values;
    struct xml_rows rows;
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
    uint64_t line;
    size_t capture_count; /* elements whose text is taken */
    uint64_t (*row_line)(void *cookie);
    void *row_line_cookie;
};

static bool
is_sound(const struct xml_record *self, struct error *err)
{
    return xml_values_check(&self->values, self->name, self->line, err);
}

static bool
is_nil(const struct xml_record *self, const struct xml_element *element)
{
    const struct xml_name name = {self->nil_uri, self->nil};
    const xmlChar **found = xml_element_find(element, &name);
    return found != NULL && (slice_is(xml_attribute_text(found), "true") ||
                             slice_is(xml_attribute_text(found), "1"));
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

static void
take_attributes(struct xml_record *self, const struct frame *frame,
                const struct xml_element *element)
{
    size_t at = self->tree.nodes[frame->node].first_output;
    for (; at != XML_NONE; at = self->tree.outputs[at].next) {
        const struct xml_output *output = &self->tree.outputs[at];
        const xmlChar **found =
            output->is_attribute ? xml_element_find(element, &output->attribute)
                                 : NULL;
        if (found == NULL) {
            continue;
        }
        struct slice text = xml_attribute_text(found);
        struct xml_span span = xml_values_put_side(&self->values, text);
        self->values.bytes += self->record_depth == 0 ? text.len : 0;
        xml_values_add(&self->values, at, frame->guard, &span);
    }
}

/* Columns of an anchor begin anew, and so may a stream's row. What becomes of
 * its rows does not depend on the tests around it: these drop them. */
static void
enter_anchor(struct xml_record *self, struct frame *frame)
{
    const struct xml_node *node = &self->tree.nodes[frame->node];
    bool is_guard = node->step.test == XML_TEST_CHILD;
    frame->row_begin = self->rows.count;
    frame->guard = is_guard ? self->frame_count : XML_NONE;
    frame->outer = XML_NONE;
    xml_values_forget(&self->values, frame->node);
    if (node->stream != XML_NONE && self->record_depth > 0) {
        xml_rows_add(&self->rows, node->stream,
                     frame->node == self->tree.record
                         ? self->line
                         : self->row_line(self->row_line_cookie));
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
        .text_begin = self->values.text.len,
        .slot_begin = push_slots(self, node->slot_count),
        .waiting_begin = self->values.waiting_count,
    };
    if (node->is_anchor && at != self->tree.record) {
        enter_anchor(self, &frame);
    }
    push_frame(self, &frame);
    self->capture_count += node->has_text || node->is_test;
    if (node->first_output != XML_NONE && at != self->tree.record) {
        take_attributes(self, &frame, element);
    }
}

static bool
is_chosen(struct xml_record *self, const struct frame *parent,
          const struct xml_node *node, const struct xml_element *element)
{
    if (!xml_element_is(element, &node->step.name)) {
        return false;
    }
    if (node->step.test == XML_TEST_INDEX) {
        return ++self->slots[parent->slot_begin + node->slot] ==
               node->step.index;
    }
    if (node->step.test == XML_TEST_ATTRIBUTE) {
        const xmlChar **found =
            xml_element_find(element, &node->step.test_name);
        return found != NULL &&
               slice_equals(xml_attribute_text(found), node->step.test_text);
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
        lingering.waiting_begin = self->values.waiting_count;
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
    self->capture_count = self->tree.nodes[frame.node].has_text;
    self->record_depth = self->depth;
    self->line = line;
    self->values.is_inside = true;
    xml_values_reset(&self->values);
    enter_anchor(self, &frame);
    push_frame(self, &frame);
    take_attributes(self, &frame, element);
}

static bool
check_element(struct xml_record *self, const struct xml_element *element,
              struct error *err)
{
    size_t bytes;
    if (!xml_element_check(element, self->depth, &bytes, err)) {
        return false;
    }
    self->values.bytes += self->record_depth == 0 ? 0 : bytes;
    return is_sound(self, err);
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
    self->row_line = line;
    self->row_line_cookie = cookie;
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
    return is_sound(self, err);
}

bool
xml_record_text(struct xml_record *self, struct slice text, struct error *err)
{
    if (self->capture_count > 0) {
        buffer_append_slice(&self->values.text, text);
    } else if (self->record_depth == 0) {
        return true;
    }
    self->values.bytes += text.len;
    return is_sound(self, err);
}

/* The text of a frame's element is whole. */
static void
take_text(struct xml_record *self, const struct frame *frame)
{
    const struct xml_node *node = &self->tree.nodes[frame->node];
    bool has_text = node->has_text || node->is_test;
    struct xml_span span = {
        .begin = has_text ? frame->text_begin : 0,
        .len = has_text ? self->values.text.len - frame->text_begin : 0,
        .is_nil = self->nils[self->depth]};
    if (node->is_test) {
        struct frame *guard = &self->frames[frame->guard];
        guard->passed |=
            slice_equals(xml_values_text(&self->values, &span),
                         self->tree.nodes[guard->node].step.test_text);
    }
    size_t at = node->first_output;
    for (; at != XML_NONE; at = self->tree.outputs[at].next) {
        if (!self->tree.outputs[at].is_attribute) {
            xml_values_add(&self->values, at, frame->guard, &span);
        }
    }
    self->capture_count -= has_text;
}

/* The rows below it have what its columns are worth, or there are none. */
static void
leave_anchor(struct xml_record *self, const struct frame *frame, bool failed)
{
    if (self->tree.nodes[frame->node].is_on_way) {
        xml_values_forget(&self->values, frame->node);
    } else if (failed) {
        xml_rows_drop(&self->rows, frame->node, frame->row_begin);
    } else {
        xml_rows_fill(&self->rows, frame->node, frame->row_begin);
    }
}

static void
leave(struct xml_record *self, size_t at)
{
    const struct frame *frame = &self->frames[at];
    const struct xml_node *node = &self->tree.nodes[frame->node];
    bool is_guard = frame->guard == at;
    if (frame->lingers) {
        return;
    }
    self->slot_count = frame->slot_begin;
    if ((node->has_text || node->is_test || node->has_count) &&
        frame->text_begin != XML_NONE) {
        take_text(self, frame);
    }
    if (is_guard) {
        xml_values_settle(&self->values, frame->waiting_begin, at, frame->outer,
                          frame->passed);
    }
    if (node->is_anchor && frame->node != self->tree.record) {
        leave_anchor(self, frame, is_guard && !frame->passed);
    }
}

static void
end_record(struct xml_record *self, size_t at)
{
    const struct frame *frame = &self->frames[at];
    self->values.is_inside = false;
    if (frame->guard == XML_NONE || frame->passed) {
        xml_rows_fill(&self->rows, frame->node, 0);
        xml_rows_emit(&self->rows);
    }
    xml_rows_reset(&self->rows);
    self->record_depth = 0;
    self->capture_count = 0;
    self->values.waiting_count = 0;
    self->line = 0;
}

bool
xml_record_end(struct xml_record *self, struct error *err)
{
    if (self->unknown > 0) {
        self->unknown--;
        self->depth--;
        return true;
    }
    for (size_t i = self->frame_count; i-- > self->levels[self->depth];) {
        leave(self, i);
    }
    bool is_done = is_sound(self, err);
    if (is_done && self->depth == self->record_depth) {
        end_record(self, self->levels[self->depth]);
    }
    if (self->record_depth == 0 && self->capture_count == 0 &&
        self->values.waiting_count == 0) {
        xml_values_reset(&self->values);
    }
    self->frame_count = self->levels[self->depth--];
    return is_done;
}

uint64_t
xml_record_count(const struct xml_record *self)
{
    uint64_t count = 0;
    for (size_t i = 0; i < self->tree.stream_count; i++) {
        count += self->rows.row_counts[i];
    }
    return count;
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
xml_record_lend(struct xml_record *self, struct batch *batches)
{
    xml_rows_lend(&self->rows, batches);
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
    xml_values_init(&self->values, &self->tree,
                    spec->max_row_bytes ? spec->max_row_bytes
                                        : SOURCE_MAX_ROW_BYTES_DEFAULT);
    xml_rows_init(&self->rows, spec, &self->values);
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
    free(self->frames);
    free(self->slots);
    xml_values_release(&self->values);
    xml_rows_release(&self->rows);
    xml_tree_release(&self->tree);
    arena_release(&self->arena);
    free(self);
}
