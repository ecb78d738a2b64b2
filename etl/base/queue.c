/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t has_room, has_item;
    void **items;
    size_t capacity, first, count;
    bool closed;
    void (*wake)(void *cookie);
    void *cookie;
};

struct queue *
queue_new(size_t capacity)
{
    struct queue *queue = mem_zalloc(sizeof *queue);
    queue->items = mem_array(capacity, sizeof *queue->items);
    queue->capacity = capacity;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->has_room, NULL);
    pthread_cond_init(&queue->has_item, NULL);
    return queue;
}

void
queue_free(struct queue *queue)
{
    if (queue == NULL) {
        return;
    }
    pthread_cond_destroy(&queue->has_item);
    pthread_cond_destroy(&queue->has_room);
    pthread_mutex_destroy(&queue->mutex);
    free(queue->items);
    free(queue);
}

void
queue_on_put(struct queue *queue, void (*wake)(void *cookie), void *cookie)
{
    queue->wake = wake;
    queue->cookie = cookie;
}

bool
queue_put(struct queue *queue, void *item)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == queue->capacity && !queue->closed) {
        pthread_cond_wait(&queue->has_room, &queue->mutex);
    }
    bool put = !queue->closed;
    if (put) {
        queue->items[(queue->first + queue->count) % queue->capacity] = item;
        queue->count++;
        pthread_cond_signal(&queue->has_item);
    }
    pthread_mutex_unlock(&queue->mutex);
    if (put && queue->wake) {
        queue->wake(queue->cookie);
    }
    return put;
}

static void *
take_first(struct queue *queue)
{
    if (queue->count == 0) {
        return NULL;
    }
    void *item = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    pthread_cond_signal(&queue->has_room);
    return item;
}

void *
queue_take(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0 && !queue->closed) {
        pthread_cond_wait(&queue->has_item, &queue->mutex);
    }
    void *item = take_first(queue);
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

void *
queue_try_take(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    void *item = take_first(queue);
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

void
queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_cond_broadcast(&queue->has_room);
    pthread_cond_broadcast(&queue->has_item);
    pthread_mutex_unlock(&queue->mutex);
    if (queue->wake) {
        queue->wake(queue->cookie);
    }
}
