/*
 * The kernel for any processor: eight table look-ups for eight bytes.
 */

#include "crc.h"

#include <string.h>

static uint64_t load(const uint8_t *data, bool reflected)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    bool little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    return reflected == little_endian ? word : __builtin_bswap64(word);
}

static uint64_t update_normal(const struct crc *crc, uint64_t state, const uint8_t *data,
                              size_t length)
{
    for (; length >= 8; data += 8, length -= 8) {
        uint64_t word = state ^ load(data, false);
        state = 0;
        for (unsigned i = 0; i < 8; i++) {
            state ^= crc->table[i][word >> 8 * i & 0xFF];
        }
    }
    for (; length > 0; data++, length--) {
        state = state << 8 ^ crc->table[0][state >> 56 ^ *data];
    }
    return state;
}

static uint64_t update_reflected(const struct crc *crc, uint64_t state, const uint8_t *data,
                                 size_t length)
{
    for (; length >= 8; data += 8, length -= 8) {
        uint64_t word = state ^ load(data, true);
        state = 0;
        for (unsigned i = 0; i < 8; i++) {
            state ^= crc->table[7 - i][word >> 8 * i & 0xFF];
        }
    }
    for (; length > 0; data++, length--) {
        state = state >> 8 ^ crc->table[0][(state ^ *data) & 0xFF];
    }
    return state;
}

static uint64_t update(const struct crc *crc, uint64_t state, const uint8_t *data, size_t length)
{
    return crc->reflected ? update_reflected(crc, state, data, length)
                          : update_normal(crc, state, data, length);
}

static uint64_t copy(const struct crc *crc, uint64_t state, const uint8_t *source,
                     uint8_t *destination, size_t length)
{
    /* From here on only the destination counts: the source may change at any time. */
    memcpy(destination, source, length);
    __asm__ volatile("" ::: "memory");
    return update(crc, state, destination, length);
}

const struct kernel crc_portable = {update, copy, copy};
