/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FORMULA_FORMULA_H
#define ETL_MAPPING_FORMULA_FORMULA_H

#include "base/arena.h"
#include "model/source_spec.h"

/*
 * Formulas (mapping.md, Formulas; sfetl-functions(5)): compiled once, with all
 * problems told, then computed for each row. A compiled formula is read-only
 * but for its columns' indexes, which are set once the header is known.
 */
#define FORMULA_SIZE_LIMIT ((size_t)1 << 20)
#define FORMULA_NESTING_LIMIT 100
#define FORMULA_TEXT_LIMIT ((size_t)4 << 20) /* bytes of a text it makes */

struct formula;
struct formula_value;
struct problems;
struct text_list;
struct time_zone;
struct translation_set;
struct mapping_param;

/* Where a formula stands: to tell line and column of what is wrong in it. */
struct formula_place {
    int line, column; /* of its first character; 1-based */
    bool is_exact;    /* stands there as it is: columns may be counted on */
};

/* What names mean. All is borrowed, and outlives the formula. */
struct formula_scope {
    struct arena *arena; /* the mapping's: the formula lives in it */
    struct problems *problems;
    struct formula_place place;
    struct slice text, body; /* set by formula_compile */
    const struct mapping_param *params;
    size_t param_count;
    const struct translation_set *tables;
    const struct time_zone *zone;        /* source.timezone; NULL: UTC */
    bool zone_unsound;                   /* it is wrong, as was told */
    const struct text_list *null_values; /* of the source */
    int64_t now_ms;                      /* the run's start */
    bool wants_truth;                    /* a condition: where, rule */
    bool reads_xml; /* columns are paths, and may match several elements */
};

/* NULL after problems were told. text is valid UTF-8, without the '=', and
 * outlives the formula. */
struct formula *formula_compile(const struct formula_scope *scope,
                                struct slice text);

/* The columns it reads. */
struct formula_column {
    struct slice name;
    size_t offset, len; /* where the formula names it first, in bytes */
    size_t index;       /* in the row; SIZE_MAX until it is set: blank */
    /* What COUNT and JOIN read of XML: all elements of the path. */
    enum source_gather gather;
    struct slice path; /* ptr NULL: the name is */
    struct slice separator;
};
size_t formula_column_count(const struct formula *formula);
struct formula_column *formula_column(struct formula *formula, size_t index);
/* Tells a problem at an offset of the formula, its line shown with a caret. */
void formula_tell(struct problems *problems, struct formula_place place,
                  struct slice text, size_t offset, size_t len,
                  const char *code, const char *help, const char *what, ...)
    __attribute__((format(printf, 8, 9)));
/* The same of a column, where it is named first. */
void formula_tell_column(struct problems *problems,
                         const struct formula *formula, size_t column,
                         const char *code, const char *help, const char *what,
                         ...) __attribute__((format(printf, 6, 7)));
/* Whether it is the same text for every row, blank excepted. */
bool formula_constant(const struct formula *formula, struct slice *text);

struct formula_row {
    const struct slice *fields;
    size_t field_count;
    uint64_t row;
    const char *file_name;
    const char *run_id;
};

/* Why a row has no value. */
struct formula_fault {
    const char *code; /* static */
    bool is_skip;
    struct slice value; /* the text that is wrong; ptr NULL: none is shown */
    struct slice text;  /* in the arena; continues the value's sentence */
};

/* Working memory of one thread. */
struct formula_scratch;
struct formula_scratch *formula_scratch_new(void);
void formula_scratch_free(struct formula_scratch *scratch);
/* Local times, so far, that a change of the clocks leaves out or repeats. */
uint64_t formula_at_change(const struct formula_scratch *scratch);

/* The value as text, ptr NULL when blank; false with the fault. */
bool formula_apply(const struct formula *formula, const struct formula_row *row,
                   struct arena *arena, struct formula_scratch *scratch,
                   struct slice *out, struct formula_fault *fault);
/* The value as a condition: blank is false. */
bool formula_test(const struct formula *formula, const struct formula_row *row,
                  struct arena *arena, struct formula_scratch *scratch,
                  bool *truth, struct formula_fault *fault);

#endif
