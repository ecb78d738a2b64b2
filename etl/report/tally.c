/* SPDX-License-Identifier: Apache-2.0 */
#include "report/tally.h"

#include "base/mem.h"

#include <stdlib.h>

/* Room for an "other" of each fate behind the codes. */
#define ROOM (TALLY_CODE_LIMIT + OUTCOME_FATE_COUNT)

/* Valid UTF-8 without NUL, cut to fit: it goes into JSON and HTML. */
static void
copy_text(char *to, size_t size, struct slice text)
{
    size_t len = 0;
    while (text.len > 0 && len + 1 < size) {
        size_t room = size - 1 - len;
        struct slice part = {text.ptr, text.len < room ? text.len : room};
        size_t good = slice_utf8_valid_len(part);
        memcpy(to + len, text.ptr, good);
        len += good;
        text.ptr += good;
        text.len -= good;
        if (good == part.len) {
            break;
        }
        if (slice_utf8_valid_len(
                (struct slice){text.ptr, text.len < 4 ? text.len : 4}) > 0) {
            break; /* a sequence that does not fit any more */
        }
        to[len++] = '?';
        text.ptr++;
        text.len--;
    }
    to[len] = '\0';
    for (size_t i = 0; i < len; i++) {
        to[i] = to[i] != '\0' ? to[i] : '?';
    }
}

/* The entry, moved on by one place: what is frequent is found at once. */
static struct tally_code *
find_code(struct tally *tally, const char *code, enum outcome_fate fate)
{
    for (size_t i = 0; i < tally->code_count; i++) {
        struct tally_code *entry = &tally->codes[i];
        if (entry->fate != fate || strcmp(entry->code, code) != 0) {
            continue;
        }
        if (i > 0 && entry->count > entry[-1].count) {
            struct tally_code swapped = entry[-1];
            entry[-1] = *entry;
            *entry = swapped;
            entry--;
        }
        return entry;
    }
    return NULL;
}

static struct tally_code *
add_entry(struct tally *tally, const char *code, enum outcome_fate fate)
{
    if (tally->codes == NULL) {
        tally->codes = mem_array(ROOM, sizeof *tally->codes);
    }
    struct tally_code *entry = &tally->codes[tally->code_count++];
    copy_text(entry->code, sizeof entry->code, slice_of(code));
    entry->fate = fate;
    return entry;
}

static struct tally_code *
entry_of(struct tally *tally, const struct outcome *outcome)
{
    char code[sizeof tally->codes->code];
    copy_text(code, sizeof code,
              outcome->code.len > 0 ? outcome->code : slice_of("unknown"));
    struct tally_code *entry = find_code(tally, code, outcome->fate);
    if (entry != NULL || tally->code_count < TALLY_CODE_LIMIT) {
        return entry != NULL ? entry : add_entry(tally, code, outcome->fate);
    }
    entry = find_code(tally, "other", outcome->fate);
    return entry != NULL ? entry : add_entry(tally, "other", outcome->fate);
}

void
tally_add_code(struct tally *tally, const struct outcome *outcome,
               uint64_t line)
{
    struct tally_code *entry = entry_of(tally, outcome);
    entry->count++;
    if (entry->example_count < TALLY_EXAMPLE_LIMIT) {
        struct tally_example *example =
            &entry->examples[entry->example_count++];
        example->row = outcome->row;
        example->line = line;
        copy_text(example->message, sizeof example->message, outcome->message);
    }
}

void
tally_add_row(struct tally *tally, const struct outcome *outcome, uint64_t line)
{
    if (tally->row_count == TALLY_ROW_LIMIT) {
        free(tally->rows);
        tally->rows = NULL;
        tally->row_count = 0;
        tally->too_many_rows = true;
    }
    if (tally->too_many_rows) {
        return;
    }
    if (tally->rows == NULL) {
        tally->rows = mem_array(TALLY_ROW_LIMIT, sizeof *tally->rows);
    }
    struct tally_row *row = &tally->rows[tally->row_count++];
    row->row = outcome->row;
    row->line = line;
    row->fate = outcome->fate;
    row->created = outcome->created;
    copy_text(row->id, sizeof row->id, outcome->id);
    copy_text(row->code, sizeof row->code, outcome->code);
    copy_text(row->message, sizeof row->message, outcome->message);
}

static void
drop_parts(struct tally *tally)
{
    for (size_t i = 0; i < tally->part_count; i++) {
        free(tally->parts[i].name);
    }
    free(tally->parts);
    tally->parts = NULL;
    tally->part_count = 0;
}

void
tally_open_parts(struct tally *tally, const struct source_part *parts,
                 size_t count)
{
    drop_parts(tally);
    tally->parts = count > 0 ? mem_array(count, sizeof *tally->parts) : NULL;
    tally->part_count = count;
    tally->part_at = 0;
    for (size_t i = 0; i < count; i++) {
        tally->parts[i].name = mem_strdup(parts[i].name);
        tally->parts[i].first_row = parts[i].first_row;
        tally->parts[i].rows = parts[i].rows;
    }
}

void
tally_add_part(struct tally *tally, const struct outcome *outcome)
{
    while (tally->part_at < tally->part_count) {
        struct tally_part *part = &tally->parts[tally->part_at];
        if (outcome->row < part->first_row + part->rows) {
            part->read++;
            part->by_fate[outcome->fate]++;
            return;
        }
        tally->part_at++;
    }
}

bool
tally_code_follows(const struct tally_code *code)
{
    return strcmp(code->code, "ALL_OR_NONE_OPERATION_ROLLED_BACK") == 0;
}

static int
compare_codes(const void *a, const void *b)
{
    const struct tally_code *of_a = a, *of_b = b;
    bool follows_a = tally_code_follows(of_a);
    if (follows_a != tally_code_follows(of_b)) {
        return follows_a ? 1 : -1;
    }
    if (of_a->count != of_b->count) {
        return of_a->count < of_b->count ? 1 : -1;
    }
    int order = strcmp(of_a->code, of_b->code);
    return order != 0 ? order : (int)of_a->fate - (int)of_b->fate;
}

void
tally_sort_codes(struct tally *tally)
{
    if (tally->code_count > 1) {
        qsort(tally->codes, tally->code_count, sizeof *tally->codes,
              compare_codes);
    }
}

void
tally_release(struct tally *tally)
{
    free(tally->codes);
    free(tally->rows);
    drop_parts(tally);
    *tally = (struct tally){0};
}

bool
tally_balances(const struct tally *tally)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < OUTCOME_FATE_COUNT; i++) {
        sum += tally->by_fate[i];
    }
    uint64_t read = 0;
    for (size_t i = 0; i < tally->part_count; i++) {
        read += tally->parts[i].read;
    }
    return sum == tally->read && (tally->part_count == 0 || read == sum);
}
