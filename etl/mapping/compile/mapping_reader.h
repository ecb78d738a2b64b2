/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_COMPILE_MAPPING_READER_H
#define ETL_MAPPING_COMPILE_MAPPING_READER_H

#include "base/yaml_tree.h"
#include "mapping/compile/mapping_parts.h"

/*
 * From YAML nodes to values, with a problem for what does not fit. The
 * functions return false when there is no value to go on with: what is wrong
 * was told, or had been told when the file was parsed.
 */
struct mapping_reader {
    struct mapping *mapping;
    struct problems *problems;
    /* Of the map that was taken last: */
    const struct mapping_key *keys;
    uint32_t meant; /* a bit for each key that a misspelt one was meant for */
    /* A line of the file and where it begins, found last. */
    int known_line;
    size_t known_offset;
};

struct mapping_key {
    const char *name;
    /* NULL: the language has the key, this version does not. */
    void (*take)(struct mapping_reader *reader, void *into,
                 const struct yaml_pair *pair);
};

/* Takes each key of a map; subject is what has such keys: "a load". */
bool mapping_reader_keys(struct mapping_reader *reader,
                         const struct yaml_node *map, const char *subject,
                         const struct mapping_key *keys, size_t count,
                         void *into);
/* Whether a key of the map taken last was misspelt, as was told: that it is
 * missing is no news then. */
bool mapping_reader_was_meant(const struct mapping_reader *reader,
                              const char *key);
bool mapping_reader_text(struct mapping_reader *reader,
                         const struct yaml_pair *pair, struct slice *text);
/* yes no true false */
bool mapping_reader_switch(struct mapping_reader *reader,
                           const struct yaml_pair *pair, bool *value);
/* least to most; *value is not set otherwise. */
bool mapping_reader_number(struct mapping_reader *reader,
                           const struct yaml_pair *pair, uint64_t least,
                           uint64_t most, uint64_t *value);
/* Bytes, or "4 KiB", "4 MiB", "1 GiB". */
bool mapping_reader_size(struct mapping_reader *reader,
                         const struct yaml_pair *pair, uint64_t least,
                         uint64_t most, uint64_t *value);
/* One of the words; *index is its place among them. */
bool mapping_reader_word(struct mapping_reader *reader,
                         const struct yaml_pair *pair, const char *const *words,
                         size_t count, size_t *index);
/* A list of texts, or a text alone. */
bool mapping_reader_texts(struct mapping_reader *reader,
                          const struct yaml_pair *pair,
                          struct text_list *texts);
/* Letters, digits, '.', '_', '-', and no '.' at the beginning. */
bool mapping_reader_name(struct mapping_reader *reader,
                         const struct yaml_pair *pair, const char **name);
bool mapping_reader_is_name(struct slice text);

/* A plain yes or true, a plain no or false. */
bool mapping_reader_is_yes(const struct yaml_node *node);
bool mapping_reader_is_no(const struct yaml_node *node);

/* A text that ' #' cuts, where that would lose a part of it. */
bool mapping_reader_refuse_comment(struct mapping_reader *reader,
                                   const struct yaml_node *node,
                                   const char *subject);

struct place mapping_reader_place(const struct yaml_node *node);

/* For keys and values that come with a later version. */
void mapping_reader_not_yet(struct mapping_reader *reader,
                            const struct yaml_node *node, const char *what);

#endif
