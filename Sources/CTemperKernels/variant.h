// All kernels for one instruction set. Included once for each, after support.h, with TABLE defined, FULL_WIDTH as what lets a
// function use the widest registers, and MANY_REGISTERS where there are 32 of 64 bytes.
#include "table.h"

#define ELEMENT float
#define LOAD load_float
#define STORE store_float
#define NAMED(name) name##_float
#include "elements.h"
#undef ELEMENT
#undef LOAD
#undef STORE
#undef NAMED

#define ELEMENT bfloat16
#define LOAD load_bfloat16
#define STORE store_bfloat16
#define NAMED(name) name##_bfloat16
#include "elements.h"

#include "numbers.h"
#include "tiles.h"

#define DEFINE_EITHER(name, arguments, ...) \
    static void either_##name(int32_t half, __VA_ARGS__) { \
        if (half) name##_bfloat16 arguments; \
        else name##_float arguments; \
    }
TEMPER_ELEMENT_KERNELS(DEFINE_EITHER)

#define ELEMENT_PLACE(name, arguments, ...) .name = either_##name,
#define PLAIN_PLACE(result, name, arguments, ...) .name = name,
#define INNER_PLACE(result, name, ...) .name = name,

const temper_kernel_table TABLE = {
    TEMPER_ELEMENT_KERNELS(ELEMENT_PLACE) TEMPER_PLAIN_KERNELS(PLAIN_PLACE) TEMPER_INNER_KERNELS(INNER_PLACE)};
