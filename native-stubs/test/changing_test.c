/*
 * A source that another thread keeps changing: the tuples of a copy match the copy.
 */

#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

enum { INTERVAL = 4096, INTERVALS = 16, SIZE = INTERVAL * INTERVALS };

static _Atomic unsigned char source[SIZE];
static atomic_bool stop;

static void *change(void *unused)
{
    (void)unused;
    unsigned char value = 0;
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        value++;
        for (size_t i = 0; i < SIZE; i += 61) {
            atomic_store_explicit(&source[i], value, memory_order_relaxed);
        }
    }
    return NULL;
}

/* Whether the other thread has changed anything between two looks at the source. */
static bool seen_to_change(const uint8_t *before, const uint8_t *after)
{
    return memcmp(before, after, SIZE) != 0;
}

static void check_kernel(const struct named_kernel *k, int guard, unsigned rounds)
{
    static uint8_t copies[2][SIZE];
    static uint8_t metadata[INTERVALS * 16];
    struct pinbounce_protection p = {.guard = (uint8_t)guard,
                                     .kernel = (uint8_t)k->number,
                                     .guarded = 1,
                                     .interval = INTERVAL,
                                     .metadata_size = guard == 0 ? 8 : 16};
    unsigned changed = 0;
    for (unsigned round = 0; round < rounds || changed == 0; round++) {
        uint8_t *copy = copies[round % 2];
        /* A cast away from _Atomic: what is tested is reading it like any memory. */
        pinbounce_guard_copy(&p, (const void *)(uintptr_t)source, copy, metadata, INTERVALS);
        size_t found = pinbounce_verify(&p, copy, metadata, INTERVALS);
        CHECK(found == INTERVALS, "kernel=%s guard=%d interval=%zu", k->name, guard, found);
        changed += round > 0 && seen_to_change(copies[0], copies[1]);
    }
}

void test_changing_source(unsigned rounds)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, change, NULL) == 0, "no thread");
    for (const struct named_kernel *k = test_kernels; k->name; k++) {
        for (int guard = 0; guard < 3 && k->number >= 0; guard++) {
            check_kernel(k, guard, rounds);
        }
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
}
