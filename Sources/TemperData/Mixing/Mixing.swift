import Foundation
import TemperCore

/// Agent documents and general conversations in one dataset (AgentTuning, section 3.3).
enum Mixing {
    /// Draws a mix.
    ///
    /// Agent documents are drawn in passes, each in a new random order, so that each is drawn equally often to within one; general
    /// conversations as ``GeneralSource`` says. The same seed gives the same documents in the same order with any number of workers.
    /// Only the documents drawn are in memory.
    ///
    /// - Parameters:
    ///   - agent: what curation keeps for training.
    ///   - run: the recipe's name, for the documents' provenance.
    ///   - maximumTokens: longer conversations are not drawn.
    ///   - workers: threads; nil takes one for each processor.
    ///   - generators: sources that are not files, by the name that takes a path's place.
    ///   - tests: conversations that match an instruction of these are not drawn, where all sources together (with what was scanned
    ///     before) make that instruction dirty.
    ///   - redactor: replaces secrets before tokens are made.
    /// - Throws: ``TemperError`` with code `data` for options that make no sense, and when a source has nothing to draw.
    static func run(
        agent: [CuratedDocument], options: MixOptions, seed: UInt64, run: String, renderer: TokenRenderer,
        maximumTokens: Int = .max, workers: Int? = nil, generators: [GeneralGenerator] = [], tests: TestTexts? = nil,
        redactor: Redactor? = nil
    ) throws -> (documents: [CuratedDocument], report: MixReport) {
        try options.validate()
        let workers = workers ?? ProcessorCount.available
        guard !agent.isEmpty || options.agentRatio == 0 else {
            throw TemperError(.data, "there is no agent document to mix", boundary: .recipe)
        }
        let size = options.size ?? Int((Double(agent.count) / options.agentRatio).rounded())
        let draws = MixDraws(
            count: size, ratio: options.agentRatio, weights: options.general.map(\.weight), seed: seed)
        var wanted = [Int](repeating: 0, count: options.general.count)
        for case .general(let source) in draws { wanted[source] += 1 }

        if wanted.contains(where: { $0 > 0 }) { try renderer.requireUsable() }
        var sources: [Supply] = []
        var reports: [MixReport.Source] = []
        var general = try GeneralDraws(
            options, wanted: wanted, seed: seed, workers: workers, generators: generators, tests: tests)
        let drawn = try general.draw(redactor) { document in
            var document = document
            document.provenance.run = run
            var documents: [CuratedDocument] = []
            if let reason = renderer.refusal(of: document, into: &documents) { return .unusable(reason) }
            let short = documents.filter { $0.tokens.ids.count <= maximumTokens }
            return short.isEmpty ? .tooLong : .documents(short)
        }
        for (given, (documents, report)) in zip(options.general, drawn) {
            var report = report
            report.weight = given.weight
            reports.append(report)
            sources.append(Supply(documents))
        }

        var agents = Supply(agent, shuffledBy: seed)
        var mixed: [CuratedDocument] = []
        mixed.reserveCapacity(size)
        var (own, other) = (Sums(), Sums())
        for draw in draws {
            switch draw {
            case .agent:
                let document = agents.next()
                own.add(document)
                mixed.append(document)
            case .general(let source):
                let document = sources[source].next()
                other.add(document)
                mixed.append(document)
            }
        }
        return (
            mixed,
            MixReport(
                agentRatio: options.agentRatio, examples: .init(agent: own.documents, general: other.documents),
                tokens: .init(agent: own.tokens, general: other.tokens),
                trainedTokens: .init(agent: own.trained, general: other.trained), agentDocuments: agent.count,
                agentDistinct: min(agent.count, own.documents), sources: reports)
        )
    }

    private struct Sums {
        var (documents, tokens, trained) = (0, 0, 0)

        mutating func add(_ document: CuratedDocument) {
            documents += 1
            tokens += document.tokens.ids.count
            trained += document.tokens.trainedCount
        }
    }

    /// Documents that are given out again and again, each as often as the others to within one.
    private struct Supply {
        private let documents: [CuratedDocument]
        private var order: [Int]
        private var position = 0
        private let seed: UInt64?
        private var pass = 0

        /// - Parameter seed: the order of each pass is drawn from it; nil keeps the order given.
        init(_ documents: [CuratedDocument], shuffledBy seed: UInt64? = nil) {
            self.documents = documents
            self.seed = seed
            order = Array(documents.indices)
            shuffle()
        }

        mutating func next() -> CuratedDocument {
            if position == order.count {
                pass += 1
                position = 0
                shuffle()
            }
            defer { position += 1 }
            return documents[order[position]]
        }

        private mutating func shuffle() {
            guard let seed else { return }
            var random = RandomSource(seed: seed, "mix", "agent", "\(pass)")
            order.shuffle(using: &random)
        }
    }
}
