// Products of a few fp32 rows with 16 columns at a time, for sampling: with bfloat16 matrices in panels, which are widened in
// registers, and with the fp32 keys and values of a cache. Every sum is taken term after term in one register lane, so that it
// does not depend on the rows beside it.

enum { LANES = 16, FLOAT_ROWS = 6 };

typedef float lanes __attribute__((vector_size(64)));
typedef uint32_t words __attribute__((vector_size(64)));

// y[r, 16 c + lane] = (accumulate ? y : 0) + sum over k < terms of x[r, k] * w(k, c, lane); strides in elements.
typedef struct {
    const float *x;
    int64_t x_stride;
    // bfloat16: panels as temper_to_panels makes them, `w_stride` apart. fp32: w[k * w_stride + 16 c + lane].
    const void *w;
    int64_t w_stride;
    int64_t terms;
    float *y;
    int64_t y_stride;
    int32_t accumulate;
} float_job;

// Rows, panels and the kind of matrix are constants where it is inlined, so that all sums stay in registers.
FULL_WIDTH INLINED void float_tile(const int rows, const int panels, const int widens, const float_job job) {
#pragma clang fp reassociate(off)
    lanes sums[FLOAT_ROWS][8];
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < panels; c++) {
            sums[r][c] = (lanes){0};
            if (job.accumulate) memcpy(&sums[r][c], job.y + r * job.y_stride + LANES * c, sizeof(lanes));
        }
    }
    lanes weights[8];
    if (widens) {
        for (int64_t k = 0; k < job.terms; k += 2) {
            // Panels are too short for the CPU's own prefetching.
            for (int c = 0; c < panels; c++)
                __builtin_prefetch((const bfloat16 *)job.w + c * job.w_stride + LANES * k + 1024);
            for (int odd = 0; odd < 2; odd++) {
                for (int c = 0; c < panels; c++) {
                    words pair;
                    memcpy(&pair, (const bfloat16 *)job.w + c * job.w_stride + LANES * k, sizeof(pair));
                    weights[c] = (lanes)(odd ? pair & 0xffff0000u : pair << 16);
                }
                for (int r = 0; r < rows; r++)
                    for (int c = 0; c < panels; c++) sums[r][c] += weights[c] * job.x[r * job.x_stride + k + odd];
            }
        }
    } else {
        for (int64_t k = 0; k < job.terms; k++) {
            for (int c = 0; c < panels; c++)
                memcpy(&weights[c], (const float *)job.w + k * job.w_stride + LANES * c, sizeof(lanes));
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < panels; c++) sums[r][c] += weights[c] * job.x[r * job.x_stride + k];
        }
    }
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < panels; c++) memcpy(job.y + r * job.y_stride + LANES * c, &sums[r][c], sizeof(lanes));
}

INLINED float_job at_float_panel(float_job job, int64_t c, const int widens) {
    if (widens) job.w = (const bfloat16 *)job.w + c * job.w_stride;
    else job.w = (const float *)job.w + LANES * c;
    job.y += LANES * c;
    return job;
}

#define FLOAT_TILES(ROWS, PANELS) \
    case ROWS: \
        for (; c + PANELS <= panels; c += PANELS) float_tile(ROWS, PANELS, widens, at_float_panel(job, c, widens)); \
        for (; c < panels; c++) float_tile(ROWS, 1, widens, at_float_panel(job, c, widens)); \
        break;

// As many panels at once as there are registers for their sums.
FULL_WIDTH INLINED void float_tiles(int64_t rows, int64_t panels, const int widens, const float_job job) {
    int64_t c = 0;
    switch (rows) {
#if defined(MANY_REGISTERS)
        FLOAT_TILES(1, 8)
        FLOAT_TILES(2, 6)
        FLOAT_TILES(3, 6)
        FLOAT_TILES(4, 4)
        FLOAT_TILES(5, 4)
        FLOAT_TILES(6, 4)
#else
        FLOAT_TILES(1, 4)
        FLOAT_TILES(2, 2)
        FLOAT_TILES(3, 2)
        FLOAT_TILES(4, 1)
        FLOAT_TILES(5, 1)
        FLOAT_TILES(6, 1)
#endif
    }
}

FULL_WIDTH static void widened_tiles(int64_t rows, int64_t panels, float_job job) { float_tiles(rows, panels, 1, job); }
FULL_WIDTH static void float_matrix_tiles(int64_t rows, int64_t panels, float_job job) { float_tiles(rows, panels, 0, job); }

static void widened_panel_product(
    const float *x, int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs, float *y,
    int64_t y_stride, int32_t accumulate) {
    // A group of panels should stay in the second cache while all rows go over it.
    enum { GROUP = 12 };
    int64_t count = outputs / LANES;
    for (int64_t c = 0; c < count; c += GROUP) {
        int64_t group = count - c < GROUP ? count - c : GROUP;
        for (int64_t r = 0; r < rows; r += FLOAT_ROWS) {
            float_job job = {
                x + r * x_stride, x_stride, panels + c * LANES * inputs, LANES * inputs, inputs,
                y + r * y_stride + c * LANES, y_stride, accumulate};
            widened_tiles(rows - r < FLOAT_ROWS ? rows - r : FLOAT_ROWS, group, job);
        }
    }
}

// p = exp(scores * scale - the highest) at the positions hidden ..< seen, 0 at the others of from ..< to; returns 1 / their sum.
static float weigh_floats(float *p, int64_t hidden, int64_t seen, int64_t from, int64_t to, float scale) {
    float highest = maximum(p + hidden, seen - hidden) * scale, sum = 0;
    for (int64_t j = from; j < hidden; j++) p[j] = 0;
    for (int64_t j = hidden; j < seen; j++) {
        p[j] = exponential(p[j] * scale - highest);
        sum += p[j];
    }
    for (int64_t j = seen; j < to; j++) p[j] = 0;
    return 1.0f / sum;
}

static void cache_attention(
    const float *queries, int64_t row_stride, int64_t rows, int64_t heads, void *const *blocks, int64_t key_offset,
    int64_t value_offset, int64_t position, int64_t window, int64_t head_width, float scale, void *scratch, float *output,
    int64_t output_stride) {
    int64_t width = (head_width + LANES - 1) / LANES * LANES, total = rows * heads;
    int64_t end = (position + rows + TEMPER_CACHE_BLOCK - 1) / TEMPER_CACHE_BLOCK * TEMPER_CACHE_BLOCK;
    float *p = scratch, *sums = p + FLOAT_ROWS * end, *x = sums + FLOAT_ROWS * width;
    for (int64_t first = 0; first < total; first += FLOAT_ROWS) {
        int64_t some = total - first < FLOAT_ROWS ? total - first : FLOAT_ROWS;
        int64_t lowest = position + first / heads, highest = position + (first + some - 1) / heads;
        int64_t start = (lowest + 1 > window ? lowest + 1 - window : 0) / TEMPER_CACHE_BLOCK;
        int64_t stop = highest / TEMPER_CACHE_BLOCK + 1;
        for (int64_t q = 0; q < some; q++) {
            int64_t row = (first + q) / heads, head = (first + q) % heads;
            memcpy(x + q * width, queries + row * row_stride + head * head_width, (size_t)head_width * sizeof(float));
        }
        for (int64_t block = start; block < stop; block++) {
            float_job job = {
                x, width, (const char *)blocks[block] + key_offset, TEMPER_CACHE_BLOCK, head_width,
                p + block * TEMPER_CACHE_BLOCK, end, 0};
            float_matrix_tiles(some, TEMPER_CACHE_BLOCK / LANES, job);
        }
        float factors[FLOAT_ROWS];
        for (int64_t q = 0; q < some; q++) {
            int64_t seen = position + (first + q) / heads + 1;
            factors[q] = weigh_floats(
                p + q * end, seen > window ? seen - window : 0, seen, start * TEMPER_CACHE_BLOCK, stop * TEMPER_CACHE_BLOCK,
                scale);
        }
        for (int64_t block = start; block < stop; block++) {
            float_job job = {
                p + block * TEMPER_CACHE_BLOCK, end, (const char *)blocks[block] + value_offset, width, TEMPER_CACHE_BLOCK,
                sums, width, block > start};
            float_matrix_tiles(some, width / LANES, job);
        }
        for (int64_t q = 0; q < some; q++) {
            float *y = output + (first + q) / heads * output_stride + (first + q) % heads * head_width;
            for (int64_t i = 0; i < head_width; i++) y[i] = sums[q * width + i] * factors[q];
        }
    }
}
