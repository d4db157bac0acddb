/*
 * VPCLMULQDQ with AVX2: two lanes at a time.
 */

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,pclmul,vpclmulqdq")))
#define LEVEL 1
#define SHORTER crc_pclmul128

#include "lanes.h"

typedef __m256i vector;

LANES_OPAQUE(vector)

#define load(source) _mm256_loadu_si256((const __m256i *)(source))
#define store(destination, a) _mm256_storeu_si256((__m256i *)(destination), a)
#define stream(destination, a) _mm256_stream_si256((__m256i *)(destination), a)
#define broadcast(pair) _mm256_broadcastsi128_si256(lane_load(pair))
#define first_lane(low, high) _mm256_zextsi128_si256(lane_of(low, high))
#define add(a, b) _mm256_xor_si256(a, b)
#define turned(a) _mm256_shuffle_epi8(a, _mm256_broadcastsi128_si256(lane_turn()))

INLINE __m256i folded(__m256i a, __m256i k, __m256i b)
{
    __m256i products = _mm256_xor_si256(_mm256_clmulepi64_epi128(a, k, 0x00),
                                        _mm256_clmulepi64_epi128(a, k, 0x11));
    return _mm256_xor_si256(products, b);
}

INLINE __m128i one_lane(__m256i a, const struct crc *crc)
{
    return lane_folded(_mm256_castsi256_si128(a), lane_load(crc->fold[0]),
                       _mm256_extracti128_si256(a, 1));
}

#include "fold.h"

const struct kernel crc_vpclmul256 = {update, copy, copy_past_caches};

#else

typedef int no_vpclmul256_here;

#endif
