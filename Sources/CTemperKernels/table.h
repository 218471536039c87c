// The kernels that exist once for each instruction set, and the table through which they are called.
#ifndef TEMPER_KERNEL_TABLE_H
#define TEMPER_KERNEL_TABLE_H

#include "CTemperKernels.h"

#define LIST(...) __VA_ARGS__

// K(name, (arguments), parameters): kernels for both element types, which take `half` before the parameters.
#define TEMPER_ELEMENT_KERNELS(K) \
    K(convert, (source, target, count), const float *source, void *target, int64_t count) \
    K(rms_norm, (x, weight, y, scale, copy, rows, width, epsilon), const float *x, const float *weight, void *y, float *scale, \
      float *copy, int64_t rows, int64_t width, float epsilon) \
    K(rms_norm_backward, (dy, x, scale, weight, dx, d_weight, converted, rows, width), const float *dy, const float *x, \
      const float *scale, const float *weight, float *dx, float *d_weight, void *converted, int64_t rows, int64_t width) \
    K(head_norm, (x, row_stride, weight, scale, copy, copy_stride, rows, heads, head_width, epsilon), void *x, \
      int64_t row_stride, const float *weight, float *scale, void *copy, int64_t copy_stride, int64_t rows, int64_t heads, \
      int64_t head_width, float epsilon) \
    K(head_norm_backward, (gradient, row_stride, x, x_stride, scale, weight, d_weight, rows, heads, head_width), void *gradient, \
      int64_t row_stride, const void *x, int64_t x_stride, const float *scale, const float *weight, float *d_weight, \
      int64_t rows, int64_t heads, int64_t head_width) \
    K(rotate, (x, row_stride, positions, cosines, sines, rows, heads, head_width, direction), void *x, int64_t row_stride, \
      const int32_t *positions, const float *cosines, const float *sines, int64_t rows, int64_t heads, int64_t head_width, \
      float direction) \
    K(attention_softmax, (scores, p, log_sums, rows, columns, visible, window, scale), const float *scores, void *p, \
      float *log_sums, int64_t rows, int64_t columns, int64_t visible, int64_t window, float scale) \
    K(attention_softmax_backward, (scores, dp, log_sums, deltas, p, ds, rows, columns, visible, window, scale), \
      const float *scores, const float *dp, const float *log_sums, const float *deltas, void *p, void *ds, int64_t rows, \
      int64_t columns, int64_t visible, int64_t window, float scale) \
    K(row_products, (a, b, deltas, rows, columns, row_stride), const void *a, const void *b, float *deltas, int64_t rows, \
      int64_t columns, int64_t row_stride) \
    K(store_rows, (source, target, rows, columns, row_stride), const float *source, void *target, int64_t rows, \
      int64_t columns, int64_t row_stride) \
    K(add_bias, (bias, x, rows, width, row_stride), const float *bias, void *x, int64_t rows, int64_t width, \
      int64_t row_stride) \
    K(add_column_sums, (x, sums, rows, width, row_stride), const void *x, float *sums, int64_t rows, int64_t width, \
      int64_t row_stride) \
    K(dropout, (x, y, keys, rows, width, row_stride, settings), const void *x, void *y, const uint64_t *keys, int64_t rows, \
      int64_t width, int64_t row_stride, temper_dropout_settings settings) \
    K(add_dropout, (x, target, keys, rows, width, row_stride, settings), const float *x, void *target, const uint64_t *keys, \
      int64_t rows, int64_t width, int64_t row_stride, temper_dropout_settings settings) \
    K(expand_int8, (codes, scales, target, rows, columns, row_stride, scale_stride, group), const int8_t *codes, \
      const float *scales, void *target, int64_t rows, int64_t columns, int64_t row_stride, int64_t scale_stride, \
      int64_t group) \
    K(expand_bfloat16, (source, target, rows, columns, row_stride), const uint16_t *source, void *target, int64_t rows, \
      int64_t columns, int64_t row_stride) \
    K(scale, (x, count, factor), void *x, int64_t count, float factor) \
    K(swiglu, (gate_up, y, rows, width, columns), const void *gate_up, void *y, int64_t rows, int64_t width, int64_t columns) \
    K(swiglu_backward, (gate_up, dy, d_gate_up, rows, width), const void *gate_up, const void *dy, void *d_gate_up, \
      int64_t rows, int64_t width) \
    K(cross_entropy, (logits, targets, losses, d_logits, rows, columns, scale), float *logits, const int32_t *targets, \
      float *losses, void *d_logits, int64_t rows, int64_t columns, float scale)

// K(result, name, (arguments), parameters): the others that are called from outside.
#define TEMPER_PLAIN_KERNELS(K) \
    K(void, from_bfloat16, (source, target, count), const uint16_t *source, float *target, int64_t count) \
    K(void, gather_bfloat16_embeddings, (table, ids, target, rows, width), const uint16_t *table, const int32_t *ids, \
      float *target, int64_t rows, int64_t width) \
    K(void, scatter_embeddings, (gradient, ids, source, rows, width, first, columns), float *gradient, const int32_t *ids, \
      const float *source, int64_t rows, int64_t width, int64_t first, int64_t columns) \
    K(void, add, (target, source, count), float *target, const float *source, int64_t count) \
    K(void, add_scaled, (target, source, factor, count), float *target, const float *source, float factor, int64_t count) \
    K(void, quantise_int8, (weights, codes, scales, rows, width, group), const float *weights, int8_t *codes, float *scales, \
      int64_t rows, int64_t width, int64_t group) \
    K(double, sum_of_squares, (values, count), const float *values, int64_t count) \
    K(int32_t, all_finite, (values, count), const float *values, int64_t count) \
    K(void, adamw, (weights, rounded, gradient, moment1, moment2, count, settings), float *weights, uint16_t *rounded, \
      const float *gradient, float *moment1, float *moment2, int64_t count, temper_adamw_settings settings) \
    K(int64_t, argmax, (values, count), const float *values, int64_t count) \
    K(void, cache_attention, (queries, row_stride, rows, heads, blocks, key_offset, value_offset, position, window, head_width, \
      scale, scratch, output, output_stride), const float *queries, int64_t row_stride, int64_t rows, int64_t heads, \
      void *const *blocks, int64_t key_offset, int64_t value_offset, int64_t position, int64_t window, int64_t head_width, \
      float scale, void *scratch, float *output, int64_t output_stride) \
    K(void, widened_panel_product, (x, x_stride, rows, panels, inputs, outputs, y, y_stride, accumulate), const float *x, \
      int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs, float *y, int64_t y_stride, \
      int32_t accumulate)

// K(result, name, parameters): parts of other kernels.
#define TEMPER_INNER_KERNELS(K) \
    K(void, put_rows, const float *sums, int64_t rows, int64_t columns, int64_t stride, uint16_t *y, int64_t y_stride) \
    K(float, weigh_bfloat16, const float *scores, uint16_t *p, int64_t hidden, int64_t seen, int64_t from, int64_t to, \
      float scale) \
    K(void, scale_row_bfloat16, const float *sums, float factor, uint16_t *y, int64_t columns)

#define ELEMENT_ENTRY(name, arguments, ...) void (*name)(int32_t half, __VA_ARGS__);
#define PLAIN_ENTRY(result, name, arguments, ...) result (*name)(__VA_ARGS__);
#define INNER_ENTRY(result, name, ...) result (*name)(__VA_ARGS__);

typedef struct {
    TEMPER_ELEMENT_KERNELS(ELEMENT_ENTRY)
    TEMPER_PLAIN_KERNELS(PLAIN_ENTRY)
    TEMPER_INNER_KERNELS(INNER_ENTRY)
} temper_kernel_table;

extern const temper_kernel_table temper_kernels_scalar;
#if defined(__x86_64__)
extern const temper_kernel_table temper_kernels_avx2, temper_kernels_avx512;
#endif

/// Those of the instruction set that is used.
const temper_kernel_table *temper_kernels(void);

#endif
