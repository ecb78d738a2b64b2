/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_CONTROL_H
#define ETL_REHEARSAL_CONTROL_H

#include "rehearsal/router.h"

/*
 * The org as a running thing: put together from its folder, and told about by
 * files in it (address.json, orgs.yaml and the secrets they name, all 0600).
 * Beside Salesforce's paths it serves its own: GET /rehearsal/status, and POST
 * /rehearsal/faults with the YAML of faults.h.
 */
struct control_options {
    const char *dir; /* absolute */
    const char *const *schemas;
    size_t schema_count;
    const char *faults_path; /* NULL: none */
    int64_t latency_ms;
    uint16_t port; /* 0: a free one */
};

/* Serves when it returns. NULL: not. */
struct rehearsal *control_open(const struct control_options *options,
                               struct error *err);
void control_close(struct rehearsal *rehearsal);
/* Removes records, jobs, sessions and the commit log of a stopped org. */
bool control_reset(const char *dir, struct error *err);

extern const struct route control_routes[];

#endif
