#define _GNU_SOURCE
#include "CTemperProcess.h"
#include "forbidden.h"

#include <errno.h>
#include <sys/resource.h>

const int temper_limit_memory = RLIMIT_AS, temper_limit_processor = RLIMIT_CPU, temper_limit_processes = RLIMIT_NPROC,
          temper_limit_file = RLIMIT_FSIZE, temper_limit_open = RLIMIT_NOFILE, temper_limit_core = RLIMIT_CORE;

#ifdef __linux__

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_SIZE = 256 * 1024, MAXIMUM_DESCRIPTORS = 16 };

/// What the starting processes share with the caller. Two are started: the first takes the identity (or joins namespaces), the
/// second is its sibling, in the new user namespace, and becomes the program.
struct start {
    const char *program;
    char *const *arguments, *const *environment;
    const int *descriptors;
    int count;
    struct temper_namespaces *namespaces;
    char *second_stack;
    pid_t identifier;
    int error;
    unsigned user, group; // on the host, to map to root
    int go[2], done[2];
};

static int fail(struct start *start, const char *step) {
    start->error = errno ? errno : EIO;
    start->namespaces->failed_step = step;
    _exit(127);
}

// Identity changes go past the C library: it would change the caller's threads too.
static void become(struct start *start, unsigned identity, const char *step) {
    if (syscall(SYS_setgroups, 0, NULL) != 0 && identity != 0) fail(start, step);
    if (syscall(SYS_setresgid, identity, identity, identity) != 0) fail(start, step);
    if (syscall(SYS_setresuid, identity, identity, identity) != 0) fail(start, step);
    // The flag belongs to the memory, which is still the caller's.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int put(const char *path, int flags, unsigned mode, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC | flags, mode);
    if (file < 0) return -1;
    ssize_t count = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return count == (ssize_t)strlen(text) ? 0 : -1;
}

static void map_to_root(struct start *start) {
    char line[64];
    if (put("/proc/self/setgroups", 0, 0, "deny") != 0) fail(start, "map the user");
    snprintf(line, sizeof line, "0 %u 1", start->user);
    if (put("/proc/self/uid_map", 0, 0, line) != 0) fail(start, "map the user");
    snprintf(line, sizeof line, "0 %u 1", start->group);
    if (put("/proc/self/gid_map", 0, 0, line) != 0) fail(start, "map the group");
}

static int copy(const char *source, const char *target) {
    struct stat information;
    int from = open(source, O_RDONLY | O_CLOEXEC);
    if (from < 0 || fstat(from, &information) != 0) return -1;
    int to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, information.st_mode & 07777);
    if (to < 0) return -1;
    ssize_t count;
    while ((count = sendfile(to, from, NULL, 1 << 20)) > 0) {}
    close(from);
    close(to);
    return count < 0 ? -1 : 0;
}

static int take(const struct temper_step *step) {
    switch (step->kind) {
    case TEMPER_FOLDER: return mkdir(step->target, step->mode);
    case TEMPER_COPY: return copy(step->text, step->target);
    case TEMPER_LINK: return symlink(step->text, step->target);
    case TEMPER_MOUNT: return mount("none", step->target, step->type, MS_NODEV | MS_NOSUID, step->text);
    default: return put(step->target, O_CREAT | O_EXCL, step->mode, step->text);
    }
}

static void exec_program(struct start *start) {
    struct temper_namespaces *namespaces = start->namespaces;
    if (namespaces->mount < 0) {
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail(start, "make mounts private");
        umask(0);
        for (int i = 0; i < namespaces->step_count; i++)
            if (take(&namespaces->steps[i]) != 0) fail(start, namespaces->steps[i].target);
    }
    if (put("/proc/sys/user/max_user_namespaces", 0, 0, "0") != 0) fail(start, "forbid user namespaces");
    put("/proc/self/oom_score_adj", 0, 0, "1000"); // when memory runs out, this goes before the caller
    setpriority(PRIO_PROCESS, 0, 10);
    setsid();
    umask(022);
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &plain, NULL);
    // The table of descriptors is a copy: sources are raised above all targets, then copied down, then all else is closed.
    int raised[MAXIMUM_DESCRIPTORS];
    for (int i = 0; i < start->count; i++) {
        raised[i] = start->descriptors[i] >= 0 ? fcntl(start->descriptors[i], F_DUPFD, MAXIMUM_DESCRIPTORS)
                                               : open("/dev/null", O_RDWR);
        if (raised[i] < 0) fail(start, "copy a descriptor");
    }
    for (int i = 0; i < start->count; i++)
        if (dup2(raised[i], i) < 0) fail(start, "copy a descriptor");
    if (close_range(start->count, ~0U, CLOSE_RANGE_CLOEXEC) != 0) fail(start, "close descriptors");
    // After the descriptors: the caller may have more open than the program is allowed to.
    for (int i = 0; i < namespaces->limit_count; i++) {
        struct rlimit limit = {namespaces->limits[i].value, namespaces->limits[i].value}, now;
        // A caller whose own limit is lower keeps it: no one may raise it.
        if (getrlimit(namespaces->limits[i].resource, &now) == 0 && now.rlim_max < limit.rlim_max)
            limit.rlim_cur = limit.rlim_max = now.rlim_max;
        if (setrlimit(namespaces->limits[i].resource, &limit) != 0) fail(start, "set a limit");
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    syscall(SYS_keyctl, 1, NULL); // an empty keyring instead of the caller's; fails where the kernel has none
    if (temper_forbid_calls() != 0) fail(start, "forbid system calls");
    execve(start->program, start->arguments, start->environment);
    fail(start, start->program);
}

static int second(void *argument) {
    struct start *start = argument;
    map_to_root(start);
    exec_program(start);
    return 127;
}

// In a namespace of many users a process of its parent maps all of them; until then this one waits.
static int second_of_many(void *argument) {
    struct start *start = argument;
    char byte;
    close(start->go[1]);
    close(start->done[0]);
    if (read(start->go[0], &byte, 1) != 1) fail(start, "map the users");
    become(start, 0, "become root of the namespace");
    exec_program(start);
    return 127;
}

static void start_of_many(struct start *start) {
    struct temper_namespaces *namespaces = start->namespaces;
    // A limit that holds before a user namespace is made binds all its users together, counted for its creator: one of their own
    // for each.
    for (int i = 0; i < namespaces->limit_count; i++)
        if (namespaces->limits[i].resource == RLIMIT_NPROC) {
            struct rlimit limit = {namespaces->limits[i].value, namespaces->limits[i].value};
            if (setrlimit(RLIMIT_NPROC, &limit) != 0) fail(start, "set a limit");
        }
    if (pipe2(start->go, O_CLOEXEC) != 0 || pipe2(start->done, O_CLOEXEC) != 0) fail(start, "make a pipe");
    if (syscall(SYS_setresuid, -1, namespaces->creator, -1) != 0) fail(start, "become the creator");
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    int flags = CLONE_VM | CLONE_PARENT | CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD;
    start->identifier = clone(second_of_many, start->second_stack, flags, start);
    if (start->identifier < 0) fail(start, "make a user namespace");
    close(start->done[1]);
    if (syscall(SYS_setresuid, -1, 0, -1) != 0) fail(start, "become root of the namespace");
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    char path[64], byte = 1;
    snprintf(path, sizeof path, "/proc/%d/uid_map", start->identifier);
    if (put(path, 0, 0, "0 0 65536") != 0) fail(start, "map the users");
    snprintf(path, sizeof path, "/proc/%d/gid_map", start->identifier);
    if (put(path, 0, 0, "0 0 65536") != 0) fail(start, "map the groups");
    if (write(start->go[1], &byte, 1) != 1) fail(start, "map the users");
    // The memory is shared until the other has become the program, which closes its end.
    while (read(start->done[0], &byte, 1) < 0 && errno == EINTR) {}
    _exit(0);
}

static int first(void *argument) {
    struct start *start = argument;
    struct temper_namespaces *namespaces = start->namespaces;
    if (namespaces->user >= 0) {
        if (setns(namespaces->user, CLONE_NEWUSER) != 0) fail(start, "join the user namespace");
        if (namespaces->mount >= 0 && setns(namespaces->mount, CLONE_NEWNS) != 0) fail(start, "join the mount namespace");
        become(start, 0, "become root of the namespace");
        if (namespaces->mount < 0) start_of_many(start);
        start->identifier = getpid();
        exec_program(start);
    }
    if (namespaces->identity) become(start, namespaces->identity, "become an ordinary user");
    start->user = geteuid();
    start->group = getegid();
    // A sibling, so that the caller is its parent too.
    int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT | CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD;
    start->identifier = clone(second, start->second_stack, flags, start);
    if (start->identifier < 0) fail(start, "make a user namespace");
    _exit(0);
}

int temper_spawn_in_namespaces(pid_t *identifier, const char *program, char *const arguments[], char *const environment[],
                               const int *descriptors, int count, struct temper_namespaces *namespaces) {
    if (count > MAXIMUM_DESCRIPTORS) return EINVAL;
    char *stacks = mmap(NULL, 2 * STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stacks == MAP_FAILED) return errno;
    struct start start = {
        .program = program, .arguments = arguments, .environment = environment, .descriptors = descriptors, .count = count,
        .namespaces = namespaces, .second_stack = stacks + 2 * STACK_SIZE, .identifier = -1,
    };
    // A handler of the caller must not run in the child, on the caller's memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t child = clone(first, stacks + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
    int error = child < 0 ? errno : start.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && (child != start.identifier || error))
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    if (error && start.identifier > 0 && start.identifier != child)
        while (waitpid(start.identifier, NULL, 0) < 0 && errno == EINTR) {}
    munmap(stacks, 2 * STACK_SIZE);
    *identifier = start.identifier;
    return error;
}

#else

int temper_spawn_in_namespaces(pid_t *identifier, const char *program, char *const arguments[], char *const environment[],
                               const int *descriptors, int count, struct temper_namespaces *namespaces) {
    namespaces->failed_step = "make a user namespace";
    return ENOSYS;
}

#endif
