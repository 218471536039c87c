// Products of bfloat16 rows with matrices in panels, and attention over a cache whose keys and values lie in panels.
//
// A panel holds 16 outputs of a matrix [outputs, inputs]: for each pair of inputs the 16 outputs' two weights side by side, 64
// bytes, one register. A row's pair is repeated in another register, and one instruction multiplies and adds both. Every
// output of every row is summed pair after pair in one register, so that it does not depend on the rows beside it.
#include <stdlib.h>

#include "support.h"
#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define HAS_WIDE 1
#else
#define HAS_WIDE 0
#endif

enum { LANES = 16, MOST_ROWS = 8 };

// y[r, 16 c + lane] = (accumulate ? y : 0) + sum over pairs of x[r, pair] * w[c, pair, lane]; strides in elements.
typedef struct {
    const bfloat16 *x;
    int64_t x_stride;
    const bfloat16 *w;
    int64_t panel_stride;
    int64_t pairs;
    float *y;
    int64_t y_stride;
    int32_t accumulate;
} tile_job;

static void plain_tile(int64_t rows, int64_t panels, tile_job job) {
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < panels; c++) {
            float *y = job.y + r * job.y_stride + LANES * c;
            for (int lane = 0; lane < LANES; lane++) {
                float sum = job.accumulate ? y[lane] : 0;
                for (int64_t k = 0; k < job.pairs; k++) {
                    const bfloat16 *x = job.x + r * job.x_stride + 2 * k;
                    const bfloat16 *w = job.w + c * job.panel_stride + 2 * (LANES * k + lane);
                    sum += load_bfloat16(x[1]) * load_bfloat16(w[1]);
                    sum += load_bfloat16(x[0]) * load_bfloat16(w[0]);
                }
                y[lane] = sum;
            }
        }
    }
}

#if HAS_WIDE
// Rows and panels are constants where it is inlined, so that all sums stay in registers.
WIDE static inline __attribute__((always_inline)) void wide_tile(const int rows, const int panels, tile_job job) {
    __m512 sums[MOST_ROWS][16];
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < panels; c++)
            sums[r][c] = job.accumulate ? _mm512_loadu_ps(job.y + r * job.y_stride + LANES * c) : _mm512_setzero_ps();
    for (int64_t k = 0; k < job.pairs; k++) {
        __m512bh weights[16];
        for (int c = 0; c < panels; c++)
            weights[c] = (__m512bh)_mm512_loadu_si512(job.w + c * job.panel_stride + 2 * LANES * k);
        for (int r = 0; r < rows; r++) {
            int32_t bits;
            memcpy(&bits, job.x + r * job.x_stride + 2 * k, sizeof(bits));
            __m512bh pair = (__m512bh)_mm512_set1_epi32(bits);
            for (int c = 0; c < panels; c++) sums[r][c] = _mm512_dpbf16_ps(sums[r][c], weights[c], pair);
        }
    }
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < panels; c++) _mm512_storeu_ps(job.y + r * job.y_stride + LANES * c, sums[r][c]);
}

#define TILES(ROWS, PANELS) \
    case ROWS: \
        for (; c + PANELS <= panels; c += PANELS) wide_tile(ROWS, PANELS, at_panel(job, c)); \
        for (; c < panels; c++) wide_tile(ROWS, 1, at_panel(job, c)); \
        break;

static inline tile_job at_panel(tile_job job, int64_t c) {
    job.w += c * job.panel_stride;
    job.y += LANES * c;
    return job;
}

// As many panels at once as there are registers for their sums.
WIDE static void wide_tiles(int64_t rows, int64_t panels, tile_job job) {
    int64_t c = 0;
    switch (rows) {
        TILES(1, 12)
        TILES(2, 8)
        TILES(3, 4)
        TILES(4, 4)
        TILES(5, 4)
        TILES(6, 4)
        TILES(7, 3)
        TILES(8, 3)
    }
}
#endif

static void tiles(int64_t rows, int64_t panels, tile_job job) {
#if HAS_WIDE
    if (temper_isa() >= TEMPER_ISA_AVX512_BFLOAT16) return wide_tiles(rows, panels, job);
#endif
    plain_tile(rows, panels, job);
}

void temper_to_panels(uint16_t *matrix, int64_t outputs, int64_t inputs, uint16_t *scratch) {
    for (int64_t first = 0; first < outputs; first += LANES) {
        uint16_t *block = matrix + first * inputs;
        memcpy(scratch, block, (size_t)(LANES * inputs) * sizeof(uint16_t));
        for (int64_t lane = 0; lane < LANES; lane++)
            for (int64_t i = 0; i < inputs; i++) block[i / 2 * 2 * LANES + 2 * lane + i % 2] = scratch[lane * inputs + i];
    }
}

void temper_from_panels(
    const uint16_t *panels, uint16_t *target, int64_t first_output, int64_t outputs, int64_t inputs, int64_t first_input,
    int64_t columns) {
    for (int64_t row = 0; row < outputs; row++) {
        int64_t output = first_output + row;
        const uint16_t *panel = panels + output / LANES * LANES * inputs + 2 * (output % LANES);
        for (int64_t j = 0; j < columns; j++) {
            int64_t i = first_input + j;
            target[row * columns + j] = panel[i / 2 * 2 * LANES + i % 2];
        }
    }
}

static void product(
    void (*tiles)(int64_t rows, int64_t panels, tile_job job), int32_t half, const uint16_t *x, int64_t x_stride, int64_t rows,
    const uint16_t *panels, int64_t inputs, int64_t outputs, void *y, int64_t y_stride, int32_t accumulate) {
    // A group of panels should stay in the second cache while all rows go over it.
    enum { GROUP = 12 };
    float sums[MOST_ROWS * GROUP * LANES];
    int64_t count = outputs / LANES;
    for (int64_t c = 0; c < count; c += GROUP) {
        int64_t group = count - c < GROUP ? count - c : GROUP;
        for (int64_t r = 0; r < rows; r += MOST_ROWS) {
            int64_t some = rows - r < MOST_ROWS ? rows - r : MOST_ROWS;
            tile_job job = {
                x + r * x_stride, x_stride, panels + c * LANES * inputs, LANES * inputs, inputs / 2, NULL, 0, accumulate};
            if (half) {
                job.y = sums;
                job.y_stride = GROUP * LANES;
                job.accumulate = 0;
                tiles(some, group, job);
                temper_kernels()->put_rows(sums, some, group * LANES, GROUP * LANES, (bfloat16 *)y + r * y_stride + c * LANES, y_stride);
            } else {
                job.y = (float *)y + r * y_stride + c * LANES;
                job.y_stride = y_stride;
                tiles(some, group, job);
            }
        }
    }
}

void temper_panel_product(
    int32_t half, const uint16_t *x, int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs,
    void *y, int64_t y_stride, int32_t accumulate) {
    product(tiles, half, x, x_stride, rows, panels, inputs, outputs, y, y_stride, accumulate);
}

void temper_panel_product_plain(
    int32_t half, const uint16_t *x, int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs,
    void *y, int64_t y_stride, int32_t accumulate) {
    product(plain_tile, half, x, x_stride, rows, panels, inputs, outputs, y, y_stride, accumulate);
}

// -- Attention ----------------------------------------------------------------------------------------------------------

static int64_t padded(int64_t head_width) { return (head_width + LANES - 1) / LANES * LANES; }

int64_t temper_cache_head_count(int32_t half, int64_t head_width) {
    (void)half;
    return TEMPER_CACHE_BLOCK * padded(head_width);
}

// Keys: 16 positions are a panel over the head's width. Values: 16 columns are a panel over the block's positions.
void temper_panel_cache_store(
    const uint16_t *key, const uint16_t *value, uint16_t *key_block, uint16_t *value_block, int64_t slot, int64_t head_width) {
    int64_t width = padded(head_width);
    uint16_t *keys = key_block + slot / LANES * LANES * width + 2 * (slot % LANES);
    for (int64_t i = 0; i < head_width; i++) keys[i / 2 * 2 * LANES + i % 2] = key[i];
    for (int64_t i = 0; i < head_width; i++)
        value_block[i / LANES * LANES * TEMPER_CACHE_BLOCK + slot / 2 * 2 * LANES + 2 * (i % LANES) + slot % 2] = value[i];
}

int64_t temper_attention_scratch(int64_t context, int64_t head_width) {
    int64_t columns = (context + TEMPER_CACHE_BLOCK - 1) / TEMPER_CACHE_BLOCK * TEMPER_CACHE_BLOCK;
    return MOST_ROWS * (columns * 6 + padded(head_width) * 8);
}

void temper_panel_attention(
    const uint16_t *queries, int64_t row_stride, int64_t rows, int64_t heads, void *const *blocks, int64_t key_offset,
    int64_t value_offset, int64_t position, int64_t window, int64_t head_width, float scale, void *scratch, uint16_t *output,
    int64_t output_stride) {
    enum { QUERIES = 6 };
    int64_t width = padded(head_width), total = rows * heads;
    int64_t end = (position + rows + TEMPER_CACHE_BLOCK - 1) / TEMPER_CACHE_BLOCK * TEMPER_CACHE_BLOCK;
    float *scores = scratch;
    float *sums = scores + MOST_ROWS * end;
    bfloat16 *p = (bfloat16 *)(sums + MOST_ROWS * width);
    bfloat16 *x = p + MOST_ROWS * end;
    for (int64_t first = 0; first < total; first += QUERIES) {
        int64_t some = total - first < QUERIES ? total - first : QUERIES;
        int64_t lowest = position + first / heads, highest = position + (first + some - 1) / heads;
        int64_t start = (lowest + 1 > window ? lowest + 1 - window : 0) / TEMPER_CACHE_BLOCK;
        int64_t stop = highest / TEMPER_CACHE_BLOCK + 1;
        for (int64_t q = 0; q < some; q++) {
            int64_t row = (first + q) / heads, head = (first + q) % heads;
            memcpy(x + q * width, queries + row * row_stride + head * head_width, (size_t)head_width * sizeof(bfloat16));
            memset(x + q * width + head_width, 0, (size_t)(width - head_width) * sizeof(bfloat16));
        }
        for (int64_t block = start; block < stop; block++) {
            tile_job job = {
                x, width, (const bfloat16 *)((const char *)blocks[block] + key_offset), LANES * width, width / 2,
                scores + block * TEMPER_CACHE_BLOCK, end, 0};
            tiles(some, TEMPER_CACHE_BLOCK / LANES, job);
        }
        float factors[QUERIES];
        for (int64_t q = 0; q < some; q++) {
            int64_t seen = position + (first + q) / heads + 1;
            factors[q] = temper_kernels()->weigh_bfloat16(
                scores + q * end, p + q * end, seen > window ? seen - window : 0, seen, start * TEMPER_CACHE_BLOCK,
                stop * TEMPER_CACHE_BLOCK, scale);
        }
        for (int64_t block = start; block < stop; block++) {
            tile_job job = {
                p + block * TEMPER_CACHE_BLOCK, end, (const bfloat16 *)((const char *)blocks[block] + value_offset),
                LANES * TEMPER_CACHE_BLOCK, TEMPER_CACHE_BLOCK / 2, sums, width, block > start};
            tiles(some, width / LANES, job);
        }
        for (int64_t q = 0; q < some; q++) {
            int64_t row = (first + q) / heads, head = (first + q) % heads;
            temper_kernels()->scale_row_bfloat16(sums + q * width, factors[q], output + row * output_stride + head * head_width, head_width);
        }
    }
}
