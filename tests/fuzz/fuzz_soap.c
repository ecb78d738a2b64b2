/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/soap/soap_answer.h"

/* Any bytes as the answer to a SOAP call. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool
is_id(struct slice id)
{
    return id.len == 15 || id.len == 18;
}

/* A sound answer says what became of each record. */
static void
look_at(const struct soap_answer *answer)
{
    for (size_t i = 0; i < answer->results.count; i++) {
        const struct save_result *item = &answer->results.items[i];
        bool fine = item->success ? is_id(item->id) && item->message.len == 0
                                  : item->code.len > 0 && item->message.len > 0;
        if (!fine || slice_utf8_valid_len(item->message) != item->message.len) {
            __builtin_trap();
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct slice body = {(const char *)bytes, size};
    struct soap_answer answer;
    char code[80], message[400];
    soap_answer_read(body, 3, &answer);
    if (answer.kind == SOAP_RESULTS && answer.is_sound) {
        look_at(&answer);
    }
    arena_release(&answer.results.arena);
    if (soap_answer_fault(body, code, sizeof code, message, sizeof message) &&
        (code[0] == '\0' ||
         slice_utf8_valid_len(slice_of(message)) != strlen(message))) {
        __builtin_trap();
    }
    return 0;
}
