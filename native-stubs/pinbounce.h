/*
 * What the library exports. No call blocks, allocates or keeps a pointer; any number of threads may
 * call at once. Whoever loads it compares pinbounce_abi() with the number that it was written for.
 */
#ifndef PINBOUNCE_H
#define PINBOUNCE_H

#include <stddef.h>
#include <stdint.h>

#define PINBOUNCE_EXPORT __attribute__((visibility("default")))

/* Changes whenever anything in this file does. */
enum { PINBOUNCE_ABI = 2 };

enum pinbounce_guard {
    PINBOUNCE_CRC16_T10DIF = 0,
    PINBOUNCE_CRC32C = 1,
    PINBOUNCE_CRC64_NVME = 2
};

/* Ways to compute the same, from slow to fast. */
enum pinbounce_kernel {
    PINBOUNCE_PORTABLE = 0,    /* tables */
    PINBOUNCE_PCLMUL128 = 1,   /* x86-64: PCLMULQDQ, SSSE3 */
    PINBOUNCE_VPCLMUL256 = 2,  /* x86-64: VPCLMULQDQ, AVX2 */
    PINBOUNCE_VPCLMUL512 = 3   /* x86-64: VPCLMULQDQ, AVX-512F and BW */
};

/*
 * How the intervals of one request are protected. The tags' last field, which holds storage and
 * reference tag, has 32 bits (16b guard), 80 (32b guard) or 48 (64b guard); `high` is the upper 16
 * of those 80 and 0 for the others.
 */
struct pinbounce_protection {
    uint64_t guard_seed;

    /* What the field holds in interval i: fixed | ((reference + i * step) & reference_mask). */
    uint64_t reference;
    uint64_t step;
    uint64_t reference_mask;
    uint64_t fixed;

    /* The bits that are compared. */
    uint64_t checked;

    /* The bits that must all be ones, beside an application tag FFFF, for a tuple to escape. */
    uint64_t escape;

    /* The same three for the upper 16 bits of the 80. */
    uint16_t fixed_high;
    uint16_t checked_high;
    uint16_t escape_high;

    uint16_t app_tag;
    uint16_t app_checked;

    /* enum pinbounce_guard and enum pinbounce_kernel. */
    uint8_t guard;
    uint8_t kernel;

    /* 1 if the guard is computed and compared; if 0, it is written as 0 and never compared. */
    uint32_t guarded;

    uint32_t interval;         /* data bytes per tuple */
    uint32_t metadata_size;    /* metadata bytes per interval */
    uint32_t tuple_offset;     /* where the tuple starts in them; so many are guarded with the data */
};

PINBOUNCE_EXPORT int pinbounce_abi(void);

/* Bit k is set if enum pinbounce_kernel k runs on this processor under this kernel. */
PINBOUNCE_EXPORT int pinbounce_kernels(void);

/*
 * Continues a CRC from the value of the bytes before, or from 0, over `length` bytes that start
 * `offset` bytes after `memory`.
 */
PINBOUNCE_EXPORT uint64_t pinbounce_crc(int kernel, int guard, uint64_t seed, const void *memory,
                                        size_t offset, size_t length);

/*
 * Copies `length` bytes that start `from` bytes after `source` to `to` bytes after `destination`.
 * The two ranges must not overlap.
 */
PINBOUNCE_EXPORT void pinbounce_copy(const void *source, size_t from, void *destination, size_t to,
                                     size_t length);

/* Writes the tuples of `count` intervals. */
PINBOUNCE_EXPORT void pinbounce_guard(const struct pinbounce_protection *protection,
                                      const void *data, void *metadata, size_t count);

/*
 * Copies `count` intervals and writes their tuples. They match the destination, whatever happens to
 * the source meanwhile. The three ranges must not overlap.
 */
PINBOUNCE_EXPORT void pinbounce_guard_copy(const struct pinbounce_protection *protection,
                                           const void *source, void *destination,
                                           void *metadata, size_t count);

/* The number of the first interval that its tuple does not match, or `count`. */
PINBOUNCE_EXPORT size_t pinbounce_verify(const struct pinbounce_protection *protection,
                                         const void *data, const void *metadata, size_t count);

#endif
