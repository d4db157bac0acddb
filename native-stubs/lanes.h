/*
 * What can be done with one lane of 128 bits. TARGET is defined before.
 */

#include "crc.h"

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE __m128i lane_load(const uint64_t *pair)
{
    return _mm_loadu_si128((const __m128i *)pair);
}

INLINE __m128i lane_of(uint64_t low, uint64_t high)
{
    return _mm_set_epi64x((long long)high, (long long)low);
}

/* The shuffle that turns 16 bytes round. */
INLINE __m128i lane_turn(void)
{
    return _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

INLINE __m128i lane_turned(__m128i a)
{
    return _mm_shuffle_epi8(a, lane_turn());
}

INLINE __m128i lane_folded(__m128i a, __m128i k, __m128i b)
{
    __m128i products = _mm_xor_si128(_mm_clmulepi64_si128(a, k, 0x00),
                                     _mm_clmulepi64_si128(a, k, 0x11));
    return _mm_xor_si128(products, b);
}

/* An empty instruction that might have changed the register. */
#define LANES_OPAQUE(type)                                                                         \
    INLINE type opaque(type a)                                                                     \
    {                                                                                              \
        __asm__("" : "+v"(a));                                                                     \
        return a;                                                                                  \
    }
