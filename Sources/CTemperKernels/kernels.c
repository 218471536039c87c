#include "CTemperKernels.h"

#include "support.h"

#define ELEMENT float
#define LOAD load_float
#define STORE store_float
#define NAMED(name) temper_##name##_float
#include "elements.h"
#undef ELEMENT
#undef LOAD
#undef STORE
#undef NAMED

#define ELEMENT bfloat16
#define LOAD load_bfloat16
#define STORE store_bfloat16
#define NAMED(name) temper_##name##_bfloat16
#include "elements.h"

void temper_convert(int32_t half, const float *source, void *target, int64_t count) {
    if (half) temper_convert_bfloat16(source, target, count);
    else temper_convert_float(source, target, count);
}

void temper_rms_norm(
    int32_t half, const float *x, const float *weight, void *y, float *scale, float *copy, int64_t rows, int64_t width,
    float epsilon) {
    if (half) temper_rms_norm_bfloat16(x, weight, y, scale, copy, rows, width, epsilon);
    else temper_rms_norm_float(x, weight, y, scale, copy, rows, width, epsilon);
}

void temper_rms_norm_backward(
    int32_t half, const float *dy, const float *x, const float *scale, const float *weight, float *dx, float *d_weight,
    void *converted, int64_t rows, int64_t width) {
    if (half) temper_rms_norm_backward_bfloat16(dy, x, scale, weight, dx, d_weight, converted, rows, width);
    else temper_rms_norm_backward_float(dy, x, scale, weight, dx, d_weight, converted, rows, width);
}

void temper_head_norm(
    int32_t half, void *x, int64_t row_stride, const float *weight, float *scale, void *copy, int64_t copy_stride, int64_t rows,
    int64_t heads, int64_t head_width, float epsilon) {
    if (half) temper_head_norm_bfloat16(x, row_stride, weight, scale, copy, copy_stride, rows, heads, head_width, epsilon);
    else temper_head_norm_float(x, row_stride, weight, scale, copy, copy_stride, rows, heads, head_width, epsilon);
}

void temper_head_norm_backward(
    int32_t half, void *gradient, int64_t row_stride, const void *x, int64_t x_stride, const float *scale, const float *weight,
    float *d_weight, int64_t rows, int64_t heads, int64_t head_width) {
    if (half) {
        temper_head_norm_backward_bfloat16(
            gradient, row_stride, x, x_stride, scale, weight, d_weight, rows, heads, head_width);
    } else {
        temper_head_norm_backward_float(gradient, row_stride, x, x_stride, scale, weight, d_weight, rows, heads, head_width);
    }
}

void temper_rotate(
    int32_t half, void *x, int64_t row_stride, const int32_t *positions, const float *cosines, const float *sines, int64_t rows,
    int64_t heads, int64_t head_width, float direction) {
    if (half) temper_rotate_bfloat16(x, row_stride, positions, cosines, sines, rows, heads, head_width, direction);
    else temper_rotate_float(x, row_stride, positions, cosines, sines, rows, heads, head_width, direction);
}

void temper_attention_softmax(
    int32_t half, const float *scores, void *p, float *log_sums, int64_t rows, int64_t columns, int64_t visible, int64_t window,
    float scale) {
    if (half) temper_attention_softmax_bfloat16(scores, p, log_sums, rows, columns, visible, window, scale);
    else temper_attention_softmax_float(scores, p, log_sums, rows, columns, visible, window, scale);
}

void temper_attention_softmax_backward(
    int32_t half, const float *scores, const float *dp, const float *log_sums, const float *deltas, void *p, void *ds,
    int64_t rows, int64_t columns, int64_t visible, int64_t window, float scale) {
    if (half) {
        temper_attention_softmax_backward_bfloat16(
            scores, dp, log_sums, deltas, p, ds, rows, columns, visible, window, scale);
    } else {
        temper_attention_softmax_backward_float(scores, dp, log_sums, deltas, p, ds, rows, columns, visible, window, scale);
    }
}

void temper_row_products(
    int32_t half, const void *a, const void *b, float *deltas, int64_t rows, int64_t columns, int64_t row_stride) {
    if (half) temper_row_products_bfloat16(a, b, deltas, rows, columns, row_stride);
    else temper_row_products_float(a, b, deltas, rows, columns, row_stride);
}

void temper_store_rows(int32_t half, const float *source, void *target, int64_t rows, int64_t columns, int64_t row_stride) {
    if (half) temper_store_rows_bfloat16(source, target, rows, columns, row_stride);
    else temper_store_rows_float(source, target, rows, columns, row_stride);
}

DISPATCHED void temper_cache_store(
    const float *restrict key, const float *restrict value, float *restrict key_block, float *restrict value_block,
    int64_t slot, int64_t head_width) {
    for (int64_t i = 0; i < head_width; i++) key_block[i * TEMPER_CACHE_BLOCK + slot] = key[i];
    for (int64_t i = 0; i < head_width; i++) value_block[slot * head_width + i] = value[i];
}

// output[first ..< first + columns] = factor * sum over positions of weights * values; at most 64 columns.
// Positions before `hidden` are passed over.
INLINED void weigh_values(
    void *const *blocks, int64_t value_offset, int64_t hidden, int64_t seen, int64_t head_width, int64_t first, int64_t columns,
    const float *restrict weights, float factor, float *restrict output) {
    float sums[64] = {0};
    for (int64_t start = hidden / TEMPER_CACHE_BLOCK * TEMPER_CACHE_BLOCK; start < seen; start += TEMPER_CACHE_BLOCK) {
        const float *values = (const float *)((const char *)blocks[start / TEMPER_CACHE_BLOCK] + value_offset) + first;
        int64_t count = seen - start < TEMPER_CACHE_BLOCK ? seen - start : TEMPER_CACHE_BLOCK;
        for (int64_t j = hidden > start ? hidden - start : 0; j < count; j++)
            for (int64_t i = 0; i < columns; i++) sums[i] += weights[start + j] * values[j * head_width + i];
    }
    for (int64_t i = 0; i < columns; i++) output[first + i] = sums[i] * factor;
}

DISPATCHED void temper_cache_attention(
    const float *restrict query, void *const *blocks, int64_t key_offset, int64_t value_offset, int64_t hidden, int64_t seen,
    int64_t head_width, float scale, float *restrict scores, float *restrict output) {
    for (int64_t start = hidden / TEMPER_CACHE_BLOCK * TEMPER_CACHE_BLOCK; start < seen; start += TEMPER_CACHE_BLOCK) {
        const float *keys = (const float *)((const char *)blocks[start / TEMPER_CACHE_BLOCK] + key_offset);
        float sums[TEMPER_CACHE_BLOCK] = {0};
        for (int64_t i = 0; i < head_width; i++) {
            float q = query[i] * scale;
            for (int64_t j = 0; j < TEMPER_CACHE_BLOCK; j++) sums[j] += q * keys[i * TEMPER_CACHE_BLOCK + j];
        }
        memcpy(scores + start, sums, sizeof(sums));
    }
    float highest = maximum(scores + hidden, seen - hidden), sum = 0;
    for (int64_t j = hidden; j < seen; j++) {
        scores[j] = exponential(scores[j] - highest);
        sum += scores[j];
    }
    float factor = 1.0f / sum;
    // Sixty-four columns at a time keep enough independent sums in registers to hide the latency of an addition.
    int64_t first = 0;
    for (; first + 64 <= head_width; first += 64)
        weigh_values(blocks, value_offset, hidden, seen, head_width, first, 64, scores, factor, output);
    for (; first + 16 <= head_width; first += 16)
        weigh_values(blocks, value_offset, hidden, seen, head_width, first, 16, scores, factor, output);
    if (first < head_width)
        weigh_values(blocks, value_offset, hidden, seen, head_width, first, head_width - first, scores, factor, output);
}

void temper_add_bias(int32_t half, const float *bias, void *x, int64_t rows, int64_t width, int64_t row_stride) {
    if (half) temper_add_bias_bfloat16(bias, x, rows, width, row_stride);
    else temper_add_bias_float(bias, x, rows, width, row_stride);
}

void temper_add_column_sums(int32_t half, const void *x, float *sums, int64_t rows, int64_t width, int64_t row_stride) {
    if (half) temper_add_column_sums_bfloat16(x, sums, rows, width, row_stride);
    else temper_add_column_sums_float(x, sums, rows, width, row_stride);
}

void temper_dropout(
    int32_t half, const void *x, void *y, const uint64_t *keys, int64_t rows, int64_t width, int64_t row_stride,
    temper_dropout_settings settings) {
    if (half) temper_dropout_bfloat16(x, y, keys, rows, width, row_stride, settings);
    else temper_dropout_float(x, y, keys, rows, width, row_stride, settings);
}

void temper_add_dropout(
    int32_t half, const float *x, void *target, const uint64_t *keys, int64_t rows, int64_t width, int64_t row_stride,
    temper_dropout_settings settings) {
    if (half) temper_add_dropout_bfloat16(x, target, keys, rows, width, row_stride, settings);
    else temper_add_dropout_float(x, target, keys, rows, width, row_stride, settings);
}

void temper_expand_int8(
    int32_t half, const int8_t *codes, const float *scales, void *target, int64_t rows, int64_t columns, int64_t row_stride,
    int64_t scale_stride, int64_t group) {
    if (half) temper_expand_int8_bfloat16(codes, scales, target, rows, columns, row_stride, scale_stride, group);
    else temper_expand_int8_float(codes, scales, target, rows, columns, row_stride, scale_stride, group);
}

void temper_expand_bfloat16(
    int32_t half, const uint16_t *source, void *target, int64_t rows, int64_t columns, int64_t row_stride) {
    if (half) temper_expand_bfloat16_bfloat16(source, target, rows, columns, row_stride);
    else temper_expand_bfloat16_float(source, target, rows, columns, row_stride);
}

void temper_scale(int32_t half, void *x, int64_t count, float factor) {
    if (half) temper_scale_bfloat16(x, count, factor);
    else temper_scale_float(x, count, factor);
}

void temper_swiglu(int32_t half, const void *gate_up, void *y, int64_t rows, int64_t width, int64_t columns) {
    if (half) temper_swiglu_bfloat16(gate_up, y, rows, width, columns);
    else temper_swiglu_float(gate_up, y, rows, width, columns);
}

void temper_swiglu_backward(int32_t half, const void *gate_up, const void *dy, void *d_gate_up, int64_t rows, int64_t width) {
    if (half) temper_swiglu_backward_bfloat16(gate_up, dy, d_gate_up, rows, width);
    else temper_swiglu_backward_float(gate_up, dy, d_gate_up, rows, width);
}

void temper_cross_entropy(
    int32_t half, float *logits, const int32_t *targets, float *losses, void *d_logits, int64_t rows, int64_t columns,
    float scale) {
    if (half) temper_cross_entropy_bfloat16(logits, targets, losses, d_logits, rows, columns, scale);
    else temper_cross_entropy_float(logits, targets, losses, d_logits, rows, columns, scale);
}

void temper_to_bfloat16(const float *source, uint16_t *target, int64_t count) {
    temper_convert_bfloat16(source, target, count);
}

DISPATCHED void temper_from_bfloat16(const uint16_t *restrict source, float *restrict target, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] = load_bfloat16(source[i]);
}

void temper_gather_embeddings(const float *table, const int32_t *ids, float *target, int64_t rows, int64_t width) {
    temper_gather_rows(table, ids, target, rows, width * (int64_t)sizeof(float));
}

DISPATCHED void temper_gather_bfloat16_embeddings(
    const uint16_t *restrict table, const int32_t *restrict ids, float *restrict target, int64_t rows, int64_t width) {
    for (int64_t row = 0; row < rows; row++) {
        const uint16_t *in = table + (int64_t)ids[row] * width;
        for (int64_t i = 0; i < width; i++) target[row * width + i] = load_bfloat16(in[i]);
    }
}

DISPATCHED void temper_scatter_embeddings(
    float *restrict gradient, const int32_t *restrict ids, const float *restrict source, int64_t rows, int64_t width,
    int64_t first, int64_t columns) {
    for (int64_t row = 0; row < rows; row++) {
        float *out = gradient + (int64_t)ids[row] * width + first;
        const float *in = source + row * width + first;
        for (int64_t i = 0; i < columns; i++) out[i] += in[i];
    }
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

DISPATCHED void temper_add(float *restrict target, const float *restrict source, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] += source[i];
}

DISPATCHED void temper_add_scaled(float *restrict target, const float *restrict source, float factor, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] += source[i] * factor;
}

DISPATCHED void temper_quantise_int8(
    const float *restrict weights, int8_t *restrict codes, float *restrict scales, int64_t rows, int64_t width, int64_t group) {
    int64_t groups = (width + group - 1) / group;
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t start = 0; start < width; start += group) {
            int64_t count = width - start < group ? width - start : group;
            const float *in = weights + row * width + start;
            float largest = 0;
            for (int64_t i = 0; i < count; i++) largest = fabsf(in[i]) > largest ? fabsf(in[i]) : largest;
            // Groups of next to nothing become 0: the inverse of a subnormal scale would be infinite.
            float scale = largest / 127.0f >= 1e-37f ? largest / 127.0f : 0, inverse = scale > 0 ? 1.0f / scale : 0;
            scales[row * groups + start / group] = scale;
            for (int64_t i = 0; i < count; i++) {
                float code = rintf(in[i] * inverse);
                codes[row * width + start + i] = (int8_t)(code > 127 ? 127 : (code < -127 ? -127 : code));
            }
        }
    }
}

DISPATCHED double temper_sum_of_squares(const float *values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += (double)values[i] * (double)values[i];
    return sum;
}

DISPATCHED int32_t temper_all_finite(const float *values, int64_t count) {
    uint32_t bad = 0;
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof(bits));
        bad |= (bits & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
    }
    return bad == 0;
}

DISPATCHED void temper_adamw(
    float *restrict weights, uint16_t *restrict rounded, const float *restrict gradient, float *restrict moment1,
    float *restrict moment2, int64_t count, temper_adamw_settings settings) {
    float rate = settings.learning_rate / settings.correction1, keep = 1.0f - settings.learning_rate * settings.weight_decay;
    float root = 1.0f / sqrtf(settings.correction2), beta1 = settings.beta1, beta2 = settings.beta2;
    float epsilon = settings.epsilon, scale = settings.gradient_scale;
    for (int64_t i = 0; i < count; i++) {
        float g = gradient[i] * scale;
        float first = beta1 * moment1[i] + (1.0f - beta1) * g;
        float second = beta2 * moment2[i] + (1.0f - beta2) * g * g;
        moment1[i] = first;
        moment2[i] = second;
        weights[i] = weights[i] * keep - rate * first / (__builtin_elementwise_sqrt(second) * root + epsilon);
    }
    if (rounded) temper_convert_bfloat16(weights, rounded, count);
}
