// What is called from outside: each kernel in the form for the instruction set that is used.
#include <string.h>

#include "table.h"

#define DEFINE_ELEMENT(name, arguments, ...) \
    void temper_##name(int32_t half, __VA_ARGS__) { temper_kernels()->name(half, LIST arguments); }
#define DEFINE_PLAIN(result, name, arguments, ...) \
    result temper_##name(__VA_ARGS__) { return temper_kernels()->name arguments; }

TEMPER_ELEMENT_KERNELS(DEFINE_ELEMENT)
TEMPER_PLAIN_KERNELS(DEFINE_PLAIN)

void temper_to_bfloat16(const float *source, uint16_t *target, int64_t count) { temper_convert(1, source, target, count); }

void temper_gather_embeddings(const float *table, const int32_t *ids, float *target, int64_t rows, int64_t width) {
    temper_gather_rows(table, ids, target, rows, width * (int64_t)sizeof(float));
}

void temper_gather_rows(const void *source, const int32_t *indices, void *target, int64_t rows, int64_t row_bytes) {
    for (int64_t row = 0; row < rows; row++) {
        char *out = (char *)target + row * row_bytes;
        if (indices[row] < 0) memset(out, 0, (size_t)row_bytes);
        else memcpy(out, (const char *)source + indices[row] * row_bytes, (size_t)row_bytes);
    }
}

void temper_scatter_rows(const void *source, const int32_t *indices, void *target, int64_t rows, int64_t row_bytes) {
    for (int64_t row = 0; row < rows; row++) {
        if (indices[row] < 0) continue;
        memcpy((char *)target + indices[row] * row_bytes, (const char *)source + row * row_bytes, (size_t)row_bytes);
    }
}

// Keys lie transposed, [head_width, block]; values are rows, padded to a multiple of 16.
void temper_cache_store(
    const float *key, const float *value, float *key_block, float *value_block, int64_t slot, int64_t head_width) {
    int64_t width = temper_cache_head_count(0, head_width) / TEMPER_CACHE_BLOCK;
    for (int64_t i = 0; i < head_width; i++) key_block[i * TEMPER_CACHE_BLOCK + slot] = key[i];
    memcpy(value_block + slot * width, value, (size_t)head_width * sizeof(float));
}
