/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_STORE_ROW_H
#define ETL_REHEARSAL_ORG_STORE_ROW_H

#include "base/arena.h"
#include "rehearsal/org/store_link.h"
#include "rehearsal/schema/org_schema.h"

/*
 * Records as the store keeps them. A record's number is its object's number
 * in the upper bits and a serial in the lower 40, so that the records of an
 * object lie together in the order of their creation; its id is the object's
 * key prefix, "Re0", and the serial in nine digits of base 62. A body is
 * created, created by, modified, modified by (8 bytes each, little-endian),
 * then for each field with a value: number, length, bytes (numbers as LEB128).
 */
#define STORE_ROW_SERIAL_BITS 40

struct store_row {
    uint64_t number;
    const struct schema_object *object; /* NULL: there is no such record */
    struct slice *values;  /* stored forms by field index; ptr NULL: null */
    uint64_t deleted_with; /* the record whose deletion took it; 0: live */
    int64_t created_ms, modified_ms;
    uint64_t created_by, modified_by; /* users' numbers */
};

/* What turns numbers back into fields; filled by store_open. */
struct store_layout {
    const struct schema *schema;
    const struct schema_field **fields; /* by number */
    size_t field_count;
    const struct schema_object **objects; /* by number */
    size_t object_count;
};

void store_row_id(const struct schema_object *object, uint64_t number,
                  char id[19]);
/* The id of any number; false when its object is not in the schema. */
bool store_row_id_of(const struct store_layout *layout, uint64_t number,
                     char id[19]);
/* 0 when no record can have this id; id has 15 or 18 characters. */
uint64_t store_row_number(const struct schema *schema, struct slice id);
/* The range [first, end) of an object's numbers. */
uint64_t store_row_first(const struct schema_object *object);
uint64_t store_row_end(const struct schema_object *object);

/* Texts are in the arena. */
bool store_row_get(const struct store_layout *layout, struct store_link *link,
                   uint64_t number, struct arena *arena, struct store_row *row,
                   struct error *err);
/* Id, IsDeleted and the audit fields appear among values too. The texts
 * borrow from body. */
void store_row_decode(const struct store_layout *layout, uint64_t number,
                      uint64_t deleted_with, struct slice body,
                      struct arena *arena, struct store_row *row);
/*
 * Writes a record and its index entries; old is what stood before, NULL for a
 * new one. A deleted row keeps no entries.
 */
bool store_row_put(struct store_link *link, const struct store_row *old,
                   const struct store_row *row, struct arena *arena,
                   struct error *err);
bool store_row_remove(struct store_link *link, const struct store_row *row,
                      struct arena *arena, struct error *err);

/* The value as the index has it: folded unless case counts. */
struct slice store_row_key(const struct schema_field *field, struct slice value,
                           struct arena *arena);
/* Live records by a key field's stored form. */
bool store_row_find(struct store_link *link, const struct schema_field *field,
                    struct slice value, struct arena *arena, uint64_t *numbers,
                    size_t limit, size_t *count, struct error *err);
/* One index entry of a record. */
bool store_row_add_entry(struct store_link *link,
                         const struct schema_field *field, struct slice value,
                         uint64_t number, struct arena *arena,
                         struct error *err);

#endif
