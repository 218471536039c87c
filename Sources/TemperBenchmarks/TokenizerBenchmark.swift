import Foundation
import TemperCore
import TemperExperiment
import TemperTokenizers

/// How fast a tokenizer loads and encodes, on one thread.
package enum TokenizerBenchmark {
    package struct Result: Codable, Sendable, Hashable {
        /// The time for all documents, each run with a tokenizer that has seen none of them.
        package var encodingSeconds: [Double]
        package var loadingSeconds: [Double]
        package var byteCount: Int
        package var tokenCount: Int
        package var documentCount: Int

        enum CodingKeys: String, CodingKey {
            case encodingSeconds = "encoding_seconds"
            case loadingSeconds = "loading_seconds"
            case byteCount = "byte_count"
            case tokenCount = "token_count"
            case documentCount = "document_count"
        }
    }

    /// - Parameters:
    ///   - model: a folder, a shipped name, or a tokenizer's file.
    ///   - file: UTF-8 text; each line is a document.
    /// - Throws: ``TemperError`` with code `data` when either cannot be read.
    package static func run(model: String, file: String, runs: Int) throws -> Result {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw TemperError(.data, "the file cannot be read", place: file, boundary: .data, cause: error)
        }
        let documents = data.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        var result = Result(
            encodingSeconds: [], loadingSeconds: [], byteCount: documents.reduce(0) { $0 + $1.utf8.count }, tokenCount: 0,
            documentCount: documents.count)
        let clock = ContinuousClock()
        for _ in 0..<runs {
            var tokenizer: TokenizerUse?
            result.loadingSeconds.append(try seconds(clock.measure { tokenizer = try TokenizerUse(model: model) }))
            guard let tokenizer else { continue }
            result.tokenCount = 0
            result.encodingSeconds.append(
                seconds(clock.measure { for document in documents { result.tokenCount += tokenizer.encode(document).ids.count } })
            )
        }
        return result
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
