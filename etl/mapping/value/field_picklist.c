/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/field_picklist.h"

#include "base/suggest.h"

#define VALUES_SHOWN 10 /* of a picklist, in a message */

static bool
refuse(struct value_fault *fault, const char *code, struct slice text)
{
    fault->code = code;
    fault->text = text;
    return false;
}

/* "'A', 'B' or 'C'"; of many the first and how many more. */
static struct slice
list_values(const struct field_check *check, struct arena *arena)
{
    struct slice list = SLICE_LITERAL("");
    size_t count = check->picklist_count;
    size_t shown = count > VALUES_SHOWN ? VALUES_SHOWN : count;
    for (size_t i = 0; i < shown; i++) {
        const char *before = i == 0                             ? ""
                             : i + 1 == count && shown == count ? " or "
                                                                : ", ";
        list = arena_printf(arena, "%.*s%s'%s'", SLICE_ARGS(list), before,
                            check->picklist[i]);
    }
    if (shown < count) {
        list = arena_printf(arena, "%.*s and %zu more", SLICE_ARGS(list),
                            count - shown);
    }
    return list;
}

bool
field_picklist_has(const struct field_check *check, struct slice value,
                   struct arena *arena, struct value_fault *fault)
{
    if (map_get(&check->picklist_set, value) != NULL) {
        return true;
    }
    if (check->picklist_count == 0) {
        return refuse(fault, "picklist",
                      SLICE_LITERAL("can't be taken, for the picklist has no "
                                    "active value"));
    }
    const char *near =
        suggest_nearest(value, check->picklist, check->picklist_count);
    struct slice list = list_values(check, arena);
    return refuse(
        fault, "picklist",
        arena_printf(arena, "is not one of %.*s%s%s%s", SLICE_ARGS(list),
                     near != NULL ? " (did you mean '" : "",
                     near != NULL ? near : "", near != NULL ? "'?)" : ""));
}

bool
field_picklist_all(const struct field_check *check, struct slice text,
                   struct arena *arena, struct value_fault *fault)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, ';', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);
        struct slice value = slice_trim((struct slice){text.ptr, len});
        if (value.len > 0 && !field_picklist_has(check, value, arena, fault)) {
            fault->text =
                arena_printf(arena, "holds '%.*s', which %.*s",
                             SLICE_ARGS(value), SLICE_ARGS(fault->text));
            return false;
        }
        len += end != NULL;
        text = (struct slice){text.ptr + len, text.len - len};
    }
    return true;
}

struct slice
field_picklist_spell(struct slice text, struct arena *arena)
{
    char *spelled = arena_bytes(arena, text.len + 1);
    size_t len = 0;
    while (text.len > 0) {
        const char *end = memchr(text.ptr, ';', text.len);
        size_t taken = end == NULL ? text.len : (size_t)(end - text.ptr) + 1;
        struct slice value =
            slice_trim((struct slice){text.ptr, taken - (size_t)(end != NULL)});
        if (value.len > 0 && len > 0) {
            spelled[len++] = ';';
        }
        memcpy(spelled + len, value.ptr, value.len);
        len += value.len;
        text = (struct slice){text.ptr + taken, text.len - taken};
    }
    return (struct slice){spelled, len};
}
