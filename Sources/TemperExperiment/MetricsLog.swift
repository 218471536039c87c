package import Foundation
import TemperCore
import TemperData

/// `metrics.jsonl`: one line per training step and per measurement on the held-out documents.
package final class MetricsLog {
    package struct Record: Codable, Sendable, Hashable {
        package enum Kind: String, Codable, Sendable {
            case step
            case heldOut = "held_out"
        }

        package var kind: Kind
        package var step: Int
        /// Nats per trained token.
        package var loss: Double
        package var learningRate: Double?
        package var gradientNorm: Double?
        /// All tokens that went through training up to here.
        package var tokensSeen: Int?
        package var tokensPerSecond: Double?

        enum CodingKeys: String, CodingKey {
            case kind, step, loss
            case learningRate = "learning_rate"
            case gradientNorm = "gradient_norm"
            case tokensSeen = "tokens_seen"
            case tokensPerSecond = "tokens_per_second"
        }

        package init(
            kind: Kind, step: Int, loss: Double, learningRate: Double? = nil, gradientNorm: Double? = nil, tokensSeen: Int? = nil,
            tokensPerSecond: Double? = nil
        ) {
            self.kind = kind
            self.step = step
            self.loss = loss
            self.learningRate = learningRate
            self.gradientNorm = gradientNorm
            self.tokensSeen = tokensSeen
            self.tokensPerSecond = tokensPerSecond
        }
    }

    private let handle: FileHandle
    private let encoder: JSONEncoder

    /// Opens the log to go on after a step: what an interrupted run wrote beyond it is dropped.
    package init(_ url: URL, resumingAfter step: Int) throws {
        let kept =
            FileManager.default.fileExists(atPath: url.path) ? try Self.read(url).filter { $0.step <= step && step > 0 } : []
        let encoder = JSONEncoder.stable()
        let text = try kept.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
        try AtomicFile.write(Data(text.utf8), to: url)
        self.encoder = encoder
        handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
    }

    package func append(_ record: Record) throws {
        try handle.write(contentsOf: encoder.encode(record) + Data("\n".utf8))
    }

    /// The records of a log. A last line that a kill cut short is left out.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the line, for any other line that is not a record.
    package static func read(_ url: URL) throws -> [Record] {
        let text = try String(contentsOf: url, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        return try lines.enumerated().compactMap { index, line in
            do {
                return try JSONDecoder().decode(Record.self, from: Data(line.utf8))
            } catch {
                if index == lines.count - 1, !text.hasSuffix("\n") { return nil }
                throw TemperError(
                    .data, "not a record of metrics: \(TemperError.describe(error))", place: "\(url.path):\(index + 1)",
                    boundary: .data)
            }
        }
    }
}
