// Kernels over plain numbers that exist for one element type, or for both at once.

static void from_bfloat16(const uint16_t *restrict source, float *restrict target, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] = load_bfloat16(source[i]);
}

static void gather_bfloat16_embeddings(
    const uint16_t *restrict table, const int32_t *restrict ids, float *restrict target, int64_t rows, int64_t width) {
    for (int64_t row = 0; row < rows; row++) {
        const uint16_t *in = table + (int64_t)ids[row] * width;
        for (int64_t i = 0; i < width; i++) target[row * width + i] = load_bfloat16(in[i]);
    }
}

static void scatter_embeddings(
    float *restrict gradient, const int32_t *restrict ids, const float *restrict source, int64_t rows, int64_t width,
    int64_t first, int64_t columns) {
    for (int64_t row = 0; row < rows; row++) {
        float *out = gradient + (int64_t)ids[row] * width + first;
        const float *in = source + row * width + first;
        for (int64_t i = 0; i < columns; i++) out[i] += in[i];
    }
}

static void add(float *restrict target, const float *restrict source, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] += source[i];
}

static void add_scaled(float *restrict target, const float *restrict source, float factor, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] += source[i] * factor;
}

static void quantise_int8(
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

static double sum_of_squares(const float *values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += (double)values[i] * (double)values[i];
    return sum;
}

static int32_t all_finite(const float *values, int64_t count) {
    uint32_t bad = 0;
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof(bits));
        bad |= (bits & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
    }
    return bad == 0;
}

static void adamw(
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
    if (rounded) convert_bfloat16(weights, rounded, count);
}

static int64_t argmax(const float *values, int64_t count) {
    float highest = maximum(values, count);
    for (int64_t i = 0; i < count; i++)
        if (values[i] == highest) return i;
    return 0;
}

static void put_rows(
    const float *restrict sums, int64_t rows, int64_t columns, int64_t stride, bfloat16 *restrict y, int64_t y_stride) {
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < columns; i++) y[r * y_stride + i] = store_bfloat16(sums[r * stride + i]);
}

// p = exp(scores * scale - the highest) at the positions hidden ..< seen, 0 at the others; returns 1 / their sum.
static float weigh_bfloat16(
    const float *restrict scores, bfloat16 *restrict p, int64_t hidden, int64_t seen, int64_t from, int64_t to, float scale) {
    float highest = maximum(scores + hidden, seen - hidden) * scale, sum = 0;
    for (int64_t j = from; j < hidden; j++) p[j] = 0;
    for (int64_t j = hidden; j < seen; j++) {
        float weight = exponential(scores[j] * scale - highest);
        sum += weight;
        p[j] = store_bfloat16(weight);
    }
    for (int64_t j = seen; j < to; j++) p[j] = 0;
    return 1.0f / sum;
}

static void scale_row_bfloat16(const float *restrict sums, float factor, bfloat16 *restrict y, int64_t columns) {
    for (int64_t i = 0; i < columns; i++) y[i] = store_bfloat16(sums[i] * factor);
}
