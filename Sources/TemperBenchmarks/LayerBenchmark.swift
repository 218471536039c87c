import TemperCore
package import TemperTransformer

/// Where a training step's time goes, and how its cost grows with documents and their length.
package enum LayerBenchmark {
    /// A model's shape with random weights, so that nothing need be downloaded.
    package enum Shape: String, Sendable, CaseIterable {
        case smolLM2 = "smollm2-135m"
        case pocket

        var configuration: ModelConfiguration {
            switch self {
            case .smolLM2:
                ModelConfiguration(
                    vocabularySize: 49152, width: 576, feedForwardWidth: 1536, layerCount: 30, headCount: 9, keyValueHeadCount: 3,
                    contextLength: 8192, rotaryBase: 100_000)
            case .pocket:
                ModelConfiguration(
                    vocabularySize: 2048, width: 256, feedForwardWidth: 768, layerCount: 6, headCount: 4, keyValueHeadCount: 2,
                    contextLength: 4096)
            }
        }
    }

    package struct Layer: Codable, Sendable, Hashable {
        package var kind: LayerKind
        /// The share of the step's time, 0…1.
        package var share: Double
        package var operationsPerSecond: Double
        /// Operations per second as a fraction of the peak.
        package var fractionOfPeak: Double

        enum CodingKeys: String, CodingKey {
            case kind, share
            case operationsPerSecond = "operations_per_second"
            case fractionOfPeak = "fraction_of_peak"
        }
    }

    /// Steps of this many documents of one length.
    package struct Growth: Codable, Sendable, Hashable {
        package var documents: Int
        package var length: Int
        package var tokensPerSecond: Double
        /// The time of attention alone: scores, softmax and weighted values.
        package var attentionNanosecondsPerToken: Double

        enum CodingKeys: String, CodingKey {
            case documents, length
            case tokensPerSecond = "tokens_per_second"
            case attentionNanosecondsPerToken = "attention_nanoseconds_per_token"
        }
    }

    package struct Result: Codable, Sendable, Hashable {
        /// Operations a second of large products, measured in this run.
        package var peak: Double
        /// One step of documents with every token in the loss; the median run.
        package var tokensPerSecond: Double
        package var layers: [Layer]
        /// All products of the step over its whole time.
        package var fractionOfPeak: Double
        /// 1 to 64 documents of one length.
        package var byDocuments: [Growth]
        /// The same tokens in documents of different length.
        package var byLength: [Growth]
        package var workers: Int
        package var precision: String
        package var machine: String
        package var commit: String

        enum CodingKeys: String, CodingKey {
            case peak = "peak_operations_per_second"
            case tokensPerSecond = "tokens_per_second"
            case layers
            case fractionOfPeak = "fraction_of_peak"
            case byDocuments = "by_documents"
            case byLength = "by_length"
            case workers, precision, machine, commit
        }
    }

    /// - Parameters:
    ///   - length: tokens of a document, in the step that is taken apart and in the growth by documents.
    ///   - tokens: the tokens of the step that is taken apart, and of each length.
    package static func run(shape: Shape, length: Int, tokens: Int, runs: Int) throws -> Result {
        let model = TransformerModel(configuration: shape.configuration, seed: 1)
        let engine = GradientEngine(model: model, precision: .auto)
        let optimiser = AdamW(model: model, settings: AdamW.Settings())
        var random = RandomSource(seed: 2)
        func documents(_ count: Int, _ length: Int) -> [TokenDocument] {
            (0..<count).map { _ in
                let ids = (0..<length).map { _ in Int32(random.index(below: shape.configuration.vocabularySize)) }
                return TokenDocument(ids: ids, mask: [0] + Array(repeating: 1, count: length - 1))
            }
        }
        /// The median of the runs by time, after one that warms up.
        func median(_ documents: [TokenDocument]) throws -> (seconds: Double, shares: [LayerShare]) {
            let all = try (0...runs).map { _ in try engine.measure(documents, optimiser, learningRate: 1e-5) }
            return all.dropFirst().sorted { $0.seconds < $1.seconds }[runs / 2]
        }
        func growth(_ count: Int, _ length: Int) throws -> Growth {
            let step = try median(documents(count, length))
            let attention = step.shares.reduce(0) { $0 + ($1.kind == .attention ? $1.seconds : 0) }
            // The optimiser's cost does not depend on the documents.
            let optimiser = step.shares.reduce(0) { $0 + ($1.kind == .optimiser ? $1.seconds : 0) }
            return Growth(
                documents: count, length: length, tokensPerSecond: Double(count * length) / (step.seconds - optimiser),
                attentionNanosecondsPerToken: attention * 1e9 / Double(count * length))
        }
        let peak = engine.productPeak()
        let step = try median(documents(tokens / length, length))
        let layers = step.shares.map { part in
            let speed = part.seconds > 0 ? part.operations / part.seconds : 0
            return Layer(
                kind: part.kind, share: part.seconds / step.seconds, operationsPerSecond: speed, fractionOfPeak: speed / peak)
        }
        let operations = step.shares.reduce(0) { $0 + $1.operations }
        return Result(
            peak: peak, tokensPerSecond: Double(tokens / length * length) / step.seconds, layers: layers,
            fractionOfPeak: operations / step.seconds / peak,
            byDocuments: try [1, 2, 4, 8, 16, 32, 64].map { try growth($0, length) },
            byLength: try [128, 256, 512, 1024, 2048].filter { $0 <= tokens }.map { try growth(tokens / $0, $0) },
            workers: engine.workerCount, precision: engine.precision.rawValue, machine: Benchmark.machine,
            commit: Benchmark.commit)
    }
}
