#ifndef PINBOUNCE_BENCH_H
#define PINBOUNCE_BENCH_H

#include "pinbounce.h"

#include <string.h>

/* The carry-less multiplications that a kernel needs for so many bytes, and nothing else. */
uint64_t multiplies(int kernel, size_t length);

#endif
