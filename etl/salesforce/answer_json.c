/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/answer_json.h"

#define COUNT_LIMIT 9e15 /* whole numbers stay whole in a double below 2^53 */

json_t *
answer_json_parse(struct slice bytes, const char *what, struct error *err)
{
    json_error_t cause;
    json_t *json =
        bytes.len > 0 ? json_loadb(bytes.ptr, bytes.len, 0, &cause) : NULL;
    if (json == NULL) {
        error_set(err, ERROR_NETWORK, 0,
                  "%s: the answer is not what Salesforce sends (%s); is a "
                  "proxy or a sign-in page in between?",
                  what, bytes.len == 0 ? "it is empty" : "it is no JSON");
    }
    return json;
}

const char *
answer_json_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

bool
answer_json_bool(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

int64_t
answer_json_count(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_number(value)) {
        return -1;
    }
    double number = json_number_value(value);
    if (!(number >= 0 && number <= COUNT_LIMIT)) {
        return -1;
    }
    return json_is_integer(value) ? (int64_t)json_integer_value(value)
                                  : (int64_t)number;
}
