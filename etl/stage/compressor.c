/* SPDX-License-Identifier: Apache-2.0 */
#include "stage/compressor.h"

#include "base/mem.h"
#include "base/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

/* Level 1 has nearly the ratio of 6 at a third of its time (quality.md). */
#define LEVEL 1
#define GZIP_WINDOW_BITS (15 + 16) /* zlib: 16 more asks for a gzip header */
#define MEMORY_LEVEL 8             /* zlib's default */
#define WAITING_BLOCKS 4
#define OUTPUT_SIZE ((size_t)64 * 1024)

struct compressor {
    struct queue *blocks; /* to be compressed */
    struct queue *spare;  /* blocks whose memory is used again */
    struct queue *done;   /* the last block of a file comes back here */
    pthread_t thread;
};

/* Belongs to the worker from the first block to the last. */
struct compressed_file {
    struct compressor *compressor;
    struct file_writer file;
    z_stream stream;
    struct error err;
    bool ended; /* the last block is back */
};

struct block {
    struct compressed_file *file;
    struct buffer bytes;
    bool is_last;
};

static bool
deflate_block(struct compressed_file *file, const struct block *block,
              struct error *err)
{
    unsigned char output[OUTPUT_SIZE];
    /* zlib does not write to its input; its type is older than const. */
    union {
        const char *given;
        unsigned char *wanted;
    } input = {.given = buffer_slice(&block->bytes).ptr};
    file->stream.next_in = input.wanted;
    file->stream.avail_in = (unsigned)block->bytes.len;
    int status;
    do {
        file->stream.next_out = output;
        file->stream.avail_out = sizeof output;
        status = deflate(&file->stream, block->is_last ? Z_FINISH : Z_NO_FLUSH);
        if (status == Z_STREAM_ERROR) {
            return error_set(err, ERROR_INTERNAL, 0, "zlib failed");
        }
        if (!file_writer_write(&file->file, output,
                               sizeof output - file->stream.avail_out, err)) {
            return false;
        }
    } while (file->stream.avail_out == 0);
    return true;
}

static void *
work(void *cookie)
{
    struct compressor *compressor = cookie;
    struct block *block;
    while ((block = queue_take(compressor->blocks)) != NULL) {
        struct compressed_file *file = block->file;
        if (file->err.kind == ERROR_NONE) {
            deflate_block(file, block, &file->err);
        }
        if (block->is_last) {
            /* From here on the file is its writer's again. */
            queue_put(compressor->done, block);
        } else {
            queue_put(compressor->spare, block);
        }
    }
    return NULL;
}

static void
free_compressor(struct compressor *compressor)
{
    queue_free(compressor->blocks);
    queue_free(compressor->spare);
    queue_free(compressor->done);
    free(compressor);
}

struct compressor *
compressor_open(struct error *err)
{
    struct compressor *compressor = mem_zalloc(sizeof *compressor);
    compressor->blocks = queue_new(WAITING_BLOCKS);
    /* One more is with the worker, and one on its way back. */
    compressor->spare = queue_new(WAITING_BLOCKS + 2);
    compressor->done = queue_new(1);
    int status = pthread_create(&compressor->thread, NULL, work, compressor);
    if (status != 0) {
        error_set(err, ERROR_SYSTEM, status, "cannot start a thread");
        free_compressor(compressor);
        return NULL;
    }
    return compressor;
}

static void
free_block(struct block *block)
{
    buffer_release(&block->bytes);
    free(block);
}

void
compressor_close(struct compressor *compressor)
{
    if (compressor == NULL) {
        return;
    }
    queue_close(compressor->blocks);
    pthread_join(compressor->thread, NULL);
    struct block *block;
    while ((block = queue_try_take(compressor->spare)) != NULL) {
        free_block(block);
    }
    free_compressor(compressor);
}

struct compressed_file *
compressor_begin(struct compressor *compressor, const char *path,
                 struct error *err)
{
    struct compressed_file *file = mem_zalloc(sizeof *file);
    file->compressor = compressor;
    if (!file_writer_open(&file->file, path, err)) {
        free(file);
        return NULL;
    }
    if (deflateInit2(&file->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        error_set(err, ERROR_SYSTEM, 0, "out of memory");
        file_writer_close(&file->file);
        free(file);
        return NULL;
    }
    return file;
}

static void
put(struct compressed_file *file, struct buffer *bytes, bool is_last)
{
    struct block *block = queue_try_take(file->compressor->spare);
    if (block == NULL) {
        block = mem_zalloc(sizeof *block);
    }
    struct buffer empty = block->bytes;
    buffer_reset(&empty);
    empty.limit = bytes ? bytes->limit : 0;
    block->bytes = bytes ? *bytes : empty;
    block->file = file;
    block->is_last = is_last;
    if (bytes != NULL) {
        *bytes = empty;
    }
    queue_put(file->compressor->blocks, block);
}

void
compressor_write(struct compressed_file *file, struct buffer *block)
{
    put(file, block, false);
}

static void
wait_for_end(struct compressed_file *file)
{
    if (!file->ended) {
        put(file, NULL, true);
        free_block(queue_take(file->compressor->done));
        file->ended = true;
    }
}

bool
compressor_commit(struct compressed_file *file, struct error *err)
{
    wait_for_end(file);
    if (file->err.kind != ERROR_NONE) {
        *err = file->err;
        return false;
    }
    return file_writer_commit(&file->file, err);
}

void
compressor_end(struct compressed_file *file)
{
    if (file == NULL) {
        return;
    }
    wait_for_end(file);
    deflateEnd(&file->stream);
    file_writer_close(&file->file);
    free(file);
}
