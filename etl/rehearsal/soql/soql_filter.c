/* SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/soql/soql_filter.h"

#include <stdlib.h>

bool
soql_filter_parent(const struct soql_filter *filter,
                   const struct store_row *row,
                   const struct schema_field *reference,
                   struct store_row *parent)
{
    *parent = (struct store_row){0};
    /* Behind a polymorphic parent the field is another object's. */
    if (reference->index >= row->object->field_count ||
        row->object->fields[reference->index] != reference)
        reference = org_schema_relationship(row->object,
                                            slice_of(reference->relationship));
    if (!reference)
        return true;
    struct slice id = row->values[reference->index];
    uint64_t number = store_row_number(filter->layout->schema, id);
    if (!number)
        return true;
    if (!store_row_get(filter->layout, filter->link, number, filter->scratch,
                       parent, filter->err))
        return false;
    if (parent->deleted_with)
        parent->object = NULL;
    return true;
}

bool
soql_filter_value(const struct soql_filter *filter, const struct store_row *row,
                  const struct soql_path *path, struct slice *value)
{
    struct store_row at = *row;
    *value = (struct slice){0};
    for (size_t i = 0; i < path->step_count; i++) {
        struct store_row parent;
        if (!soql_filter_parent(filter, &at, path->steps[i], &parent))
            return false;
        if (!parent.object)
            return true;
        at = parent;
    }
    const struct schema_field *field =
        path->step_count
            ? org_schema_field(at.object, slice_of(path->field->name))
            : path->field;
    if (field && at.values[field->index].len)
        *value = at.values[field->index];
    return true;
}

int
soql_filter_compare(const struct schema_field *field, struct slice a,
                    struct slice b)
{
    if (org_schema_type_is_decimal(field->type) || field->type == FIELD_INT ||
        field->type == FIELD_LONG) {
        char first[80] = "", second[80] = "";
        memcpy(first, a.ptr, a.len < sizeof first ? a.len : 0);
        memcpy(second, b.ptr, b.len < sizeof second ? b.len : 0);
        long double x = strtold(first, NULL), y = strtold(second, NULL);
        return (x > y) - (x < y);
    }
    size_t len = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.ptr, b.ptr, len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* LIKE with % and _ (a character of UTF-8), \ before either takes it plain. */
static bool
like(struct slice text, struct slice pattern)
{
    size_t t = 0, p = 0, star = SIZE_MAX, star_text = 0;
    while (t < text.len) {
        char c = p < pattern.len ? pattern.ptr[p] : '\0';
        bool plain = c == '\\' && p + 1 < pattern.len;
        if (p < pattern.len && c == '%') {
            star = p++;
            star_text = t;
            continue;
        }
        if (p < pattern.len && c == '_') {
            p++;
            t++;
            while (t < text.len && (text.ptr[t] & 0xC0) == 0x80)
                t++;
            continue;
        }
        if (p < pattern.len && text.ptr[t] == pattern.ptr[p + plain]) {
            p += 1 + plain;
            t++;
            continue;
        }
        if (star == SIZE_MAX)
            return false;
        p = star + 1;
        t = ++star_text;
    }
    while (p < pattern.len && pattern.ptr[p] == '%')
        p++;
    return p == pattern.len;
}

/* All members of the wanted set ("a;b") are in the given one. */
static bool
includes(struct slice set, struct slice wanted)
{
    while (wanted.len) {
        const char *end = memchr(wanted.ptr, ';', wanted.len);
        size_t len = end ? (size_t)(end - wanted.ptr) : wanted.len;
        bool found = false;
        for (size_t at = 0; at <= set.len && !found;) {
            const char *stop =
                at < set.len ? memchr(set.ptr + at, ';', set.len - at) : NULL;
            size_t until = stop ? (size_t)(stop - set.ptr) : set.len;
            found = slice_equals((struct slice){set.ptr + at, until - at},
                                 (struct slice){wanted.ptr, len});
            at = until + 1;
        }
        if (!found)
            return false;
        size_t passed = len + (end ? 1 : 0);
        wanted = (struct slice){wanted.ptr + passed, wanted.len - passed};
    }
    return true;
}

static bool
is_among(const struct soql_condition *condition, struct slice value)
{
    for (size_t i = 0; i < condition->value_count; i++) {
        struct slice listed = condition->values[i];
        if (!value.len && !listed.len)
            return true;
        if (value.len && listed.len &&
            soql_filter_compare(condition->path.field, value, listed) == 0)
            return true;
    }
    return false;
}

static bool
includes_any(const struct soql_condition *condition, struct slice value)
{
    for (size_t i = 0; i < condition->value_count; i++)
        if (includes(value, condition->values[i]))
            return true;
    return false;
}

static bool
holds(const struct soql_condition *condition, struct slice value)
{
    struct slice wanted = condition->values[0];
    switch (condition->operator) {
    case SOQL_EQUAL:
    case SOQL_IN:
        return is_among(condition, value);
    case SOQL_NOT_EQUAL:
    case SOQL_NOT_IN:
        return !is_among(condition, value);
    case SOQL_LIKE:
        return value.len ? like(value, wanted) : !wanted.len;
    case SOQL_INCLUDES:
        return value.len && includes_any(condition, value);
    case SOQL_EXCLUDES:
        return !value.len || !includes_any(condition, value);
    default:
        break;
    }
    if (!value.len || !wanted.len)
        return false;
    int order = soql_filter_compare(condition->path.field, value, wanted);
    switch (condition->operator) {
    case SOQL_LESS:
        return order < 0;
    case SOQL_AT_MOST:
        return order <= 0;
    case SOQL_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

bool
soql_filter_matches(const struct soql_filter *filter,
                    const struct store_row *row,
                    const struct soql_condition *condition, bool *matches)
{
    struct slice value;
    switch (condition->kind) {
    case SOQL_COMPARE:
        if (!soql_filter_value(filter, row, &condition->path, &value))
            return false;
        if (value.len && org_schema_type_is_text(condition->path.field->type))
            value = field_value_fold(value, filter->scratch);
        *matches = holds(condition, value);
        return true;
    case SOQL_NOT:
        if (!soql_filter_matches(filter, row, condition->left, matches))
            return false;
        *matches = !*matches;
        return true;
    default:
        if (!soql_filter_matches(filter, row, condition->left, matches))
            return false;
        if (*matches == (condition->kind == SOQL_OR))
            return true;
        return soql_filter_matches(filter, row, condition->right, matches);
    }
}
