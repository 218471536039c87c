import TemperCore

/// An aligned table in plain text, for the terminal.
package struct TextTable: Sendable {
    package enum Alignment: Sendable { case left, right }

    package struct Column: Sendable {
        package var title: String
        package var alignment: Alignment

        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    package var columns: [Column]
    /// Each as long as `columns`.
    package var rows: [[String]]

    package init(columns: [Column], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "every row needs a cell for each column")
        self.columns = columns
        self.rows = rows
    }

    /// The table: titles, a rule, the rows; no space at line ends and no newline at the end.
    package var text: String {
        // A cell is one line of visible characters: control characters could move the cursor of a terminal.
        let cells = ([columns.map(\.title)] + rows).map { row in row.map { $0.filter(Self.isVisible) } }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let lines = cells.map { row in
            zip(row, zip(columns, widths)).map { cell, layout in
                let padding = String(repeating: " ", count: layout.1 - cell.count)
                return layout.0.alignment == .left ? cell + padding : padding + cell
            }.joined(separator: "  ").trimmingEnd()
        }
        let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
    }

    private static func isVisible(_ character: Character) -> Bool {
        !character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// The score table: policy, group, n, the metric with its interval, F1, turns, outcomes.
    ///
    /// Columns for F1 and errors appear only where a row has them.
    ///
    /// - Parameter metrics: what is shown first, by suite; the reward for a suite that is not named.
    package static func scores(_ rows: [ResultRow], metrics: [String: String]) -> TextTable {
        let shown = Set(rows.map { metrics[$0.suite] ?? ResultRow.reward })
        let metric = shown.count == 1 ? shown.first ?? ResultRow.reward : "score"
        let showsSuite = Set(rows.map(\.suite)).count > 1
        let showsMethod = Dictionary(grouping: rows, by: \.suite).values.contains { Set($0.map(\.method)).count > 1 }
        let showsF1 = metric != "f1" && rows.contains { $0.metrics["f1"] != nil }
        let showsErrors = rows.contains { $0.errors > 0 }
        var columns = [Column("policy"), Column("group"), Column("n", .right), Column(MetricName.title(metric))]
        if showsMethod { columns.insert(Column("method"), at: 1) }
        if showsSuite { columns.insert(Column("suite"), at: 1) }
        if showsF1 { columns.append(Column("F1", .right)) }
        columns += [Column("turns", .right)]
        if showsErrors { columns.append(Column("errors", .right)) }
        columns.append(Column("outcomes"))
        let cells = rows.map { row in
            let own = metrics[row.suite] ?? ResultRow.reward
            var cells = [
                row.policy, row.group, NumberText.count(row.n),
                NumberText.score(row.value(of: own)) + " " + NumberText.interval(row.interval(of: own)),
            ]
            if showsMethod { cells.insert(row.method.rawValue, at: 1) }
            if showsSuite { cells.insert(row.suite, at: 1) }
            if showsF1 { cells.append(NumberText.score(row.metrics["f1"])) }
            cells.append(row.meanTurns.map { NumberText.fixed($0, 1) } ?? "–")
            if showsErrors { cells.append(NumberText.count(row.errors)) }
            cells.append(MetricName.outcomes(row.outcomes))
            return cells
        }
        return TextTable(columns: columns, rows: cells)
    }
}

extension TextTable {
    /// Each method by itself, and at random, always the best single one, and the best of each task.
    package static func methodChoices(_ choices: [MethodChoice]) -> TextTable {
        let columns = [
            Column("policy"), Column("suite"), Column("methods"), Column("random"), Column("best single"), Column("oracle"),
            Column("tasks", .right),
        ]
        let rows = choices.map { choice in
            let best = choice.methods.first { $0.method == choice.bestSingle }
            return [
                choice.policy, choice.suite, choice.methods.map(\.method.rawValue).joined(separator: ", "),
                NumberText.score(choice.random.mean) + " " + NumberText.interval(choice.random.interval),
                "\(choice.bestSingle.rawValue) \(NumberText.score(best?.mean))",
                NumberText.score(choice.oracle.mean) + " " + NumberText.interval(choice.oracle.interval),
                NumberText.count(choice.n),
            ]
        }
        return TextTable(columns: columns, rows: rows)
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
