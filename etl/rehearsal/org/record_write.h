/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_RECORD_WRITE_H
#define ETL_REHEARSAL_ORG_RECORD_WRITE_H

#include "rehearsal/org/store.h"

/*
 * Changes to records, as every API does them: validated as Salesforce
 * validates, in transactions of WRITE_SLICE rows, each row succeeding or
 * failing alone unless all_or_none is set. A batch is what shares record
 * locks and the rule that an external id comes once: a Bulk batch, or one REST
 * or SOAP call. Batches on several threads take turns a slice at a time.
 */
#define WRITE_SLICE 200

enum write_operation {
    WRITE_INSERT,
    WRITE_UPDATE,
    WRITE_UPSERT,
    WRITE_DELETE, /* to the recycle bin */
    WRITE_HARD_DELETE,
    WRITE_UNDELETE,
};

/*
 * A name as the API wrote it: "Field", "Rel.Ext", "Type:Rel.Ext", in any case;
 * "Id" (or "id") names the record of an update, delete or undelete. value.ptr
 * NULL is an explicit null, and an empty text is null too: the caller leaves
 * out the cells that its API ignores. Names that stay at
 * their place from row to row are resolved once.
 */
struct write_cell {
    struct slice name;
    struct slice value;
};
struct write_row {
    const struct write_cell *cells;
    size_t cell_count;
    const struct schema_object *object; /* NULL: the request's */
};

struct write_error {
    const char *code;    /* "REQUIRED_FIELD_MISSING" */
    const char *message; /* UTF-8 */
    const char **fields; /* API names */
    size_t field_count;
};
struct write_result {
    bool success;
    bool created; /* by an insert, or an upsert that found nothing */
    char id[19];  /* "" when not known */
    const struct write_error *errors; /* in the caller's arena */
    size_t error_count;
};

struct write_request {
    enum write_operation operation;
    const struct schema_object *object;  /* may be NULL if each row has one */
    const struct schema_field *external; /* upsert's key field; Id is fine */
    enum value_origin origin;
    bool all_or_none;    /* then a call of record_write_rows is one slice */
    const char *api;     /* "bulk2", "bulk1", "soap", "rest": commit log */
    const char *call_id; /* job id, or an id of the call: commit log */
    const char *user_id; /* 18 characters; NULL: store_user_id */
};

struct write_batch;

/* Copies the request's texts. Owned by the caller, used by one thread at a
 * time. */
struct write_batch *record_write_begin(struct store *store,
                                       const struct write_request *request);
/*
 * An item (store_put_item) that must change with the rows, such as how far a
 * batch has got: called once a slice, before its commit, with that slice's
 * results; true writes *value. Both texts are copied.
 */
typedef bool write_note(void *cookie, const struct write_result *results,
                        size_t count, struct arena *arena, struct slice *value);
void record_write_set_note(struct write_batch *batch, const char *kind,
                           const char *key, write_note *note, void *cookie);
/*
 * Works the rows in order, a transaction for each WRITE_SLICE of them.
 * results has count members; their texts go to the arena. False: the store
 * failed, and nothing of the slice under way was written (done, when not NULL,
 * tells how many rows were).
 */
bool record_write_rows(struct write_batch *batch, const struct write_row *rows,
                       size_t count, struct arena *arena,
                       struct write_result *results, size_t *done,
                       struct error *err);
/* NULL is fine. */
void record_write_end(struct write_batch *batch);

/*
 * What a column name means, for header checks before any row is judged
 * (`InvalidBatch : Field name not found : X`).
 */
enum write_column_status {
    WRITE_COLUMN_FIELD,           /* field is set */
    WRITE_COLUMN_PARENT,          /* and key, the parent's matched field */
    WRITE_COLUMN_UNKNOWN,         /* no such field or relationship */
    WRITE_COLUMN_TYPE_REQUIRED,   /* polymorphic without "Type:" */
    WRITE_COLUMN_TYPE_NOT_NEEDED, /* "type is not needed for non polymorphic
                                     foreign key references: Parent" */
    WRITE_COLUMN_TYPE_UNKNOWN,    /* "Type:" names no target */
    WRITE_COLUMN_NOT_A_KEY,       /* the parent's field is no external id */
};
struct write_column {
    enum write_column_status status;
    const struct schema_field *field;
    const struct schema_object *parent;
    const struct schema_field *key;
    char type[81]; /* as written before the colon, cut; "" when none */
};
struct write_column record_write_column(const struct schema *schema,
                                        const struct schema_object *object,
                                        struct slice name);

#endif
