#ifdef __linux__
#include "forbidden.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const int forbidden[] = {
    SYS_syslog, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_kexec_load,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_open_by_handle_at, SYS_swapon, SYS_swapoff, SYS_acct,
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_reboot, SYS_quotactl, SYS_ptrace,
    SYS_process_vm_readv, SYS_process_vm_writev,
    // Memory that no limit of a process counts and that stays when it is unmapped.
    SYS_memfd_create, SYS_shmget, SYS_msgget, SYS_semget,
#ifdef SYS_memfd_secret
    SYS_memfd_secret,
#endif
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
};

// A network namespace bounds these families alone: a socket of AF_VSOCK, for one, reaches the machine below a virtual machine.
static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

// The largest buffers of a socket are the host's to say, often megabytes; what asks for more keeps the usual ones.
static const int buffers[] = {SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE};

#define LENGTH(array) (int)(sizeof array / sizeof array[0])
enum { COUNT = LENGTH(forbidden), FAMILIES = LENGTH(families), BUFFERS = LENGTH(buffers), TAIL = FAMILIES + BUFFERS + 9 };

static struct sock_filter load(unsigned offset) { return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset); }

static struct sock_filter give(unsigned value) { return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value); }

// Skips so many instructions when the loaded value is equal, or else so many.
static struct sock_filter compare(int value, int equal, int other) {
    return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)value, (unsigned char)equal, (unsigned char)other);
}

// The lower half of an argument: both architectures are little-endian.
static unsigned argument(int index) { return offsetof(struct seccomp_data, args) + 8 * (unsigned)index; }

int temper_forbid_calls(void) {
#ifdef ARCHITECTURE
    struct sock_filter filter[COUNT + TAIL + 6];
    int n = 0;
    filter[n++] = load(offsetof(struct seccomp_data, arch));
    // Programs of another architecture count calls otherwise: none of theirs is allowed.
    filter[n++] = compare((int)ARCHITECTURE, 1, 0);
    filter[n++] = give(SECCOMP_RET_KILL_PROCESS);
    filter[n++] = load(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, COUNT + TAIL, 0);
#endif
    for (int i = 0; i < COUNT; i++) filter[n++] = compare(forbidden[i], COUNT - i + TAIL - 1, 0);
    filter[n++] = compare(SYS_socket, 0, FAMILIES + 2);
    filter[n++] = load(argument(0));
    for (int i = 0; i < FAMILIES; i++) filter[n++] = compare(families[i], FAMILIES - i + BUFFERS + 4, 0);
    filter[n++] = give(SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    filter[n++] = compare(SYS_setsockopt, 0, BUFFERS + 3);
    filter[n++] = load(argument(1));
    filter[n++] = compare(SOL_SOCKET, 0, BUFFERS + 1);
    filter[n++] = load(argument(2));
    for (int i = 0; i < BUFFERS; i++) filter[n++] = compare(buffers[i], BUFFERS - i, 0);
    filter[n++] = give(SECCOMP_RET_ALLOW);
    filter[n++] = give(SECCOMP_RET_ERRNO); // no error, and nothing done
    filter[n++] = give(SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {.len = (unsigned short)n, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
#else
    errno = ENOSYS;
    return -1;
#endif
}
#endif
