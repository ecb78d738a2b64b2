/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_YAML_TREE_H
#define ETL_BASE_YAML_TREE_H

#include "base/arena.h"
#include "base/error.h"

/*
 * One YAML document as a tree whose nodes know where they stand. All scalars
 * are text, as written; nothing is guessed to be a number or a boolean.
 * Refused, with line and column: tags, anchors, aliases, merge keys, a second
 * document, repeated keys, keys that are no text, invalid UTF-8, nesting past
 * YAML_DEPTH_LIMIT, more than YAML_NODE_LIMIT nodes. Nodes live in the arena
 * that is passed.
 */
#define YAML_DEPTH_LIMIT 64
#define YAML_NODE_LIMIT 4000000

enum yaml_kind { YAML_NULL, YAML_TEXT, YAML_MAP, YAML_LIST };

struct yaml_node {
    enum yaml_kind kind; /* YAML_NULL: nothing stands after the colon */
    bool quoted;         /* a text in quotes or a block */
    bool flow;           /* a map or list in { } or [ ] */
    bool commented;      /* ' #' cuts a plain text on its line */
    bool refused;        /* told already: not to be complained of again */
    int line, column;    /* 1-based */
    struct slice text;   /* valid UTF-8; may hold NUL only when escaped so */
    /* The children: pairs of a map, or items of a list (their key is NULL). */
    struct yaml_pair *pairs;
    size_t count;
};
struct yaml_pair {
    struct yaml_node *key;
    struct yaml_node *value;
};

/*
 * An empty document is a YAML_NULL node. name stands at the head of messages
 * ("accounts.yaml:14:12: …"); errors are ERROR_CONFIG.
 */
struct yaml_node *yaml_tree_parse(struct slice bytes, const char *name,
                                  struct arena *arena, struct error *err);

/* What is wrong with a document. */
struct yaml_complaint {
    int line, column;
    const char *code; /* "yaml-syntax", "repeated-key" … */
    const char *what, *help;
};
struct yaml_listener {
    void (*complain)(void *cookie, const struct yaml_complaint *complaint);
    void *cookie;
};
/*
 * For who tells all that is wrong at once. A tag, an anchor, an alias, a
 * repeated or merge key is complained of and passed over, its node refused;
 * after broken syntax NULL is returned. At most YAML_COMPLAINT_LIMIT.
 */
#define YAML_COMPLAINT_LIMIT 100
struct yaml_node *yaml_tree_read(struct slice bytes, struct arena *arena,
                                 const struct yaml_listener *listener);

/* The value under a key of a map; NULL when it is not there. */
struct yaml_node *yaml_tree_get(const struct yaml_node *map, const char *key);

#endif
