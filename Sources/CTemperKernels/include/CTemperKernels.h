#ifndef TEMPER_KERNELS_H
#define TEMPER_KERNELS_H

#include <stdint.h>

/// Element-wise kernels of the native engine: plain loops that the compiler vectorises, once for each instruction set.
///
/// Buffers typed `void` hold bfloat16 where `half` is 1 and fp32 where it is 0. Matrices are row-major and dense unless a
/// stride is given. Every row's result depends on that row alone.

// -- Instruction sets -----------------------------------------------------------------------------------------------------

/// What kernels and products are made of, each with all before it; names as in the variable TEMPER_ISA. On CPUs other than x86-64
/// there is only the first.
enum {
    TEMPER_ISA_SCALAR = 0,
    TEMPER_ISA_AVX2 = 1,
    TEMPER_ISA_AVX512 = 2,
    TEMPER_ISA_AVX512_BFLOAT16 = 3,
    TEMPER_ISA_COUNT = 4,
};
/// NULL for what is none.
const char *temper_isa_name(int32_t isa);
/// The best that this CPU has.
int32_t temper_isa_detected(void);
/// What TEMPER_ISA names; TEMPER_ISA_COUNT where it is unset or empty, -1 where it names none.
int32_t temper_isa_limit(void);
/// What is used in this process: the lesser of the two, without limit where TEMPER_ISA names none. Decided at the first call.
int32_t temper_isa(void);

// -- Threads --------------------------------------------------------------------------------------------------------------

/// A place where `count` threads wait for one another, again and again.
typedef struct temper_barrier temper_barrier;
/// NULL when there is no memory.
temper_barrier *temper_barrier_create(int32_t count);
void temper_barrier_destroy(temper_barrier *barrier);
/// Returns when all threads have called it; what they wrote before is then visible to each.
void temper_barrier_wait(temper_barrier *barrier);

// -- Conversion -----------------------------------------------------------------------------------------------------------

void temper_to_bfloat16(const float *source, uint16_t *target, int64_t count);
void temper_from_bfloat16(const uint16_t *source, float *target, int64_t count);
/// target (element type) = source (fp32).
void temper_convert(int32_t half, const float *source, void *target, int64_t count);

// -- Rows -----------------------------------------------------------------------------------------------------------------

/// target[i, :] = table[ids[i], :].
void temper_gather_embeddings(const float *table, const int32_t *ids, float *target, int64_t rows, int64_t width);
/// The same from a bfloat16 table.
void temper_gather_bfloat16_embeddings(
    const uint16_t *table, const int32_t *ids, float *target, int64_t rows, int64_t width);
/// gradient[ids[i], first ..< first + columns] += the same columns of source[i, :], in order of i.
void temper_scatter_embeddings(
    float *gradient, const int32_t *ids, const float *source, int64_t rows, int64_t width, int64_t first, int64_t columns);
/// target[i, :] = source[indices[i], :]; rows whose index is negative become 0.
void temper_gather_rows(const void *source, const int32_t *indices, void *target, int64_t rows, int64_t row_bytes);
/// target[indices[i], :] = source[i, :]; rows whose index is negative are skipped.
void temper_scatter_rows(const void *source, const int32_t *indices, void *target, int64_t rows, int64_t row_bytes);

/// x[i, :] += bias for rows that start `row_stride` elements apart.
void temper_add_bias(int32_t half, const float *bias, void *x, int64_t rows, int64_t width, int64_t row_stride);
/// sums += the sum of x[i, :] over i, in order of i.
void temper_add_column_sums(int32_t half, const void *x, float *sums, int64_t rows, int64_t width, int64_t row_stride);

// -- RMSNorm --------------------------------------------------------------------------------------------------------------

/// y = x * scale * weight with scale = 1 / sqrt(mean(x²) + epsilon); also copies x to `copy` unless that is NULL.
void temper_rms_norm(
    int32_t half, const float *x, const float *weight, void *y, float *scale, float *copy, int64_t rows, int64_t width,
    float epsilon);
/// dx += gradient through the norm; d_weight (unless NULL) += its weight gradient; `converted` (unless NULL) = dx as element
/// type.
void temper_rms_norm_backward(
    int32_t half, const float *dy, const float *x, const float *scale, const float *weight, float *dx, float *d_weight,
    void *converted, int64_t rows, int64_t width);

/// The same norm for each of `heads` consecutive heads at the start of each row, in place, all with one [head_width] weight.
///
/// scale: [rows, heads], or NULL; copy (strided): x as it was, or NULL.
void temper_head_norm(
    int32_t half, void *x, int64_t row_stride, const float *weight, float *scale, void *copy, int64_t copy_stride, int64_t rows,
    int64_t heads, int64_t head_width, float epsilon);
/// gradient = gradient through the norm, in place; d_weight (unless NULL) += its weight gradient.
void temper_head_norm_backward(
    int32_t half, void *gradient, int64_t row_stride, const void *x, int64_t x_stride, const float *scale, const float *weight,
    float *d_weight, int64_t rows, int64_t heads, int64_t head_width);

// -- Rotary embedding (Hugging Face's half rotation) ----------------------------------------------------------------------

/// Rotates `heads` consecutive heads at the start of each row, in place; direction -1 is the transpose (backward).
///
/// tables: cosines and sines [positions, head_width / 2].
void temper_rotate(
    int32_t half, void *x, int64_t row_stride, const int32_t *positions, const float *cosines, const float *sines, int64_t rows,
    int64_t heads, int64_t head_width, float direction);

// -- Attention ------------------------------------------------------------------------------------------------------------

/// Causal softmax of a block of score rows: row i sees the last `window` of the first `visible + i` columns.
///
/// p = softmax(scores * scale); log_sums[i] = log of the sum of exponentials; the other columns of p become 0.
void temper_attention_softmax(
    int32_t half, const float *scores, void *p, float *log_sums, int64_t rows, int64_t columns, int64_t visible, int64_t window,
    float scale);
/// p = exp(scores * scale - log_sums) and ds = p * (dp - deltas) * scale for a causal block of scores.
void temper_attention_softmax_backward(
    int32_t half, const float *scores, const float *dp, const float *log_sums, const float *deltas, void *p, void *ds,
    int64_t rows, int64_t columns, int64_t visible, int64_t window, float scale);
/// deltas[i] = sum(a[i, :] * b[i, :]).
void temper_row_products(
    int32_t half, const void *a, const void *b, float *deltas, int64_t rows, int64_t columns, int64_t row_stride);
/// target[i, :] (element type, strided) = source[i, :] (fp32, dense).
void temper_store_rows(int32_t half, const float *source, void *target, int64_t rows, int64_t columns, int64_t row_stride);

// -- Attention over a cache ------------------------------------------------------------------------------------------------

/// Positions of one block of a key-value cache.
#define TEMPER_CACHE_BLOCK 64

/// Elements of a head's keys, or of its values, in a block.
int64_t temper_cache_head_count(int32_t half, int64_t head_width);

/// Puts one position of one head into a zeroed block of fp32: keys lie transposed [head_width, block], values [block, head_width
/// rounded up to a multiple of 16].
void temper_cache_store(
    const float *key, const float *value, float *key_block, float *value_block, int64_t slot, int64_t head_width);
/// Bytes of scratch that attention over a cache needs for a context of so many positions.
int64_t temper_attention_scratch(int64_t context, int64_t head_width);
/// Attention of `heads` neighbouring queries at each of `rows` consecutive positions, the first at `position`, over one head of
/// keys and values; each sees the last `window` positions up to its own.
///
/// blocks: base addresses; keys and values of the head lie `key_offset` and `value_offset` bytes after each. The sums are taken
/// in the order of positions, whatever else runs.
void temper_cache_attention(
    const float *queries, int64_t row_stride, int64_t rows, int64_t heads, void *const *blocks, int64_t key_offset,
    int64_t value_offset, int64_t position, int64_t window, int64_t head_width, float scale, void *scratch, float *output,
    int64_t output_stride);

// -- Panels: bfloat16 matrices as sampling reads them ------------------------------------------------------------------------

/// Rearranges a dense matrix in place: 16 outputs are a panel [inputs / 2, 16, 2]. Outputs are a multiple of 16, inputs of 2.
///
/// scratch: room for 16 rows.
void temper_to_panels(uint16_t *matrix, int64_t outputs, int64_t inputs, uint16_t *scratch);
/// A part of a matrix in panels as dense rows [outputs, columns].
void temper_from_panels(
    const uint16_t *panels, uint16_t *target, int64_t first_output, int64_t outputs, int64_t inputs, int64_t first_input,
    int64_t columns);
/// y (bfloat16 where `half` is 1, else fp32) = x · the transpose of the matrix, for so many outputs; added to y where
/// `accumulate` is 1, which needs fp32. A row's result depends on that row alone, bit for bit.
void temper_panel_product(
    int32_t half, const uint16_t *x, int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs,
    void *y, int64_t y_stride, int32_t accumulate);
/// The same without vector instructions, as the machines compute it that have none for bfloat16.
void temper_panel_product_plain(
    int32_t half, const uint16_t *x, int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs,
    void *y, int64_t y_stride, int32_t accumulate);

/// The same with fp32 rows and results: the matrix is widened in registers.
void temper_widened_panel_product(
    const float *x, int64_t x_stride, int64_t rows, const uint16_t *panels, int64_t inputs, int64_t outputs, float *y,
    int64_t y_stride, int32_t accumulate);

/// Puts one position of one head into a block whose keys and values lie in panels; the head is padded to a multiple of 16.
void temper_panel_cache_store(
    const uint16_t *key, const uint16_t *value, uint16_t *key_block, uint16_t *value_block, int64_t slot, int64_t head_width);
/// The same as temper_cache_attention in bfloat16.
void temper_panel_attention(
    const uint16_t *queries, int64_t row_stride, int64_t rows, int64_t heads, void *const *blocks, int64_t key_offset,
    int64_t value_offset, int64_t position, int64_t window, int64_t head_width, float scale, void *scratch, uint16_t *output,
    int64_t output_stride);

/// The first place of the largest of count >= 1 values; 0 when one is NaN.
int64_t temper_argmax(const float *values, int64_t count);

// -- SwiGLU ---------------------------------------------------------------------------------------------------------------

/// y = silu(gate) * up in the first `columns` of y, with gate_up [rows, 2 * width] holding gate then up.
void temper_swiglu(int32_t half, const void *gate_up, void *y, int64_t rows, int64_t width, int64_t columns);
/// d_gate_up from dy and gate_up.
void temper_swiglu_backward(int32_t half, const void *gate_up, const void *dy, void *d_gate_up, int64_t rows, int64_t width);

// -- Cross entropy --------------------------------------------------------------------------------------------------------

/// losses[i] = -log softmax(logits[i, :])[targets[i]]; d_logits (unless NULL) = (softmax - one hot) * scale.
///
/// Rows whose target is negative have loss 0 and gradient 0. `logits` is overwritten.
void temper_cross_entropy(
    int32_t half, float *logits, const int32_t *targets, float *losses, void *d_logits, int64_t rows, int64_t columns,
    float scale);

// -- Dropout ----------------------------------------------------------------------------------------------------------------

/// What is dropped follows from seed, row key and column alone, whatever rows stand beside it: a number is dropped when its
/// 32-bit hash is below `threshold`, the others are multiplied by `factor`.
typedef struct {
    uint64_t seed;
    uint32_t threshold;
    float factor;
} temper_dropout_settings;

/// y[i, :] = dropout(x[i, :]); rows of x start `row_stride` elements apart, y is dense and may be a dense x itself.
void temper_dropout(
    int32_t half, const void *x, void *y, const uint64_t *keys, int64_t rows, int64_t width, int64_t row_stride,
    temper_dropout_settings settings);
/// target[i, :] (element type, strided) += dropout(x[i, :]) (fp32, dense).
void temper_add_dropout(
    int32_t half, const float *x, void *target, const uint64_t *keys, int64_t rows, int64_t width, int64_t row_stride,
    temper_dropout_settings settings);

// -- Packed weights ---------------------------------------------------------------------------------------------------------

/// Codes and scales of rows: a group of `group` neighbours has the scale max|w| / 127; the last group may be shorter.
void temper_quantise_int8(
    const float *weights, int8_t *codes, float *scales, int64_t rows, int64_t width, int64_t group);
/// target[i, j] = codes[i, j] * the scale of its group, as element type and dense; rows of codes and scales start `row_stride`
/// and `scale_stride` elements apart.
void temper_expand_int8(
    int32_t half, const int8_t *codes, const float *scales, void *target, int64_t rows, int64_t columns, int64_t row_stride,
    int64_t scale_stride, int64_t group);
/// The same of bfloat16 numbers.
void temper_expand_bfloat16(
    int32_t half, const uint16_t *source, void *target, int64_t rows, int64_t columns, int64_t row_stride);

// -- Low-rank adapters --------------------------------------------------------------------------------------------------------

/// x *= factor.
void temper_scale(int32_t half, void *x, int64_t count, float factor);
/// target += source * factor.
void temper_add_scaled(float *target, const float *source, float factor, int64_t count);

// -- Optimiser ------------------------------------------------------------------------------------------------------------

/// target += source.
void temper_add(float *target, const float *source, int64_t count);
/// The sum of squares, in double precision.
double temper_sum_of_squares(const float *values, int64_t count);
/// 1 when every value is finite.
int32_t temper_all_finite(const float *values, int64_t count);

typedef struct {
    float learning_rate, beta1, beta2, epsilon, weight_decay;
    /// 1 - beta^step, of both moments.
    float correction1, correction2;
    /// What gradients are multiplied by first (clipping).
    float gradient_scale;
} temper_adamw_settings;

/// One AdamW update (Loshchilov and Hutter 2019); `rounded` (unless NULL) receives the weights as bfloat16.
void temper_adamw(
    float *weights, uint16_t *rounded, const float *gradient, float *moment1, float *moment2, int64_t count,
    temper_adamw_settings settings);

#endif
