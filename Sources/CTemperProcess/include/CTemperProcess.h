#ifndef TEMPER_PROCESS_H
#define TEMPER_PROCESS_H

#include <sys/types.h>

/// Starts a program in a session of its own, with default signal handling.
///
/// `descriptors[i]` becomes descriptor `i` of the child, /dev/null where it is negative; all others are closed in the child.
/// A C function because Swift's Glibc module lacks the GNU extensions of posix_spawn (folder, closefrom, session).
/// Returns 0 or an errno.
int temper_spawn(pid_t *identifier, const char *program, char *const arguments[], char *const environment[],
                 const char *folder, const int *descriptors, int count);

/// A pipe whose ends no program inherits. Returns 0 or an errno.
int temper_pipe(int ends[2]);

#endif
