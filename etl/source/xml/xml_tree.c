/* SPDX-License-Identifier: Apache-2.0 */
#include "source/xml/xml_tree.h"

#include "base/mem.h"

#include <stdlib.h>

static size_t
add_node(struct xml_tree *tree, const struct xml_step *step)
{
    if (tree->node_count == tree->node_capacity) {
        tree->node_capacity = 2 * tree->node_capacity + 16;
        tree->nodes = mem_realloc_array(tree->nodes, tree->node_capacity,
                                        sizeof *tree->nodes);
    }
    tree->nodes[tree->node_count] = (struct xml_node){
        .step = *step,
        .parent = XML_NONE,
        .first_child = XML_NONE,
        .next = XML_NONE,
        .first_output = XML_NONE,
        .stream = XML_NONE,
        .first_column = XML_NONE,
    };
    return tree->node_count++;
}

static size_t
add_child(struct xml_tree *tree, size_t parent, const struct xml_step *step)
{
    size_t child = add_node(tree, step);
    struct xml_node *above = &tree->nodes[parent];
    tree->nodes[child].next = above->first_child;
    tree->nodes[child].parent = parent;
    above->first_child = child;
    above->has_anywhere |= step->anywhere;
    if (step->test == XML_TEST_INDEX) {
        tree->nodes[child].slot = above->slot_count++;
    } else if (step->test == XML_TEST_CHILD) {
        const struct xml_step test = {.name = step->test_name};
        size_t node = add_child(tree, child, &test);
        tree->nodes[node].is_test = true;
    }
    return child;
}

static size_t
find_child(const struct xml_tree *tree, size_t parent,
           const struct xml_step *step)
{
    size_t child = tree->nodes[parent].first_child;
    while (child != XML_NONE &&
           (tree->nodes[child].is_test || tree->nodes[child].is_anchor ||
            !xml_path_same_step(&tree->nodes[child].step, step))) {
        child = tree->nodes[child].next;
    }
    return child;
}

/* Returns the last of a path's nodes, none of them shared. */
static size_t
add_anchors(struct xml_tree *tree, size_t node, const struct xml_path *path,
            bool is_on_way)
{
    for (size_t i = 0; i < path->step_count; i++) {
        node = add_child(tree, node, &path->steps[i]);
        tree->nodes[node].is_anchor = true;
        tree->nodes[node].is_on_way = is_on_way;
    }
    return node;
}

static size_t
add_steps(struct xml_tree *tree, size_t node, const struct xml_path *path)
{
    for (size_t i = 0; i < path->step_count; i++) {
        size_t known = find_child(tree, node, &path->steps[i]);
        node =
            known != XML_NONE ? known : add_child(tree, node, &path->steps[i]);
    }
    return node;
}

/* start: where the rows of its stream begin. */
static void
add_column(struct xml_tree *tree, size_t start, const struct xml_path *path,
           const struct xml_output *given)
{
    size_t anchor = start;
    for (size_t i = 0; i < path->up_count; i++) {
        anchor = tree->nodes[anchor].parent;
    }
    size_t at = add_steps(tree, anchor, path);
    struct xml_node *node = &tree->nodes[at];
    struct xml_output *output = &tree->outputs[tree->column_count];
    bool is_count = given->path->gather == GATHER_COUNT;
    *output = *given;
    output->is_attribute = path->has_attribute;
    output->attribute = path->attribute;
    output->next = node->first_output;
    output->anchor = anchor;
    output->next_column = tree->nodes[anchor].first_column;
    node->first_output = tree->column_count;
    tree->nodes[anchor].first_column = tree->column_count++;
    node->has_text |= !path->has_attribute && !is_count;
    node->has_count |= !path->has_attribute && is_count;
}

static bool
add_stream(struct xml_tree *tree, const struct xml_path_scope *scope,
           const struct xml_path *record, size_t index, struct error *err)
{
    const struct source_stream *stream = &scope->spec->streams[index];
    struct xml_path each = {0}, path;
    if (stream->each.ptr != NULL &&
        !xml_path_read_each(scope, stream, &each, err)) {
        return false;
    }
    size_t start = add_anchors(tree, tree->record, &each, false);
    tree->nodes[start].stream = index;
    tree->field_counts[index] = stream->path_count;
    for (size_t i = 0; i < stream->path_count; i++) {
        const struct xml_output given = {
            .path = &stream->paths[i], .stream = index, .field = i};
        if (!xml_path_read_column(scope, given.path, record, each.step_count,
                                  &path, err)) {
            return false;
        }
        add_column(tree, start, &path, &given);
    }
    return true;
}

bool
xml_tree_build(struct xml_tree *tree, const struct xml_path_scope *scope,
               struct error *err)
{
    const struct source_spec *spec = scope->spec;
    const struct xml_step document = {0};
    struct xml_path record;
    size_t column_count = 0;
    *tree = (struct xml_tree){.stream_count = spec->stream_count};
    if (!xml_path_read_record(scope, &record, err)) {
        return false;
    }
    for (size_t i = 0; i < spec->stream_count; i++) {
        column_count += spec->streams[i].path_count;
    }
    tree->outputs = mem_array(column_count + 1, sizeof *tree->outputs);
    tree->field_counts =
        mem_array(spec->stream_count + 1, sizeof *tree->field_counts);
    tree->record = add_anchors(tree, add_node(tree, &document), &record, true);
    bool done = true;
    for (size_t i = 0; done && i < spec->stream_count; i++) {
        done = add_stream(tree, scope, &record, i, err);
    }
    if (!done) {
        xml_tree_release(tree);
    }
    return done;
}

void
xml_tree_release(struct xml_tree *tree)
{
    free(tree->nodes);
    free(tree->outputs);
    free(tree->field_counts);
    *tree = (struct xml_tree){0};
}
