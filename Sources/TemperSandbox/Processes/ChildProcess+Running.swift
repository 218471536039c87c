import Foundation
import Synchronization
import TemperCore

extension ChildProcess {
    /// What a program that ran to its end left.
    package struct Output: Sendable {
        package var status: Status
        package var output: [UInt8]
        package var errors: [UInt8]
        /// The time limit came first; the group was killed.
        package var timedOut: Bool
        /// Output and errors passed the limit; the group was killed.
        package var isTruncated: Bool

        package var text: String { String(decoding: output, as: UTF8.self) }
        package var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// Runs a program to its end. At `timeLimit`, or when output and errors pass `outputLimit` bytes, its group is killed.
    ///
    /// - Throws: ``TemperError`` (unavailable) when it cannot be started; `CancellationError`.
    package static func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String]? = nil, folder: String? = nil,
        timeLimit: Duration = .seconds(30), outputLimit: Int = 1 << 20, errors: ErrorOutput = .kept, descriptors: [Int32] = []
    ) async throws -> Output {
        let child = try ChildProcess(
            arguments, environment: environment, folder: folder, errors: errors, descriptors: descriptors)
        do {
            let output = try await child.runToEnd(input: input, deadline: .now + timeLimit, outputLimit: outputLimit)
            await child.close()
            return output
        } catch {
            await child.close()
            throw error
        }
    }

    package func runToEnd(input: [UInt8], deadline: ContinuousClock.Instant, outputLimit: Int) async throws -> Output {
        var result = Output(status: .exited(0), output: [], errors: [], timedOut: false, isTruncated: false)
        var rest = input[...]
        while true {
            feed(&rest)
            let ended = status  // before the pipes are emptied: what the child wrote is then in them
            drain(into: &result, limit: outputLimit)
            if let ended {
                result.status = ended
                return result
            }
            if !result.isTruncated, ContinuousClock.now >= deadline { result.timedOut = true }
            let isKilled = result.isTruncated || result.timedOut
            if isKilled { signal(SIGKILL) }
            var interests = [DescriptorMonitor.Interest(descriptor: exit.descriptor, events: POLLIN)]
            if !isKilled {
                interests += readInterests(output: true)
                let descriptor = state.withLock { $0.input }
                if descriptor >= 0 { interests.append(.init(descriptor: descriptor, events: POLLOUT)) }
            }
            _ = try await DescriptorMonitor.shared.wait(interests, until: isKilled ? .now + .seconds(60) : deadline)
        }
    }

    /// Writes what the pipe takes; closes it after the last byte or when nobody reads.
    private func feed(_ rest: inout ArraySlice<UInt8>) {
        let descriptor = state.withLock { $0.input }
        guard descriptor >= 0 else { return }
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest.removeFirst(count)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                rest = []
            }
        }
        closeInput()
    }

    private func drain(into result: inout Output, limit: Int) {
        state.withLock { state in
            while !result.isTruncated, case .bytes(let bytes) = Self.readOrClose(&state.output) {
                let room = limit - result.output.count - result.errors.count
                result.output += bytes.prefix(room)
                result.isTruncated = bytes.count > room
            }
            while !result.isTruncated, case .bytes(let bytes) = Self.readOrClose(&state.errors) {
                let room = limit - result.output.count - result.errors.count
                result.errors += bytes.prefix(room)
                result.isTruncated = bytes.count > room
            }
        }
    }

    private static func readOrClose(_ descriptor: inout Int32) -> Pipe.Reading {
        guard descriptor >= 0 else { return .end }
        let reading = Pipe.read(descriptor, limit: 1 << 16)
        if case .end = reading {
            Foundation.close(descriptor)
            descriptor = -1
        }
        return reading
    }

    /// The full path of a program, looked up on `path` or this process's `PATH`; nil when there is none.
    package static func find(_ program: String, path: String? = nil) -> String? {
        if program.contains("/") { return program }
        let path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }

    package static var plainEnvironment: [String: String] {
        let kept: Set = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"]
        return ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
    }
}
