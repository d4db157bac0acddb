/*
 * Compares the kernels with ISA-L, with memcpy, and with the processor's limit: make bench, then
 * stubs-bench [kernel].
 *
 * Both sides of a pair run one after the other, so that what else the machine does hits both. What
 * is printed is the median of the pairs' ratios, and an interval that holds the true median with at
 * least 95 % probability (binomial order statistics), and whether it reaches the target. ISA-L is
 * looked for as libisal.so.2; without it, its rows are left out.
 */

#include "bench.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PAIRS = 31, BEST_OF = 5, KIB = 1024, INTERVAL = 4096 };

static const size_t GIB = (size_t)1 << 30;

typedef uint16_t isal_crc16(uint16_t seed, const unsigned char *data, uint64_t length);

static isal_crc16 *isal;
static int kernel;
static uint8_t *source;
static uint8_t *destination;
static uint8_t *metadata;
static volatile uint64_t sink;

typedef void work(size_t length);

static struct pinbounce_protection protection(uint8_t guard)
{
    return (struct pinbounce_protection){
        .step = 1, .reference_mask = UINT32_MAX, .checked = UINT32_MAX, .app_checked = 0xFFFF,
        .guard = guard, .kernel = (uint8_t)kernel, .guarded = 1, .interval = INTERVAL,
        .metadata_size = guard == PINBOUNCE_CRC16_T10DIF ? 8 : 16};
}

static void own_crc16(size_t length)
{
    sink = pinbounce_crc(kernel, PINBOUNCE_CRC16_T10DIF, 0, source, 0, length);
}

static void own_crc32(size_t length)
{
    sink = pinbounce_crc(kernel, PINBOUNCE_CRC32C, 0, source, 0, length);
}

static void own_crc64(size_t length)
{
    sink = pinbounce_crc(kernel, PINBOUNCE_CRC64_NVME, 0, source, 0, length);
}

static void isal_crc(size_t length)
{
    sink = isal(0, source, length);
}

static void copy(size_t length)
{
    memcpy(destination, source, length);
}

static void copy_in(size_t block, size_t length)
{
    for (size_t at = 0; at < length; at += block) {
        memcpy(destination + at, source + at, block);
    }
}

static void copy_in_4k(size_t length)
{
    copy_in(4 * KIB, length);
}

static void copy_in_64k(size_t length)
{
    copy_in(64 * KIB, length);
}

static void only_multiplies(size_t length)
{
    sink = multiplies(kernel, length);
}

static void guard_copy(size_t length)
{
    struct pinbounce_protection p = protection(PINBOUNCE_CRC16_T10DIF);
    pinbounce_guard_copy(&p, source, destination, metadata, length / INTERVAL);
}

static void verify(size_t length)
{
    struct pinbounce_protection p = protection(PINBOUNCE_CRC16_T10DIF);
    p.guard_seed = 1;
    for (size_t at = 0; at < length; at += INTERVAL) {
        /* The tuple does not match: one interval a call. */
        sink = pinbounce_verify(&p, source + at, metadata, 1);
    }
}

/* What a user of ISA-L does: copy an interval, then compute its CRC while it is in the cache. */
static void copy_then_isal(size_t length)
{
    for (size_t at = 0; at < length; at += INTERVAL) {
        memcpy(destination + at, source + at, INTERVAL);
        uint16_t guard = isal(0, destination + at, INTERVAL);
        memcpy(metadata + at / INTERVAL * 8, &guard, sizeof guard);
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Bytes per nanosecond: about 64 MiB, or one pass over more. */
static double speed(work *run, size_t length)
{
    size_t passes = length >= ((size_t)64 << 20) ? 1 : ((size_t)64 << 20) / length / BEST_OF;
    double best = 1e9;
    for (int round = 0; round < (passes == 1 ? 1 : BEST_OF); round++) {
        double start = seconds();
        for (size_t i = 0; i < passes; i++) {
            run(length);
        }
        double took = seconds() - start;
        best = took < best ? took : best;
    }
    return (double)length * (double)passes / best * 1e-9;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void compare(const char *what, work *ours, work *theirs, size_t length, double target)
{
    double ratios[PAIRS];
    double own[PAIRS];
    double other[PAIRS];
    ours(length);
    theirs(length);
    for (int i = 0; i < PAIRS; i++) {
        /* Alternately first, so that neither always finds the cache as the other left it. */
        if (i % 2 == 0) {
            own[i] = speed(ours, length);
            other[i] = speed(theirs, length);
        } else {
            other[i] = speed(theirs, length);
            own[i] = speed(ours, length);
        }
        ratios[i] = own[i] / other[i];
    }
    qsort(ratios, PAIRS, sizeof ratios[0], ascending);
    qsort(own, PAIRS, sizeof own[0], ascending);
    qsort(other, PAIRS, sizeof other[0], ascending);
    /* Of 31 values, the 10th and the 22nd enclose the median with 97 % probability. */
    double low = ratios[9];
    double high = ratios[21];
    printf("%-38s %7zu KiB %7.1f %7.1f  %5.2f [%4.2f %4.2f]", what, length / KIB,
           own[PAIRS / 2], other[PAIRS / 2], ratios[PAIRS / 2], low, high);
    if (target > 0) {
        printf("  %4.2f %s", target, high < target ? "missed" : "met");
    }
    printf("\n");
    fflush(stdout);
}

static int choose_kernel(int count, char **arguments)
{
    int usable = pinbounce_kernels();
    for (int k = 0; k < 31 && 1 << k <= usable; k++) {
        kernel = k;
    }
    if (count > 1) {
        kernel = atoi(arguments[1]);
    }
    return kernel >= 0 && usable >> kernel & 1;
}

static void compare_copies(void)
{
    compare("guard_copy / memcpy", guard_copy, copy, 64 * KIB, 0);
    compare("guard_copy / memcpy", guard_copy, copy, GIB, 0.95);
    compare("guard_copy / memcpy 4 KiB at a time", guard_copy, copy_in_4k, GIB, 0.95);
    compare("guard_copy / memcpy 64 KiB at a time", guard_copy, copy_in_64k, GIB, 0.95);
}

/*
 * CRC-16 must turn its bytes round. Only where that competes with the multiplications can CRC-64 be
 * faster: both need equally many, and elsewhere both run at the rate of these alone.
 */
static void compare_guards(void)
{
    compare("crc64 / crc16", own_crc64, own_crc16, 4 * KIB, 1.2);
    compare("crc64 / crc16", own_crc64, own_crc16, 64 * KIB, 1.2);
    compare("crc32c / crc16", own_crc32, own_crc16, 4 * KIB, 0);
    compare("crc16 / memcpy", own_crc16, copy, 512, 0);
    compare("verify / crc16", verify, own_crc16, 64 * KIB, 0);
    if (kernel != PINBOUNCE_PORTABLE) {
        compare("crc16 / its multiplications", own_crc16, only_multiplies, 64 * KIB, 0);
        compare("crc64 / its multiplications", own_crc64, only_multiplies, 64 * KIB, 0);
    }
}

static void compare_with_isal(void)
{
    compare("crc16 / ISA-L crc16", own_crc16, isal_crc, 4 * KIB, 1.0);
    compare("crc16 / ISA-L crc16", own_crc16, isal_crc, 64 * KIB, 1.0);
    compare("guard_copy / copy, ISA-L crc16", guard_copy, copy_then_isal, 64 * KIB, 1.1);
    compare("guard_copy / copy, ISA-L crc16", guard_copy, copy_then_isal, KIB * KIB, 0);
}

int main(int count, char **arguments)
{
    if (!choose_kernel(count, arguments)) {
        fprintf(stderr, "no such kernel runs here, kernels=%#x\n", (unsigned)pinbounce_kernels());
        return 2;
    }
    source = aligned_alloc(4 * KIB, GIB);
    destination = aligned_alloc(4 * KIB, GIB);
    metadata = malloc(GIB / INTERVAL * 16);
    if (!source || !destination || !metadata) {
        fprintf(stderr, "needs 2 GiB of memory\n");
        return 2;
    }
    memset(source, 0x5A, GIB);
    memset(destination, 1, GIB);
    memset(metadata, 1, GIB / INTERVAL * 16);
    printf("kernel %d; GB/s of both, then the ratio\n", kernel);
    void *library = dlopen("libisal.so.2", RTLD_NOW);
    if (library) {
        /* POSIX's way to turn what dlsym returns into a function. */
        *(void **)&isal = dlsym(library, "crc16_t10dif");
        compare_with_isal();
    }
    compare_guards();
    compare_copies();
    return 0;
}
