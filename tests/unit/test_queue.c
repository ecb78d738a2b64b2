/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define ITEMS 10000

static int numbers[ITEMS];

static void *
put_all(void *cookie)
{
    for (int i = 0; i < ITEMS; i++) {
        numbers[i] = i;
        queue_put(cookie, &numbers[i]);
    }
    queue_close(cookie);
    return NULL;
}

static void
items_come_in_order(void **state)
{
    (void)state;
    struct queue *queue = queue_new(3);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, put_all, queue), 0);
    int *item, expected = 0;
    while ((item = queue_take(queue)) != NULL) {
        assert_int_equal(*item, expected++);
    }
    assert_int_equal(expected, ITEMS);
    pthread_join(thread, NULL);
    queue_free(queue);
}

static void
a_closed_queue_drains(void **state)
{
    (void)state;
    struct queue *queue = queue_new(2);
    int item;
    assert_null(queue_try_take(queue));
    assert_true(queue_put(queue, &item));
    queue_close(queue);
    assert_false(queue_put(queue, &item));
    assert_ptr_equal(queue_take(queue), &item);
    assert_null(queue_take(queue));
    queue_free(queue);
    queue_free(NULL);
}

static void
count(void *cookie)
{
    ++*(int *)cookie;
}

static void
a_waker_is_called(void **state)
{
    (void)state;
    struct queue *queue = queue_new(2);
    int calls = 0, item;
    queue_on_put(queue, count, &calls);
    queue_put(queue, &item);
    queue_close(queue);
    queue_put(queue, &item);
    assert_int_equal(calls, 2);
    queue_free(queue);
}

static void *
put_one(void *cookie)
{
    static int item;
    return queue_put(cookie, &item) ? cookie : NULL;
}

static void
closing_ends_a_wait_for_room(void **state)
{
    (void)state;
    struct queue *queue = queue_new(1);
    int item;
    queue_put(queue, &item);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, put_one, queue), 0);
    queue_close(queue);
    void *result;
    pthread_join(thread, &result);
    assert_null(result);
    queue_free(queue);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_in_order),
        cmocka_unit_test(a_closed_queue_drains),
        cmocka_unit_test(a_waker_is_called),
        cmocka_unit_test(closing_ends_a_wait_for_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
