/// How unsuccessful episodes failed, policies side by side.
struct ErrorTable {
    struct Column {
        let columnTitle: String
        let columnNote: String
    }

    struct Line {
        let kindTitle: String
        let kindMeaning: String
        let cells: [Cell]
    }

    struct Cell {
        let cellCount: String
        let cellShare: String
        let isZero: Bool
    }

    let columns: [Column]
    let kindLines: [Line]
    let signLines: [Line]
    let hasSigns: Bool

    /// Nil without tallies.
    init?(_ tallies: [ErrorTally]) {
        guard !tallies.isEmpty else { return nil }
        let showsSuite = Set(tallies.map(\.suite)).count > 1
        columns = tallies.map {
            Column(
                columnTitle: showsSuite ? "\($0.policy), \($0.suite)" : $0.policy,
                columnNote: "\(NumberText.count($0.episodes - $0.successes)) of \(NumberText.count($0.episodes))")
        }
        kindLines = Self.lines(Self.kinds, tallies, \.kinds, others: true)
        signLines = Self.lines(Self.signs, tallies, \.signs, others: false)
        hasSigns = !signLines.isEmpty
    }

    private static let kinds: [(name: String, meaning: String)] = [
        ("wrong_answer", "an answer was given and it is wrong"), ("no_answer", "the episode was ended without an answer"),
        ("turn_limit", "no answer within the turns allowed"), ("repeated_output", "three identical replies in a row"),
        ("context_limit", "the conversation outgrew the context"), ("refused", "the policy declined"),
        ("missing", "expected and absent from the results"), ("error_policy", "the policy's service failed; not scored"),
        ("error_environment", "the environment failed; not scored"), ("error_sandbox", "the sandbox failed; not scored"),
        ("error_data", "the data failed; not scored"), ("error_recipe", "the recipe failed; not scored"),
        ("error_engine", "the engine failed; not scored"), ("error_device", "the device failed; not scored"),
    ]

    private static let signs: [(name: String, meaning: String)] = [
        ("answer_seen", "the right answer stood in an observation and was not given"),
        ("answer_never_seen", "no observation held the right answer: the right page was never found"),
        ("invalid_format", "at least one reply could not be read"),
        ("invalid_action", "at least one action was none the environment knows"),
    ]

    /// The known names any tally has, in order; with `others` the unknown ones after them.
    private static func lines(
        _ known: [(name: String, meaning: String)], _ tallies: [ErrorTally], _ counts: KeyPath<ErrorTally, [String: Int]>,
        others: Bool
    ) -> [Line] {
        let present = Set(tallies.flatMap { $0[keyPath: counts].keys })
        var rows = known.filter { present.contains($0.name) }
        if others { rows += present.subtracting(known.map(\.name)).sorted().map { ($0, "") } }
        return rows.map { row in
            Line(
                kindTitle: MetricName.title(row.name), kindMeaning: row.meaning,
                cells: tallies.map { tally in
                    let count = tally[keyPath: counts][row.name] ?? 0
                    let share = tally.episodes > 0 ? Double(count) / Double(tally.episodes) : 0
                    return Cell(cellCount: NumberText.count(count), cellShare: NumberText.percent(share), isZero: count == 0)
                })
        }
    }
}
