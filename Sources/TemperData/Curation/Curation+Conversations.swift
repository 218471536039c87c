import TemperCore

/// The steps of ``Curation`` for chats that are not episodes.
extension Curation {
    /// Imported conversations as documents with tokens: without duplicates, contamination and overlong ones.
    ///
    /// - Parameters:
    ///   - heldOut: how many are held out, in an order drawn from the seed and their names.
    ///   - matcher: what tells contaminated ones.
    static func curate(
        _ conversations: [Document], heldOut: Int, contamination matcher: TestTexts.Matcher?, _ log: inout StepLog,
        _ renderer: TokenRenderer, _ options: CurationOptions, _ context: CurationContext
    ) throws -> (train: [CuratedDocument], heldOut: [CuratedDocument]) {
        guard !conversations.isEmpty else { return ([], []) }
        var seen: Set<[String]> = []
        let distinct = log.filter("duplicates", unit: "conversations", conversations) { document in
            seen.insert(document.content).inserted ? nil : "same text"
        }
        var clean = distinct
        if options.contamination != nil {
            clean = log.filter("contamination", unit: "conversations", distinct) { document in
                matcher?.matches(document.askedTexts) == true ? contaminationReason : nil
            }
        }
        try renderer.requireUsable()
        var encoded: [CuratedDocument] = []
        _ = log.filter("rendering", unit: "conversations", clean) { document in
            var document = document
            document.provenance.run = context.run
            return renderer.refusal(of: document, into: &encoded)
        }
        let limit = tokenLimit(options, context)
        let short = log.filter("length", unit: "documents", encoded) { item in
            item.tokens.ids.count > limit ? "more than \(limit) tokens" : nil
        }
        guard heldOut > 0 else { return (short, []) }
        let ranked = Set(short.map(\.document.provenance.episode)).map {
            (RandomSource.derive(context.seed, ["held out", $0]), $0)
        }
        let kept = Set(ranked.sorted { $0 < $1 }.prefix(heldOut).map(\.1))
        return (
            log.filter("held out", unit: "documents", short) {
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
