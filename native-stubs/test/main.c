/*
 * Runs every test: stubs-test [alignment step [seed]]
 * Only names the kernels that run here: stubs-test kernels
 */

#include "test.h"

#include <time.h>

uint64_t test_seed;

struct named_kernel test_kernels[6];

static uint64_t state;

uint64_t test_random(void)
{
    /* xorshift64: the state must never be 0. */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

uint8_t *test_bytes(size_t length)
{
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    CHECK(bytes, "no memory, length=%zu", length);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)test_random();
    }
    return bytes;
}

static void find_kernels(void)
{
    static const char *const names[] = {"portable", "pclmul128", "vpclmul256", "vpclmul512"};
    int usable = pinbounce_kernels();
    int count = 0;
    for (int number = 0; number < 4; number++) {
        if (usable >> number & 1) {
            test_kernels[count++] =
                (struct named_kernel){names[number], crc_kernel(number), number};
        }
    }
#if defined(__x86_64__)
    if (usable >> PINBOUNCE_PCLMUL128 & 1) {
        test_kernels[count] = (struct named_kernel){"emulated512", &test_emulated512, -1};
    }
#endif
}

static void print_kernels(void)
{
    for (const struct named_kernel *k = test_kernels; k->name; k++) {
        printf(" %s", k->name);
    }
}

int main(int count, char **arguments)
{
    find_kernels();
    if (count > 1 && strcmp(arguments[1], "kernels") == 0) {
        print_kernels();
        return 0;
    }
    unsigned step = count > 1 ? (unsigned)atoi(arguments[1]) : 1;
    test_seed = count > 2 ? strtoull(arguments[2], NULL, 10) : (uint64_t)time(NULL);
    state = test_seed * 2 + 1;
    printf("native-stubs: kernels");
    print_kernels();
    printf(", seed=%llu\n", (unsigned long long)test_seed);
    test_known_answers();
    test_all_lengths(step);
    test_protection(6000 / step);
    test_changing_source(300 / step);
    test_copies(3000 / step);
    return 0;
}
