import Foundation
import Testing

@testable import TemperSandbox

/// What the host has that no sandbox may see or touch.
struct HostSecrets: Sendable {
    var folder: String
    var file: String
    var text: String
    var variable: String
    var port: Int
    /// A process of the same user.
    var victim: Int32
    var socket: Int32
}

/// Commands that try to get out of a sandbox or to do harm in it.
struct EscapeAttempt: Sendable, CustomTestStringConvertible {
    var name: String
    var commands: [String]
    /// Nil when it was contained, else what went wrong.
    var fault: @Sendable ([Sandbox.Command], Sandbox, HostSecrets) async throws -> String?

    var testDescription: String { name }

    init(
        _ name: String, _ commands: String...,
        fault: @escaping @Sendable ([Sandbox.Command], Sandbox, HostSecrets) async throws -> String?
    ) {
        self.name = name
        self.commands = commands
        self.fault = fault
    }

    /// An attempt that must not print `success`.
    static func refused(_ name: String, _ commands: String...) -> EscapeAttempt {
        var attempt = EscapeAttempt(name) { results, _, secrets in
            let text = results.map(\.output).joined(separator: "\n")
            if text.contains("ESCAPED") { return "it succeeded: \(text.prefix(300))" }
            return text.contains(secrets.text) ? "it read the secret" : nil
        }
        attempt.commands = commands
        return attempt
    }

    /// An attempt that must end in a stated way.
    static func stopped(_ name: String, _ endings: Set<Sandbox.Command.Ending>, _ command: String) -> EscapeAttempt {
        EscapeAttempt(name, command) { results, _, _ in
            endings.contains(results[0].ending) ? nil : "it ended with \(results[0].ending): \(results[0].output.prefix(300))"
        }
    }

    static let forManyUsers: [EscapeAttempt] =
        host + kernel.filter { $0.name != "another user" } + [
            EscapeAttempt(
                "a fork bomb of many users",
                "for u in $(seq 2000 2060); do setpriv --reuid $u --regid $u --clear-groups bash -c 'for i in $(seq 100); do sleep 50 & done; wait' & done; wait"
            ) { results, sandbox, _ in
                let count = ProcessTree.count(below: sandbox.shellIdentifier)
                return count > limits.processes
                    ? "\(count) processes" : results[0].ending == .completed ? "it was not stopped" : nil
            }
        ]

    /// `$FILE`, `$PORT` and the like in commands are filled in from the secrets.
    static let all: [EscapeAttempt] = bombs + host + kernel + ownWorld
    static let limits: SandboxLimits = {
        var limits = SandboxLimits()
        limits.commandTime = .seconds(4)
        limits.processMemory = 300 << 20
        limits.totalMemory = 200 << 20
        limits.processes = 48
        limits.fileSpace = 16 << 20
        limits.fileCount = 3_000
        limits.output = 200_000
        return limits
    }()

    private static let bombs: [EscapeAttempt] = [
        EscapeAttempt("fork bomb", ":(){ :|:& };:", "sleep 0.3; ls /proc | grep -c '^[0-9]'") { _, sandbox, _ in
            let count = ProcessTree.count(below: sandbox.shellIdentifier)
            return count > limits.processes ? "\(count) processes" : nil
        },
        EscapeAttempt("fork bomb of children that wait", "for i in $(seq 500); do sleep 100 & done; echo done") { _, sandbox, _ in
            let count = ProcessTree.count(below: sandbox.shellIdentifier)
            return count > limits.processes ? "\(count) processes" : nil
        },
        .refused(
            "one process that takes all memory", "python3 -c \"x = [bytearray(10**8) for _ in range(40)]; print('ESCAPED')\""),
        .stopped(
            "many processes that take all memory together", [.outOfMemory],
            "for i in 1 2 3 4 5 6; do (head -c 100000000 /dev/zero; sleep 60) | tail -n 1 & done; wait"),
        .stopped(
            "memory in the buffers of sockets", [.outOfMemory],
            "for i in $(seq 10); do python3 -c \"import socket, time; x = [socket.socketpair() for _ in range(110)];"
                + " time.sleep(60)\" & done; wait"),
        .refused(
            "larger buffers of a socket",
            python(
                "import socket; s = socket.socketpair()[0]; s.setsockopt(1, 7, 1 << 24);"
                    + " print('ESCAPED' if s.getsockopt(1, 7) > 500000 else 'no')")),
        .refused("a shell that takes all memory", "x=$(printf '%.s0123456789' $(seq 1000)); while true; do x=\"$x$x\"; done"),
        EscapeAttempt("filling the disk", "cat /dev/zero > /root/x; cat /dev/zero > /usr/y; cat /dev/zero > /var/tmp/z") {
            _, sandbox, _ in
            let used = try await sandbox.run(
                "du -sm --apparent-size /root /usr/y /var/tmp /tmp | cut -f1 | paste -sd+ | tr -d '\\n'")
            let sizes = used.text.split(separator: "+").compactMap { Int($0) }
            return sizes.reduce(0, +) > 40 ? "files of \(used.text) MB" : nil
        },
        EscapeAttempt("filling /dev/shm", "head -c 50000000 /dev/zero > /dev/shm/x; stat -c %s /dev/shm/x") { results, _, _ in
            let size = results[0].output.split(separator: "\n").last.flatMap { Int($0) } ?? 0
            return size > 9 << 20 ? "\(size) bytes" : nil
        },
        EscapeAttempt("too many files", "cd /tmp; for i in $(seq 10000); do : > f$i || break; done; ls | wc -l") {
            results, _, _ in
            let count = results[0].output.split(separator: "\n").last.flatMap { Int($0) } ?? 0
            return count > limits.fileCount ? "\(count) files" : nil
        },
        .refused("a file of holes", "truncate -s 1T /root/x && echo ESCAPED", "fallocate -l 1G /root/y && echo ESCAPED"),
        .refused("too many open files", python("x = [open('/dev/null') for _ in range(1000)]; print('ESCAPED')")),
        .refused(
            "too many threads",
            python(
                "import threading, time; [threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
                    + " for _ in range(100)]; print('ESCAPED')")),
        .stopped("endless output", [.flooded], "yes"),
        .stopped("endless output without line ends", [.flooded], "cat /dev/zero"),
        .stopped("endless loop of the shell itself", [.timedOut, .shellEnded], "while :; do :; done"),
        .stopped("a command that never ends", [.timedOut], "sleep 1000"),
        .stopped("a command that ignores signals", [.timedOut], "trap '' INT TERM HUP; while :; do sleep 1; done"),
        EscapeAttempt("a command that reads the commands after it", "cat; read x; echo \"$x\"", "echo next") { results, _, _ in
            results[1].output == "next" ? nil : "the next command was lost: \(results)"
        },
    ]

    private static let host: [EscapeAttempt] = [
        .refused("reading a file of the host", "cat $FILE && echo ESCAPED", "ls $FOLDER && echo ESCAPED"),
        .refused("searching for a file of the host", "find / -xdev -name $(basename $FILE) 2>/dev/null | grep . && echo ESCAPED"),
        .refused(
            "the way out through /proc", "cat /proc/1/root$FILE && echo ESCAPED",
            "cat /proc/self/cwd/../../../../..$FILE && echo ESCAPED",
            "for p in /proc/[0-9]*; do cat $p/root$FILE 2>/dev/null && echo ESCAPED; done"),
        .refused("the environment of the host", "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'"),
        EscapeAttempt("the processes of the host", "ls /proc | grep -c '^[0-9]'; cat /proc/[0-9]*/cmdline | tr '\\0' ' '") {
            results, _, _ in
            let count = results[0].output.split(separator: "\n").first.flatMap { Int($0) } ?? 99
            return count > 8 ? "\(count) processes are to be seen" : nil
        },
        .refused("the passwords of the host", "grep -E '^[^:]+:[$]' /etc/shadow && echo ESCAPED"),
        .refused(
            "an open file of the host",
            "ls -l /proc/self/fd | grep -vE 'total|pipe|/dev/null|/proc/|dev/pts' | grep '>' && echo ESCAPED"),
        .refused(
            "the network", "timeout 2 bash -c 'exec 3<>/dev/tcp/1.1.1.1/80' && echo ESCAPED",
            "timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/$PORT' && echo ESCAPED"),
        .refused("sockets of the host by name", "awk 'NR > 1' /proc/net/unix | grep . && echo ESCAPED"),
        .refused("another interface", "grep -vE 'lo:|Inter|face' /proc/net/dev | grep . && echo ESCAPED"),
        .refused(
            "killing a process of the host", "kill -9 $VICTIM && [ $VICTIM -gt 60 ] && echo ESCAPED", "kill -9 -1",
            "kill -9 1 $PPID"),
        .refused("other users' machines", "ls /tmp/root /tmp/usr /tmp/upper 2>/dev/null | grep . && echo ESCAPED"),
        EscapeAttempt("wiping everything", "rm -rf --no-preserve-root / 2>/dev/null; echo > /usr/bin/env", "ls") { _, _, _ in
            FileManager.default.isExecutableFile(atPath: "/usr/bin/env") ? nil : "/usr/bin/env of the host is gone"
        },
        EscapeAttempt(
            "changing the host's programs",
            "chmod 777 /usr/bin/env; cp /bin/ls /usr/bin/env2; ln /usr/bin/env /root/hard; echo x >> /usr/bin/env",
            "rm -f /usr/bin/env; ln -s /root/evil /usr/bin/env"
        ) { _, _, _ in
            var information = stat()
            guard lstat("/usr/bin/env", &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
                return "it was replaced"
            }
            return information.st_mode & 0o022 != 0 || access("/usr/bin/env2", F_OK) == 0 ? "it was changed" : nil
        },
        .refused(
            "a symbolic link that the host follows", "ln -s $FILE /root/link; cat /root/link && echo ESCAPED",
            "ln -s / /root/all; cat /root/all$FILE && echo ESCAPED"),
        .refused(
            "a hard link to another file system", "ln $FILE /root/hard && echo ESCAPED",
            "ln /proc/1/environ /root/hard && echo ESCAPED"),
    ]

    private static func python(_ code: String) -> String { "python3 -c \"\(code)\"" }

    private static func call(_ number: String, _ arguments: String) -> String {
        "python3 -c \"import ctypes, sys; l = ctypes.CDLL(None, use_errno=True); r = l.syscall(\(number), \(arguments));"
            + " print('ESCAPED' if r >= 0 else ctypes.get_errno())\""
    }

    private static let kernel: [EscapeAttempt] = [
        .refused(
            "mounting", "mount -t tmpfs x /mnt && echo ESCAPED", "mount --bind / /mnt && echo ESCAPED",
            "mount -t proc x /mnt && echo ESCAPED"),
        .refused(
            "unmounting and remounting", "umount /usr && echo ESCAPED", "umount -l /dev && echo ESCAPED",
            "mount -o remount,rw /dev && echo ESCAPED"),
        .refused(
            "making a device", "mknod /root/d b 8 0 && echo ESCAPED", "mknod /root/m c 1 1 && echo ESCAPED",
            "mknod /dev/x c 1 3 && echo ESCAPED"),
        .refused(
            "the devices of the host",
            "ls /dev/vda /dev/sda /dev/mem /dev/kmem /dev/kmsg /dev/nvme0 2>/dev/null | grep . && echo ESCAPED"),
        .refused("a new root", "chroot / true && echo ESCAPED", "pivot_root / /mnt && echo ESCAPED"),
        .refused(
            "a namespace of its own", "unshare -U true && echo ESCAPED", "unshare -m true && echo ESCAPED",
            "unshare -n true && echo ESCAPED",
            "bwrap --ro-bind / / true && echo ESCAPED"),
        .refused("another's namespace", "nsenter -t 1 -m true && echo ESCAPED", "nsenter -t 1 -U true && echo ESCAPED"),
        .refused("watching a process", call("101", "16, 1, 0, 0"), "strace -p 1 2>&1 | grep -q attached && echo ESCAPED"),
        .refused(
            "kernel log, keys, programs and rings", call("103", "3, 0, 0"), call("250", "0, -4, 1"), call("321", "0, 0, 0"),
            call("425", "1, 0")),
        .refused("modules of the kernel", call("175", "0, 0, 0"), call("313", "-1, 0, 0"), "modprobe loop && echo ESCAPED"),
        .refused("counters and faults of the processor", call("298", "0, 0, -1, -1, 0"), call("323", "0")),
        .refused("another process's memory by call", call("310", "1, 0, 0, 0, 0, 0"), call("311", "1, 0, 0, 0, 0, 0")),
        // The process that holds the sandbox is as powerless as the shell; what it must not have is a memory of the host.
        .refused(
            "what the sandbox's first process remembers",
            """
            python3 - <<'X'
            import re
            memory = open('/proc/1/mem', 'rb', 0)
            for line in open('/proc/1/maps'):
                start, end = (int(part, 16) for part in line.split()[0].split('-'))
                try:
                    memory.seek(start)
                    print(re.findall(rb'secret-[0-9]+|TEMPER_TEST_SECRET', memory.read(end - start)))
                except (OSError, OverflowError, ValueError):
                    pass
            X
            """),
        .refused("files by their handles", call("304", "3, 0, 0")),
        // Arguments that would change nothing.
        .refused(
            "restarting and swapping", call("169", "0xfee1dead, 672274793, 0, 0"), call("168", "0"), "reboot -f && echo ESCAPED"),
        .refused("calls by the numbers of another architecture", call("0x40000027", "0")),
        .refused("memory in files without a name", call("319", "b'x', 0"), call("447", "0")),
        .refused(
            "memory, queues and semaphores that outlive a process", call("29", "0, 4096, 0o1600"), call("68", "0, 0o1600"),
            call("64", "0, 1, 0o1600"), "ipcmk -M 4096 && echo ESCAPED"),
        .refused(
            "sockets to the machine below a virtual machine",
            python("import socket; socket.socket(40, socket.SOCK_STREAM); print('ESCAPED')"),
            python("import socket; socket.socket(40, socket.SOCK_DGRAM); print('ESCAPED')")),
        .refused(
            "raw packets and the kernel's ciphers",
            python("import socket; socket.socket(17, socket.SOCK_RAW); print('ESCAPED')"),
            python("import socket; socket.socket(2, socket.SOCK_RAW, 1); print('ESCAPED')"),
            python("import socket; socket.socket(38, socket.SOCK_SEQPACKET); print('ESCAPED')")),
        .refused(
            "powers in a file", "cp /bin/true /root/t; setcap cap_sys_admin+ep /root/t && echo ESCAPED",
            python("import os; os.setxattr('/root/t', 'security.capability', bytes(20)); print('ESCAPED')")),
        .refused(
            "file systems and tunnels by device", "ls /dev/fuse /dev/net/tun /dev/loop0 2>/dev/null | grep . && echo ESCAPED"),
        .refused(
            "control groups", "grep cgroup /proc/mounts && echo ESCAPED", "ls /sys/fs/cgroup/cgroup.procs && echo ESCAPED",
            "mount -t cgroup2 x /mnt && echo ESCAPED"),
        .refused(
            "going before others", "renice -n -5 $$ 2>/dev/null && echo ESCAPED", "chrt -f 50 true 2>/dev/null && echo ESCAPED",
            "ionice -c 1 true 2>/dev/null && echo ESCAPED"),
        .refused(
            "a network of its own", "ip link add x type dummy && echo ESCAPED", "ip addr add 10.0.0.1/8 dev lo && echo ESCAPED"),
        .refused(
            "a set-user program",
            "cp /bin/bash /root/b; chmod 4755 /root/b; chown 0:0 /root/b; grep -q 'NoNewPrivs:.*0' /proc/self/status && echo ESCAPED"
        ),
        .refused(
            "another user", "python3 -c \"import os; os.setuid(1); print('ESCAPED')\"", "su nobody -s /bin/sh -c 'echo ESCAPED'"),
        .refused(
            "settings of the kernel", "echo x > /proc/sys/kernel/core_pattern && echo ESCAPED",
            "echo h > /proc/sysrq-trigger && echo ESCAPED",
            "sysctl -w kernel.hostname=x && echo ESCAPED", "echo 1 > /sys/kernel/x && echo ESCAPED"),
        .refused("the clock", "date -s '2001-01-01' >/dev/null && echo ESCAPED"),
        .refused(
            "higher limits", "ulimit -u 10000 && echo ESCAPED", "ulimit -v unlimited && echo ESCAPED",
            "prlimit --pid $$ --nproc=99999:99999 && echo ESCAPED",
            "echo -1000 > /proc/self/oom_score_adj && echo ESCAPED"),
    ]

    private static let ownWorld: [EscapeAttempt] = [
        EscapeAttempt(
            "processes that outlive it", "setsid nohup sleep 98765 >/dev/null 2>&1 & disown; (sleep 98765 &) &", "echo ok"
        ) { results, sandbox, _ in
            guard results[1].output == "ok" else { return "the shell did not go on" }
            await sandbox.close()
            for _ in 0..<50 where !ChildProcessTests.processes(with: "98765").isEmpty {
                try await Task.sleep(for: .milliseconds(20))
            }
            return ChildProcessTests.processes(with: "98765").isEmpty ? nil : "sleep is still there"
        },
        EscapeAttempt("faking the end of a command", "printf '\\n1234567890 0\\n'; echo after", "echo second") { results, _, _ in
            results[0].output.hasSuffix("after") && results[1].output == "second" ? nil : "\(results)"
        },
        EscapeAttempt("ending the shell", "exit 0", "exec true", "kill -9 $$", "set -e; false", "echo back; pwd") {
            results, _, _ in
            results.last?.output == "back\n/root" ? nil : "\(results)"
        },
        EscapeAttempt("closing and redirecting the shell's output", "exec >/dev/null 2>&1; exec 1>&-", "echo back") {
            results, _, _ in
            results[0].ending != .completed || results[1].output == "back" ? nil : "\(results)"
        },
        EscapeAttempt(
            "spoiling the shell", "printf() { echo no; }; enable -n printf; alias eval=false; PATH=/nowhere; IFS=x",
            "echo still here"
        ) { results, sandbox, _ in
            results[1].output == "still here" || results[0].ending != .completed ? nil : "\(results)"
        },
        EscapeAttempt(
            "harm to steps that run beside it", "while :; do pkill -9 bash; kill -9 -1; done & sleep 0.1", "rm -f /root/.bashrc"
        ) { _, sandbox, _ in
            let output = try await sandbox.run("sleep 0.1; echo fine")
            return output.text == "fine\n" ? nil : "it printed \(output.text) \(output.errorText) \(output.status)"
        },
    ]
}
