import Synchronization

/// What starting a sandbox needs, made once for each kind.
package enum SandboxPlans {
    private static let known = Mutex<[Sandbox.Options: NamespacePlan]>([:])

    package static func plan(for options: Sandbox.Options) -> NamespacePlan {
        if let plan = known.withLock({ $0[options] }) { return plan }
        let limits = options.limits
        let plan = NamespacePlan(
            steps: SandboxFiles.steps(limits: limits, copies: options.copies),
            limits: [
                .memory(limits.processMemory), .processor(limits.processorSeconds), .processes(limits.processes),
                .file(limits.fileSpace), .openFiles(256),
            ])
        // Sandboxes with copies are made for one task: they are not kept.
        if options.copies.isEmpty { known.withLock { $0[options] = plan } }
        return plan
    }

    /// The arguments of bubblewrap before the command.
    package static func arguments(for options: Sandbox.Options) -> [String] { arguments(files, options, path: SandboxFiles.path) }

    /// The same for steps beside the shell, which must find the system's own commands first.
    static func besideArguments(for options: Sandbox.Options) -> [String] { arguments(files, options, path: systemPath) }

    /// The same on the machine as it was before the policy's first command.
    static func twinArguments(for options: Sandbox.Options) -> [String] { arguments(twinFiles, options, path: systemPath) }

    /// What a check's machine has of its own; what it sees of the policy's comes after these, then ``checkEnding(for:)``.
    static let checkFiles = SandboxFiles.checkArguments + namespaces

    static func checkEnding(for options: Sandbox.Options, home: String) -> [String] {
        let own = ["--chdir", home, "--setenv", "TMPDIR", CheckView.ownFolder, "--setenv", "PYTHONSAFEPATH", "1"]
        return arguments(own, options, path: systemPath, home: home)
    }

    private static let systemPath = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"

    private static func arguments(_ files: [String], _ options: Sandbox.Options, path: String, home: String = "/root")
        -> [String]
    {
        var arguments = files + options.covers.flatMap { ["--tmpfs", $0] }
        // Enough to manage files as root; nothing that reaches mounts, devices, the network or other processes' memory.
        var powers = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID"]
        if options.hasManyUsers { powers += ["CAP_SETUID", "CAP_SETGID", "CAP_KILL"] }
        for power in powers { arguments += ["--cap-add", power] }
        return arguments + environment + ["--setenv", "HOME", home, "--setenv", "PATH", path, "--"]
    }

    private static let files = SandboxFiles.arguments() + namespaces + ["--chdir", "/root"]
    private static let twinFiles =
        SandboxFiles.arguments(root: "\(SandboxFiles.twin)/root", system: "\(SandboxFiles.twin)/usr") + namespaces
        + ["--chdir", "/root"]

    private static let namespaces = [
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox",
        "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
    ]

    private static let environment = [
        "--setenv", "USER", "root", "--setenv", "TERM", "dumb",
        // Python takes no code from the home folder, which a policy writes to, and so none into a check.
        "--setenv", "PYTHONNOUSERSITE", "1",
    ]
}
