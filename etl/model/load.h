/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MODEL_LOAD_H
#define ETL_MODEL_LOAD_H

#include "model/schema.h"

/*
 * One load of a mapping, as the stages behind the mapper see it: which object,
 * which operation, which columns go to the org and of what type. Owned by the
 * mapping and read-only; valid as long as it.
 */
enum operation {
    OPERATION_INSERT,
    OPERATION_UPDATE,
    OPERATION_UPSERT,
    OPERATION_DELETE,
    OPERATION_HARD_DELETE,
    OPERATION_UNDELETE,
};

enum duplicates_policy {
    DUPLICATES_REJECT,
    DUPLICATES_FIRST,
    DUPLICATES_LAST,
    DUPLICATES_ALLOW,
};

/* A column that is sent: "Name", "Account.ERP_Id__c", "User:Owner.Username". */
struct load_column {
    const char *name;     /* as the mapping spells it */
    enum field_type type; /* of the value sent: for Rel.Field that field's */
    bool case_sensitive;
    bool is_unique; /* the org lets no two records have the same value */
    bool rounds;    /* a number of which the org keeps so many decimals */
    bool is_file;   /* its value is the path of a file, whose bytes are sent */
    int scale;
    /* Of Rel.Field, as the org describes it: the object it leads to, and the
     * lookup itself ("AccountId"). NULL: no such column, or not known. */
    const char *parent, *lookup;
};

#define LOAD_NO_KEY SIZE_MAX

enum load_group {
    LOAD_GROUP_NONE,    /* rows are sent as they come */
    LOAD_GROUP_FORMULA, /* by what `lock_group` gave each */
    LOAD_GROUP_COLUMN,  /* by the parent that a column names */
};

/* A lookup to a record of the same object by a field that the rows themselves
 * set: `Parent.Ext__c` beside `Ext__c`. */
struct load_link {
    size_t own, parent; /* columns */
};

/* What SOAP and REST are told beside the records. */
struct load_headers {
    bool has_duplicate_rule; /* then the three behind it are sent */
    bool allow_save, record_details, current_user;
    bool has_email; /* SOAP only; likewise */
    bool auto_response, other_email, user_email;
};

struct load {
    const char *name; /* unique in the mapping, fit for a folder's name */
    const char *object;
    enum operation operation;
    const char *external_id; /* NULL: none */
    const struct load_column *columns;
    size_t column_count;
    /* The column that identifies a row in its chunk: the external id of an
     * upsert, Id of update and delete; LOAD_NO_KEY for an insert. */
    size_t key_column;
    enum duplicates_policy duplicates;
    /* Rows of one group keep together. */
    enum load_group group;
    size_t group_column; /* of LOAD_GROUP_COLUMN */
    /* Parents that may come from the same file: rows are sent behind them.
     * None where the mapping keeps the source's order. */
    const struct load_link *links;
    size_t link_count;
    size_t stream; /* of the source: whose rows it takes */
    size_t after;  /* index of the load to wait for, SIZE_MAX: none */
    bool require_parent;
    /* Overrides of what is chosen; 0: not given. */
    uint64_t chunk_rows, chunk_bytes;
    unsigned parallel;
    const char *api; /* NULL: auto */
    const char *assignment_rule;
    bool all_or_none; /* a call's records stand or fall together */
    struct load_headers headers;
};

/* Whether its rows may be sent in another order than the source's. */
bool load_has_order(const struct load *load);

/* Whether a column's values are files. */
bool load_has_files(const struct load *load);

/* "insert", "hard_delete": as a mapping spells them. */
const char *load_operation_name(enum operation operation);
bool load_operation_of(struct slice name, enum operation *operation);

#endif
