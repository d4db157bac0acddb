/*
 * PCLMULQDQ: one lane at a time.
 */

#if defined(__x86_64__)

#define TARGET __attribute__((target("pclmul,sse4.1")))
#define LEVEL 0
#define SHORTER crc_portable

#include "lanes.h"

typedef __m128i vector;

LANES_OPAQUE(vector)

#define load(source) _mm_loadu_si128((const __m128i *)(source))
#define store(destination, a) _mm_storeu_si128((__m128i *)(destination), a)
#define stream(destination, a) _mm_stream_si128((__m128i *)(destination), a)
#define broadcast(pair) lane_load(pair)
#define first_lane(low, high) lane_of(low, high)
#define add(a, b) _mm_xor_si128(a, b)
#define turned(a) lane_turned(a)
#define folded(a, k, b) lane_folded(a, k, b)
#define one_lane(a, crc) ((void)(crc), (a))

#include "fold.h"

const struct kernel crc_pclmul128 = {update, copy, copy_past_caches};

#else

typedef int no_pclmul128_here;

#endif
