import TemperCore

extension Sandbox {
    /// Runs a program on a machine that the policy has never touched, with the policy's data beside it for reading.
    ///
    /// Call it after ``endShell()``. A machine that lost what a check relies on (its accounts, a system program that the check asks
    /// about) ends it with status 1.
    ///
    /// - Throws: ``TemperError`` (unavailable, boundary sandbox); `CancellationError`.
    package func check(_ command: [String], view: CheckView) async throws -> ChildProcess.Output {
        let parts = [
            SandboxPlans.checkFiles, SandboxPlans.checkEnding(for: options, home: view.home), view.paths, view.commands,
            view.names,
        ]
        return try await runOutside(
            ["/bin/bash", "-c", CheckMachine.script, options.hasManyUsers ? "users" : "", try Self.bubblewrap()]
                + parts.flatMap { ["\($0.count)"] + $0 } + command)
    }

    /// Whether pipes or sockets are among the policy's files, which make a check that reads them wait for ever.
    package func holdsPipes() async throws -> Bool {
        let output = try await runOutside(
            ["/usr/bin/find", SandboxFiles.root, "-xdev", "(", "-type", "p", "-o", "-type", "s", ")", "-print", "-quit"])
        return !output.output.isEmpty
    }

    /// Keeps the machine as it is now for ``runOnTwin(_:)``: called before the policy's first command.
    ///
    /// - Throws: ``TemperError`` (unavailable, boundary sandbox) when it cannot be copied.
    package func keepTwin() async throws {
        let files = SandboxFiles.self
        let output = try await runOutside(["/bin/cp", "-a", files.root, "\(files.folder)/upper", files.twin])
        guard output.status == .exited(0), !output.timedOut else {
            throw Self.refusal("the machine could not be copied: \(output.errorText.prefix(200))")
        }
    }

    /// Runs a program on the machine that ``keepTwin()`` kept, which the policy cannot reach.
    package func runOnTwin(_ command: [String]) async throws -> ChildProcess.Output {
        let twin = SandboxFiles.twin
        let script = """
            PATH=/usr/sbin:/usr/bin:/sbin:/bin
            if [ ! -d \(twin)/usr ]; then
                mkdir \(twin)/usr \(twin)/work && mount -t overlay -o \(SandboxFiles.overlay(in: twin)) none \(twin)/usr || exit 1
            fi
            exec "$@"
            """
        return try await runOutside(
            ["/bin/bash", "-c", script, "twin", try Self.bubblewrap()] + SandboxPlans.twinArguments(for: options) + command)
    }
}

extension Sandbox {
    /// Bash text to put before a check's script: a program that the system lacks ends the check, and what a start-up file of the
    /// policy's sets is data. Such a file is run on a check's machine of its own; its code never runs in the check.
    package func checkPrelude(for view: CheckView) async throws -> String {
        var cases: [String] = []
        for source in view.sources {
            let path = source.replacing(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, with: view.home)
            let reading = """
                [ -r "$1" ] || exit 1
                set -a
                builtin source "$1" >/dev/null 2>&1 </dev/null
                exec /usr/bin/env -0
                """
            let output = try await check(["bash", "-c", reading, "bash", path], view: view)
            let isRead = output.status == .exited(0) && !output.timedOut && !output.isTruncated
            let settings = isRead ? Self.settings(output.output) + ["return 0"] : ["return 1"]
            cases.append("\(Self.quoted(path))) \(settings.joined(separator: "; ")) ;;")
        }
        return Self.missingProgramEnds(but: view.commands) + """
            source() {
                case $1 in
                \(cases.joined(separator: "\n    "))
                /usr/* | \(CheckView.ownFolder)/*) builtin source "$@" ;;
                *) printf '%s: not read\\n' "$1" >&2; return 1 ;;
                esac
            }
            function . { source "$@"; }

            """
    }

    /// Bash text that ends a script, as if killed, at the first program that the system lacks.
    package static let missingProgramEnds = missingProgramEnds(but: [])

    private static func missingProgramEnds(but commands: [String]) -> String {
        """
        command_not_found_handle() {
            printf '%s: command not found\\n' "$1" >&2
            case \(quoted(" \(commands.joined(separator: " ")) ")) in *" $1 "*) return 127 ;; esac
            kill -KILL $$
        }

        """
    }

    /// Assignments of what `env -0` printed. The search path goes after the system's own; variables that the shell itself or programs
    /// of the system go by are left out.
    private static func settings(_ output: [UInt8]) -> [String] {
        output.split(separator: 0).compactMap { entry in
            guard let text = String(validating: entry, as: UTF8.self), let match = text.prefixMatch(of: /([A-Za-z_]\w*)=/) else {
                return nil
            }
            let (name, value) = (String(match.1), String(text[match.range.upperBound...]))
            if name == "PATH" { return "PATH=$PATH:\(quoted(value))" }
            let kept = [
                "_", "CDPATH", "ENV", "EUID", "EXECIGNORE", "FUNCNEST", "GLOBIGNORE", "HOME", "IFS", "LANG", "OLDPWD", "OPTERR",
                "OPTIND", "POSIXLY_CORRECT", "PPID", "PS4", "PWD", "SHELLOPTS", "SHLVL", "TERM", "TMOUT", "TMPDIR", "UID", "USER",
            ]
            let isKept = kept.contains(name) || ["BASH", "LC_", "LD_", "PYTHON"].contains { name.hasPrefix($0) }
            return isKept ? nil : "\(name)=\(quoted(value))"
        }
    }
}
