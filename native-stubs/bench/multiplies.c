/*
 * What no folding kernel can be faster than: only its carry-less multiplications, two for each lane
 * of 16 bytes, on registers, eight vectors at once.
 */

#include "bench.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { VECTORS = 8 };

#define MULTIPLIES(name, instructions, vector, broadcast, multiply, add)                           \
    __attribute__((target(instructions))) static uint64_t name(size_t length)                      \
    {                                                                                              \
        vector k = broadcast(_mm_set_epi64x(0x1234567, 0x7654321));                                \
        vector sums[VECTORS];                                                                      \
        _Pragma("GCC unroll 8")                                                                    \
        for (int i = 0; i < VECTORS; i++) {                                                        \
            sums[i] = broadcast(_mm_set1_epi64x(i + 1));                                           \
        }                                                                                          \
        for (; length >= sizeof sums; length -= sizeof sums) {                                     \
            _Pragma("GCC unroll 8")                                                                \
            for (int i = 0; i < VECTORS; i++) {                                                    \
                sums[i] = add(multiply(sums[i], k, 0x00), multiply(sums[i], k, 0x11));             \
            }                                                                                      \
        }                                                                                          \
        _Pragma("GCC unroll 8")                                                                    \
        for (int i = 1; i < VECTORS; i++) {                                                        \
            sums[0] = add(sums[0], sums[i]);                                                       \
        }                                                                                          \
        uint64_t first;                                                                            \
        memcpy(&first, &sums[0], sizeof first);                                                    \
        return first;                                                                              \
    }

#define same(a) (a)

MULTIPLIES(multiplies128, "pclmul,sse4.1", __m128i, same, _mm_clmulepi64_si128, _mm_xor_si128)
MULTIPLIES(multiplies256, "avx2,vpclmulqdq", __m256i, _mm256_broadcastsi128_si256,
           _mm256_clmulepi64_epi128, _mm256_xor_si256)
MULTIPLIES(multiplies512, "avx512f,vpclmulqdq", __m512i, _mm512_broadcast_i32x4,
           _mm512_clmulepi64_epi128, _mm512_xor_si512)

uint64_t multiplies(int kernel, size_t length)
{
    switch (kernel) {
    case PINBOUNCE_PCLMUL128:
        return multiplies128(length);
    case PINBOUNCE_VPCLMUL256:
        return multiplies256(length);
    case PINBOUNCE_VPCLMUL512:
        return multiplies512(length);
    default:
        return 0;
    }
}

#else

uint64_t multiplies(int kernel, size_t length)
{
    (void)kernel;
    (void)length;
    return 0;
}

#endif
