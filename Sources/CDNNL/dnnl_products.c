// oneDNN 2.x and 3.x behind one function. The library's scratch memory is thread-local by default and must then be used
// on the thread that made the primitive; with user-managed scratch memory a context may move between threads.
#if !defined(__APPLE__)

#include "CDNNL.h"

#include <CTemperKernels.h>
#include <dlfcn.h>
#include <dnnl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t m, k, n;
    int64_t a_row, a_column, b_row, b_column, c_row;
    int32_t type, c_type, accumulate;
    int32_t used;
} shape_key;

typedef struct {
    shape_key key;
    dnnl_primitive_t primitive;
    dnnl_memory_t a, b, c, scratch;
    size_t scratch_size;
} cached_product;

struct temper_products {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    cached_product *slots;
    size_t capacity, count;
    void *scratch;
    size_t scratch_size;
};

static uint64_t hash_of(const shape_key *key) {
    const uint64_t words[] = {
        (uint64_t)key->m, (uint64_t)key->k, (uint64_t)key->n, (uint64_t)key->a_row, (uint64_t)key->a_column,
        (uint64_t)key->b_row, (uint64_t)key->b_column, (uint64_t)key->c_row,
        (uint64_t)(key->type | key->c_type << 2 | key->accumulate << 4)};
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash;
}

// Holds the library to what TEMPER_ISA names; it hears only before it has made anything. Its least set is SSE 4.1.
static void limit_instructions(void) {
#if defined(__x86_64__)
    static const dnnl_cpu_isa_t sets[TEMPER_ISA_COUNT] = {
        dnnl_cpu_isa_sse41, dnnl_cpu_isa_avx2, dnnl_cpu_isa_avx512_core, dnnl_cpu_isa_avx512_core_bf16};
    int32_t limit = temper_isa_limit();
    if (limit >= 0 && limit < TEMPER_ISA_COUNT) dnnl_set_max_cpu_isa(sets[limit]);
#endif
}

static void limit_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, limit_instructions);
}

temper_products *temper_products_create(void) {
    limit_once();
    temper_products_use_one_thread();
    temper_products *products = calloc(1, sizeof(temper_products));
    if (!products) return NULL;
    products->capacity = 256;
    products->slots = calloc(products->capacity, sizeof(cached_product));
    if (!products->slots || dnnl_engine_create(&products->engine, dnnl_cpu, 0) != dnnl_success
        || dnnl_stream_create(&products->stream, products->engine, dnnl_stream_default_flags) != dnnl_success) {
        temper_products_destroy(products);
        return NULL;
    }
    return products;
}

static void release(cached_product *product) {
    if (product->scratch) dnnl_memory_destroy(product->scratch);
    if (product->c) dnnl_memory_destroy(product->c);
    if (product->b) dnnl_memory_destroy(product->b);
    if (product->a) dnnl_memory_destroy(product->a);
    if (product->primitive) dnnl_primitive_destroy(product->primitive);
    memset(product, 0, sizeof(*product));
}

void temper_products_destroy(temper_products *products) {
    if (!products) return;
    for (size_t i = 0; products->slots && i < products->capacity; i++) {
        if (products->slots[i].key.used) release(&products->slots[i]);
    }
    free(products->slots);
    free(products->scratch);
    if (products->stream) dnnl_stream_destroy(products->stream);
    if (products->engine) dnnl_engine_destroy(products->engine);
    free(products);
}

static cached_product *slot_for(cached_product *slots, size_t capacity, const shape_key *key) {
    size_t index = hash_of(key) & (capacity - 1);
    while (slots[index].key.used && memcmp(&slots[index].key, key, sizeof(*key)) != 0) index = (index + 1) & (capacity - 1);
    return &slots[index];
}

static dnnl_data_type_t data_type(int32_t type) { return type == TEMPER_BFLOAT16 ? dnnl_bf16 : dnnl_f32; }

static dnnl_status_t prepare(temper_products *products, const shape_key *key, cached_product *product) {
    dnnl_dims_t a_dims = {key->m, key->k}, b_dims = {key->k, key->n}, c_dims = {key->m, key->n};
    dnnl_dims_t a_strides = {key->a_row, key->a_column}, b_strides = {key->b_row, key->b_column}, c_strides = {key->c_row, 1};
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_post_ops_t post_ops = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success && key->accumulate) {
        status = dnnl_post_ops_create(&post_ops);
#if DNNL_VERSION_MAJOR >= 3
        if (status == dnnl_success) status = dnnl_post_ops_append_sum(post_ops, 1.0f, 0, dnnl_data_type_undef);
#else
        if (status == dnnl_success) status = dnnl_post_ops_append_sum(post_ops, 1.0f);
#endif
        if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, post_ops);
    }
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_t a = NULL, b = NULL, c = NULL;
    if (status == dnnl_success) status = dnnl_memory_desc_create_with_strides(&a, 2, a_dims, data_type(key->type), a_strides);
    if (status == dnnl_success) status = dnnl_memory_desc_create_with_strides(&b, 2, b_dims, data_type(key->type), b_strides);
    if (status == dnnl_success) status = dnnl_memory_desc_create_with_strides(&c, 2, c_dims, data_type(key->c_type), c_strides);
    if (status == dnnl_success)
        status = dnnl_matmul_primitive_desc_create(&description, products->engine, a, b, NULL, c, attributes);
    const_dnnl_memory_desc_t a_layout = a, b_layout = b, c_layout = c;
#else
    dnnl_memory_desc_t a, b, c;
    dnnl_matmul_desc_t operation;
    if (status == dnnl_success) status = dnnl_memory_desc_init_by_strides(&a, 2, a_dims, data_type(key->type), a_strides);
    if (status == dnnl_success) status = dnnl_memory_desc_init_by_strides(&b, 2, b_dims, data_type(key->type), b_strides);
    if (status == dnnl_success) status = dnnl_memory_desc_init_by_strides(&c, 2, c_dims, data_type(key->c_type), c_strides);
    if (status == dnnl_success) status = dnnl_matmul_desc_init(&operation, &a, &b, NULL, &c);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(&description, &operation, attributes, products->engine, NULL);
    const dnnl_memory_desc_t *a_layout = &a, *b_layout = &b, *c_layout = &c;
#endif
    if (status == dnnl_success) {
        product->key = *key;
        status = dnnl_primitive_create(&product->primitive, description);
        if (status == dnnl_success) status = dnnl_memory_create(&product->a, a_layout, products->engine, DNNL_MEMORY_NONE);
        if (status == dnnl_success) status = dnnl_memory_create(&product->b, b_layout, products->engine, DNNL_MEMORY_NONE);
        if (status == dnnl_success) status = dnnl_memory_create(&product->c, c_layout, products->engine, DNNL_MEMORY_NONE);
        if (status == dnnl_success) {
            const_dnnl_primitive_desc_t made = description;
#if DNNL_VERSION_MAJOR >= 3
            const_dnnl_memory_desc_t scratch = dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0);
#else
            const dnnl_memory_desc_t *scratch = dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0);
#endif
            product->scratch_size = scratch ? dnnl_memory_desc_get_size(scratch) : 0;
            if (product->scratch_size > 0)
                status = dnnl_memory_create(&product->scratch, scratch, products->engine, DNNL_MEMORY_NONE);
        }
        if (status != dnnl_success) release(product);
        else products->count += 1;
    }
#if DNNL_VERSION_MAJOR >= 3
    if (a) dnnl_memory_desc_destroy(a);
    if (b) dnnl_memory_desc_destroy(b);
    if (c) dnnl_memory_desc_destroy(c);
#endif
    if (description) dnnl_primitive_desc_destroy(description);
    if (post_ops) dnnl_post_ops_destroy(post_ops);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    return status;
}

static int32_t grow(temper_products *products) {
    size_t capacity = products->capacity * 2;
    cached_product *slots = calloc(capacity, sizeof(cached_product));
    if (!slots) return dnnl_out_of_memory;
    for (size_t i = 0; i < products->capacity; i++) {
        if (products->slots[i].key.used) *slot_for(slots, capacity, &products->slots[i].key) = products->slots[i];
    }
    free(products->slots);
    products->slots = slots;
    products->capacity = capacity;
    return 0;
}

int32_t temper_products_multiply(
    temper_products *products, int64_t m, int64_t k, int64_t n, temper_matrix a, temper_matrix b, temper_matrix c,
    int32_t accumulate) {
    shape_key key;
    memset(&key, 0, sizeof(key));
    key.m = m, key.k = k, key.n = n;
    key.a_row = a.row_stride, key.a_column = a.column_stride;
    key.b_row = b.row_stride, key.b_column = b.column_stride, key.c_row = c.row_stride;
    key.type = a.type, key.c_type = c.type, key.accumulate = accumulate ? 1 : 0, key.used = 1;
    cached_product *product = slot_for(products->slots, products->capacity, &key);
    if (!product->key.used) {
        if (products->count * 2 >= products->capacity) {
            int32_t status = grow(products);
            if (status) return status;
            product = slot_for(products->slots, products->capacity, &key);
        }
        dnnl_status_t status = prepare(products, &key, product);
        if (status != dnnl_success) return (int32_t)status;
    }
    if (product->scratch_size > products->scratch_size) {
        free(products->scratch);
        products->scratch_size = (product->scratch_size + 4095) / 4096 * 4096;
        products->scratch = aligned_alloc(4096, products->scratch_size);
        if (!products->scratch) {
            products->scratch_size = 0;
            return dnnl_out_of_memory;
        }
    }
    dnnl_memory_set_data_handle(product->a, a.base);
    dnnl_memory_set_data_handle(product->b, b.base);
    dnnl_memory_set_data_handle(product->c, c.base);
    dnnl_exec_arg_t arguments[4] = {
        {DNNL_ARG_SRC, product->a}, {DNNL_ARG_WEIGHTS, product->b}, {DNNL_ARG_DST, product->c}, {0, NULL}};
    int count = 3;
    if (product->scratch) {
        dnnl_memory_set_data_handle(product->scratch, products->scratch);
        arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, product->scratch};
    }
    return (int32_t)dnnl_primitive_execute(product->primitive, products->stream, count, arguments);
}

void temper_products_use_one_thread(void) {
    // Distributions build the library on OpenMP; the setting belongs to the calling thread.
    void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (set_threads) set_threads(1);
}

int32_t temper_products_have_bfloat16(void) { return temper_isa() >= TEMPER_ISA_AVX512_BFLOAT16; }

void temper_products_describe(char *text, size_t size) {
    limit_once();
    const dnnl_version_t *version = dnnl_version();
    const char *set = "the CPU's own instructions";
    switch (dnnl_get_effective_cpu_isa()) {
        case dnnl_cpu_isa_sse41: set = "SSE 4.1"; break;
        case dnnl_cpu_isa_avx: set = "AVX"; break;
        case dnnl_cpu_isa_avx2: set = "AVX2"; break;
        case dnnl_cpu_isa_avx512_core: set = "AVX-512"; break;
        case dnnl_cpu_isa_avx512_core_vnni: set = "AVX-512 with VNNI"; break;
        case dnnl_cpu_isa_avx512_core_bf16: set = "AVX-512 with bf16"; break;
        default: break;
    }
    snprintf(text, size, "oneDNN %d.%d.%d, %s", version->major, version->minor, version->patch, set);
}

#endif
