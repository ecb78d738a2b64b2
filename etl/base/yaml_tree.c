/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml_tree.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/yaml_trap.h"

#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#define FEW_KEYS 8 /* compared one by one; more are hashed */

struct tree {
    yaml_parser_t parser;
    struct slice bytes;
    struct arena *arena;
    const struct yaml_listener *listener;
    struct yaml_pair *open; /* children of maps and lists not yet closed */
    size_t open_count, open_capacity;
    size_t node_count, complaint_count;
    /* libyaml's marks count characters: how far they are known as bytes. */
    size_t mark_index, mark_offset;
};

static void
complain(struct tree *tree, int line, int column, const char *code,
         const char *what, const char *help)
{
    if (tree->complaint_count++ < YAML_COMPLAINT_LIMIT) {
        struct yaml_complaint complaint = {line, column, code, what, help};
        tree->listener->complain(tree->listener->cookie, &complaint);
    }
}

/* The 1-based line, without its end. */
static struct slice
line_of(struct slice bytes, int line)
{
    const char *at = bytes.ptr, *end = at + bytes.len;
    for (int i = 1; i < line && at < end; i++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        at = next == NULL ? end : next + 1;
    }
    const char *stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    struct slice text = {at, (size_t)((stop == NULL ? end : stop) - at)};
    if (text.len > 0 && text.ptr[text.len - 1] == '\r') {
        text.len--;
    }
    return text;
}

static void
complain_at_offset(struct tree *tree, size_t offset, const char *code,
                   const char *what, const char *help)
{
    int line = 1;
    const char *start = tree->bytes.ptr;
    const char *stop = start + offset;
    for (const char *next;
         (next = memchr(start, '\n', (size_t)(stop - start))) != NULL; line++) {
        start = next + 1;
    }
    size_t column =
        slice_utf8_count((struct slice){start, (size_t)(stop - start)}) + 1;
    complain(tree, line, (int)column, code, what, help);
}

static void
complain_of_text(struct tree *tree, yaml_mark_t mark, const char *code,
                 const char *what)
{
    char help[YAML_TRAP_TEXT_SIZE];
    int line = (int)mark.line + 1;
    yaml_trap_quote(line_of(tree->bytes, line), help);
    complain(tree, line, (int)mark.column + 1, code, what, help);
}

static bool
complain_of_trap(struct tree *tree, yaml_mark_t mark)
{
    struct slice line = line_of(tree->bytes, (int)mark.line + 1);
    size_t stop = slice_utf8_prefix(line, mark.column);
    struct yaml_trap trap;
    if (!yaml_trap_find(line, stop, &trap)) {
        return false;
    }
    struct slice before = {line.ptr, trap.offset};
    complain(tree, (int)mark.line + 1, (int)slice_utf8_count(before) + 1,
             "yaml-quote", trap.what, trap.help);
    return true;
}

/* The parser has several words for one. */
static bool
is_at_tab(const struct tree *tree, yaml_mark_t mark)
{
    struct slice line = line_of(tree->bytes, (int)mark.line + 1);
    size_t at = slice_utf8_prefix(line, mark.column);
    return at < line.len && line.ptr[at] == '\t';
}

static void
complain_of_syntax(struct tree *tree)
{
    const yaml_parser_t *parser = &tree->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        mem_exhausted();
    }
    if (parser->error == YAML_READER_ERROR) {
        size_t offset = parser->problem_offset < tree->bytes.len
                            ? parser->problem_offset
                            : tree->bytes.len;
        complain_at_offset(tree, offset, "yaml-syntax", parser->problem,
                           "remove the character");
        return;
    }
    const char *context = parser->context;
    if (complain_of_trap(tree, parser->problem_mark) ||
        (context != NULL && complain_of_trap(tree, parser->context_mark))) {
        return;
    }
    const struct yaml_trap_fault *fault =
        is_at_tab(tree, parser->problem_mark)
            ? yaml_trap_fault("found a tab character", NULL)
            : yaml_trap_fault(parser->problem, context);
    if (fault != NULL) {
        yaml_mark_t mark = fault->at_context && context != NULL
                               ? parser->context_mark
                               : parser->problem_mark;
        complain(tree, (int)mark.line + 1, (int)mark.column + 1, "yaml-syntax",
                 fault->what, fault->help);
        return;
    }
    char what[YAML_TRAP_TEXT_SIZE];
    char help[YAML_TRAP_TEXT_SIZE] = "look at quotes, brackets and indentation";
    snprintf(what, sizeof what, "%s", parser->problem);
    if (context != NULL) {
        snprintf(what, sizeof what, "%s %s", parser->problem, context);
        snprintf(help, sizeof help,
                 "what is open begins in line %zu; look at quotes, brackets "
                 "and indentation",
                 parser->context_mark.line + 1);
    }
    complain(tree, (int)parser->problem_mark.line + 1,
             (int)parser->problem_mark.column + 1, "yaml-syntax", what, help);
}

static bool
next_event(struct tree *tree, yaml_event_t *event)
{
    if (yaml_parser_parse(&tree->parser, event)) {
        return true;
    }
    complain_of_syntax(tree);
    return false;
}

/* Whether ' #' stands behind the mark, on its line. */
static bool
is_commented(struct tree *tree, yaml_mark_t end)
{
    struct slice rest = {tree->bytes.ptr + tree->mark_offset,
                         tree->bytes.len - tree->mark_offset};
    size_t ahead = slice_utf8_prefix(rest, end.index - tree->mark_index);
    tree->mark_index = end.index;
    tree->mark_offset += ahead;
    rest.ptr += ahead;
    rest.len -= ahead;
    size_t i = 0;
    while (i < rest.len && (rest.ptr[i] == ' ' || rest.ptr[i] == '\t')) {
        i++;
    }
    return i > 0 && i < rest.len && rest.ptr[i] == '#';
}

static struct yaml_node *
new_node(struct tree *tree, enum yaml_kind kind, const yaml_event_t *event)
{
    if (++tree->node_count > YAML_NODE_LIMIT) {
        complain(tree, (int)event->start_mark.line + 1,
                 (int)event->start_mark.column + 1, "yaml-size",
                 "the document is too large",
                 "at most 4,000,000 keys and values are taken");
        return NULL;
    }
    struct yaml_node *node = arena_array(tree->arena, 1, sizeof *node);
    node->kind = kind;
    node->line = (int)event->start_mark.line + 1;
    node->column = (int)event->start_mark.column + 1;
    return node;
}

static void
refuse_decoration(struct tree *tree, struct yaml_node *node,
                  const yaml_event_t *event, bool has_tag, bool has_anchor)
{
    if (has_tag) {
        complain_of_text(tree, event->start_mark, "yaml-tag",
                         "a text that begins with ! is a tag to YAML");
    } else if (has_anchor) {
        complain_of_text(tree, event->start_mark, "yaml-anchor",
                         "a text that begins with & is an anchor to YAML");
    }
    node->refused = has_tag || has_anchor;
}

static struct yaml_node *
scalar_node(struct tree *tree, const yaml_event_t *event)
{
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    struct slice text = {(const char *)event->data.scalar.value,
                         event->data.scalar.length};
    struct yaml_node *node =
        new_node(tree, plain && text.len == 0 ? YAML_NULL : YAML_TEXT, event);
    if (node == NULL) {
        return NULL;
    }
    node->quoted = !plain;
    node->commented =
        plain && text.len > 0 && is_commented(tree, event->end_mark);
    node->text = (struct slice){arena_strdup(tree->arena, text), text.len};
    refuse_decoration(tree, node, event, event->data.scalar.tag != NULL,
                      event->data.scalar.anchor != NULL);
    return node;
}

static void
open_push(struct tree *tree, struct yaml_pair pair)
{
    if (tree->open_count == tree->open_capacity) {
        tree->open_capacity += tree->open_capacity + 64;
        tree->open = mem_realloc_array(tree->open, tree->open_capacity,
                                       sizeof *tree->open);
    }
    tree->open[tree->open_count++] = pair;
}

static struct yaml_node *
first_with_key(const struct yaml_node *map, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equals(map->pairs[i].key->text, key)) {
            return map->pairs[i].key;
        }
    }
    return NULL;
}

static bool
is_key_refused(struct tree *tree, const struct yaml_node *key,
               const struct yaml_node *first)
{
    char what[YAML_TRAP_TEXT_SIZE], help[YAML_TRAP_TEXT_SIZE];
    if (slice_is(key->text, "<<") && !key->quoted) {
        complain(tree, key->line, key->column, "yaml-merge-key",
                 "a merge key ('<<') is not taken",
                 "write the keys where they are used");
        return true;
    }
    if (first == NULL) {
        return false;
    }
    snprintf(what, sizeof what, "'%.80s' stands here a second time",
             key->text.ptr);
    snprintf(help, sizeof help, "the first is in line %d; keep one of them",
             first->line);
    complain(tree, key->line, key->column, "repeated-key", what, help);
    return true;
}

/* Of pairs with one key the first is kept. */
static void
refuse_keys(struct tree *tree, struct yaml_node *map)
{
    struct map seen = {0};
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++) {
        struct yaml_node *key = map->pairs[i].key;
        struct yaml_node *first = map->count <= FEW_KEYS
                                      ? first_with_key(map, kept, key->text)
                                      : map_get(&seen, key->text);
        if (is_key_refused(tree, key, first)) {
            continue;
        }
        if (map->count > FEW_KEYS) {
            map_put(&seen, key->text, key);
        }
        map->pairs[kept++] = map->pairs[i];
    }
    map->count = kept;
    map_release(&seen);
}

static void
close_node(struct tree *tree, struct yaml_node *node, size_t first)
{
    node->count = tree->open_count - first;
    node->pairs = arena_array(tree->arena, node->count, sizeof *node->pairs);
    if (node->count > 0) {
        memcpy(node->pairs, tree->open + first,
               node->count * sizeof *node->pairs);
    }
    tree->open_count = first;
    if (node->kind == YAML_MAP) {
        refuse_keys(tree, node);
    }
}

static struct yaml_node *read_node(struct tree *tree, yaml_event_t *event,
                                   int depth);

static struct yaml_node *
read_key(struct tree *tree, yaml_event_t *event)
{
    bool is_text = event->type == YAML_SCALAR_EVENT &&
                   (event->data.scalar.length > 0 ||
                    event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE);
    if (!is_text) {
        if (!complain_of_trap(tree, event->start_mark)) {
            complain(tree, (int)event->start_mark.line + 1,
                     (int)event->start_mark.column + 1, "yaml-key",
                     "a key must be a text",
                     "put it in quotes, or add what is missing before ':'");
        }
        return NULL;
    }
    return scalar_node(tree, event);
}

/* The children up to the end event; false after a complaint that ends it. */
static bool
read_children(struct tree *tree, struct yaml_node *node, int depth)
{
    size_t first = tree->open_count;
    for (;;) {
        yaml_event_t event;
        struct yaml_pair pair = {NULL, NULL};
        if (!next_event(tree, &event)) {
            return false;
        }
        if (event.type == YAML_MAPPING_END_EVENT ||
            event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            close_node(tree, node, first);
            return true;
        }
        if (node->kind == YAML_MAP) {
            pair.key = read_key(tree, &event);
            yaml_event_delete(&event);
            if (pair.key == NULL || !next_event(tree, &event)) {
                return false;
            }
        }
        pair.value = read_node(tree, &event, depth);
        yaml_event_delete(&event);
        if (pair.value == NULL) {
            return false;
        }
        open_push(tree, pair);
    }
}

static struct yaml_node *
collection_node(struct tree *tree, const yaml_event_t *event, int depth)
{
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    struct yaml_node *node =
        new_node(tree, is_map ? YAML_MAP : YAML_LIST, event);
    if (node == NULL) {
        return NULL;
    }
    if (depth >= YAML_DEPTH_LIMIT) {
        complain(tree, node->line, node->column, "yaml-depth",
                 "maps and lists lie too deep in one another",
                 "at most 64 levels are taken");
        return NULL;
    }
    if (is_map) {
        node->flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
        refuse_decoration(tree, node, event,
                          event->data.mapping_start.tag != NULL,
                          event->data.mapping_start.anchor != NULL);
    } else {
        node->flow =
            event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
        refuse_decoration(tree, node, event,
                          event->data.sequence_start.tag != NULL,
                          event->data.sequence_start.anchor != NULL);
    }
    return read_children(tree, node, depth + 1) ? node : NULL;
}

static struct yaml_node *
read_node(struct tree *tree, yaml_event_t *event, int depth)
{
    if (event->type == YAML_SCALAR_EVENT) {
        return scalar_node(tree, event);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        complain_of_text(tree, event->start_mark, "yaml-alias",
                         "a text that begins with * is an alias to YAML");
        struct yaml_node *node = new_node(tree, YAML_NULL, event);
        if (node != NULL) {
            node->refused = true;
        }
        return node;
    }
    return collection_node(tree, event, depth);
}

/* From behind the document's start to the stream's end. */
static struct yaml_node *
read_document(struct tree *tree)
{
    yaml_event_t event;
    if (!next_event(tree, &event)) {
        return NULL;
    }
    struct yaml_node *root = read_node(tree, &event, 0);
    yaml_event_delete(&event);
    if (root == NULL || !next_event(tree, &event)) {
        return NULL; /* before the document's end */
    }
    yaml_event_delete(&event);
    if (!next_event(tree, &event)) {
        return NULL;
    }
    if (event.type != YAML_STREAM_END_EVENT) {
        complain(tree, (int)event.start_mark.line + 1,
                 (int)event.start_mark.column + 1, "yaml-document",
                 "a second document begins here",
                 "one file holds one document; remove '---'");
        root = NULL;
    }
    yaml_event_delete(&event);
    return root;
}

static struct yaml_node *
read_stream(struct tree *tree)
{
    yaml_event_t event;
    if (!next_event(tree, &event)) {
        return NULL;
    }
    yaml_event_delete(&event); /* the stream's start */
    if (!next_event(tree, &event)) {
        return NULL;
    }
    bool is_empty = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    const yaml_event_t nothing = {.type = YAML_NO_EVENT};
    return is_empty ? new_node(tree, YAML_NULL, &nothing) : read_document(tree);
}

struct yaml_node *
yaml_tree_read(struct slice bytes, struct arena *arena,
               const struct yaml_listener *listener)
{
    if (slice_begins(bytes, "\xEF\xBB\xBF")) {
        bytes.ptr += 3;
        bytes.len -= 3;
    }
    if (bytes.ptr == NULL) {
        bytes.ptr = "";
    }
    struct tree tree = {.bytes = bytes, .arena = arena, .listener = listener};
    size_t valid = slice_utf8_valid_len(bytes);
    if (valid < bytes.len) {
        complain_at_offset(&tree, valid, "bad-utf8",
                           "the file is not UTF-8 here",
                           "save it as UTF-8 in the editor");
        return NULL;
    }
    if (!yaml_parser_initialize(&tree.parser)) {
        mem_exhausted();
    }
    yaml_parser_set_encoding(&tree.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&tree.parser, (const unsigned char *)bytes.ptr,
                                 bytes.len);
    struct yaml_node *root = read_stream(&tree);
    yaml_parser_delete(&tree.parser);
    free(tree.open);
    return root;
}

struct first_complaint {
    const char *name;
    struct error *err;
};

static void
keep_first(void *cookie, const struct yaml_complaint *complaint)
{
    struct first_complaint *first = cookie;
    error_set(first->err, ERROR_CONFIG, 0, "%s:%d:%d: %s; %s [%s]", first->name,
              complaint->line, complaint->column, complaint->what,
              complaint->help, complaint->code);
}

struct yaml_node *
yaml_tree_parse(struct slice bytes, const char *name, struct arena *arena,
                struct error *err)
{
    struct first_complaint first = {name, err};
    struct yaml_listener listener = {keep_first, &first};
    struct yaml_node *root = yaml_tree_read(bytes, arena, &listener);
    return err->kind == ERROR_NONE ? root : NULL;
}

struct yaml_node *
yaml_tree_get(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
        if (slice_is(map->pairs[i].key->text, key)) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}
