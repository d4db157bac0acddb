/*
 * The folding kernel, for vectors of any width. Whoever includes this defines before:
 *
 *   TARGET                 the function attribute that allows the instructions
 *   vector                 the type, of one or more lanes of 128 bits
 *   LEVEL                  a lane has 16 bytes, a vector 16 << LEVEL
 *   load, store            unaligned
 *   stream                 aligned, past the caches
 *   opaque(a)              a; the compiler forgets where it came from and cannot load it again
 *   broadcast(pair)        two 64-bit numbers in each lane
 *   first_lane(low, high)  two 64-bit numbers in the first lane, 0 in the others
 *   add(a, b)              exclusive or
 *   turned(a)              each lane's 16 bytes in the opposite order
 *   folded(a, k, b)        in each lane: a.low * k.low + a.high * k.high + b
 *   one_lane(a, crc)       a as a single lane: its lanes folded onto the last one
 *   SHORTER                the kernel for what is shorter than a block
 *
 * Adding 128 bits again further on, multiplied by x^distance modulo Q, leaves the remainder what it
 * was. Eight vectors are folded at once, each onto the one that comes eight later: one alone would
 * wait for its multiplication all the time.
 *
 *     data   | v0 | v1 | ... | v7 | v8 | v9 | ...
 *              \______________________^
 *
 * In the end the first four of the eight are folded onto the other four, two onto two, one onto one,
 * and the lanes of the last vector in the same way; a lane is reduced with Barrett's method.
 */

enum { ACCUMULATORS = 8, VECTOR = 16 << LEVEL, BLOCK = ACCUMULATORS * VECTOR };

enum mode {
    READING,
    COPYING,
    /* Copying past the caches, to a destination that is aligned to whole vectors. */
    STREAMING
};

/* What a loop is at. The last two are constants wherever it is inlined. */
struct range {
    const uint8_t *source;
    uint8_t *destination;
    size_t left;
    enum mode mode;
    bool reflected;
};

/* Takes the next vector. A copy must store the very value that it folds: see opaque. */
INLINE vector next(struct range *range)
{
    vector raw = load(range->source);
    if (range->mode != READING) {
        raw = opaque(raw);
        if (range->mode == COPYING) {
            store(range->destination, raw);
        } else {
            stream(range->destination, raw);
        }
        range->destination += VECTOR;
    }
    range->source += VECTOR;
    range->left -= VECTOR;
    return range->reflected ? raw : turned(raw);
}

/*
 * While streaming, the source is fetched so far ahead, past the outer caches: the processor's own
 * prefetching stops at the end of each page, and begins anew in the next. Fetching what lies behind
 * the source is no error, and happens to no effect.
 */
enum { AHEAD = 2048, CACHE_LINE = 64 };

INLINE void fetch_ahead(const struct range *range)
{
    if (range->mode == STREAMING) {
        for (size_t at = AHEAD; at < AHEAD + BLOCK; at += CACHE_LINE) {
            __builtin_prefetch(range->source + at, 0, 0);
        }
    }
}

/* A lane times x^64, modulo Q. */
INLINE uint64_t reduced(__m128i lane, const struct crc *crc, bool reflected)
{
    __m128i constants = _mm_set_epi64x((long long)crc->quotient, (long long)crc->last);
    __m128i polynomial = _mm_cvtsi64_si128((long long)crc->polynomial);
    if (reflected) {
        __m128i sum = _mm_clmulepi64_si128(lane, constants, 0x00);
        __m128i front = _mm_xor_si128(sum, _mm_srli_si128(lane, 8));
        __m128i digits = _mm_slli_epi64(_mm_clmulepi64_si128(front, constants, 0x10), 1);
        __m128i product = _mm_clmulepi64_si128(_mm_xor_si128(front, digits), polynomial, 0x00);
        uint64_t low = (uint64_t)_mm_cvtsi128_si64(product);
        uint64_t high = (uint64_t)_mm_extract_epi64(product, 1);
        return (high << 1 | low >> 63) ^ (uint64_t)_mm_extract_epi64(sum, 1);
    }
    __m128i sum = _mm_clmulepi64_si128(lane, constants, 0x01);
    __m128i front = _mm_xor_si128(_mm_srli_si128(sum, 8), lane);
    __m128i digits = _mm_srli_si128(_mm_clmulepi64_si128(front, constants, 0x10), 8);
    __m128i product = _mm_clmulepi64_si128(_mm_xor_si128(front, digits), polynomial, 0x00);
    return (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(product, sum));
}

/* The state after all whole vectors, of which there is at least one block. */
INLINE uint64_t fold_vectors(const struct crc *crc, uint64_t state, struct range *range)
{
    vector first = range->reflected ? first_lane(state, 0) : first_lane(0, state);
    vector sum0 = add(next(range), first);
    vector sum1 = next(range);
    vector sum2 = next(range);
    vector sum3 = next(range);
    vector sum4 = next(range);
    vector sum5 = next(range);
    vector sum6 = next(range);
    vector sum7 = next(range);
    vector k = broadcast(crc->fold[LEVEL + 3]);
    while (range->left >= BLOCK) {
        fetch_ahead(range);
        sum0 = folded(sum0, k, next(range));
        sum1 = folded(sum1, k, next(range));
        sum2 = folded(sum2, k, next(range));
        sum3 = folded(sum3, k, next(range));
        sum4 = folded(sum4, k, next(range));
        sum5 = folded(sum5, k, next(range));
        sum6 = folded(sum6, k, next(range));
        sum7 = folded(sum7, k, next(range));
    }
    k = broadcast(crc->fold[LEVEL + 2]);
    sum4 = folded(sum0, k, sum4);
    sum5 = folded(sum1, k, sum5);
    sum6 = folded(sum2, k, sum6);
    sum7 = folded(sum3, k, sum7);
    k = broadcast(crc->fold[LEVEL + 1]);
    sum6 = folded(sum4, k, sum6);
    sum7 = folded(sum5, k, sum7);
    k = broadcast(crc->fold[LEVEL]);
    sum7 = folded(sum6, k, sum7);
    while (range->left >= VECTOR) {
        sum7 = folded(sum7, k, next(range));
    }
    return reduced(one_lane(sum7, crc), crc, range->reflected);
}

INLINE uint64_t fold_any(const struct crc *crc, uint64_t state, struct range *range)
{
    if (range->left < BLOCK) {
        return state;
    }
    if (crc->reflected) {
        range->reflected = true;
        return fold_vectors(crc, state, range);
    }
    range->reflected = false;
    return fold_vectors(crc, state, range);
}

TARGET static uint64_t update(const struct crc *crc, uint64_t state, const uint8_t *data,
                              size_t length)
{
    struct range range = {.source = data, .left = length, .mode = READING};
    state = fold_any(crc, state, &range);
    return SHORTER.update(crc, state, range.source, range.left);
}

TARGET static uint64_t copy(const struct crc *crc, uint64_t state, const uint8_t *source,
                            uint8_t *destination, size_t length)
{
    struct range range = {source, destination, length, COPYING, false};
    state = fold_any(crc, state, &range);
    return SHORTER.copy(crc, state, range.source, range.destination, range.left);
}

TARGET static uint64_t copy_past_caches(const struct crc *crc, uint64_t state,
                                        const uint8_t *source, uint8_t *destination,
                                        size_t length)
{
    if ((uintptr_t)destination % VECTOR != 0) {
        return copy(crc, state, source, destination, length);
    }
    struct range range = {source, destination, length, STREAMING, false};
    state = fold_any(crc, state, &range);
    return SHORTER.copy(crc, state, range.source, range.destination, range.left);
}
