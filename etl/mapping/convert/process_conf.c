/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/convert/process_conf.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#define BEANS_LIMIT 10000
#define ENTRIES_LIMIT 1000

static bool
is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static struct slice
attribute(xmlNode *node, const char *name, struct arena *arena)
{
    xmlChar *text = xmlGetProp(node, (const xmlChar *)name);
    struct slice copy = {NULL, 0};
    if (text != NULL) {
        copy = slice_trim(arena_copy(arena, slice_of((const char *)text)));
    }
    xmlFree(text);
    return copy;
}

/* value="…", or <value>…</value> inside. */
static struct slice
entry_value(xmlNode *node, struct arena *arena)
{
    struct slice value = attribute(node, "value", arena);
    for (xmlNode *child = node->children; value.ptr == NULL && child != NULL;
         child = child->next) {
        if (is_element(child, "value")) {
            xmlChar *text = xmlNodeGetContent(child);
            value = slice_trim(arena_copy(arena, slice_of((const char *)text)));
            xmlFree(text);
        }
    }
    return value.ptr != NULL ? value : SLICE_LITERAL("");
}

static size_t
count_elements(const xmlNode *parent, const char *name, size_t limit)
{
    size_t count = 0;
    for (const xmlNode *node = parent->children; node != NULL && count < limit;
         node = node->next) {
        count += is_element(node, name);
    }
    return count;
}

static void
read_map(struct process_conf *conf, xmlNode *map, struct conf_bean *bean)
{
    size_t count = count_elements(map, "entry", ENTRIES_LIMIT);
    bean->entries = arena_array(&conf->arena, count + 1, sizeof *bean->entries);
    for (xmlNode *node = map->children;
         node != NULL && bean->entry_count < count; node = node->next) {
        if (is_element(node, "entry")) {
            bean->entries[bean->entry_count++] = (struct conf_entry){
                attribute(node, "key", &conf->arena),
                entry_value(node, &conf->arena), (int)xmlGetLineNo(node)};
        }
    }
}

static void
read_property(struct process_conf *conf, xmlNode *node, struct conf_bean *bean)
{
    struct slice name = attribute(node, "name", &conf->arena);
    if (slice_is(name, "name") && bean->name == NULL) {
        bean->name =
            arena_strdup(&conf->arena, entry_value(node, &conf->arena));
    }
    if (!slice_is(name, "configOverrideMap")) {
        return;
    }
    for (xmlNode *map = node->children; map != NULL; map = map->next) {
        if (is_element(map, "map")) {
            read_map(conf, map, bean);
        }
    }
}

static void
read_bean(struct process_conf *conf, xmlNode *node, struct conf_bean *bean)
{
    struct slice id = attribute(node, "id", &conf->arena);
    struct slice class = attribute(node, "class", &conf->arena);
    bean->line = (int)xmlGetLineNo(node);
    bean->name = id.len > 0 ? arena_strdup(&conf->arena, id) : NULL;
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (is_element(child, "property")) {
            read_property(conf, child, bean);
        }
    }
    const char *runner =
        strstr(arena_strdup(&conf->arena, class), "ProcessRunner");
    bean->is_process = runner != NULL || bean->entry_count > 0;
    if (bean->name == NULL || bean->name[0] == '\0') {
        bean->name =
            arena_printf(&conf->arena, "bean-at-line-%d%c", bean->line, 0).ptr;
    }
}

static bool
read_beans(struct process_conf *conf, xmlNode *root, const char *path,
           struct error *err)
{
    if (root == NULL || !is_element(root, "beans")) {
        return error_set(err, ERROR_CONFIG, 0,
                         "'%s' is no process-conf.xml of Data Loader: its root "
                         "is '%s', not 'beans' [process-conf]",
                         path, root ? (const char *)root->name : "nothing");
    }
    size_t count = count_elements(root, "bean", BEANS_LIMIT);
    conf->beans = arena_array(&conf->arena, count + 1, sizeof *conf->beans);
    for (xmlNode *node = root->children;
         node != NULL && conf->bean_count < count; node = node->next) {
        if (is_element(node, "bean")) {
            read_bean(conf, node, &conf->beans[conf->bean_count++]);
        }
    }
    for (size_t i = 0; i < conf->bean_count; i++) {
        if (conf->beans[i].is_process) {
            return true;
        }
    }
    return error_set(err, ERROR_CONFIG, 0,
                     "'%s' has no bean that is a process of Data Loader; a "
                     "database-conf.xml, say, has none [process-conf]",
                     path);
}

static bool
refuse_xml(xmlParserCtxt *parser, const char *path, struct error *err)
{
    const xmlError *cause = xmlCtxtGetLastError(parser);
    const char *text = cause && cause->message ? cause->message : "no XML";
    return error_set(err, ERROR_CONFIG, 0,
                     "%s:%d: it is not well-formed: %.*s; Data Loader can't "
                     "read it either [process-conf]",
                     path, cause ? cause->line : 1, (int)strcspn(text, "\n"),
                     text);
}

bool
process_conf_read(struct process_conf *conf, struct slice text,
                  const char *path, struct error *err)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    xmlDoc *doc = xmlCtxtReadMemory(parser, text.ptr, (int)text.len, NULL, NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR |
                                        XML_PARSE_NOWARNING);
    bool done = doc != NULL || refuse_xml(parser, path, err);
    if (done && doc->intSubset != NULL && doc->intSubset->entities != NULL) {
        done = error_set(err, ERROR_CONFIG, 0,
                         "'%s' declares entities, which are not followed; "
                         "write their texts in their place [process-conf]",
                         path);
    }
    done = done && read_beans(conf, xmlDocGetRootElement(doc), path, err);
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(parser);
    return done;
}

void
process_conf_add_defaults(struct process_conf *conf,
                          const struct property_list *defaults)
{
    for (size_t i = 0; i < conf->bean_count; i++) {
        struct conf_bean *bean = &conf->beans[i];
        struct conf_entry *entries =
            arena_array(&conf->arena, bean->entry_count + defaults->count + 1,
                        sizeof *entries);
        for (size_t j = 0; j < defaults->count; j++) {
            const struct property *property = &defaults->items[j];
            entries[j] = (struct conf_entry){property->key, property->value, 0};
        }
        if (bean->entry_count > 0) {
            memcpy(entries + defaults->count, bean->entries,
                   bean->entry_count * sizeof *entries);
        }
        bean->entries = entries;
        bean->entry_count += defaults->count;
    }
}

struct slice
process_conf_value(const struct conf_bean *bean, const char *key)
{
    struct slice value = {NULL, 0};
    for (size_t i = 0; i < bean->entry_count; i++) {
        if (slice_is(bean->entries[i].key, key)) {
            value = bean->entries[i].value;
        }
    }
    return value.len > 0 ? value : (struct slice){NULL, 0};
}

void
process_conf_release(struct process_conf *conf)
{
    arena_release(&conf->arena);
    *conf = (struct process_conf){0};
}
