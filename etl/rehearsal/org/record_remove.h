/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_REHEARSAL_ORG_RECORD_REMOVE_H
#define ETL_REHEARSAL_ORG_RECORD_REMOVE_H

#include "rehearsal/org/record_check.h"

/*
 * Deleting and bringing back, with the children that go with their parent
 * (FIELD_CASCADE), each with a line in the commit log. A record in the recycle
 * bin remembers with whom it went, and comes back with it.
 */

/* draft->old, live or in the bin; hard: for good. */
bool record_remove_run(struct record_draft *draft, bool hard);
/* Out of the bin; its unique values must still be free. */
bool record_remove_restore(struct record_draft *draft);

#endif
