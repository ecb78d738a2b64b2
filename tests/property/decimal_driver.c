/* SPDX-License-Identifier: Apache-2.0 */
#include "mapping/value/decimal.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads lines "OPERATION A B" and prints each result, "none" where there is
 * none: decimal.h beside Python's decimal module (decimal_cases.py). */
static bool
compute(const char *operation, struct decimal a, struct decimal b,
        struct decimal *result)
{
    int64_t places = 0;
    switch (operation[0]) {
    case '+':
        return decimal_add(a, b, result);
    case '-':
        return decimal_subtract(a, b, result);
    case '*':
        return decimal_multiply(a, b, result);
    case '/':
        return !decimal_is_zero(b) && decimal_divide(a, b, result);
    case '%':
        return !decimal_is_zero(b) && decimal_modulo(a, b, result);
    case 'r':
        *result = decimal_round(a, decimal_to_whole(b, &places) ? places : 0);
        return true;
    case 'c':
        *result = decimal_whole(a, DECIMAL_UP);
        return true;
    case 'f':
        *result = decimal_whole(a, DECIMAL_DOWN);
        return true;
    case 'i':
        *result = decimal_whole(a, DECIMAL_TO_ZERO);
        return true;
    case '?':
        *result = decimal_of(decimal_compare(a, b));
        return true;
    default:
        return false;
    }
}

static struct slice
next_word(char **rest)
{
    char *word = strsep(rest, " \n");
    return slice_of(word != NULL ? word : "");
}

int
main(void)
{
    struct arena arena = {0};
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        char *rest = line;
        struct slice operation = next_word(&rest);
        struct decimal a, b, result;
        if (decimal_read(next_word(&rest), &a) &&
            decimal_read(next_word(&rest), &b) &&
            compute(operation.ptr, a, b, &result)) {
            struct slice text = decimal_print(result, &arena);
            printf("%.*s\n", SLICE_ARGS(text));
        } else {
            puts("none");
        }
        arena_reset(&arena);
    }
    free(line);
    arena_release(&arena);
    return 0;
}
