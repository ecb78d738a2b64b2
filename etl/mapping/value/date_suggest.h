/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_VALUE_DATE_SUGGEST_H
#define ETL_MAPPING_VALUE_DATE_SUGGEST_H

#include "base/slice.h"

/*
 * The pattern that one in the letters of other programs was meant to be:
 * yyyyMMdd for YYYYMMDD, dd.MM.yyyy for TT.MM.JJJJ or dd.mm.yyyy. False when
 * nothing better is found.
 */
#define DATE_SUGGEST_SIZE 80
bool date_suggest(struct slice text, char near[DATE_SUGGEST_SIZE]);

/* "why; did you mean 'X'?" */
#define DATE_SUGGEST_HELP_SIZE 300
const char *date_suggest_help(struct slice text, const char *why,
                              char help[DATE_SUGGEST_HELP_SIZE]);

#endif
