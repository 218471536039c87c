// What all kernels share: bfloat16, a vectorisable exponential, hashes.
#ifndef TEMPER_KERNEL_SUPPORT_H
#define TEMPER_KERNEL_SUPPORT_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINED static inline __attribute__((always_inline))

// Sums may be split into vector lanes and multiply-adds fused; NaN and infinity keep their meaning.
#pragma clang fp reassociate(on)
#pragma clang fp contract(fast)

typedef uint16_t bfloat16;

INLINED float load_float(float value) { return value; }
INLINED float store_float(float value) { return value; }

INLINED float load_bfloat16(bfloat16 value) {
    uint32_t bits = (uint32_t)value << 16;
    float result;
    memcpy(&result, &bits, sizeof(result));
    return result;
}

// Round to nearest, ties to even. A NaN with only low bits set would become infinity: the top mantissa bit is set for it.
INLINED bfloat16 store_bfloat16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    return (bfloat16)(value != value ? (bits >> 16) | 0x40u : rounded);
}

// exp for fp32: 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2] (Cephes' expf). Below -87 the result is 0.
INLINED float exponential(float x) {
    float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
    float shifted = clamped * 1.44269504088896341f + 12582912.0f;  // adding 1.5 * 2^23 rounds to an integer
    int32_t bits;
    memcpy(&bits, &shifted, sizeof(bits));
    float n = shifted - 12582912.0f;
    float r = clamped - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    int32_t exponent = (int32_t)((uint32_t)(bits - 0x4B400000 + 127) << 23);
    float power;
    memcpy(&power, &exponent, sizeof(power));
    float result = p * power;
    return x < -87.0f ? 0.0f : (x != x ? x : result);
}

// A row's state for the hash of its numbers: a round of splitmix64 (Steele et al. 2014) over seed and key.
INLINED uint32_t row_state(uint64_t seed, uint64_t key) {
    uint64_t x = seed + (key + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((x ^ (x >> 31)) >> 32);
}

// 32 bits for the i-th number of a row: a multiply-xorshift finaliser with the constants of C. Wellons' hash-prospector (2018).
INLINED uint32_t hashed(uint32_t state, int64_t i) {
    uint32_t x = state + (uint32_t)i * 0x9e3779b9u;
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

// The largest of count >= 1 values, in lanes that compile to vector maxima.
INLINED float maximum(const float *values, int64_t count) {
    float lanes[16], highest = values[0];
    for (int lane = 0; lane < 16; lane++) lanes[lane] = highest;
    int64_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (int lane = 0; lane < 16; lane++) lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    for (; i < count; i++) highest = values[i] > highest ? values[i] : highest;
    for (int lane = 0; lane < 16; lane++) highest = lanes[lane] > highest ? lanes[lane] : highest;
    return highest;
}

#endif
