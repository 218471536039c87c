import Foundation
import TemperCore

/// The file system a sandbox starts with: the host's read-only `/usr` below a writable layer, everything else made up.
///
/// Nothing of the host's `/home`, `/root`, `/var`, `/tmp` or `/etc` is in it, but for a few files of `/etc` that programs of
/// `/usr` need and that hold no secret.
package enum SandboxFiles {
    /// Covered by a file system of the sandbox's own, in its own view only; any folder that exists everywhere serves.
    package static let folder = "/tmp"
    package static var root: String { "\(folder)/root" }
    package static var system: String { "\(folder)/usr" }
    /// What the policy never sees: the system that checks run in, and in `twin` the machine as it was before the first command.
    static var own: String { "\(folder)/own" }
    static var twin: String { "\(own)/twin" }
    /// Folders of the host beside `/usr` that older systems keep programs and libraries in; links into `/usr` on newer ones.
    private static let systemFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]
    /// Read-only from the host where they exist.
    private static let hostFiles = ["alternatives", "ld.so.cache", "login.defs", "pam.d", "security"]
    /// Folders of `/usr` that root inside may add files to.
    private static let ownedSystemFolders = [
        "bin", "sbin", "lib", "libexec", "games", "include", "share", "src", "local", "local/bin", "local/sbin", "local/lib",
        "local/etc", "local/share", "local/src",
    ]

    /// - Parameter copies: files of `/usr` that root inside must own: the rest belongs to nobody there and keeps its mode.
    package static func steps(limits: SandboxLimits, copies: [String] = []) -> [NamespacePlan.Step] {
        var steps: [NamespacePlan.Step] = [
            .mount(folder, type: "tmpfs", options: "size=\(limits.fileSpace),nr_inodes=\(limits.fileCount),mode=755")
        ]
        steps += folders.map { .folder(root + $0.path, mode: $0.mode) }
        steps += files.map { .file(root + $0.path, $0.text, mode: $0.mode) }
        steps += systemLinks.map { .link("\(root)/\($0.key)", to: $0.value) }
        steps += ["upper", "work", "usr"].map { .folder("\(folder)/\($0)") }
        steps += ownedSystemFolders.filter { isFolder("/usr/\($0)") }.map { .folder("\(folder)/upper/\($0)") }
        steps += copies.compactMap { path in
            let name = path.dropFirst("/usr/".count)
            let owned = ownedSystemFolders.contains(String(name.split(separator: "/").dropLast().joined(separator: "/")))
            return path.hasPrefix("/usr/") && owned && isFile(path) ? .copy(of: path, "\(folder)/upper/\(name)") : nil
        }
        steps.append(.mount(system, type: "overlay", options: overlay(in: folder)))
        return steps + ownSteps(limits: limits)
    }

    /// A file system of its own, so that nothing the policy writes takes room from it.
    private static func ownSteps(limits: SandboxLimits) -> [NamespacePlan.Step] {
        let options = "size=\(3 * limits.fileSpace),nr_inodes=\(3 * limits.fileCount),mode=755"
        var steps: [NamespacePlan.Step] = [.folder(own), .mount(own, type: "tmpfs", options: options)]
        steps += ["upper", "work", "usr", "twin"].map { .folder("\(own)/\($0)") }
        steps += folders.filter { $0.path.hasPrefix("/etc") }.map { .folder(own + $0.path, mode: $0.mode) }
        return steps + files.filter { $0.path.hasPrefix("/etc/") }.map { .file(own + $0.path, $0.text, mode: $0.mode) }
    }

    /// The options of a `/usr` whose changes are in the folder's `upper`.
    static func overlay(in folder: String) -> String {
        "lowerdir=/usr,upperdir=\(folder)/upper,workdir=\(folder)/work,userxattr"
    }

    /// What bubblewrap is told about files.
    ///
    /// - Parameters:
    ///   - root: the folder that becomes `/`.
    ///   - system: the folder that becomes `/usr`.
    static func arguments(root: String = root, system: String = system) -> [String] {
        ["--bind", root, "/", "--bind", system, "/usr"] + hostArguments
    }

    /// The same for checks: links and files of a system that nobody has written to; `/usr` is still to be named.
    static var checkArguments: [String] {
        systemLinks.flatMap { ["--symlink", $0.value, "/\($0.key)"] } + ["--bind", "\(own)/etc", "/etc"] + hostArguments
    }

    private static var hostArguments: [String] {
        var arguments: [String] = []
        for name in systemFolders where isFolder("/\(name)") && systemLinks[name] == nil {
            arguments += ["--ro-bind", "/\(name)", "/\(name)"]
        }
        for name in hostFiles { arguments += ["--ro-bind-try", "/etc/\(name)", "/etc/\(name)"] }
        // The one folder of /proc that root inside could not read.
        arguments += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
        if isFolder("/proc/tty/driver") { arguments += ["--tmpfs", "/proc/tty/driver"] }
        arguments += ["--size", String(8 << 20), "--perms", "1777", "--tmpfs", "/dev/shm"]
        return arguments
    }

    /// Folders of the host's `/usr` that the user of the sandbox cannot read, so that they can be covered by empty ones: root inside
    /// is used to reading everything.
    ///
    /// - Throws: `CancellationError`; ``TemperError`` (unavailable) when `find` cannot be started.
    package static func privateFolders() async throws -> [String] { try await PrivateFolders.shared.list() }

    private actor PrivateFolders {
        static let shared = PrivateFolders()
        private var known: [String]?

        func list() async throws -> [String] {
            if let known { return known }
            let identity = SandboxIdentity.identity
            var command = [
                "find", "/usr", "-type", "d", "(", "!", "-readable", "-o", "!", "-executable", ")", "-prune", "-print0",
            ]
            if identity != 0 { command = ["setpriv", "--reuid=\(identity)", "--regid=\(identity)", "--clear-groups"] + command }
            let output = try await ChildProcess.run(command, errors: .dropped)
            let folders = output.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            known = folders
            return folders
        }
    }

    private static let folders: [(path: String, mode: UInt32)] = [
        ("", 0o755), ("/root", 0o700), ("/home", 0o755), ("/tmp", 0o1777), ("/opt", 0o755), ("/srv", 0o755), ("/mnt", 0o755),
        ("/media", 0o755), ("/run", 0o755), ("/boot", 0o755), ("/sys", 0o555), ("/usr", 0o755), ("/proc", 0o555), ("/dev", 0o755),
        ("/var", 0o755), ("/var/log", 0o755), ("/var/tmp", 0o1777), ("/var/lib", 0o755), ("/var/cache", 0o755),
        ("/var/spool", 0o755), ("/var/mail", 0o755), ("/var/backups", 0o755), ("/etc", 0o755), ("/etc/default", 0o755),
        ("/etc/skel", 0o755), ("/etc/profile.d", 0o755),
    ]

    private static let files: [(path: String, text: String, mode: UInt32)] = [
        ("/etc/passwd", users, 0o644), ("/etc/group", groups, 0o644),
        ("/etc/shadow", "root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n", 0o640), ("/etc/gshadow", "root:*::\n", 0o640),
        ("/etc/hostname", "sandbox\n", 0o644), ("/etc/hosts", "127.0.0.1\tlocalhost sandbox\n", 0o644),
        ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n", 0o644),
        (
            "/etc/profile",
            "export PATH=\(path)\nif [ -d /etc/profile.d ]; then for i in /etc/profile.d/*.sh; do [ -r $i ] && . $i; done; unset i; fi\n",
            0o644
        ),
        ("/etc/bash.bashrc", "[ -z \"$PS1\" ] && return\n", 0o644), ("/etc/shells", "/bin/sh\n/bin/bash\n", 0o644),
        ("/etc/default/useradd", "SHELL=/bin/sh\n", 0o644),
        ("/etc/environment", "PATH=\"\(path)\"\n", 0o644),
        ("/root/.profile", "if [ -f ~/.bashrc ]; then . ~/.bashrc; fi\n", 0o644),
        ("/root/.bashrc", "[ -z \"$PS1\" ] && return\nalias ls='ls --color=auto'\n", 0o644),
        ("/etc/skel/.profile", "if [ -f ~/.bashrc ]; then . ~/.bashrc; fi\n", 0o644),
        ("/var/log/bootstrap.log", "configured base system\n", 0o644), ("/var/log/wtmp", "", 0o664),
    ]

    /// As in the images of AgentBench.
    package static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private static let users = """
        root:x:0:0:root:/root:/bin/bash
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
        bin:x:2:2:bin:/bin:/usr/sbin/nologin
        sys:x:3:3:sys:/dev:/usr/sbin/nologin
        games:x:5:60:games:/usr/games:/usr/sbin/nologin
        man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
        mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
        www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

        """

    private static let groups = """
        root:x:0:
        daemon:x:1:
        bin:x:2:
        sys:x:3:
        adm:x:4:
        tty:x:5:
        mail:x:8:
        man:x:12:
        sudo:x:27:
        www-data:x:33:
        shadow:x:42:
        staff:x:50:
        games:x:60:
        users:x:100:
        nogroup:x:65534:

        """

    /// Links of the host's root folder such as `bin` → `usr/bin`.
    package static let systemLinks: [String: String] = {
        var links: [String: String] = [:]
        for name in systemFolders {
            var buffer = [CChar](repeating: 0, count: 256)
            let count = readlink("/\(name)", &buffer, buffer.count - 1)
            if count > 0 { links[name] = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) }
        }
        return links
    }()

    private static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }
    private static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }

    private static func kind(_ path: String) -> mode_t? {
        var information = stat()
        return lstat(path, &information) == 0 ? information.st_mode & S_IFMT : nil
    }
}
