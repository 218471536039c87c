#ifndef TEMPER_CDNNL_H
#define TEMPER_CDNNL_H

#include <stddef.h>
#include <stdint.h>

/// Matrix products on one thread: oneDNN where it is installed, Accelerate on Apple systems.
///
/// A context caches one oneDNN primitive per shape. It may move between threads but serves one at a time.
typedef struct temper_products temper_products;

/// Element types of matrices.
enum { TEMPER_FLOAT32 = 0, TEMPER_BFLOAT16 = 1 };

/// One operand: element (i, j) lies at base + (i * row_stride + j * column_stride) elements; one of the strides is 1.
typedef struct {
    void *base;
    int64_t row_stride;
    int64_t column_stride;
    int32_t type;
} temper_matrix;

/// A new context, or NULL when the library fails.
temper_products *temper_products_create(void);
void temper_products_destroy(temper_products *products);

/// c[m, n] = a[m, k] · b[k, n], or c += a · b when `accumulate` is not 0. Sums are kept in fp32.
///
/// a and b have the same type; c is fp32 or that type, with column stride 1.
/// Returns 0, or the library's status.
int32_t temper_products_multiply(
    temper_products *products, int64_t m, int64_t k, int64_t n, temper_matrix a, temper_matrix b, temper_matrix c,
    int32_t accumulate);

/// Keeps the library's own threads out of the calling thread's products.
void temper_products_use_one_thread(void);

/// 1 where bfloat16 products run on instructions made for them, which TEMPER_ISA may forbid.
int32_t temper_products_have_bfloat16(void);

/// The library, its version and its best instructions in this process, as text for people.
void temper_products_describe(char *text, size_t size);

#endif
