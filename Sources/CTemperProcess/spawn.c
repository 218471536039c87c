#define _GNU_SOURCE
#include "CTemperProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

enum { MAXIMUM_DESCRIPTORS = 16 };

int temper_spawn(pid_t *identifier, const char *program, char *const arguments[], char *const environment[],
                 const char *folder, const int *descriptors, int count) {
    if (count > MAXIMUM_DESCRIPTORS) return EINVAL;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);

    // Every source is raised above all targets, so that none is overwritten before it is copied.
    int raised[MAXIMUM_DESCRIPTORS];
    int result = 0;
    for (int i = 0; i < count; i++) {
        raised[i] = descriptors[i] < 0 ? -1 : fcntl(descriptors[i], F_DUPFD_CLOEXEC, MAXIMUM_DESCRIPTORS);
        if (descriptors[i] >= 0 && raised[i] < 0 && !result) result = errno;
        if (raised[i] >= 0) posix_spawn_file_actions_adddup2(&actions, raised[i], i);
        else posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
    }
    if (folder) posix_spawn_file_actions_addchdir_np(&actions, folder);

    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
#ifdef __APPLE__
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#else
    posix_spawn_file_actions_addclosefrom_np(&actions, count);
#endif
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, flags);

    if (!result) result = posix_spawn(identifier, program, &actions, &attributes, arguments, environment);
    for (int i = 0; i < count; i++)
        if (raised[i] >= 0) close(raised[i]);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

int temper_pipe(int ends[2]) {
#ifdef __APPLE__
    if (pipe(ends) != 0) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#else
    return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
#endif
}
