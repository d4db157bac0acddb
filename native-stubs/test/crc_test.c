/*
 * Every kernel against the definition.
 */

#include "test.h"

enum { LONGEST = 4200, ALIGNMENTS = 64 };

struct definition {
    unsigned width;
    uint64_t polynomial;
    bool reflected;
    uint64_t inversion;
    uint64_t check;  /* over the digits 1 to 9 */
};

/* The reflected ones with their polynomials reflected. */
static const struct definition definitions[] = {
    {16, 0x8BB7, false, 0, 0xD0DB},
    {32, 0x82F63B78, true, UINT32_MAX, 0xE3069283},
    {64, 0x9A6C9329AC4BC9B5, true, UINT64_MAX, 0xAE8B14860A799888},
};

static uint64_t one_bit(const struct definition *d, uint64_t value, unsigned bit)
{
    if (d->reflected) {
        bool out = (value ^ bit) & 1;
        return value >> 1 ^ (out ? d->polynomial : 0);
    }
    bool out = (value >> (d->width - 1) ^ bit) & 1;
    uint64_t mask = (UINT64_C(1) << d->width) - 1;
    return (value << 1 & mask) ^ (out ? d->polynomial : 0);
}

uint64_t reference_crc(int guard, uint64_t value, const uint8_t *data, size_t length)
{
    const struct definition *d = &definitions[guard];
    value ^= d->inversion;
    for (size_t i = 0; i < length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            value = one_bit(d, value, data[i] >> (d->reflected ? bit : 7 - bit) & 1);
        }
    }
    return value ^ d->inversion;
}

void test_known_answers(void)
{
    static const uint8_t digits[] = "123456789";
    for (int guard = 0; guard < 3; guard++) {
        uint64_t expected = definitions[guard].check;
        CHECK(reference_crc(guard, 0, digits, 9) == expected, "guard=%d", guard);
        CHECK(pinbounce_crc(PINBOUNCE_PORTABLE, guard, 0, digits, 0, 9) == expected,
              "guard=%d", guard);
    }
}

static void check_copy(const struct named_kernel *k, crc_copy *function, const struct crc *crc,
                       uint64_t seed, const uint8_t *data, size_t length, uint64_t expected)
{
    static _Alignas(64) uint8_t copy[LONGEST + 1];
    memset(copy, 0, length);
    copy[length] = 0xA5;
    uint64_t value = crc_value(crc, function(crc, crc_state(crc, seed), data, copy, length));
    CHECK(value == expected, "kernel=%s length=%zu", k->name, length);
    CHECK(memcmp(copy, data, length) == 0, "kernel=%s length=%zu", k->name, length);
    CHECK(copy[length] == 0xA5, "kernel=%s length=%zu", k->name, length);
}

static void check_lengths(const struct named_kernel *k, int guard, unsigned alignment)
{
    const struct crc *crc = &crc_guards[guard];
    uint8_t *message = test_bytes(LONGEST);
    uint64_t seed = test_random() & (UINT64_MAX >> (64 - crc->width));
    uint64_t expected = seed;
    for (size_t length = 0; length <= LONGEST; length++) {
        uint8_t *bytes = malloc(alignment + length + 1);
        CHECK(bytes, "no memory, length=%zu", length);
        /* The last byte of the memory is the last byte of the message. */
        uint8_t *data = bytes + alignment + 1;
        memcpy(data, message, length);
        uint64_t state = k->kernel->update(crc, crc_state(crc, seed), data, length);
        CHECK(crc_value(crc, state) == expected,
              "kernel=%s guard=%d length=%zu alignment=%u value=%llx expected=%llx", k->name,
              guard, length, alignment, (unsigned long long)crc_value(crc, state),
              (unsigned long long)expected);
        if (alignment % 8 == 0) {
            check_copy(k, k->kernel->copy, crc, seed, data, length, expected);
            check_copy(k, k->kernel->copy_past_caches, crc, seed, data, length, expected);
        }
        free(bytes);
        expected = reference_crc(guard, expected, message + length, length < LONGEST ? 1 : 0);
    }
    free(message);
}

void test_all_lengths(unsigned alignment_step)
{
    for (const struct named_kernel *k = test_kernels; k->name; k++) {
        for (int guard = 0; guard < 3; guard++) {
            for (unsigned alignment = 0; alignment < ALIGNMENTS; alignment += alignment_step) {
                check_lengths(k, guard, alignment);
            }
        }
    }
}
