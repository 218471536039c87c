import TemperCore

/// The general conversations of a mix, drawn from all its sources.
///
/// A test instruction counts as held by the training side when the agent documents and all sources together cover it: half of it may
/// stand in one file and half in another. So every source is read before any is drawn from.
struct GeneralDraws {
    typealias Drawn = (documents: [CuratedDocument], report: MixReport.Source)

    private enum Origin {
        case file(GeneralSource, GeneralSource.Choice)
        case made(GeneralGenerator, seed: UInt64)
    }

    private let origins: [Origin]
    private let wanted: [Int]
    private let workers: Int
    /// What the agent documents cover of the tests; nil without a check.
    private let tests: TestTexts?
    /// The examples that agent documents and sources make dirty.
    private var dirty: Set<Int>

    /// - Parameters:
    ///   - wanted: how many of each source.
    ///   - generators: sources that are not files, by the name that takes a path's place.
    ///   - tests: with what the agent documents hold of them.
    /// - Throws: ``TemperError`` with code `data` for a source that cannot be read.
    init(
        _ options: MixOptions, wanted: [Int], seed: UInt64, workers: Int, generators: [GeneralGenerator], tests: TestTexts?
    ) throws {
        var covered = tests
        origins = try options.general.enumerated().map { number, given in
            if let generator = generators.first(where: { $0.name == given.path }) {
                let own = RandomSource.derive(seed, ["general", "\(number):\(generator.name)"])
                generator.scan(wanted[number], seed: own, &covered)
                return .made(generator, seed: own)
            }
            let source = try GeneralSource(given, number: number, options: options, seed: seed)
            return .file(source, try source.choose(for: wanted[number], workers: workers, &covered))
        }
        self.wanted = wanted
        self.workers = workers
        self.tests = tests
        dirty = covered?.dirty ?? []
    }

    /// Draws from every source, passing over conversations that match a dirty instruction.
    ///
    /// What a generator makes beyond the number wanted was not read before; where it makes another instruction dirty, all is drawn
    /// again without what matches that one.
    ///
    /// - Parameters:
    ///   - redactor: replaces secrets, document by document in order, so that marks do not depend on the number of workers.
    ///   - render: makes tokens of a document.
    mutating func draw(_ redactor: Redactor? = nil, render: GeneralRendering) throws -> [Drawn] {
        while true {
            let matcher = tests?.matcher(of: dirty)
            let drawn = try origins.enumerated().map { number, origin -> Drawn in
                var (documents, report): Drawn
                switch origin {
                case .file(let source, let choice):
                    (documents, report) = try source.draw(
                        wanted[number], from: choice, workers: workers, matcher, redactor, render: render)
                case .made(let generator, let seed):
                    (documents, report) = try generator.draw(
                        wanted[number], seed: seed, workers: workers, matcher, redactor, render: render)
                }
                if tests != nil { report.contaminated = report.contaminated ?? 0 }
                return (documents, report)
            }
            guard var result = tests else { return drawn }
            for source in drawn {
                for item in source.documents { for text in item.document.askedTexts { result.scan(text) } }
            }
            let more = result.dirty.subtracting(dirty)
            guard !more.isEmpty else { return drawn }
            dirty.formUnion(more)
        }
    }
}
