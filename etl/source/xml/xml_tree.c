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
        .first_child = XML_NONE,
        .next = XML_NONE,
        .first_output = XML_NONE,
    };
    return tree->node_count++;
}

static size_t
add_child(struct xml_tree *tree, size_t parent, const struct xml_step *step)
{
    size_t child = add_node(tree, step);
    struct xml_node *above = &tree->nodes[parent];
    tree->nodes[child].next = above->first_child;
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
           (tree->nodes[child].is_test || tree->nodes[child].is_on_way ||
            !xml_path_same_step(&tree->nodes[child].step, step))) {
        child = tree->nodes[child].next;
    }
    return child;
}

static void
add_record(struct xml_tree *tree, const struct xml_path *path)
{
    const struct xml_step document = {0};
    size_t node = add_node(tree, &document);
    for (size_t i = 0; i < path->step_count; i++) {
        node = add_child(tree, node, &path->steps[i]);
        tree->nodes[node].is_on_way = true;
    }
    tree->record = node;
}

/* The first nodes are the document and the record's steps, each with its test
 * behind it: going up is counting those on the way. */
static size_t
find_anchor(const struct xml_tree *tree, size_t up_count)
{
    size_t node = tree->record;
    while (up_count > 0) {
        node--;
        up_count -= tree->nodes[node].is_on_way;
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

static void
add_column(struct xml_tree *tree, const struct xml_path *path, size_t column)
{
    tree->anchors[column] = find_anchor(tree, path->up_count);
    size_t at = add_steps(tree, tree->anchors[column], path);
    struct xml_node *node = &tree->nodes[at];
    tree->outputs[column] = (struct xml_output){
        .is_attribute = path->has_attribute,
        .attribute = path->attribute,
        .column = column,
        .next = node->first_output,
    };
    node->first_output = column;
    node->has_text |= !path->has_attribute;
}

bool
xml_tree_build(struct xml_tree *tree, const struct xml_path_scope *scope,
               struct error *err)
{
    const struct source_spec *spec = scope->spec;
    struct xml_path record;
    struct xml_path path;
    *tree = (struct xml_tree){.column_count = spec->path_count};
    if (!xml_path_read_record(scope, &record, err)) {
        return false;
    }
    tree->outputs = mem_array(spec->path_count + 1, sizeof *tree->outputs);
    tree->anchors = mem_array(spec->path_count + 1, sizeof *tree->anchors);
    add_record(tree, &record);
    for (size_t i = 0; i < spec->path_count; i++) {
        if (!xml_path_read_column(scope, &spec->paths[i], &record, &path,
                                  err)) {
            xml_tree_release(tree);
            return false;
        }
        add_column(tree, &path, i);
    }
    return true;
}

void
xml_tree_release(struct xml_tree *tree)
{
    free(tree->nodes);
    free(tree->outputs);
    free(tree->anchors);
    *tree = (struct xml_tree){0};
}
