/* SPDX-License-Identifier: Apache-2.0 */
#include "model/chunk.h"

#include "base/mem.h"

char *
chunk_path(const char *run_folder, const char *load_name,
           const struct chunk *chunk, enum chunk_file file)
{
    const char *end = file == CHUNK_INDEX      ? "index"
                      : file == CHUNK_OUTCOMES ? "outcomes"
                      : file == CHUNK_LINKS    ? "links"
                      : chunk->gzip            ? "csv.gz"
                                               : "csv";
    return mem_printf("%s/chunks/%s-%06u.%s", run_folder, load_name,
                      (unsigned)chunk->number, end);
}
