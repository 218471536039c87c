/// Mind2Web's choice among many candidates by groups of five (Deng et al. 2023, section 4.2; AgentBench keeps it).
///
/// While more than one candidate is left, the first five are asked about. The chosen one goes to the end of the line, the others
/// are out; when none is chosen, all five are. The last choice counts, unless the line ran empty.
struct CandidateTournament: Sendable, Hashable {
    static let groupSize = 5

    /// A choice that was made: which candidate, and what to do with it.
    struct Choice: Sendable, Hashable {
        var candidate: String
        var operation: String
        var value: String
    }

    private var line: [String]
    /// The last choice so far.
    private(set) var chosen: Choice?
    /// Whether nothing was asked yet: a single candidate is asked about once, where the benchmark would score 0 unasked.
    private var isFresh = true

    /// - Parameter candidates: identifiers in the order in which they are grouped.
    init(candidates: [String]) {
        line = candidates
    }

    /// The candidates to ask about now; empty when the tournament is over.
    var group: [String] { isOver ? [] : Array(line.prefix(Self.groupSize)) }

    var isOver: Bool { line.isEmpty || line.count == 1 && !isFresh }

    /// What was chosen in the end; nil before the end, and when nothing was.
    var result: Choice? { isOver && !line.isEmpty ? chosen : nil }

    /// Takes the answer about ``group``: one of it, or nil for none of them.
    mutating func answer(_ choice: Choice?) {
        line.removeFirst(min(Self.groupSize, line.count))
        isFresh = false
        guard let choice else { return }
        line.append(choice.candidate)
        chosen = choice
    }

    /// The most turns it can take.
    static func maximumTurns(candidates: Int) -> Int { max(1, (candidates + groupSize - 3) / (groupSize - 1)) }
}
