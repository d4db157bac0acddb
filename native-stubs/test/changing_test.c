/*
 * A source that another thread keeps changing: the tuples of a copy match the copy. Intervals of
 * whole vectors and others, whose last bytes each kernel leaves to the shorter ones.
 */

#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

enum { INTERVALS = 16, SIZE = 4096 * INTERVALS };

static const uint32_t intervals[] = {4096, 4093, 333};

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

/* A cast away from _Atomic: what is tested is reading it like any memory. */
static const uint8_t *unstable(void)
{
    return (const uint8_t *)(uintptr_t)source;
}

static void check_requests(const struct named_kernel *k, int guard, uint32_t interval,
                           unsigned rounds)
{
    static uint8_t copies[2][SIZE];
    static uint8_t metadata[INTERVALS * 16];
    struct pinbounce_protection p = {.guard = (uint8_t)guard,
                                     .kernel = (uint8_t)k->number,
                                     .guarded = 1,
                                     .interval = interval,
                                     .metadata_size = guard == 0 ? 8 : 16};
    unsigned changed = 0;
    for (unsigned round = 0; round < rounds || changed == 0; round++) {
        uint8_t *copy = copies[round % 2];
        pinbounce_guard_copy(&p, unstable(), copy, metadata, INTERVALS);
        size_t found = pinbounce_verify(&p, copy, metadata, INTERVALS);
        CHECK(found == INTERVALS, "kernel=%s guard=%d size=%u interval=%zu", k->name, guard,
              interval, found);
        changed += round > 0 && memcmp(copies[0], copies[1], (size_t)interval * INTERVALS) != 0;
    }
}

/* What only requests take that are larger than any cache. */
static void check_past_caches(const struct named_kernel *k, int guard, uint32_t length,
                              unsigned rounds)
{
    static _Alignas(64) uint8_t copies[2][SIZE];
    const struct crc *crc = &crc_guards[guard];
    unsigned changed = 0;
    for (unsigned round = 0; round < rounds || changed == 0; round++) {
        uint8_t *copy = copies[round % 2];
        uint64_t state = k->kernel->copy_past_caches(crc, 0, unstable(), copy, length);
        CHECK(crc_portable.update(crc, 0, copy, length) == state, "kernel=%s guard=%d length=%u",
              k->name, guard, length);
        changed += round > 0 && memcmp(copies[0], copies[1], length) != 0;
    }
}

/* Canary: guards of the source do not match a copy that is made a moment later. */
static void check_that_two_looks_disagree(void)
{
    static uint8_t copy[SIZE];
    uint64_t guard;
    do {
        guard = pinbounce_crc(PINBOUNCE_PORTABLE, 0, 0, unstable(), 0, SIZE);
        memcpy(copy, unstable(), SIZE);
    } while (pinbounce_crc(PINBOUNCE_PORTABLE, 0, 0, copy, 0, SIZE) == guard);
}

static void check_kernel(const struct named_kernel *k, int guard, unsigned rounds)
{
    for (size_t i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
        check_past_caches(k, guard, intervals[i], rounds);
        if (k->number >= 0) {
            check_requests(k, guard, intervals[i], rounds);
        }
    }
}

void test_changing_source(unsigned rounds)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, change, NULL) == 0, "no thread");
    check_that_two_looks_disagree();
    for (const struct named_kernel *k = test_kernels; k->name; k++) {
        for (int guard = 0; guard < 3; guard++) {
            check_kernel(k, guard, rounds);
        }
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
}
