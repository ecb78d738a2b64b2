/* SPDX-License-Identifier: Apache-2.0 */
#include "results/contradiction.h"

static const char *
fate_word(enum outcome_fate fate)
{
    return fate == OUTCOME_SUCCEEDED ? "succeeded"
           : fate == OUTCOME_FAILED  ? "failed"
                                     : "not processed";
}

/* "succeeded (Id 001…)", "failed (CODE: message)" */
static void
describe(struct buffer *text, const struct matcher_result *result)
{
    bool has_id = result->id.len > 0, has_code = result->code.len > 0;
    buffer_append_text(text, fate_word(result->fate));
    if (!has_id && !has_code) {
        return;
    }
    buffer_append_text(text, has_id ? " (Id " : " (");
    buffer_append_slice(text, result->id);
    buffer_append_text(text, has_id && has_code ? ", " : "");
    buffer_append_slice(text, result->code);
    buffer_append_text(text, result->message.len > 0 ? ": " : "");
    buffer_append_slice(text, result->message);
    buffer_append_char(text, ')');
}

void
contradiction_describe(struct buffer *text, const struct matcher_result *first,
                       const struct matcher_result *second)
{
    buffer_append_text(text, "the org reports this row twice: as ");
    describe(text, first);
    buffer_append_text(text, " and as ");
    describe(text, second);
}
