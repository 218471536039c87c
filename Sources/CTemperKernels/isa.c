// Which instruction set is used: the best that the CPU has, or less where TEMPER_ISA says so.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static const char *const names[] = {"scalar", "avx2", "avx512", "avx512bf16"};

const char *temper_isa_name(int32_t isa) { return isa >= 0 && isa < TEMPER_ISA_COUNT ? names[isa] : NULL; }

int32_t temper_isa_detected(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi2"))
        return TEMPER_ISA_SCALAR;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")
        || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512cd"))
        return TEMPER_ISA_AVX2;
    return __builtin_cpu_supports("avx512bf16") ? TEMPER_ISA_AVX512_BFLOAT16 : TEMPER_ISA_AVX512;
#else
    return TEMPER_ISA_SCALAR;
#endif
}

int32_t temper_isa_limit(void) {
    const char *text = getenv("TEMPER_ISA");
    if (!text || !*text) return TEMPER_ISA_COUNT;
    for (int32_t isa = 0; isa < TEMPER_ISA_COUNT; isa++)
        if (strcmp(text, names[isa]) == 0) return isa;
    return -1;
}

int32_t temper_isa(void) {
    static _Atomic int32_t known = -1;
    int32_t isa = atomic_load_explicit(&known, memory_order_relaxed);
    if (isa >= 0) return isa;
    int32_t detected = temper_isa_detected(), limit = temper_isa_limit();
    isa = limit >= 0 && limit < detected ? limit : detected;
    atomic_store_explicit(&known, isa, memory_order_relaxed);
    return isa;
}

const temper_kernel_table *temper_kernels(void) {
#if defined(__x86_64__)
    int32_t isa = temper_isa();
    if (isa >= TEMPER_ISA_AVX512) return &temper_kernels_avx512;
    if (isa == TEMPER_ISA_AVX2) return &temper_kernels_avx2;
#endif
    return &temper_kernels_scalar;
}
