/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_FUNCTION_FUNCTION_STEPS_H
#define ETL_MAPPING_FUNCTION_FUNCTION_STEPS_H

#include "mapping/function/function_table.h"

/* What the rows of the function table point to (function_table.h says what
 * apply, step and compile are). */
#define FUNCTION_APPLY(name)                                                   \
    bool name(struct formula_run *run, const struct formula_node *node,        \
              const struct formula_value *args, struct formula_value *value)
#define FUNCTION_STEP(name)                                                    \
    bool name(struct formula_run *run, const struct formula_node *node,        \
              struct formula_value *value)
#define FUNCTION_COMPILE(name)                                                 \
    bool name(const struct formula_scope *scope, struct formula_node *node)

/* function_logic.c */
FUNCTION_STEP(function_logic_if);
FUNCTION_COMPILE(function_logic_if_compile);
FUNCTION_STEP(function_logic_case);
FUNCTION_COMPILE(function_logic_case_compile);
FUNCTION_STEP(function_logic_and);
FUNCTION_STEP(function_logic_or);
FUNCTION_APPLY(function_logic_not);
FUNCTION_APPLY(function_logic_is_blank);
FUNCTION_STEP(function_logic_blank_value);
FUNCTION_COMPILE(function_logic_blank_value_compile);
FUNCTION_APPLY(function_logic_error);
FUNCTION_APPLY(function_logic_skip);
FUNCTION_STEP(function_logic_compare);
FUNCTION_COMPILE(function_logic_compare_compile);

/* function_text.c */
FUNCTION_STEP(function_text_join_all); /* & */
FUNCTION_STEP(function_text_join);
FUNCTION_APPLY(function_text_left);
FUNCTION_APPLY(function_text_right);
FUNCTION_APPLY(function_text_mid);
FUNCTION_APPLY(function_text_len);
FUNCTION_APPLY(function_text_pad_left);
FUNCTION_APPLY(function_text_pad_right);
FUNCTION_APPLY(function_text_find);
FUNCTION_APPLY(function_text_contains);
FUNCTION_APPLY(function_text_begins);
FUNCTION_APPLY(function_text_substitute);
FUNCTION_APPLY(function_text_split);
FUNCTION_APPLY(function_text_char);

/* function_unicode.c */
FUNCTION_APPLY(function_unicode_trim);
FUNCTION_APPLY(function_unicode_clean);
FUNCTION_APPLY(function_unicode_upper);
FUNCTION_APPLY(function_unicode_lower);
FUNCTION_APPLY(function_unicode_initcap);
FUNCTION_APPLY(function_unicode_unaccent);

/* function_regex.c */
void function_regex_release(struct formula_scratch *scratch);
FUNCTION_APPLY(function_regex_matches);
FUNCTION_APPLY(function_regex_replace);
FUNCTION_COMPILE(function_regex_compile);
FUNCTION_COMPILE(function_regex_replace_compile);

/* function_number.c */
FUNCTION_APPLY(function_number_plus);
FUNCTION_APPLY(function_number_minus);
FUNCTION_COMPILE(function_number_sum_compile);
FUNCTION_APPLY(function_number_times);
FUNCTION_APPLY(function_number_divide);
FUNCTION_APPLY(function_number_negate);
FUNCTION_APPLY(function_number_value);
FUNCTION_APPLY(function_number_is_number);
FUNCTION_COMPILE(function_number_shape_compile);
FUNCTION_APPLY(function_number_abs);
FUNCTION_APPLY(function_number_round);
FUNCTION_APPLY(function_number_ceiling);
FUNCTION_APPLY(function_number_floor);
FUNCTION_APPLY(function_number_int);
FUNCTION_APPLY(function_number_mod);
FUNCTION_STEP(function_number_min);
FUNCTION_STEP(function_number_max);

/* function_date.c */
FUNCTION_APPLY(function_date_date_value);
FUNCTION_COMPILE(function_date_date_value_compile);
FUNCTION_APPLY(function_date_datetime_value);
FUNCTION_COMPILE(function_date_datetime_value_compile);
FUNCTION_APPLY(function_date_date);
FUNCTION_APPLY(function_date_year);
FUNCTION_APPLY(function_date_month);
FUNCTION_APPLY(function_date_day);
FUNCTION_APPLY(function_date_add_months);
FUNCTION_COMPILE(function_date_today_compile);
FUNCTION_COMPILE(function_date_now_compile);

/* function_format.c */
FUNCTION_APPLY(function_format_text);
FUNCTION_COMPILE(function_format_text_compile);

/* function_row.c */
FUNCTION_COMPILE(function_row_param_compile);
FUNCTION_APPLY(function_row_row);
FUNCTION_APPLY(function_row_file_name);
FUNCTION_APPLY(function_row_run_id);
FUNCTION_APPLY(function_row_case_safe_id);
FUNCTION_APPLY(function_row_sha256);
FUNCTION_STEP(function_row_translate);
FUNCTION_COMPILE(function_row_translate_compile);
FUNCTION_STEP(function_row_count);
FUNCTION_COMPILE(function_row_count_compile);

#endif
