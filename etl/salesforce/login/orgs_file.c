/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/login/orgs_file.h"

#include "base/file.h"
#include "salesforce/login/connection.h"

#define FILE_LIMIT_BYTES ((size_t)1 << 20)

static bool
read_orgs(struct orgs *orgs, struct org_reader *reader,
          const struct yaml_pair *pair)
{
    if (pair->value->kind == YAML_NULL) {
        return true;
    }
    if (pair->value->kind != YAML_MAP) {
        return org_entry_fail(reader, pair->value, "'orgs' wants a map");
    }
    orgs->orgs =
        arena_array(&orgs->arena, pair->value->count, sizeof *orgs->orgs);
    for (size_t i = 0; i < pair->value->count; i++) {
        if (!org_entry_read(reader, &orgs->orgs[i], &pair->value->pairs[i])) {
            return false;
        }
        orgs->count++;
    }
    return true;
}

static bool
read_connections(struct orgs *orgs, struct org_reader *reader,
                 const struct yaml_pair *pair)
{
    const struct yaml_node *map = pair->value;
    if (map->kind == YAML_NULL) {
        return true;
    }
    if (map->kind != YAML_MAP) {
        return org_entry_fail(reader, map, "'connections' wants a map");
    }
    orgs->connections =
        arena_array(&orgs->arena, map->count, sizeof *orgs->connections);
    for (size_t i = 0; i < map->count; i++) {
        if (!connection_read(reader, &orgs->connections[i], &map->pairs[i])) {
            return false;
        }
        orgs->connection_count++;
    }
    return true;
}

static bool
read_top_key(struct orgs *orgs, struct org_reader *reader,
             const struct yaml_pair *pair)
{
    static const char *const known[] = {"default", "runs_dir", "orgs",
                                        "keep_runs", "connections"};
    struct slice key = pair->key->text;
    if (slice_is(key, "orgs")) {
        return read_orgs(orgs, reader, pair);
    }
    if (slice_is(key, "default")) {
        orgs->default_org = org_entry_text(reader, pair);
        return orgs->default_org != NULL;
    }
    if (slice_is(key, "runs_dir")) {
        const char *path = org_entry_text(reader, pair);
        orgs->runs_dir = path ? org_entry_path(reader, path) : NULL;
        return path != NULL;
    }
    if (slice_is(key, "connections")) {
        return read_connections(orgs, reader, pair);
    }
    if (slice_is(key, "keep_runs")) {
        return org_entry_fail(reader, pair->key,
                              "'%.*s' is not in this version; remove it",
                              SLICE_ARGS(key));
    }
    return org_entry_unknown_key(reader, pair->key, known,
                                 sizeof known / sizeof *known);
}

static const char *
folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) + 1 : 0;
    return arena_strdup(arena, (struct slice){path, len});
}

bool
orgs_file_read(struct orgs *orgs, const char *path, struct error *err)
{
    struct buffer bytes = {0};
    struct arena tree = {0};
    struct org_reader reader = {.arena = &orgs->arena,
                                .path = path,
                                .folder = folder_of(&orgs->arena, path),
                                .err = err};
    const struct yaml_node *top = NULL;
    if (file_read_whole(path, FILE_LIMIT_BYTES, &bytes, err)) {
        top = yaml_tree_parse(buffer_slice(&bytes), path, &tree, err);
    }
    bool done = top != NULL;
    if (done && top->kind != YAML_MAP && top->kind != YAML_NULL) {
        done = org_entry_fail(&reader, top, "a map with 'orgs' is expected");
    }
    for (size_t i = 0; done && i < top->count; i++) {
        done = read_top_key(orgs, &reader, &top->pairs[i]);
    }
    arena_release(&tree);
    buffer_release(&bytes);
    return done;
}
