#ifndef TEMPER_FORBIDDEN_H
#define TEMPER_FORBIDDEN_H

/// Makes the calls that a shell's programs have no use for fail with EPERM, in this process and all that it starts: kernel log,
/// keys, kernel programs, modules, clocks, other processes' memory, memory without a file or a process (memfd, System V). Sockets are
/// local, internet or netlink; other families fail with EAFNOSUPPORT. Returns 0, or -1 with errno.
int temper_forbid_calls(void);

#endif
