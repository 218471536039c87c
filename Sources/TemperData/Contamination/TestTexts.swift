/// The instructions of a test set, with the name a recipe gives it: `SUITE:SPLIT`, or a file.
package struct TestSet: Sendable, Hashable {
    package var name: String
    package var instructions: [String]

    package init(name: String, instructions: [String]) {
        self.name = name
        self.instructions = instructions
    }
}

/// Test instructions, and what texts that go by cover of them.
struct TestTexts: Sendable {
    private let rule: ContaminationRule
    private var numbers = TokenNumbers()
    private let examples: [[Int32]]
    private var index: ContaminationIndex

    init(_ instructions: [String], rule: ContaminationRule) {
        self.rule = rule
        var numbers = TokenNumbers()
        examples = instructions.map { numbers.add(WordTokens.split($0)) }
        self.numbers = numbers
        index = ContaminationIndex(examples, rule: rule)
    }

    func tokens(of text: String) -> [Int32] { numbers.look(upWordsOf: text) }

    mutating func scan(_ text: String) { scan(tokens(of: text)) }

    /// - Parameter tokens: as ``tokens(of:)`` gives them.
    mutating func scan(_ tokens: [Int32]) { index.scan(tokens) }

    /// The examples that what was scanned makes dirty.
    var dirty: Set<Int> { Set(examples.indices.filter { index.rate(of: $0) > rule.dirtyAbove }) }

    /// What tells the texts that match a dirty example; nil when none is dirty.
    func matcher() -> Matcher? { matcher(of: dirty) }

    /// What tells the texts that match one of these examples; nil when there is none.
    func matcher(of dirty: Set<Int>) -> Matcher? {
        guard !dirty.isEmpty else { return nil }
        return Matcher(numbers: numbers, index: ContaminationIndex(dirty.sorted().map { examples[$0] }, rule: rule))
    }

    /// - Parameter name: of the test set.
    func row(_ name: String) -> ContaminationReport.TestRow {
        let rates = examples.indices.map { index.rate(of: $0) }
        let counts = examples.indices.map { index.counts(of: $0) }
        let all = counts.reduce(0) { $0 + $1.all }
        return ContaminationReport.TestRow(
            test: name, n: examples.count, rate: all == 0 ? 0 : Double(counts.reduce(0) { $0 + $1.covered }) / Double(all),
            dirty: rates.count { $0 > rule.dirtyAbove }, clean: rates.count { $0 < rule.cleanBelow })
    }

    /// Finds texts that hold a match of a dirty example.
    struct Matcher: Sendable {
        fileprivate let numbers: TokenNumbers
        fileprivate let index: ContaminationIndex

        func matches(_ texts: [String]) -> Bool { texts.contains(where: matches) }

        func matches(_ text: String) -> Bool {
            // An index of its own for each text: one that an earlier text has covered would report nothing new. Nothing is copied
            // as long as nothing matches.
            var own = index
            var isMatched = false
            own.scan(numbers.look(upWordsOf: text)) { _ in isMatched = true }
            return isMatched
        }
    }
}

extension ContaminationReport {
    /// A line of AgentTuning's table of contamination (Zeng et al. 2023, table 7).
    package struct TestRow: Codable, Sendable, Hashable {
        package var test: String
        /// Test examples.
        package var n: Int
        /// Covered tokens of all examples over all their tokens, 0…1.
        package var rate: Double
        /// Examples of a rate above 0.8.
        package var dirty: Int
        /// Examples of a rate below 0.2.
        package var clean: Int
    }
}
