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
    package static func arguments(for options: Sandbox.Options, path: String = SandboxFiles.path) -> [String] {
        var arguments = files + options.covers.flatMap { ["--tmpfs", $0] }
        // Enough to manage files as root; nothing that reaches mounts, devices, the network or other processes' memory.
        var powers = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID"]
        if options.hasManyUsers { powers += ["CAP_SETUID", "CAP_SETGID", "CAP_KILL"] }
        for power in powers { arguments += ["--cap-add", power] }
        return arguments + environment + ["--setenv", "PATH", path, "--"]
    }

    /// The same for steps that must find the system's own commands first.
    package static func checkArguments(for options: Sandbox.Options) -> [String] {
        arguments(for: options, path: "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin")
    }

    private static let files =
        SandboxFiles.arguments + [
            "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox",
            "--die-with-parent", "--new-session", "--chdir", "/root", "--cap-drop", "ALL",
        ]

    private static let environment = [
        "--clearenv", "--setenv", "HOME", "/root", "--setenv", "USER", "root", "--setenv", "TERM", "dumb",
        // Python takes no code from the home folder, which a policy writes to, and so none into a check.
        "--setenv", "PYTHONNOUSERSITE", "1",
    ]
}
