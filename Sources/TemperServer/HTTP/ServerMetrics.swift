import Foundation
import Synchronization
import TemperTransformer

/// What a server counts, as Prometheus reads it.
final class ServerMetrics: Sendable {
    /// A histogram of seconds.
    private struct Histogram {
        static let bounds: [Double] = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300]
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0

        mutating func record(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }

        func lines(_ name: String) -> [String] {
            var total = 0
            var lines: [String] = []
            for (index, count) in counts.enumerated() {
                total += count
                let bound = index < Self.bounds.count ? "\(Self.bounds[index])" : "+Inf"
                lines.append("\(name)_bucket{le=\"\(bound)\"} \(total)")
            }
            return lines + ["\(name)_sum \(sum)", "\(name)_count \(total)"]
        }
    }

    private struct Key: Hashable, Comparable {
        var path: String
        var status: Int

        static func < (left: Key, right: Key) -> Bool { (left.path, left.status) < (right.path, right.status) }
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var clientsLeft = 0
        var streamsFailed = 0
        var usage = Usage()
        var seconds = Histogram()
        var secondsToFirstToken = Histogram()
    }

    private let state = Mutex(State())

    /// - Parameter path: one of the server's own, so that clients cannot add names.
    func answered(_ path: String, status: Int) {
        state.withLock { $0.requests[Key(path: path, status: status), default: 0] += 1 }
    }

    func clientLeft() { state.withLock { $0.clientsLeft += 1 } }

    func streamFailed() { state.withLock { $0.streamsFailed += 1 } }

    func finished(_ usage: Usage, after time: Duration) {
        state.withLock { state in
            state.usage.promptTokens += usage.promptTokens
            state.usage.completionTokens += usage.completionTokens
            state.usage.reusedTokens += usage.reusedTokens
            state.seconds.record(time / .seconds(1))
        }
    }

    func firstToken(after time: Duration) { state.withLock { $0.secondsToFirstToken.record(time / .seconds(1)) } }

    /// The page of `/metrics`.
    func page(counts: (visits: Int, waiting: Int, places: Int), engines: [(name: String, state: SamplingEngine.State)]) -> String
    {
        let state = state.withLock { $0 }
        var lines: [String] = []
        func metric(_ name: String, _ type: String, _ help: String, _ values: [String]) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"] + values
        }
        metric(
            "temper_requests_total", "counter", "Requests answered, by path and status.",
            state.requests.sorted { $0.key < $1.key }.map {
                "temper_requests_total{path=\"\($0.key.path)\",status=\"\($0.key.status)\"} \($0.value)"
            })
        func single(_ name: String, _ type: String, _ help: String, _ value: Int) {
            metric(name, type, help, ["\(name) \(value)"])
        }
        let rejected = state.requests.reduce(0) { $0 + ($1.key.status == 429 ? $1.value : 0) }
        single("temper_requests_rejected_total", "counter", "Requests refused because the queue was full.", rejected)
        single("temper_clients_left_total", "counter", "Requests whose client left before the reply.", state.clientsLeft)
        single("temper_streams_failed_total", "counter", "Streams that ended with an error.", state.streamsFailed)
        single("temper_requests_in_progress", "gauge", "Requests that run or wait.", counts.visits)
        single("temper_requests_waiting", "gauge", "Requests that wait for a place.", counts.waiting)
        single("temper_places_in_use", "gauge", "Replies that may be written now.", counts.places)
        single("temper_prompt_tokens_total", "counter", "Tokens of prompts.", state.usage.promptTokens)
        single(
            "temper_prompt_tokens_reused_total", "counter", "Tokens of prompts that were computed before.",
            state.usage.reusedTokens)
        single("temper_completion_tokens_total", "counter", "Tokens written.", state.usage.completionTokens)
        metric(
            "temper_request_seconds", "histogram", "From a request's arrival to its last token.",
            state.seconds.lines("temper_request_seconds"))
        metric(
            "temper_first_token_seconds", "histogram", "From a streamed request's arrival to its first token.",
            state.secondsToFirstToken.lines("temper_first_token_seconds"))
        func gauges(_ name: String, _ help: String, _ value: (SamplingEngine.State) -> Int) {
            metric(name, "gauge", help, engines.map { "\(name){model=\"\(Self.escaped($0.name))\"} \(value($0.state))" })
        }
        gauges("temper_sequences_active", "Sequences that are computed.") { $0.active }
        gauges("temper_sequences_waiting", "Sequences that wait in the engine.") { $0.queued }
        gauges("temper_cache_bytes", "Memory of keys and values.") { $0.cacheBytes }
        gauges("temper_cache_bytes_limit", "The most memory that keys and values take.") { $0.maximumCacheBytes }
        if let process = ProcessUse.current() {
            single("process_resident_memory_bytes", "gauge", "Memory of the process.", process.residentBytes)
            single("process_open_fds", "gauge", "Open file descriptors.", process.descriptors)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "\n", with: "\\n")
    }
}

/// What the process uses of the machine.
struct ProcessUse {
    var residentBytes: Int
    var descriptors: Int

    /// Nil where the system has no `/proc`.
    static func current() -> ProcessUse? {
        do {
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
            return ProcessUse(residentBytes: pages * Int(sysconf(Int32(_SC_PAGESIZE))), descriptors: descriptors)
        } catch {
            // Another system: these two figures are left out.
            return nil
        }
    }
}
