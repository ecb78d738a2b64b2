/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/compile/mapping_headers.h"

static void
take_switch(struct mapping_reader *reader, const struct yaml_pair *pair,
            bool *value)
{
    (void)mapping_reader_switch(reader, pair, value);
}

static void
take_allow_save(struct mapping_reader *reader, void *into,
                const struct yaml_pair *pair)
{
    take_switch(reader, pair, &((struct load_headers *)into)->allow_save);
}

static void
take_record_details(struct mapping_reader *reader, void *into,
                    const struct yaml_pair *pair)
{
    take_switch(reader, pair, &((struct load_headers *)into)->record_details);
}

static void
take_current_user(struct mapping_reader *reader, void *into,
                  const struct yaml_pair *pair)
{
    take_switch(reader, pair, &((struct load_headers *)into)->current_user);
}

static void
take_auto_response(struct mapping_reader *reader, void *into,
                   const struct yaml_pair *pair)
{
    take_switch(reader, pair, &((struct load_headers *)into)->auto_response);
}

static void
take_other(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    take_switch(reader, pair, &((struct load_headers *)into)->other_email);
}

static void
take_user(struct mapping_reader *reader, void *into,
          const struct yaml_pair *pair)
{
    take_switch(reader, pair, &((struct load_headers *)into)->user_email);
}

static const struct mapping_key duplicate_keys[] = {
    {"allow_save", take_allow_save},
    {"include_record_details", take_record_details},
    {"run_as_current_user", take_current_user},
};

static const struct mapping_key email_keys[] = {
    {"auto_response", take_auto_response},
    {"other", take_other},
    {"user", take_user},
};

/* `allow`, or a map of the three members. */
static void
take_duplicate_rule(struct mapping_reader *reader, void *into,
                    const struct yaml_pair *pair)
{
    static const char *const words[] = {"allow"};
    struct load_headers *headers = into;
    size_t index;
    headers->has_duplicate_rule = true;
    if (pair->value->kind == YAML_MAP) {
        mapping_reader_keys(
            reader, pair->value, "'duplicate_rule'", duplicate_keys,
            sizeof duplicate_keys / sizeof *duplicate_keys, headers);
    } else if (mapping_reader_word(reader, pair, words, 1, &index)) {
        headers->allow_save = true;
    }
}

/* `yes` or `no` for all three, or a map of them. */
static void
take_email(struct mapping_reader *reader, void *into,
           const struct yaml_pair *pair)
{
    struct load_headers *headers = into;
    headers->has_email = true;
    if (pair->value->kind == YAML_MAP) {
        mapping_reader_keys(reader, pair->value, "'email'", email_keys,
                            sizeof email_keys / sizeof *email_keys, headers);
    } else if (mapping_reader_switch(reader, pair, &headers->user_email)) {
        headers->auto_response = headers->other_email = headers->user_email;
    }
}

static const struct mapping_key header_keys[] = {
    {"duplicate_rule", take_duplicate_rule},
    {"email", take_email},
};

void
mapping_headers_read(struct mapping_reader *reader,
                     const struct yaml_pair *pair, struct load_headers *headers)
{
    mapping_reader_keys(reader, pair->value, "'headers'", header_keys,
                        sizeof header_keys / sizeof *header_keys, headers);
}
