// The kernels for AVX2, FMA and BMI2.
#if defined(__x86_64__)
#include "support.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define TABLE temper_kernels_avx2
#define FULL_WIDTH
#include "variant.h"
#pragma clang attribute pop
#endif
