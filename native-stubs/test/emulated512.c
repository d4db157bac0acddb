/*
 * The folding kernel with four lanes as one vector, made of single lanes: it shows on any x86-64
 * that the 512-bit kernel's constants, loops and lanes are right, only not its instructions.
 */

#include "test.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("pclmul,sse4.1")))
#define LEVEL 2
#define SHORTER crc_portable

#include "lanes.h"

typedef struct {
    __m128i lane[4];
} vector;

INLINE vector load(const uint8_t *source)
{
    vector a;
    memcpy(&a, source, sizeof a);
    return a;
}

INLINE void store(uint8_t *destination, vector a)
{
    memcpy(destination, &a, sizeof a);
}

#define stream(destination, a) store(destination, a)

INLINE vector opaque(vector a)
{
    __asm__("" : "+m"(a));
    return a;
}

INLINE vector broadcast(const uint64_t *pair)
{
    __m128i k = lane_load(pair);
    return (vector){{k, k, k, k}};
}

INLINE vector first_lane(uint64_t low, uint64_t high)
{
    __m128i zero = _mm_setzero_si128();
    return (vector){{lane_of(low, high), zero, zero, zero}};
}

INLINE vector add(vector a, vector b)
{
    for (int i = 0; i < 4; i++) {
        a.lane[i] = _mm_xor_si128(a.lane[i], b.lane[i]);
    }
    return a;
}

INLINE vector turned(vector a)
{
    for (int i = 0; i < 4; i++) {
        a.lane[i] = lane_turned(a.lane[i]);
    }
    return a;
}

INLINE vector folded(vector a, vector k, vector b)
{
    for (int i = 0; i < 4; i++) {
        b.lane[i] = lane_folded(a.lane[i], k.lane[i], b.lane[i]);
    }
    return b;
}

INLINE __m128i one_lane(vector a, const struct crc *crc)
{
    __m128i far = lane_load(crc->fold[1]);
    __m128i third = lane_folded(a.lane[0], far, a.lane[2]);
    __m128i fourth = lane_folded(a.lane[1], far, a.lane[3]);
    return lane_folded(third, lane_load(crc->fold[0]), fourth);
}

#include "fold.h"

const struct kernel test_emulated512 = {update, copy, copy_past_caches};

#else

typedef int no_emulated512_here;

#endif
