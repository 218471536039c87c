import Foundation
import Synchronization
import TemperCore

/// A child process with pipes, in a session and process group of its own.
///
/// No other descriptor of this process reaches the child. When it exits, what is left of its group is killed and it is reaped
/// at once. No call blocks a thread of Swift's pool. It belongs to one task at a time: no two calls run at once, except
/// ``signal(_:)`` and ``status``.
package final class ChildProcess: Sendable {
    /// What becomes of standard error.
    package enum ErrorOutput: Sendable {
        /// The last 16 kB stay in ``ChildProcess/errorText``; it is drained while output is read or input written.
        case kept
        /// It goes where output goes.
        case merged
        case dropped
    }

    /// How a process ended.
    package enum Status: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)

        /// The exit status as a shell counts it: 128 + signal for a killed process.
        package var code: Int32 {
            switch self {
            case .exited(let code): return code
            case .signalled(let number): return 128 + number
            }
        }
    }

    /// What ``readLine(deadline:limit:)`` gives.
    package enum Line: Sendable, Hashable {
        /// A line without its line end; invalid UTF-8 is repaired.
        case line(String)
        /// The output is closed and everything in it has been read.
        case ended
        case timedOut
        /// No line end within the limit; what was read is dropped.
        case tooLong
    }

    /// Why a write failed.
    package enum Failure: Error, Sendable, Hashable {
        case timedOut
        /// The child no longer reads.
        case ended
    }

    package struct State {
        /// -1 once closed.
        var input: Int32
        var output: Int32
        var errors: Int32
        var buffer: [UInt8] = []
        /// Bytes of the buffer that hold no line end.
        var searched = 0
        var errorTail: [UInt8] = []
    }

    package static let errorTailLimit = 16_384
    /// While a write waits, at most this much output is taken in.
    package static let readAheadLimit = 1 << 22

    package let exit: ProcessExit
    let state: Mutex<State>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the first is a path, or a name looked up on `PATH`.
    ///   - environment: exactly these variables; nil means `PATH`, `HOME`, `LANG`, `LC_ALL`, `TZ` and `TMPDIR` of this process.
    ///   - descriptors: become 3, 4, … in the child; they stay open here.
    /// - Throws: ``TemperError`` (unavailable, boundary environment) when it cannot be started.
    package convenience init(
        _ arguments: [String], environment: [String: String]? = nil, folder: String? = nil, errors: ErrorOutput = .kept,
        descriptors: [Int32] = []
    ) throws {
        try self.init(
            ProcessSpawn(
                arguments, environment: environment ?? Self.plainEnvironment, errors: errors, descriptors: descriptors,
                in: .folder(folder)))
    }

    /// Starts a program in namespaces of its own. Call it from a thread that lives as long as the child may.
    package convenience init(
        _ arguments: [String], environment: [String: String], errors: ErrorOutput, plan: NamespacePlan, place: NamespacePlan.Place
    ) throws {
        try self.init(
            ProcessSpawn(arguments, environment: environment, errors: errors, descriptors: [], in: .namespaces(plan, place)))
    }

    private init(_ spawn: ProcessSpawn) throws {
        state = Mutex(State(input: spawn.input, output: spawn.output, errors: spawn.errors))
        do {
            exit = try ProcessExit(of: spawn.identifier)
        } catch {
            kill(-spawn.identifier, SIGKILL)
            waitpid(spawn.identifier, nil, 0)
            for descriptor in [spawn.input, spawn.output, spawn.errors] where descriptor >= 0 { Foundation.close(descriptor) }
            throw error
        }
    }

    deinit {
        exit.signal(SIGKILL)
        closePipes()
    }

    package var identifier: Int32 { exit.identifier }
    /// Nil while it runs.
    package var status: Status? { exit.current }
    /// The last 16 kB of standard error so far.
    package var errorText: String {
        state.withLock { String(decoding: $0.errorTail, as: UTF8.self) }
    }

    /// Sends a signal to the whole group; nothing when the child has ended.
    package func signal(_ number: Int32) { exit.signal(number) }

    /// Writes to standard input.
    ///
    /// - Throws: ``Failure``; `CancellationError`.
    package func write(_ text: String, deadline: ContinuousClock.Instant) async throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let descriptor = state.withLock { $0.input }
            guard descriptor >= 0 else { throw Failure.ended }
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest.removeFirst(count)
            } else if errno == EAGAIN {
                // A child that waits for its own output to be read would never read its input.
                let mayTakeIn = state.withLock { $0.buffer.count < Self.readAheadLimit }
                let isReady = try await DescriptorMonitor.shared.wait(
                    [.init(descriptor: descriptor, events: POLLOUT)] + readInterests(output: mayTakeIn), until: deadline)
                guard isReady else { throw Failure.timedOut }
                takeIn(output: mayTakeIn)
            } else if errno != EINTR {
                throw Failure.ended
            }
        }
    }

    /// Writes a line to standard input.
    package func write(line: String, deadline: ContinuousClock.Instant) async throws {
        try await write(line + "\n", deadline: deadline)
    }

    /// The child reads the end of its input.
    package func closeInput() {
        state.withLock { Self.close(&$0.input) }
    }

    /// The next line of standard output.
    ///
    /// - Throws: `CancellationError` only.
    package func readLine(deadline: ContinuousClock.Instant, limit: Int = 1 << 20) async throws -> Line {
        while true {
            let found: Line? = state.withLock { state in
                if let end = state.buffer[state.searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    return .line(Self.takeLine(&state, upTo: end, dropping: 1))
                }
                state.searched = state.buffer.count
                if state.buffer.count > limit {
                    Self.drop(&state, state.buffer.count)
                    return .tooLong
                }
                guard state.output < 0 else { return nil }
                return state.buffer.isEmpty ? .ended : .line(Self.takeLine(&state, upTo: state.buffer.count, dropping: 0))
            }
            if let found { return found }
            guard try await moreOutput(deadline: deadline) else { return .timedOut }
        }
    }

    /// What has come to standard output, as soon as anything has; nil at its end or at the deadline.
    ///
    /// - Throws: `CancellationError` only.
    package func readSome(deadline: ContinuousClock.Instant, limit: Int = 1 << 16) async throws -> [UInt8]? {
        while true {
            let (bytes, isOpen) = state.withLock { state in
                let bytes = Array(state.buffer.prefix(limit))
                Self.drop(&state, bytes.count)
                return (bytes, state.output >= 0)
            }
            if !bytes.isEmpty { return bytes }
            guard isOpen, try await moreOutput(deadline: deadline) else { return nil }
        }
    }

    /// How it ended; nil when it still runs at the deadline. Output that comes meanwhile is kept, up to 4 MB.
    ///
    /// - Throws: `CancellationError` only.
    package func wait(deadline: ContinuousClock.Instant) async throws -> Status? {
        while true {
            if let status { return status }
            let mayTakeIn = state.withLock { $0.buffer.count < Self.readAheadLimit }
            let isReady = try await DescriptorMonitor.shared.wait(
                [.init(descriptor: exit.descriptor, events: POLLIN)] + readInterests(output: mayTakeIn), until: deadline)
            guard isReady else { return status }
            takeIn(output: mayTakeIn)
        }
    }

    /// Kills the whole group, reaps the child, closes the pipes. May be called again.
    package func close() async {
        exit.signal(SIGKILL)
        closePipes()
        // A task of its own: the child is reaped also when the caller has been cancelled.
        let exit = exit
        await Task {
            while exit.current == nil {
                do {
                    let interest = DescriptorMonitor.Interest(descriptor: exit.descriptor, events: POLLIN)
                    _ = try await DescriptorMonitor.shared.wait([interest], until: .now + .seconds(60))
                } catch { return }  // this task is never cancelled
            }
        }.value
    }

    // MARK: - Reading

    /// Waits for output and takes it in; false at the deadline.
    private func moreOutput(deadline: ContinuousClock.Instant) async throws -> Bool {
        let isReady = try await DescriptorMonitor.shared.wait(readInterests(output: true), until: deadline)
        takeIn(output: true)
        return isReady
    }

    package func readInterests(output: Bool) -> [DescriptorMonitor.Interest] {
        state.withLock { state in
            [output ? state.output : -1, state.errors].filter { $0 >= 0 }.map { .init(descriptor: $0, events: POLLIN) }
        }
    }

    /// Takes in what the pipes hold, one read of each.
    package func takeIn(output: Bool) {
        state.withLock { state in
            if output, state.output >= 0 {
                switch Pipe.read(state.output, limit: 1 << 16) {
                case .bytes(let bytes): state.buffer += bytes
                case .end: Self.close(&state.output)
                case .nothingYet: break
                }
            }
            guard state.errors >= 0 else { return }
            switch Pipe.read(state.errors, limit: 1 << 16) {
            case .bytes(let bytes): state.errorTail = Array((state.errorTail + bytes).suffix(Self.errorTailLimit))
            case .end: Self.close(&state.errors)
            case .nothingYet: break
            }
        }
    }

    private static func takeLine(_ state: inout State, upTo end: Int, dropping count: Int) -> String {
        var line = state.buffer[..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        drop(&state, end + count)
        return text
    }

    private static func drop(_ state: inout State, _ count: Int) {
        state.buffer.removeFirst(count)
        state.searched = 0
    }

    private static func close(_ descriptor: inout Int32) {
        if descriptor >= 0 { Foundation.close(descriptor) }
        descriptor = -1
    }

    private func closePipes() {
        state.withLock { state in
            Self.close(&state.input)
            Self.close(&state.output)
            Self.close(&state.errors)
        }
    }
}
