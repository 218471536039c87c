// A barrier that spins for some ten microseconds, in which the other threads are expected, and then sleeps, so that a thread
// whose companion has lost its processor to another process leaves its own to whoever can use it.
#define _GNU_SOURCE
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "CTemperKernels.h"

// Pauses before a thread sleeps; one takes 10 to 50 ns.
#define SPINS 1000

struct temper_barrier {
    _Alignas(64) _Atomic int32_t arrived;
    _Alignas(64) _Atomic int32_t generation;
    _Atomic int32_t sleepers;
    int32_t count;
};

temper_barrier *temper_barrier_create(int32_t count) {
    temper_barrier *barrier = aligned_alloc(_Alignof(temper_barrier), sizeof(temper_barrier));
    if (!barrier) return NULL;
    atomic_init(&barrier->arrived, 0);
    atomic_init(&barrier->generation, 0);
    atomic_init(&barrier->sleepers, 0);
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

// Sleeps unless the generation has changed. A wake-up without a change is allowed: the caller looks again.
static void sleep_while(_Atomic int32_t *generation, int32_t seen) {
#if defined(__linux__)
    syscall(SYS_futex, generation, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
#else
    (void)generation;
    (void)seen;
    sched_yield();
#endif
}

static void wake_all(_Atomic int32_t *generation) {
#if defined(__linux__)
    syscall(SYS_futex, generation, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
#else
    (void)generation;
#endif
}

void temper_barrier_wait(temper_barrier *barrier) {
    if (barrier->count <= 1) return;
    int32_t generation = atomic_load_explicit(&barrier->generation, memory_order_acquire);
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == barrier->count) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        // A sleeper counts itself before the kernel compares the generation, so it is seen here or does not sleep.
        atomic_store(&barrier->generation, (int32_t)((uint32_t)generation + 1));
        if (atomic_load(&barrier->sleepers) > 0) wake_all(&barrier->generation);
        return;
    }
    for (int spins = 0; spins < SPINS; spins++) {
        if (atomic_load_explicit(&barrier->generation, memory_order_acquire) != generation) return;
        pause_briefly();
    }
    atomic_fetch_add(&barrier->sleepers, 1);
    while (atomic_load(&barrier->generation) == generation) sleep_while(&barrier->generation, generation);
    atomic_fetch_sub(&barrier->sleepers, 1);
}
