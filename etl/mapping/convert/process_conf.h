/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_PROCESS_CONF_H
#define ETL_MAPPING_CONVERT_PROCESS_CONF_H

#include "mapping/convert/properties.h"

/*
 * Data Loader's process-conf.xml: Spring beans, each a process with a map of
 * settings. A document type that names an outer DTD is passed over and nothing
 * is fetched; one that declares entities is refused.
 */
struct conf_entry {
    struct slice key, value;
    int line;
};
struct conf_bean {
    const char *name; /* its id, or its property 'name' */
    bool is_process;  /* else a bean of another kind */
    int line;
    struct conf_entry *entries;
    size_t entry_count;
};
struct process_conf {
    struct arena arena;
    struct conf_bean *beans;
    size_t bean_count;
};

/* A zeroed struct. ERROR_CONFIG with path and line. */
bool process_conf_read(struct process_conf *conf, struct slice text,
                       const char *path, struct error *err);
/* What config.properties, beside it, says for all beans; a bean's own entries
 * go before. */
void process_conf_add_defaults(struct process_conf *conf,
                               const struct property_list *defaults);
/* The last of that key; absent when it is missing or empty. */
struct slice process_conf_value(const struct conf_bean *bean, const char *key);
void process_conf_release(struct process_conf *conf);

#endif
