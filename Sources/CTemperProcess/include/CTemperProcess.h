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

enum { TEMPER_FOLDER, TEMPER_FILE, TEMPER_LINK, TEMPER_COPY, TEMPER_MOUNT };

/// One step in a new mount namespace.
struct temper_step {
    int kind;
    const char *target;
    const char *text; // of a file; where a link points; what is copied; the options of a mount
    const char *type; // of a mount
    unsigned mode;    // of a folder or file
};

struct temper_limit {
    int resource;
    unsigned long long value;
};

/// The namespaces a program is started in. Linux only.
struct temper_namespaces {
    /// Host user and group taken first when the caller is root; 0: stay.
    unsigned identity;
    /// Namespaces to join, as descriptors; where negative, a new one is made. In a new user namespace the caller is root. With
    /// a user namespace of many users and no mount namespace, a user namespace of its own is made below it.
    int user, mount;
    /// The user there that makes it; each start has another, as processes are counted for it.
    unsigned creator;
    const struct temper_step *steps; // when a mount namespace is made
    int step_count;
    const struct temper_limit *limits;
    int limit_count;
    /// Out: the step that failed.
    const char *failed_step;
};

/// Like `temper_spawn`, in namespaces of its own, as their root; no user namespace can be made below it.
/// The parent's memory is shared until the program starts (as posix_spawn does it), so the cost does not grow with it.
int temper_spawn_in_namespaces(pid_t *identifier, const char *program, char *const arguments[], char *const environment[],
                               const int *descriptors, int count, struct temper_namespaces *namespaces);

/// The resources that limits are set on, as Swift does not see their C enumeration.
extern const int temper_limit_memory, temper_limit_processor, temper_limit_processes, temper_limit_file, temper_limit_open,
    temper_limit_core;

#endif
