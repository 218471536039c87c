// The kernels that exist for both element types. Included once per type with ELEMENT, LOAD, STORE and NAMED defined.

static void NAMED(convert)(const float *restrict source, ELEMENT *restrict target, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] = STORE(source[i]);
}

static void NAMED(rms_norm)(
    const float *restrict x, const float *restrict weight, ELEMENT *restrict y, float *restrict scale, float *restrict copy,
    int64_t rows, int64_t width, float epsilon) {
    for (int64_t row = 0; row < rows; row++) {
        const float *in = x + row * width;
        ELEMENT *out = y + row * width;
        float sum = 0;
        for (int64_t i = 0; i < width; i++) sum += in[i] * in[i];
        float factor = 1.0f / sqrtf(sum / (float)width + epsilon);
        scale[row] = factor;
        for (int64_t i = 0; i < width; i++) out[i] = STORE(in[i] * factor * weight[i]);
        if (copy) memcpy(copy + row * width, in, (size_t)width * sizeof(float));
    }
}

static void NAMED(rms_norm_backward)(
    const float *restrict dy, const float *restrict x, const float *restrict scale, const float *restrict weight,
    float *restrict dx, float *restrict d_weight, ELEMENT *restrict converted, int64_t rows, int64_t width) {
    for (int64_t row = 0; row < rows; row++) {
        const float *up = dy + row * width, *in = x + row * width;
        float *out = dx + row * width;
        float factor = scale[row], dot = 0;
        for (int64_t i = 0; i < width; i++) dot += up[i] * weight[i] * in[i];
        float back = dot * factor * factor * factor / (float)width;
        if (d_weight) {
            for (int64_t i = 0; i < width; i++) {
                d_weight[i] += up[i] * in[i] * factor;
                out[i] += up[i] * weight[i] * factor - in[i] * back;
            }
        } else {
            for (int64_t i = 0; i < width; i++) out[i] += up[i] * weight[i] * factor - in[i] * back;
        }
        if (converted) {
            ELEMENT *rounded = converted + row * width;
            for (int64_t i = 0; i < width; i++) rounded[i] = STORE(out[i]);
        }
    }
}

static void NAMED(head_norm)(
    ELEMENT *restrict x, int64_t row_stride, const float *restrict weight, float *restrict scale, ELEMENT *restrict copy,
    int64_t copy_stride, int64_t rows, int64_t heads, int64_t head_width, float epsilon) {
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t head = 0; head < heads; head++) {
            ELEMENT *in = x + row * row_stride + head * head_width;
            if (copy) memcpy(copy + row * copy_stride + head * head_width, in, (size_t)head_width * sizeof(ELEMENT));
            float sum = 0;
            for (int64_t i = 0; i < head_width; i++) sum += LOAD(in[i]) * LOAD(in[i]);
            float factor = 1.0f / sqrtf(sum / (float)head_width + epsilon);
            if (scale) scale[row * heads + head] = factor;
            for (int64_t i = 0; i < head_width; i++) in[i] = STORE(LOAD(in[i]) * factor * weight[i]);
        }
    }
}

static void NAMED(head_norm_backward)(
    ELEMENT *restrict gradient, int64_t row_stride, const ELEMENT *restrict x, int64_t x_stride, const float *restrict scale,
    const float *restrict weight, float *restrict d_weight, int64_t rows, int64_t heads, int64_t head_width) {
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t head = 0; head < heads; head++) {
            ELEMENT *up = gradient + row * row_stride + head * head_width;
            const ELEMENT *in = x + row * x_stride + head * head_width;
            float factor = scale[row * heads + head], dot = 0;
            for (int64_t i = 0; i < head_width; i++) dot += LOAD(up[i]) * weight[i] * LOAD(in[i]);
            float back = dot * factor * factor * factor / (float)head_width;
            for (int64_t i = 0; i < head_width; i++) {
                float d = LOAD(up[i]), value = LOAD(in[i]);
                if (d_weight) d_weight[i] += d * value * factor;
                up[i] = STORE(d * weight[i] * factor - value * back);
            }
        }
    }
}

static void NAMED(rotate)(
    ELEMENT *restrict x, int64_t row_stride, const int32_t *restrict positions, const float *restrict cosines,
    const float *restrict sines, int64_t rows, int64_t heads, int64_t head_width, float direction) {
    int64_t middle = head_width / 2;
    for (int64_t row = 0; row < rows; row++) {
        const float *cosine = cosines + positions[row] * middle, *sine = sines + positions[row] * middle;
        for (int64_t head = 0; head < heads; head++) {
            ELEMENT *low = x + row * row_stride + head * head_width;
            ELEMENT *high = low + middle;
            for (int64_t i = 0; i < middle; i++) {
                float a = LOAD(low[i]), b = LOAD(high[i]), s = sine[i] * direction;
                low[i] = STORE(a * cosine[i] - b * s);
                high[i] = STORE(b * cosine[i] + a * s);
            }
        }
    }
}

static void NAMED(attention_softmax)(
    const float *restrict scores, ELEMENT *restrict p, float *restrict log_sums, int64_t rows, int64_t columns, int64_t visible,
    int64_t window, float scale) {
    for (int64_t row = 0; row < rows; row++) {
        int64_t hidden = visible + row > window ? visible + row - window : 0;
        int64_t seen = (visible + row < columns ? visible + row : columns) - hidden;
        const float *in = scores + row * columns + hidden;
        ELEMENT *out = p + row * columns;
        memset(out, 0, (size_t)hidden * sizeof(ELEMENT));
        out += hidden;
        float shift = maximum(in, seen) * scale, sum = 0;
        for (int64_t i = 0; i < seen; i++) sum += exponential(in[i] * scale - shift);
        float log_sum = shift + logf(sum);
        log_sums[row] = log_sum;
        for (int64_t i = 0; i < seen; i++) out[i] = STORE(exponential(in[i] * scale - log_sum));
        memset(out + seen, 0, (size_t)(columns - hidden - seen) * sizeof(ELEMENT));
    }
}

static void NAMED(attention_softmax_backward)(
    const float *restrict scores, const float *restrict dp, const float *restrict log_sums, const float *restrict deltas,
    ELEMENT *restrict p, ELEMENT *restrict ds, int64_t rows, int64_t columns, int64_t visible, int64_t window, float scale) {
    for (int64_t row = 0; row < rows; row++) {
        int64_t hidden = visible + row > window ? visible + row - window : 0;
        int64_t seen = (visible + row < columns ? visible + row : columns) - hidden;
        const float *in = scores + row * columns + hidden, *up = dp + row * columns + hidden;
        ELEMENT *probabilities = p + row * columns, *out = ds + row * columns;
        memset(probabilities, 0, (size_t)hidden * sizeof(ELEMENT));
        memset(out, 0, (size_t)hidden * sizeof(ELEMENT));
        probabilities += hidden;
        out += hidden;
        float log_sum = log_sums[row], delta = deltas[row];
        for (int64_t i = 0; i < seen; i++) {
            float probability = exponential(in[i] * scale - log_sum);
            probabilities[i] = STORE(probability);
            out[i] = STORE(probability * (up[i] - delta) * scale);
        }
        memset(probabilities + seen, 0, (size_t)(columns - hidden - seen) * sizeof(ELEMENT));
        memset(out + seen, 0, (size_t)(columns - hidden - seen) * sizeof(ELEMENT));
    }
}

static void NAMED(row_products)(
    const ELEMENT *restrict a, const ELEMENT *restrict b, float *restrict deltas, int64_t rows, int64_t columns,
    int64_t row_stride) {
    for (int64_t row = 0; row < rows; row++) {
        float sum = 0;
        for (int64_t i = 0; i < columns; i++) sum += LOAD(a[row * row_stride + i]) * LOAD(b[row * row_stride + i]);
        deltas[row] = sum;
    }
}

static void NAMED(store_rows)(
    const float *restrict source, ELEMENT *restrict target, int64_t rows, int64_t columns, int64_t row_stride) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t i = 0; i < columns; i++) target[row * row_stride + i] = STORE(source[row * columns + i]);
}

static void NAMED(add_bias)(
    const float *restrict bias, ELEMENT *restrict x, int64_t rows, int64_t width, int64_t row_stride) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t i = 0; i < width; i++) x[row * row_stride + i] = STORE(LOAD(x[row * row_stride + i]) + bias[i]);
}

static void NAMED(add_column_sums)(
    const ELEMENT *restrict x, float *restrict sums, int64_t rows, int64_t width, int64_t row_stride) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t i = 0; i < width; i++) sums[i] += LOAD(x[row * row_stride + i]);
}

static void NAMED(dropout)(
    const ELEMENT *x, ELEMENT *y, const uint64_t *restrict keys, int64_t rows, int64_t width, int64_t row_stride,
    temper_dropout_settings settings) {
    for (int64_t row = 0; row < rows; row++) {
        const ELEMENT *in = x + row * row_stride;
        ELEMENT *out = y + row * width;
        uint32_t state = row_state(settings.seed, keys[row]);
        for (int64_t i = 0; i < width; i++) {
            float kept = hashed(state, i) >= settings.threshold ? settings.factor : 0.0f;
            out[i] = STORE(LOAD(in[i]) * kept);
        }
    }
}

static void NAMED(add_dropout)(
    const float *restrict x, ELEMENT *restrict target, const uint64_t *restrict keys, int64_t rows, int64_t width,
    int64_t row_stride, temper_dropout_settings settings) {
    for (int64_t row = 0; row < rows; row++) {
        const float *in = x + row * width;
        ELEMENT *out = target + row * row_stride;
        uint32_t state = row_state(settings.seed, keys[row]);
        for (int64_t i = 0; i < width; i++) {
            float kept = hashed(state, i) >= settings.threshold ? settings.factor : 0.0f;
            out[i] = STORE(LOAD(out[i]) + in[i] * kept);
        }
    }
}

static void NAMED(expand_int8)(
    const int8_t *restrict codes, const float *restrict scales, ELEMENT *restrict target, int64_t rows, int64_t columns,
    int64_t row_stride, int64_t scale_stride, int64_t group) {
    for (int64_t row = 0; row < rows; row++) {
        for (int64_t start = 0; start < columns; start += group) {
            int64_t count = columns - start < group ? columns - start : group;
            const int8_t *in = codes + row * row_stride + start;
            ELEMENT *out = target + row * columns + start;
            float scale = scales[row * scale_stride + start / group];
            for (int64_t i = 0; i < count; i++) out[i] = STORE((float)in[i] * scale);
        }
    }
}

static void NAMED(expand_bfloat16)(
    const uint16_t *restrict source, ELEMENT *restrict target, int64_t rows, int64_t columns, int64_t row_stride) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t i = 0; i < columns; i++) target[row * columns + i] = STORE(load_bfloat16(source[row * row_stride + i]));
}

static void NAMED(scale)(ELEMENT *x, int64_t count, float factor) {
    for (int64_t i = 0; i < count; i++) x[i] = STORE(LOAD(x[i]) * factor);
}

static void NAMED(swiglu)(
    const ELEMENT *restrict gate_up, ELEMENT *restrict y, int64_t rows, int64_t width, int64_t columns) {
    for (int64_t row = 0; row < rows; row++) {
        const ELEMENT *gate = gate_up + row * 2 * width, *up = gate + width;
        ELEMENT *out = y + row * width;
        for (int64_t i = 0; i < columns; i++) {
            float g = LOAD(gate[i]);
            out[i] = STORE(g / (1.0f + exponential(-g)) * LOAD(up[i]));
        }
    }
}

static void NAMED(swiglu_backward)(
    const ELEMENT *restrict gate_up, const ELEMENT *restrict dy, ELEMENT *restrict d_gate_up, int64_t rows, int64_t width) {
    for (int64_t row = 0; row < rows; row++) {
        const ELEMENT *gate = gate_up + row * 2 * width, *up = gate + width, *in = dy + row * width;
        ELEMENT *d_gate = d_gate_up + row * 2 * width, *d_up = d_gate + width;
        for (int64_t i = 0; i < width; i++) {
            float g = LOAD(gate[i]), d = LOAD(in[i]);
            float sigmoid = 1.0f / (1.0f + exponential(-g));
            float silu = g * sigmoid;
            d_up[i] = STORE(d * silu);
            d_gate[i] = STORE(d * LOAD(up[i]) * (sigmoid + silu * (1.0f - sigmoid)));
        }
    }
}

static void NAMED(cross_entropy)(
    float *restrict logits, const int32_t *restrict targets, float *restrict losses, ELEMENT *restrict d_logits, int64_t rows,
    int64_t columns, float scale) {
    for (int64_t row = 0; row < rows; row++) {
        float *in = logits + row * columns;
        if (targets[row] < 0) {
            losses[row] = 0;
            if (d_logits) memset(d_logits + row * columns, 0, (size_t)columns * sizeof(ELEMENT));
            continue;
        }
        float target = in[targets[row]], highest = maximum(in, columns), sum = 0;
        for (int64_t i = 0; i < columns; i++) {
            in[i] = exponential(in[i] - highest);
            sum += in[i];
        }
        losses[row] = highest + logf(sum) - target;
        if (d_logits) {
            ELEMENT *out = d_logits + row * columns;
            float factor = scale / sum;
            for (int64_t i = 0; i < columns; i++) out[i] = STORE(in[i] * factor);
            out[targets[row]] = STORE(in[targets[row]] * factor - scale);
        }
    }
}
