/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_API_USAGE_H
#define ETL_SALESFORCE_API_USAGE_H

#include "base/error.h"

#include <stdint.h>

/*
 * How many API calls an org has had: what it says itself with each answer
 * (Sforce-Limit-Info), and what this machine's loads have made of them in 24
 * hours, which is kept by the hour in the state folder (usage/ORG.json) for
 * `daily_api_calls` of orgs.yaml. Two runs at once add to the same file.
 */

/* "api-usage=18/5000", perhaps with more behind it. */
bool api_usage_read(const char *limit_info, uint64_t *used, uint64_t *most);

/* Adds calls made now; *of_day is the sum of 24 hours with them. */
bool api_usage_add(const char *org_name, uint64_t calls, uint64_t *of_day,
                   struct error *err);

#endif
