/*
 * What the tests share. A failed check prints what it saw, and the seed, and ends the run.
 */
#ifndef PINBOUNCE_TEST_H
#define PINBOUNCE_TEST_H

#include "crc.h"
#include "pinbounce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fprintf(stderr, " seed=%llu\n", (unsigned long long)test_seed);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

struct named_kernel {
    const char *name;
    const struct kernel *kernel;
    int number;  /* enum pinbounce_kernel, or -1: not one of the library's */
};

extern uint64_t test_seed;

/* The kernels that run here; the last one has no name. */
extern struct named_kernel test_kernels[6];

#if defined(__x86_64__)
extern const struct kernel test_emulated512;
#endif

/* A number that depends on the seed and on the calls before. */
uint64_t test_random(void);

/* Memory that ends with its last byte, so that the sanitizer sees one byte too many; never NULL. */
uint8_t *test_bytes(size_t length);

/* The definition of a guard, one bit at a time. */
uint64_t reference_crc(int guard, uint64_t value, const uint8_t *data, size_t length);

/* The tests. */
void test_known_answers(void);
void test_all_lengths(unsigned alignment_step);
void test_protection(unsigned rounds);
void test_changing_source(unsigned rounds);
void test_copies(unsigned rounds);

#endif
