/*
 * The three guards as one kind of function.
 *
 * A CRC of width w is the remainder of a message modulo a polynomial P of degree w. Here each one
 * is computed modulo Q = P * x^(64-w): that remainder is the CRC's own, times x^(64-w). So all of
 * them have 64 bits, and what differs is a set of constants and the order of the bits.
 *
 * The running value is called the state: the 64-bit remainder as it lies in a register, inversions
 * undone. In the reflected order (CRC-32C, CRC-64) the highest power of x is the lowest bit, and
 * the state of a narrow CRC lies in the low bits; else (CRC-16) it lies in the high ones.
 */
#ifndef PINBOUNCE_CRC_H
#define PINBOUNCE_CRC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The distances of folding: 128, 256, ... 8192 bits. */
enum { CRC_FOLDS = 7 };

struct crc {
    bool reflected;
    unsigned width;

    /* What the value is xor-ed with before and after: all ones of the width, or 0. */
    uint64_t inversion;

    /*
     * What multiplies the low and the high half of 128 bits that are to be added again 128 << k
     * bits further on.
     */
    uint64_t fold[CRC_FOLDS][2];

    /* What multiplies the front half of the last 128 bits, to add it behind the other half. */
    uint64_t last;

    /* x^128 / Q without its x^64, and Q without its x^64, for Barrett's reduction. */
    uint64_t quotient;
    uint64_t polynomial;

    /* table[k][b]: the state that byte b leaves when k zero bytes follow it. */
    uint64_t table[8][256];
};

typedef uint64_t crc_copy(const struct crc *crc, uint64_t state, const uint8_t *source,
                          uint8_t *destination, size_t length);

/*
 * A way to compute. The copies also write what they read, and what they return is the state of what
 * they wrote, even if the source changes meanwhile.
 */
struct kernel {
    uint64_t (*update)(const struct crc *crc, uint64_t state, const uint8_t *data, size_t length);
    crc_copy *copy;

    /* For copies that no cache could hold: does not first read the lines that it overwrites. */
    crc_copy *copy_past_caches;
};

/* Indexed by enum pinbounce_guard; filled in when the library is loaded. */
extern struct crc crc_guards[3];

extern const struct kernel crc_portable;

#if defined(__x86_64__)
extern const struct kernel crc_pclmul128;
extern const struct kernel crc_vpclmul256;
extern const struct kernel crc_vpclmul512;
#endif

/* The kernel of that enum pinbounce_kernel; the portable one where there is none. */
const struct kernel *crc_kernel(int kernel);

/* The state in which a CRC continues from a value that it returned, and back. */
static inline uint64_t crc_state(const struct crc *crc, uint64_t value)
{
    return (value ^ crc->inversion) << (crc->reflected ? 0 : 64 - crc->width);
}

static inline uint64_t crc_value(const struct crc *crc, uint64_t state)
{
    return (state >> (crc->reflected ? 0 : 64 - crc->width)) ^ crc->inversion;
}

#endif
