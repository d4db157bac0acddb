/*
 * Computes every constant from the three polynomials, when the library is loaded.
 */

#include "crc.h"
#include "pinbounce.h"

struct crc crc_guards[3];

/* remainder * x, modulo x^64 + polynomial. */
static uint64_t times_x(uint64_t remainder, uint64_t polynomial)
{
    return remainder << 1 ^ (remainder >> 63 ? polynomial : 0);
}

/* x^exponent modulo x^64 + polynomial. */
static uint64_t power(unsigned exponent, uint64_t polynomial)
{
    uint64_t remainder = 1;
    for (unsigned i = 0; i < exponent; i++) {
        remainder = times_x(remainder, polynomial);
    }
    return remainder;
}

/* x^128 / (x^64 + polynomial) without its x^64: long division, which starts with that x^64. */
static uint64_t quotient(uint64_t polynomial)
{
    uint64_t digits = 0;
    uint64_t remainder = polynomial;
    for (int i = 0; i < 64; i++) {
        digits = digits << 1 | remainder >> 63;
        remainder = times_x(remainder, polynomial);
    }
    return digits;
}

static uint64_t reversed(uint64_t bits)
{
    uint64_t result = 0;
    for (int i = 0; i < 64; i++) {
        result = result << 1 | (bits >> i & 1);
    }
    return result;
}

/*
 * The product of two reflected factors comes out one bit too low, as if multiplied by x. Their
 * constants are therefore powers one lower. Their front half is the low one.
 */
static void folds(struct crc *crc, uint64_t polynomial)
{
    for (unsigned k = 0; k < CRC_FOLDS; k++) {
        unsigned distance = 128u << k;
        if (crc->reflected) {
            crc->fold[k][0] = reversed(power(distance + 63, polynomial));
            crc->fold[k][1] = reversed(power(distance - 1, polynomial));
        } else {
            crc->fold[k][0] = power(distance, polynomial);
            crc->fold[k][1] = power(distance + 64, polynomial);
        }
    }
}

static void table(struct crc *crc, uint64_t polynomial)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint64_t front = crc->reflected ? reversed(byte) : (uint64_t)byte << 56;
        for (unsigned k = 0; k < 8; k++) {
            for (int bit = 0; bit < 8; bit++) {
                front = times_x(front, polynomial);
            }
            crc->table[k][byte] = crc->reflected ? reversed(front) : front;
        }
    }
}

/* `low_terms` are those of P below x^width, the highest power in the highest bit. */
static void define(struct crc *crc, unsigned width, uint64_t low_terms, bool reflected,
                   uint64_t inversion)
{
    uint64_t polynomial = low_terms << (64 - width);
    uint64_t last = power(reflected ? 127 : 128, polynomial);
    crc->width = width;
    crc->reflected = reflected;
    crc->inversion = inversion;
    crc->last = reflected ? reversed(last) : last;
    crc->quotient = reflected ? reversed(quotient(polynomial)) : quotient(polynomial);
    crc->polynomial = reflected ? reversed(polynomial) : polynomial;
    folds(crc, polynomial);
    table(crc, polynomial);
}

__attribute__((constructor)) static void define_all(void)
{
    define(&crc_guards[PINBOUNCE_CRC16_T10DIF], 16, 0x8BB7, false, 0);
    define(&crc_guards[PINBOUNCE_CRC32C], 32, 0x1EDC6F41, true, UINT32_MAX);
    define(&crc_guards[PINBOUNCE_CRC64_NVME], 64, 0xAD93D23594C93659, true, UINT64_MAX);
}
