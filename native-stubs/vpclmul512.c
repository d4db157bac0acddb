/*
 * VPCLMULQDQ with AVX-512: four lanes at a time.
 */

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx512f,avx512bw,pclmul,vpclmulqdq")))
#define LEVEL 2
#define SHORTER crc_vpclmul256

#include "lanes.h"

typedef __m512i vector;

LANES_OPAQUE(vector)

#define load(source) _mm512_loadu_si512(source)
#define store(destination, a) _mm512_storeu_si512(destination, a)
#define stream(destination, a) _mm512_stream_si512((__m512i *)(destination), a)
#define broadcast(pair) _mm512_broadcast_i32x4(lane_load(pair))
#define first_lane(low, high) _mm512_zextsi128_si512(lane_of(low, high))
#define add(a, b) _mm512_xor_si512(a, b)
#define turned(a) _mm512_shuffle_epi8(a, _mm512_broadcast_i32x4(lane_turn()))

INLINE __m512i folded(__m512i a, __m512i k, __m512i b)
{
    /* 0x96 is the truth table of the exclusive or of three. */
    return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(a, k, 0x00),
                                     _mm512_clmulepi64_epi128(a, k, 0x11), b, 0x96);
}

INLINE __m128i one_lane(__m512i a, const struct crc *crc)
{
    __m128i far = lane_load(crc->fold[1]);
    __m128i third = lane_folded(_mm512_castsi512_si128(a), far, _mm512_extracti32x4_epi32(a, 2));
    __m128i fourth = lane_folded(_mm512_extracti32x4_epi32(a, 1), far,
                                 _mm512_extracti32x4_epi32(a, 3));
    return lane_folded(third, lane_load(crc->fold[0]), fourth);
}

#include "fold.h"

const struct kernel crc_vpclmul512 = {update, copy, copy_past_caches};

#else

typedef int no_vpclmul512_here;

#endif
