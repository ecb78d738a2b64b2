/* SPDX-License-Identifier: Apache-2.0 */
#include "salesforce/state_folder.h"

#include "base/mem.h"

#include <stdlib.h>

char *
state_folder_path(const char *relative, struct error *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state != NULL && state[0] == '/') {
        return mem_printf("%s/sfetl/%s", state, relative);
    }
    if (home != NULL && home[0] == '/') {
        return mem_printf("%s/.local/state/sfetl/%s", home, relative);
    }
    error_set(err, ERROR_CONFIG, 0,
              "neither XDG_STATE_HOME nor HOME is set; set one to an absolute "
              "folder");
    return NULL;
}
