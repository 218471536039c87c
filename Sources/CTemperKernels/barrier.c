// A barrier that spins first: the threads that meet at it are expected within microseconds.
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "CTemperKernels.h"

struct temper_barrier {
    _Alignas(64) _Atomic int32_t arrived;
    _Alignas(64) _Atomic int32_t generation;
    int32_t count;
};

temper_barrier *temper_barrier_create(int32_t count) {
    temper_barrier *barrier = aligned_alloc(_Alignof(temper_barrier), sizeof(temper_barrier));
    if (!barrier) return NULL;
    atomic_init(&barrier->arrived, 0);
    atomic_init(&barrier->generation, 0);
    barrier->count = count;
    return barrier;
}

void temper_barrier_destroy(temper_barrier *barrier) { free(barrier); }

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

void temper_barrier_wait(temper_barrier *barrier) {
    if (barrier->count <= 1) return;
    int32_t generation = atomic_load_explicit(&barrier->generation, memory_order_acquire);
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == barrier->count) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&barrier->generation, generation + 1, memory_order_release);
        return;
    }
    for (int spins = 0; atomic_load_explicit(&barrier->generation, memory_order_acquire) == generation; spins++) {
        if (spins < 4000) pause_briefly();
        else sched_yield();
    }
}
