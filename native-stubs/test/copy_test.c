/*
 * Copies of any length from any place to any place, and nothing beside them.
 */

#include "test.h"

enum { MOST = 10000, AROUND = 64 };

void test_copies(unsigned rounds)
{
    for (unsigned round = 0; round < rounds; round++) {
        size_t from = test_random() % AROUND;
        size_t to = test_random() % AROUND;
        size_t after = test_random() % AROUND;
        size_t length = test_random() % (MOST + 1);
        uint8_t *source = test_bytes(from + length);
        uint8_t *destination = test_bytes(to + length + after);
        uint8_t *before = malloc(to + length + after + 1);
        CHECK(before, "no memory");
        memcpy(before, destination, to + length + after);
        pinbounce_copy(source, from, destination, to, length);
        CHECK(memcmp(destination + to, source + from, length) == 0, "from=%zu to=%zu length=%zu",
              from, to, length);
        CHECK(memcmp(destination, before, to) == 0, "in front, to=%zu", to);
        CHECK(memcmp(destination + to + length, before + to + length, after) == 0,
              "behind, to=%zu length=%zu", to, length);
        free(before);
        free(destination);
        free(source);
    }
}
