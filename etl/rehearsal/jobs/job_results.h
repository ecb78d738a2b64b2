/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_JOBS_JOB_RESULTS_H
#define ETL_REHEARSAL_JOBS_JOB_RESULTS_H

#include "rehearsal/jobs/job_batch.h"

/*
 * The three result files of an ingest job, from its upload and the items of
 * its slices. As Salesforce promises neither row nor column order, and renders
 * values anew, rows come shuffled (by job->random, unless the settings say
 * not to), columns sorted by name, and values in their field's canonical form.
 * Every value is quoted; a column's name only where it was so in the upload.
 * Unprocessed rows keep the upload's order and columns.
 */
bool job_results_write(struct rehearsal *rehearsal, const struct job *job,
                       const struct job_upload *upload,
                       const char *const paths[3], struct error *err);

/*
 * A copy of a result file that a fault has spoiled: rows missing, added or
 * doubled, columns with other names. Returns the copy's path, in the arena,
 * NULL when it could not be made.
 */
const char *job_results_spoil(struct rehearsal *rehearsal, const char *path,
                              const struct fault *fault, struct arena *arena);

#endif
