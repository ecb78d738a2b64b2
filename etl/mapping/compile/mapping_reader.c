/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_reader.h"

#include "base/suggest.h"

#include <stdio.h>

#define KEYS_LIMIT 32 /* of one section */
#define NAME_LIMIT 80

static const char *
kind_name(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_TEXT:
        return "a text";
    case YAML_MAP:
        return "a map";
    case YAML_LIST:
        return "a list";
    case YAML_NULL:
        break;
    }
    return "nothing";
}

struct place
mapping_reader_place(const struct yaml_node *node)
{
    return (struct place){node->line, node->column};
}

static bool
refuse_kind(struct mapping_reader *reader, const struct yaml_pair *pair,
            const char *wanted)
{
    const struct yaml_node *node = pair->value;
    if (node->refused) {
        return false;
    }
    if (node->kind == YAML_NULL) {
        problem_add(reader->problems, pair->key->line, pair->key->column,
                    "missing-value", "remove the key or give it one",
                    "'%s' has no value", pair->key->text.ptr);
        return false;
    }
    char help[80];
    snprintf(help, sizeof help, "it takes %s", wanted);
    problem_add(reader->problems, node->line, node->column, "wrong-type", help,
                "'%s' is %s here", pair->key->text.ptr, kind_name(node));
    return false;
}

static bool
refuse_value(struct mapping_reader *reader, const struct yaml_pair *pair,
             const char *help)
{
    problem_add(reader->problems, pair->value->line, pair->value->column,
                "wrong-value", help, "'%s' can't be '%.80s'",
                pair->key->text.ptr, pair->value->text.ptr);
    return false;
}

void
mapping_reader_not_yet(struct mapping_reader *reader,
                       const struct yaml_node *node, const char *what)
{
    problem_add(reader->problems, node->line, node->column, "not-yet",
                "this version of sfetl does not have it and will not ignore "
                "it; take it out, or use a later version",
                "%s can't be used yet", what);
}

/* A ',' that ends a text inside { }, of which the rest looks like a key. */
static void
refuse_cut(struct mapping_reader *reader, const struct yaml_node *map,
           const struct yaml_pair *pair)
{
    char help[240] = "put the text before it in quotes";
    const struct yaml_pair *before = pair > map->pairs ? pair - 1 : NULL;
    if (before != NULL && before->value->kind == YAML_TEXT) {
        snprintf(help, sizeof help,
                 "put the text in quotes: %.60s: \"%.60s,%.60s\"",
                 before->key->text.ptr, before->value->text.ptr,
                 pair->key->text.ptr);
    }
    problem_add(reader->problems, pair->key->line, pair->key->column,
                "yaml-quote", help,
                "a ',' ends a text inside { }, so '%.80s' stands here alone",
                pair->key->text.ptr);
}

/* Told once, by refuse_cut, and not again of what is left of the text. */
static void
mark_cut_texts(const struct yaml_node *map, const struct mapping_key *keys,
               size_t count)
{
    for (size_t i = 1; map->flow && i < map->count; i++) {
        const struct yaml_pair *pair = &map->pairs[i];
        bool is_key = pair->value->kind != YAML_NULL;
        for (size_t j = 0; j < count && !is_key; j++) {
            is_key = slice_is(pair->key->text, keys[j].name);
        }
        if (!is_key) {
            map->pairs[i - 1].value->refused = true;
        }
    }
}

/* The bit of the key that was meant; all, when it can't be told. */
static uint32_t
refuse_key(struct mapping_reader *reader, const struct yaml_node *map,
           const struct yaml_pair *pair, const char *subject,
           const struct mapping_key *keys, size_t count)
{
    const char *names[KEYS_LIMIT];
    const struct yaml_node *key = pair->key;
    for (size_t i = 0; i < count; i++) {
        names[i] = keys[i].name;
    }
    if (map->flow && pair->value->kind == YAML_NULL) {
        refuse_cut(reader, map, pair);
        return UINT32_MAX;
    }
    const char *near = suggest_nearest(key->text, names, count);
    char help[80] = "";
    uint32_t meant = 0;
    if (near != NULL) {
        snprintf(help, sizeof help, "did you mean '%s'?", near);
    }
    for (size_t i = 0; i < count; i++) {
        meant |= (uint32_t)(names[i] == near) << i;
    }
    problem_add(reader->problems, key->line, key->column, "unknown-key", help,
                "'%.80s' is no key of %s", key->text.ptr, subject);
    return meant;
}

static uint32_t
take_key(struct mapping_reader *reader, const struct yaml_node *map,
         const struct yaml_pair *pair, const char *subject,
         const struct mapping_key *keys, size_t count, void *into)
{
    for (size_t i = 0; i < count; i++) {
        if (!slice_is(pair->key->text, keys[i].name)) {
            continue;
        }
        if (keys[i].take != NULL) {
            keys[i].take(reader, into, pair);
            return 0;
        }
        char what[80];
        snprintf(what, sizeof what, "'%s'", keys[i].name);
        mapping_reader_not_yet(reader, pair->key, what);
        return 0;
    }
    return refuse_key(reader, map, pair, subject, keys, count);
}

bool
mapping_reader_keys(struct mapping_reader *reader, const struct yaml_node *map,
                    const char *subject, const struct mapping_key *keys,
                    size_t count, void *into)
{
    uint32_t meant = 0;
    if (map->kind != YAML_MAP) {
        if (!map->refused) {
            problem_add(reader->problems, map->line, map->column, "wrong-type",
                        "it takes keys and values", "%s is %s here", subject,
                        kind_name(map));
        }
        return false;
    }
    mark_cut_texts(map, keys, count);
    for (size_t i = 0; i < map->count; i++) {
        meant |=
            take_key(reader, map, &map->pairs[i], subject, keys, count, into);
    }
    reader->keys = keys;
    reader->meant = meant;
    return true;
}

bool
mapping_reader_was_meant(const struct mapping_reader *reader, const char *key)
{
    for (size_t i = 0; i < KEYS_LIMIT && reader->meant >> i != 0; i++) {
        if ((reader->meant >> i & 1) != 0 &&
            (reader->meant == UINT32_MAX ||
             strcmp(reader->keys[i].name, key) == 0)) {
            return true;
        }
    }
    return false;
}

bool
mapping_reader_text(struct mapping_reader *reader, const struct yaml_pair *pair,
                    struct slice *text)
{
    if (pair->value->kind != YAML_TEXT || pair->value->refused) {
        return refuse_kind(reader, pair, "a text");
    }
    if (memchr(pair->value->text.ptr, '\0', pair->value->text.len) != NULL) {
        return refuse_value(reader, pair, "a text holds no NUL character");
    }
    *text = pair->value->text;
    return true;
}

static bool
is_plain_word(const struct yaml_node *node, const char *a, const char *b)
{
    return node->kind == YAML_TEXT && !node->quoted && !node->refused &&
           (slice_is(node->text, a) || slice_is(node->text, b));
}

bool
mapping_reader_is_yes(const struct yaml_node *node)
{
    return is_plain_word(node, "yes", "true");
}

bool
mapping_reader_is_no(const struct yaml_node *node)
{
    return is_plain_word(node, "no", "false");
}

/* The words that people write instead. */
static const char *
switch_help(struct slice text)
{
    static const char *const yes[] = {"yes", "true", "y", "ja",   "j",
                                      "on",  "1",    "x", "wahr", "oui"};
    static const char *const no[] = {"no",  "false",  "n",   "nein",
                                     "off", "falsch", "non", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (slice_is_nocase(text, yes[i])) {
            return "it takes yes or no; did you mean 'yes'?";
        }
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (slice_is_nocase(text, no[i])) {
            return "it takes yes or no; did you mean 'no'?";
        }
    }
    return "it takes yes or no";
}

bool
mapping_reader_switch(struct mapping_reader *reader,
                      const struct yaml_pair *pair, bool *value)
{
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return false;
    }
    *value = slice_is(text, "yes") || slice_is(text, "true");
    return *value || slice_is(text, "no") || slice_is(text, "false") ||
           refuse_value(reader, pair, switch_help(text));
}

static bool
is_between(struct mapping_reader *reader, const struct yaml_pair *pair,
           bool is_number, uint64_t least, uint64_t most, uint64_t number)
{
    char help[100];
    snprintf(help, sizeof help, "it takes a number from %llu to %llu",
             (unsigned long long)least, (unsigned long long)most);
    return (is_number && number >= least && number <= most) ||
           refuse_value(reader, pair, help);
}

bool
mapping_reader_number(struct mapping_reader *reader,
                      const struct yaml_pair *pair, uint64_t least,
                      uint64_t most, uint64_t *value)
{
    struct slice text;
    uint64_t number = 0;
    if (!mapping_reader_text(reader, pair, &text)) {
        return false;
    }
    bool is_number = slice_to_u64(text, &number);
    if (!is_between(reader, pair, is_number, least, most, number)) {
        return false;
    }
    *value = number;
    return true;
}

bool
mapping_reader_size(struct mapping_reader *reader, const struct yaml_pair *pair,
                    uint64_t least, uint64_t most, uint64_t *value)
{
    static const char *const units[] = {"KiB", "MiB", "GiB"};
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return false;
    }
    unsigned shift = 0;
    for (unsigned i = 0; i < 3 && text.len > 3; i++) {
        struct slice unit = {text.ptr + text.len - 3, 3};
        if (slice_is(unit, units[i])) {
            shift = 10 * (i + 1);
        }
    }
    if (shift > 0) {
        text.len -= 3;
        text = slice_trim(text);
    }
    uint64_t number = 0;
    bool is_number =
        slice_to_u64(text, &number) && number <= UINT64_MAX >> shift;
    if (!is_between(reader, pair, is_number, least, most, number << shift)) {
        return false;
    }
    *value = number << shift;
    return true;
}

bool
mapping_reader_word(struct mapping_reader *reader, const struct yaml_pair *pair,
                    const char *const *words, size_t count, size_t *index)
{
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return false;
    }
    char help[200] = "it takes";
    size_t len = strlen(help);
    for (size_t i = 0; i < count; i++) {
        if (slice_is(text, words[i])) {
            *index = i;
            return true;
        }
        int added = snprintf(help + len, sizeof help - len, " %s", words[i]);
        len += (size_t)added < sizeof help - len ? (size_t)added : 0;
    }
    char near[SUGGEST_SIZE];
    suggest_phrase(near, text, words, count);
    char both[sizeof help + sizeof near];
    snprintf(both, sizeof both, "%s%s", help, near);
    return refuse_value(reader, pair, both);
}

static bool
take_item(struct mapping_reader *reader, const struct yaml_pair *list,
          const struct yaml_node *item, struct slice *text)
{
    if (item->kind == YAML_TEXT && !item->refused) {
        *text = item->text;
        return true;
    }
    if (!item->refused) {
        problem_add(reader->problems, item->line, item->column, "wrong-type",
                    "its items are texts; an empty one is \"\"",
                    "'%s' holds %s here", list->key->text.ptr, kind_name(item));
    }
    return false;
}

bool
mapping_reader_texts(struct mapping_reader *reader,
                     const struct yaml_pair *pair, struct text_list *texts)
{
    const struct yaml_node *node = pair->value;
    struct slice alone;
    bool is_sound = true;
    if (node->kind == YAML_TEXT) {
        if (!mapping_reader_text(reader, pair, &alone)) {
            return false;
        }
        struct slice *item =
            arena_array(&reader->mapping->arena, 1, sizeof *item);
        *item = alone;
        *texts = (struct text_list){item, 1};
        return true;
    }
    if (node->kind != YAML_LIST) {
        return refuse_kind(reader, pair, "a text or a list of texts");
    }
    struct slice *items =
        arena_array(&reader->mapping->arena, node->count, sizeof *items);
    for (size_t i = 0; i < node->count; i++) {
        is_sound &= take_item(reader, pair, node->pairs[i].value, &items[i]);
    }
    *texts = (struct text_list){items, node->count};
    return is_sound;
}

bool
mapping_reader_is_name(struct slice text)
{
    if (text.len == 0 || text.len > NAME_LIMIT || text.ptr[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!fits) {
            return false;
        }
    }
    return true;
}

bool
mapping_reader_name(struct mapping_reader *reader, const struct yaml_pair *pair,
                    const char **name)
{
    struct slice text;
    if (!mapping_reader_text(reader, pair, &text)) {
        return false;
    }
    if (!mapping_reader_is_name(text)) {
        return refuse_value(reader, pair,
                            "a name has letters, digits, '.', '_' and '-' "
                            "only, at most 80, and begins with no '.'");
    }
    *name = text.ptr;
    return true;
}

bool
mapping_reader_refuse_comment(struct mapping_reader *reader,
                              const struct yaml_node *node, const char *subject)
{
    if (!node->commented) {
        return false;
    }
    char help[300];
    snprintf(help, sizeof help,
             "put the text in quotes, '%.80s', before a comment, and with the "
             "'#' inside them if it is a part of it",
             node->text.ptr);
    problem_add(reader->problems, node->line, node->column, "yaml-comment",
                help, "' #' behind %s begins a comment to YAML", subject);
    return true;
}
