/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_MAPPING_CONVERT_LOADER_PROPERTY_H
#define ETL_MAPPING_CONVERT_LOADER_PROPERTY_H

#include "base/slice.h"

/* What becomes of each of Data Loader's settings (class AppConfig of its
 * sources, and its guide's "Data Loader Process Configuration Parameters"). */
struct loader_property {
    const char *name;    /* one that ends in '*' stands for all that begin so */
    const char *carried; /* where it goes; NULL: it does not, and */
    const char *reason;  /* why */
};

/* Never NULL: what is not known has a reason, too. */
const struct loader_property *loader_property_find(struct slice name);

#endif
