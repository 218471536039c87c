// The kernels for every CPU of the architecture: SSE2 on x86-64, NEON on ARM.
#include "support.h"

#define TABLE temper_kernels_scalar
#define FULL_WIDTH
#include "variant.h"
