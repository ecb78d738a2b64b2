/* SPDX-License-Identifier: Apache-2.0 */
#include "results/message_spool.h"

#include "base/mem.h"
#include "model/outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#define REF_LIMIT (UINT64_C(1) << 40)
#define CODE_LIMIT ((size_t)1000)
#define READ_SIZE ((size_t)512) /* holds most messages whole */

struct text_head {
    uint32_t code_len, message_len;
};

static bool
open_spool(struct message_spool *spool, struct error *err)
{
    if (!file_writer_open_append(&spool->file, spool->path, 0, err)) {
        return false;
    }
    spool->opened = true;
    spool->fd = open(spool->path, O_RDONLY | O_CLOEXEC);
    if (spool->fd < 0 || unlink(spool->path) != 0) {
        return error_set_errno(err, "cannot open '%s'", spool->path);
    }
    spool->slots = mem_array(MESSAGE_SPOOL_SLOTS, sizeof *spool->slots);
    return true;
}

static bool
append(struct message_spool *spool, struct slice code, struct slice message,
       struct error *err)
{
    struct text_head head = {(uint32_t)code.len, (uint32_t)message.len};
    return file_writer_write(&spool->file, &head, sizeof head, err) &&
           file_writer_write(&spool->file, code.ptr, code.len, err) &&
           file_writer_write(&spool->file, message.ptr, message.len, err);
}

bool
message_spool_add(struct message_spool *spool, struct slice code,
                  struct slice message, uint64_t *ref, struct error *err)
{
    if (!spool->opened && !open_spool(spool, err)) {
        return false;
    }
    code.len = code.len < CODE_LIMIT ? code.len : CODE_LIMIT;
    if (message.len > OUTCOME_MESSAGE_LIMIT) {
        message.len = OUTCOME_MESSAGE_LIMIT;
        message.len = slice_utf8_valid_len(message);
    }
    XXH128_hash_t hash = XXH3_128bits_withSeed(message.ptr, message.len,
                                               XXH3_64bits(code.ptr, code.len));
    struct message_spool_slot *slot =
        &spool->slots[hash.low64 % MESSAGE_SPOOL_SLOTS];
    if (slot->ref != 0 && slot->hash[0] == hash.high64 &&
        slot->hash[1] == hash.low64) {
        *ref = slot->ref;
        return true;
    }
    *ref = spool->file.offset + 1;
    if (*ref >= REF_LIMIT) {
        return error_set(err, ERROR_LIMIT, 0,
                         "the messages of one chunk take more than 1 TB");
    }
    *slot = (struct message_spool_slot){{hash.high64, hash.low64}, *ref};
    return append(spool, code, message, err);
}

bool
message_spool_flush(struct message_spool *spool, struct error *err)
{
    return !spool->opened || file_writer_flush(&spool->file, err);
}

/* Reads on until the buffer holds len bytes from offset on. */
static bool
read_up_to(struct message_spool *spool, uint64_t offset, size_t len,
           size_t size, struct error *err)
{
    while (spool->text.len < len) {
        char *end = buffer_reserve(&spool->text, size - spool->text.len);
        ssize_t got = pread(spool->fd, end, size - spool->text.len,
                            (off_t)(offset + spool->text.len));
        if (got < 0 && errno != EINTR) {
            return error_set_errno(err, "cannot read '%s'", spool->path);
        }
        if (got == 0) {
            return error_set(err, ERROR_INTERNAL, 0, "'%s' is cut short",
                             spool->path);
        }
        spool->text.len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool
message_spool_get(struct message_spool *spool, uint64_t ref, struct slice *code,
                  struct slice *message, struct error *err)
{
    struct text_head head;
    uint64_t offset = ref - 1;
    if (ref != spool->text_ref) {
        buffer_reset(&spool->text);
        spool->text_ref = 0;
        if (!read_up_to(spool, offset, sizeof head, READ_SIZE, err)) {
            return false;
        }
    }
    memcpy(&head, spool->text.bytes, sizeof head);
    size_t len = sizeof head + head.code_len + head.message_len;
    if (head.code_len > CODE_LIMIT ||
        head.message_len > OUTCOME_MESSAGE_LIMIT) {
        return error_set(err, ERROR_INTERNAL, 0, "'%s' is damaged",
                         spool->path);
    }
    if (!read_up_to(spool, offset, len, len, err)) {
        return false;
    }
    spool->text_ref = ref;
    *code = (struct slice){spool->text.bytes + sizeof head, head.code_len};
    *message = (struct slice){code->ptr + code->len, head.message_len};
    return true;
}

void
message_spool_close(struct message_spool *spool)
{
    if (spool->opened) {
        file_writer_close(&spool->file);
        if (spool->fd >= 0) {
            close(spool->fd);
        }
    }
    free(spool->slots);
    buffer_release(&spool->text);
    *spool = (struct message_spool){.path = spool->path};
}
