import TemperCore

/// The steps of ``Curation`` for chats that are no episodes.
extension Curation {
    /// Imported conversations as documents with tokens: without duplicates, contamination and overlong ones.
    ///
    /// - Parameters:
    ///   - heldOut: how many are kept out, in an order drawn from the seed and their names.
    ///   - matcher: what tells contaminated ones.
    static func curate(
        _ conversations: [Document], heldOut: Int, contamination matcher: TestTexts.Matcher?, _ log: inout StepLog,
        _ renderer: TokenRenderer, _ options: CurationOptions, _ context: CurationContext
    ) throws -> (train: [CuratedDocument], heldOut: [CuratedDocument]) {
        guard !conversations.isEmpty else { return ([], []) }
        var seen: Set<[String]> = []
        let distinct = log.filter("duplicates", unit: "conversations", conversations) { document in
            seen.insert(document.messages.map(\.text)).inserted ? nil : "same text"
        }
        var clean = distinct
        if options.contamination != nil {
            clean = log.filter("contamination", unit: "conversations", distinct) { document in
                matcher?.matches(document.askedTexts) == true ? contaminationReason : nil
            }
        }
        let encoded = try clean.map { document in
            var document = document
            document.provenance.run = context.run
            return CuratedDocument(try renderer.encode(document))
        }
        let limit = tokenLimit(options, context)
        let short = log.filter("length", unit: "conversations", encoded) { item in
            item.tokens.ids.count > limit ? "more than \(limit) tokens" : nil
        }
        guard heldOut > 0 else { return (short, []) }
        let ranked = short.map {
            (RandomSource.derive(context.seed, ["held out", $0.document.provenance.episode]), $0.document.provenance.episode)
        }
        let kept = Set(ranked.sorted { $0 < $1 }.prefix(heldOut).map(\.1))
        return (
            log.filter("held out", unit: "conversations", short) {
                kept.contains($0.document.provenance.episode) ? "kept out" : nil
            },
            short.filter { kept.contains($0.document.provenance.episode) }
        )
    }

    /// The agent documents with general conversations among them; nil when the recipe mixes nothing in.
    static func mix(
        _ agent: [CuratedDocument], _ renderer: TokenRenderer, _ redactor: Redactor?, _ options: CurationOptions,
        _ context: CurationContext
    ) throws -> (documents: [CuratedDocument], report: MixReport)? {
        guard let mix = options.mix else { return nil }
        var tests = options.contamination.map { context.tests($0.rule) }
        // What the agent documents hold of the tests counts beside what each source holds.
        for item in agent where tests != nil { for text in item.document.askedTexts { tests?.scan(text) } }
        return try Mixing.run(
            agent: agent, options: mix, seed: context.seed, run: context.run, renderer: renderer,
            maximumTokens: tokenLimit(options, context), generators: context.generators, tests: tests,
            redactor: redactor)
    }
}
