package import TemperCore
package import TemperTransformer

/// Where training documents come from, in the order in which they train.
///
/// The same index gives the same document in every process: that is what lets an interrupted run go on.
package protocol DocumentSource {
    /// How many there are over all epochs; nil when there is no end.
    var count: Int? { get }
    /// Changes when the documents change.
    var fingerprint: String { get }

    /// The document at a 0-based place of the order.
    mutating func document(at index: Int) throws -> TokenDocument
    /// Refuses, before training, a model that some document does not fit.
    func requireFits(_ configuration: ModelConfiguration) throws
    /// Its length; asked for before training, to know the number of steps.
    mutating func tokenCount(at index: Int) throws -> Int
}

extension DocumentSource {
    package mutating func tokenCount(at index: Int) throws -> Int { try document(at: index).ids.count }
    /// Documents that are not known yet are checked as they come.
    package func requireFits(_ configuration: ModelConfiguration) throws {}
}

/// A dataset's documents, shuffled again each epoch by a seed. Documents without a trained token are left out.
package struct ShuffledDataset: DocumentSource {
    package let dataset: TokenDataset
    package let fingerprint: String
    private let epochs: Int
    private let seed: UInt64
    private let usable: [Int]
    private var shuffledEpoch = -1
    private var order: [Int] = []

    package init(_ dataset: TokenDataset, epochs: Int, seed: UInt64) {
        self.dataset = dataset
        self.epochs = epochs
        self.seed = seed
        usable = (0..<dataset.documentCount).filter { dataset.mask[dataset.range(ofDocument: $0)].contains(1) }
        var hash = StableHash.empty
        func mix(_ value: UInt64) { hash = StableHash.mix(hash, value) }
        for (id, trained) in zip(dataset.inputIDs, dataset.mask) { mix(UInt64(UInt32(bitPattern: id)) << 1 | UInt64(trained)) }
        for weight in dataset.weights ?? [] { mix(UInt64(weight.bitPattern)) }
        for start in dataset.documentStarts { mix(UInt64(bitPattern: start)) }
        fingerprint = String(hash, radix: 16)
    }

    package var count: Int? { usable.count * epochs }

    package func requireFits(_ configuration: ModelConfiguration) throws { try dataset.requireFits(configuration) }

    package mutating func document(at index: Int) -> TokenDocument { dataset.document(place(index)) }

    package mutating func tokenCount(at index: Int) -> Int { dataset.range(ofDocument: place(index)).count }

    /// The dataset's document at a place of the training order.
    private mutating func place(_ index: Int) -> Int {
        let epoch = index / usable.count
        if epoch != shuffledEpoch {
            var random = RandomSource(seed: seed, "epoch", String(epoch))
            order = usable.shuffled(using: &random)
            shuffledEpoch = epoch
        }
        return order[index % usable.count]
    }
}

/// Takes documents from a source until the tokens of a step are full.
struct Batcher<Source: DocumentSource> {
    var source: Source
    let tokensPerStep: Int
    /// The place of the next document.
    private(set) var position: Int
    private var waiting: TokenDocument?

    init(_ source: Source, tokensPerStep: Int, position: Int = 0) {
        self.source = source
        self.tokensPerStep = tokensPerStep
        self.position = position
    }

    /// The documents of the next step; empty when the source is at its end.
    mutating func next() throws -> [TokenDocument] {
        var batch: [TokenDocument] = []
        var tokens = 0
        while source.count.map({ position < $0 }) ?? true {
            let document = try waiting ?? source.document(at: position)
            waiting = nil
            if !batch.isEmpty, tokens + document.ids.count > tokensPerStep {
                waiting = document
                break
            }
            batch.append(document)
            tokens += document.ids.count
            position += 1
        }
        return batch
    }

    /// How many steps a source with an end takes from its first document on.
    static func stepCount(_ source: inout Source, count: Int, tokensPerStep: Int) throws -> Int {
        var steps = 0, tokens = 0
        for index in 0..<count {
            let length = try source.tokenCount(at: index)
            if steps == 0 || tokens + length > tokensPerStep {
                steps += 1
                tokens = 0
            }
            tokens += length
        }
        return steps
    }
}
