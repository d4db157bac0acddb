/*
 * Which kernels run on this processor, and the CRC by itself.
 */

#include "crc.h"
#include "pinbounce.h"

int pinbounce_abi(void)
{
    return PINBOUNCE_ABI;
}

int pinbounce_kernels(void)
{
    int kernels = 1 << PINBOUNCE_PORTABLE;
#if defined(__x86_64__)
    /* The compiler's own test asks XGETBV too: whether Linux saves the wide registers. */
    __builtin_cpu_init();
    if (__builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")) {
        kernels |= 1 << PINBOUNCE_PCLMUL128;
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("vpclmulqdq")) {
            kernels |= 1 << PINBOUNCE_VPCLMUL256;
            if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) {
                kernels |= 1 << PINBOUNCE_VPCLMUL512;
            }
        }
    }
#endif
    return kernels;
}

const struct kernel *crc_kernel(int kernel)
{
    switch (kernel) {
#if defined(__x86_64__)
    case PINBOUNCE_PCLMUL128:
        return &crc_pclmul128;
    case PINBOUNCE_VPCLMUL256:
        return &crc_vpclmul256;
    case PINBOUNCE_VPCLMUL512:
        return &crc_vpclmul512;
#endif
    default:
        return &crc_portable;
    }
}

uint64_t pinbounce_crc(int kernel, int guard, uint64_t seed, const void *memory, size_t offset,
                       size_t length)
{
    const uint8_t *data = (const uint8_t *)memory + offset;
    const struct crc *crc = &crc_guards[guard];
    uint64_t state = crc_kernel(kernel)->update(crc, crc_state(crc, seed), data, length);
    return crc_value(crc, state);
}
