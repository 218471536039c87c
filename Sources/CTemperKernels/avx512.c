// The kernels for AVX-512 (F, BW, CD, DQ, VL).
#if defined(__x86_64__)
#include "support.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define TABLE temper_kernels_avx512
#define MANY_REGISTERS 1
#define FULL_WIDTH __attribute__((min_vector_width(512)))
#include "variant.h"
#pragma clang attribute pop
#endif
