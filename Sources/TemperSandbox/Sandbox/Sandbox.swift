import Foundation
import Synchronization
import TemperCore

/// A private machine for untrusted commands: own files, own processes, no network, firm limits.
///
/// Bubblewrap starts a bash in new namespaces of an unprivileged host user, in which it seems to be root with few powers. Its
/// files are a memory file system of limited size over the host's read-only `/usr`, gone when the sandbox is closed. Steps that
/// the commands must not reach run beside them, in the same files but with a process view of their own (``run(_:arguments:)``).
package final class Sandbox: Sendable {
    package struct Options: Sendable, Hashable {
        package var limits = SandboxLimits()
        /// Whether several users exist inside, so that `useradd`, `su` and `chown` work.
        package var hasManyUsers = false
        /// Files of `/usr` that root inside may change.
        package var copies: [String] = []
        /// Folders of `/usr` that seem empty.
        package var covers: [String] = []

        package init(
            limits: SandboxLimits = SandboxLimits(), hasManyUsers: Bool = false, copies: [String] = [], covers: [String] = []
        ) {
            self.limits = limits
            self.hasManyUsers = hasManyUsers
            self.copies = copies
            self.covers = covers
        }
    }

    /// The result of a command.
    package struct Command: Sendable, Hashable {
        package enum Ending: String, Sendable {
            case completed
            /// It was stopped at the time limit. The shell has been restarted.
            case timedOut
            /// It printed too much. The shell has been restarted.
            case flooded
            /// It took too much memory, or too many open files, whose buffers are memory. The shell has been restarted.
            case outOfMemory
            /// The shell ended (`exit`, `exec`, `kill`). It has been restarted.
            case shellEnded
        }

        /// Standard output and error as they came, without the last line end.
        package var output: String
        /// The exit status of the last command; nil when it did not finish.
        package var status: Int32?
        package var ending: Ending
    }

    private struct State {
        var shell: ChildProcess?
        /// The namespaces of the files; they live as long as these descriptors.
        var user: Int32 = -1
        var mount: Int32 = -1
        var isOutOfMemory = false
    }

    package let options: Options
    private let plan: NamespacePlan
    private let state = Mutex(State())

    /// Makes the sandbox and starts its shell, in `/root`.
    ///
    /// - Throws: ``TemperError`` (unavailable, boundary sandbox) that names what to install or to allow.
    package init(_ options: Options = Options()) async throws {
        self.options = options
        plan = SandboxPlans.plan(for: options)
        var place = NamespacePlan.Place(identity: SandboxIdentity.identity)
        if options.hasManyUsers {
            place = NamespacePlan.Place(user: try await SandboxIdentity.manyUsers(), creator: SandboxIdentity.nextCreator())
        }
        let shell = try await startShell(at: place)
        let path = "/proc/\(shell.identifier)/ns"
        let user = open("\(path)/user", O_RDONLY | O_CLOEXEC)
        let mount = open("\(path)/mnt", O_RDONLY | O_CLOEXEC)
        state.withLock { $0 = State(shell: shell, user: user, mount: mount) }
        // The first line comes when bubblewrap has done its work.
        let first = try await shellCommand("true", in: shell)
        guard first.ending == .completed, user >= 0, mount >= 0 else {
            await close()
            throw Self.refusal(first.output.isEmpty ? "it did not start" : first.output)
        }
        SandboxWatch.shared.add(self)
    }

    deinit {
        state.withLock { state in
            if let shell = state.shell { Self.killAll(of: shell) }
            Self.closeDescriptors(&state)
        }
    }

    // MARK: - The shell

    /// Runs a command in the persistent shell; folder and variables are kept for the next. Its standard input is empty.
    ///
    /// - Throws: ``TemperError`` (boundary sandbox) when the shell cannot be restarted; `CancellationError`.
    package func command(_ text: String) async throws -> Command {
        guard let shell = state.withLock({ $0.shell }) else { throw Self.refusal("it is closed") }
        let result = try await shellCommand("eval \(Self.quoted(text)) </dev/null", in: shell)
        if result.ending != .completed { try await restartShell() }
        return result
    }

    /// Types lines into the shell; what they start may go on reading the commands that follow, as `su` does.
    package func type(_ text: String) async throws -> Command {
        guard let shell = state.withLock({ $0.shell }) else { throw Self.refusal("it is closed") }
        let result = try await shellCommand(text, in: shell)
        if result.ending != .completed { try await restartShell() }
        return result
    }

    /// Ends the shell and all that its commands started. The files stay for ``run(_:arguments:)``.
    package func endShell() async {
        guard let shell = state.withLock({ $0.shell }) else { return }
        await Self.end(shell)
        state.withLock { $0.shell = nil }
    }

    private func restartShell() async throws {
        await endShell()
        let place = state.withLock { NamespacePlan.Place(user: $0.user, mount: $0.mount) }
        let shell = try await startShell(at: place)
        state.withLock { state in
            state.shell = shell
            state.isOutOfMemory = false
        }
    }

    private func shellCommand(_ line: String, in shell: ChildProcess) async throws -> Command {
        // Drawn again for each command, so that none can end itself early.
        let mark = "\(UInt64.random(in: .min ... .max))"
        let deadline = ContinuousClock.now + options.limits.commandTime
        var output: [UInt8] = []
        func ended(_ ending: Command.Ending) -> Command {
            let ending = state.withLock { $0.isOutOfMemory } ? .outOfMemory : ending
            return Command(output: Self.text(output), status: nil, ending: ending)
        }
        do {
            try await shell.write("\(line)\ncommand printf '\\n\(mark) %d\\n' \"$?\"\n", deadline: deadline)
        } catch ChildProcess.Failure.timedOut {
            return ended(.timedOut)
        } catch ChildProcess.Failure.ended {
            return ended(.shellEnded)
        }
        let pattern = Array("\n\(mark) ".utf8)
        var searched = 0
        while true {
            guard let bytes = try await shell.readSome(deadline: deadline) else {
                return ended(ContinuousClock.now >= deadline ? .timedOut : .shellEnded)
            }
            output += bytes
            if let range = output[searched...].firstRange(of: pattern) {
                let rest = output[range.upperBound...]
                guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                    searched = range.lowerBound
                    continue
                }
                let status = Int32(String(decoding: rest[..<end], as: UTF8.self))
                return Command(output: Self.text(output[..<range.lowerBound]), status: status, ending: .completed)
            }
            if output.count > options.limits.output { return ended(.flooded) }
            searched = max(0, output.count - pattern.count)
        }
    }

    /// The host's number of the process that holds the shell's processes; 0 when there is none.
    package var shellIdentifier: Int32 { state.withLock { $0.shell?.identifier ?? 0 } }

    // MARK: - Beside the shell

    /// Runs a bash script in the same files, in `/root`, as root inside, out of the shell's reach.
    ///
    /// - Parameter arguments: `$1`, `$2`, …
    /// - Throws: ``TemperError`` (unavailable, boundary sandbox); `CancellationError`.
    package func run(_ script: String, arguments: [String] = []) async throws -> ChildProcess.Output {
        try await run(["bash", "-c", script, "bash"] + arguments)
    }

    /// Runs a program in the same way. New commands of `/usr/local` are found after those of the system.
    package func run(_ command: [String]) async throws -> ChildProcess.Output {
        try await runOutside([Self.bubblewrap()] + SandboxPlans.besideArguments(for: options) + command)
    }

    /// Runs a program of the host among the sandbox's mounts: for looking at the state of its files.
    package func runOutside(_ command: [String]) async throws -> ChildProcess.Output {
        let place = state.withLock { NamespacePlan.Place(user: $0.user, mount: $0.mount) }
        guard place.mount >= 0 else { throw Self.refusal("it is closed") }
        let child = try await start(command, at: place, errors: .kept)
        do {
            let output = try await child.runToEnd(
                input: [], deadline: .now + options.limits.commandTime, outputLimit: options.limits.output)
            await child.close()
            return output
        } catch {
            await child.close()
            throw error
        }
    }

    /// Ends all processes and throws the files away. May be called again.
    package func close() async {
        await endShell()
        state.withLock { Self.closeDescriptors(&$0) }
    }

    // MARK: - Starting and ending

    private func startShell(at place: NamespacePlan.Place) async throws -> ChildProcess {
        try await start(
            [Self.bubblewrap()] + SandboxPlans.arguments(for: options) + ["bash", "--login"], at: place, errors: .merged)
    }

    private func start(_ arguments: [String], at place: NamespacePlan.Place, errors: ChildProcess.ErrorOutput) async throws
        -> ChildProcess
    {
        let plan = plan
        do {
            return try await StartingThread.shared.run {
                try ChildProcess(arguments, environment: [:], errors: errors, plan: plan, place: place)
            }
        } catch let error as TemperError {
            throw Self.refusal(error.message)
        }
    }

    static func bubblewrap() throws -> String {
        if let program = ChildProcess.find("bwrap") { return program }
        throw TemperError(
            .unavailable, "commands run in a sandbox only, and bubblewrap is not installed", hint: "apt-get install bubblewrap",
            boundary: .sandbox)
    }

    static func refusal(_ reason: String) -> TemperError {
        TemperError(
            .unavailable, "the sandbox cannot be used: \(reason)",
            hint: "it needs bubblewrap and user namespaces (sysctl user.max_user_namespaces; on Ubuntu"
                + " kernel.apparmor_restrict_unprivileged_userns=0), also inside a container",
            boundary: .sandbox)
    }

    /// Kills the first process inside, which takes all others with it before it is gone itself.
    private static func killAll(of shell: ChildProcess) {
        for process in ProcessTree.children(of: shell.identifier) { kill(process, SIGKILL) }
    }

    private static func end(_ shell: ChildProcess) async {
        killAll(of: shell)
        await shell.close()
    }

    private static func closeDescriptors(_ state: inout State) {
        for descriptor in [state.user, state.mount] where descriptor >= 0 { Foundation.close(descriptor) }
        state.user = -1
        state.mount = -1
    }

    // MARK: - Text

    package static func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "\0", with: "").replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = String(decoding: Array(bytes), as: UTF8.self)
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// Called ten times a second while the sandbox lives.
    package func checkMemory() {
        state.withLock { state in
            guard let shell = state.shell, shell.status == nil else { return }
            let held = ProcessTree.holdings(below: shell.identifier)
            guard held.memory > options.limits.totalMemory || held.files > options.limits.totalFiles else { return }
            state.isOutOfMemory = true
            Self.killAll(of: shell)
        }
    }
}
