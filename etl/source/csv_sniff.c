/* SPDX-License-Identifier: Apache-2.0 */
#include "source/csv_sniff.h"

#include <stdio.h>

#define SAMPLE_ROWS 1000
/* Of several, one that splits nine rows in ten alike is clear when no other
 * splits more than half of them so. */
#define CLEAR_PERCENT 90
#define OTHER_PERCENT 50

static const char candidates[] = {',', ';', '\t', '|'};
#define CANDIDATE_COUNT (sizeof candidates)

/* The sample as one candidate splits it. */
struct split {
    size_t first;  /* cells of the first row; 0: it can't be read so */
    size_t rows;   /* behind the first */
    size_t alike;  /* of these, with as many cells as the first */
    size_t second; /* cells of all of these, 0 where they differ */
};

static struct split
split_by(char delimiter, const struct csv_reader_options *options,
         struct slice sample, bool whole)
{
    struct csv_reader_options tried = *options;
    tried.delimiter = delimiter;
    struct csv_reader *reader = csv_reader_new(&tried);
    struct batch batch = {0};
    struct error ignored = {0}; /* what was read until then is enough */
    size_t taken;
    csv_reader_feed(reader, &batch, sample, whole, SAMPLE_ROWS, &taken,
                    &ignored);
    struct split split = {0};
    if (batch.count > 0 && batch.records[0].fate == RECORD_GOOD) {
        split.first = batch.records[0].field_count;
        split.rows = batch.count - 1;
        split.second = split.rows ? batch.records[1].field_count : 0;
    }
    for (size_t i = 1; i <= split.rows; i++) {
        size_t count = batch.records[i].field_count;
        split.alike += count == split.first;
        split.second = count == split.second ? count : 0;
    }
    csv_reader_free(reader);
    batch_release(&batch);
    return split;
}

const char *
csv_sniff_name(char delimiter, char text[2])
{
    text[0] = delimiter;
    text[1] = '\0';
    return delimiter == ','    ? "comma"
           : delimiter == ';'  ? "semicolon"
           : delimiter == '\t' ? "tab"
                               : text;
}

static bool
ask(const struct csv_reader_options *options, struct error *err)
{
    return error_set(err, ERROR_INPUT, 0,
                     "%s: cannot tell what separates its cells; say it, as in "
                     "'delimiter: \";\"' [delimiter]",
                     options->name);
}

/* The first row is one cell. Rows that something splits alike make it doubtful
 * that there is but one column. */
static bool
choose_for_one_column(const struct csv_reader_options *options,
                      const struct split splits[CANDIDATE_COUNT],
                      char *delimiter, struct error *err)
{
    *delimiter = '\0';
    for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
        if (splits[i].second > 1) {
            return ask(options, err);
        }
        if (*delimiter == '\0' && splits[i].first == 1 &&
            splits[i].alike == splits[i].rows) {
            *delimiter = candidates[i];
        }
    }
    *delimiter = *delimiter ? *delimiter : ',';
    return true;
}

static size_t
percent_alike(const struct split *split)
{
    return split->rows ? 100 * split->alike / split->rows : 0;
}

/* Among those that split the first row; a perfect one beats all others. */
static bool
choose_best(const struct csv_reader_options *options,
            const struct split splits[CANDIDATE_COUNT], char *delimiter,
            struct error *err)
{
    size_t best = CANDIDATE_COUNT, count = 0, best_percent = 0, other = 0;
    for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
        if (splits[i].first < 2) {
            continue;
        }
        count++;
        size_t percent = percent_alike(&splits[i]);
        if (best == CANDIDATE_COUNT || percent > best_percent) {
            other = best == CANDIDATE_COUNT ? 0 : best_percent;
            best = i;
            best_percent = percent;
        } else if (percent > other) {
            other = percent;
        }
    }
    bool clear = count == 1 || (best_percent == 100 && other < 100) ||
                 (best_percent >= CLEAR_PERCENT && other <= OTHER_PERCENT);
    if (!clear) {
        return ask(options, err);
    }
    *delimiter = candidates[best];
    return true;
}

bool
csv_sniff_delimiter(const struct csv_reader_options *options,
                    struct slice sample, bool whole, size_t column_count,
                    char *delimiter, struct error *err)
{
    struct split splits[CANDIDATE_COUNT];
    size_t splitting = 0;
    for (size_t i = 0; i < CANDIDATE_COUNT; i++) {
        splits[i] = split_by(candidates[i], options, sample, whole);
        if (column_count > 1 && splits[i].first != column_count) {
            splits[i].first = 0;
        }
        splitting += splits[i].first > 1;
    }
    return splitting > 0
               ? choose_best(options, splits, delimiter, err)
               : choose_for_one_column(options, splits, delimiter, err);
}
