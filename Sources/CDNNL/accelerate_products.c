// Apple systems: Accelerate's single-precision products. bfloat16 is not offered there.
#if defined(__APPLE__)

#define ACCELERATE_NEW_LAPACK 1
#include "CDNNL.h"

#include <Accelerate/Accelerate.h>
#include <stdio.h>
#include <stdlib.h>

struct temper_products {
    int32_t unused;
};

temper_products *temper_products_create(void) { return calloc(1, sizeof(temper_products)); }
void temper_products_destroy(temper_products *products) { free(products); }

int32_t temper_products_multiply(
    temper_products *products, int64_t m, int64_t k, int64_t n, temper_matrix a, temper_matrix b, temper_matrix c,
    int32_t accumulate) {
    (void)products;
    if (a.type != TEMPER_FLOAT32 || b.type != TEMPER_FLOAT32 || c.type != TEMPER_FLOAT32) return 3;
    int turn_a = a.column_stride != 1, turn_b = b.column_stride != 1;
    cblas_sgemm(
        CblasRowMajor, turn_a ? CblasTrans : CblasNoTrans, turn_b ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1.0f,
        a.base, (int)(turn_a ? a.column_stride : a.row_stride), b.base, (int)(turn_b ? b.column_stride : b.row_stride),
        accumulate ? 1.0f : 0.0f, c.base, (int)c.row_stride);
    return 0;
}

void temper_products_use_one_thread(void) {}
int32_t temper_products_have_bfloat16(void) { return 0; }
void temper_products_describe(char *text, size_t size) { snprintf(text, size, "Accelerate"); }

#endif
