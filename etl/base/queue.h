/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ETL_BASE_QUEUE_H
#define ETL_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded queue of pointers: the only place where threads meet. What is put
 * belongs to the taker. Closing lets the takers drain what is there and makes
 * every later put fail; it is how the end, and an abort, are told.
 */
struct queue;

struct queue *queue_new(size_t capacity);
void queue_free(struct queue *queue);

/* Waits for room; false when the queue is closed: the item stays the caller's.
 */
bool queue_put(struct queue *queue, void *item);
/* Waits for an item; NULL when the queue is closed and empty. */
void *queue_take(struct queue *queue);
/* NULL when there is nothing now. */
void *queue_try_take(struct queue *queue);
void queue_close(struct queue *queue);

/*
 * Called after each put and the close, from that thread, so that a taker that
 * waits elsewhere (curl_multi_poll) can be woken. Set before threads start.
 */
void queue_on_put(struct queue *queue, void (*wake)(void *cookie),
                  void *cookie);

#endif
