/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_SALESFORCE_STATE_FOLDER_H
#define ETL_SALESFORCE_STATE_FOLDER_H

#include "base/error.h"

/*
 * Where things lie that outlive a run: $XDG_STATE_HOME/sfetl, else
 * ~/.local/state/sfetl.
 */

/* That folder and relative behind it, on the heap; nothing is created. NULL
 * with ERROR_CONFIG when neither variable is an absolute path. */
char *state_folder_path(const char *relative, struct error *err);

#endif
