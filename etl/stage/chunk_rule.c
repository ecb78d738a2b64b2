/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/chunk_rule.h"

#include <string.h>

void
chunk_rule_open(struct chunk_rule *rule, const struct chunk_limits *limits,
                const struct load *load)
{
    *rule = (struct chunk_rule){.limits = *limits};
    for (size_t i = 0; i < load->column_count; i++) {
        rule->header_size += strlen(load->columns[i].name) + 1;
    }
    chunk_rule_begin(rule);
}

void
chunk_rule_begin(struct chunk_rule *rule)
{
    rule->rows = 0;
    rule->bytes = rule->header_size;
    rule->block_begin = rule->bytes;
}

static bool
is_at_block_end(const struct chunk_rule *rule)
{
    return rule->limits.rows_rounded > 1 &&
           rule->rows % rule->limits.rows_rounded == 0;
}

bool
chunk_rule_ends_before(const struct chunk_rule *rule, uint64_t size)
{
    if (rule->rows == 0) {
        return false;
    }
    uint64_t next = is_at_block_end(rule) && rule->largest_block > size
                        ? rule->largest_block
                        : size;
    return rule->rows >= rule->limits.rows ||
           rule->bytes + next > rule->limits.bytes;
}

void
chunk_rule_add(struct chunk_rule *rule, uint64_t size)
{
    rule->rows++;
    rule->bytes += size;
    if (is_at_block_end(rule)) {
        uint64_t block = rule->bytes - rule->block_begin;
        if (block > rule->largest_block) {
            rule->largest_block = block;
        }
        rule->block_begin = rule->bytes;
    }
}
