import Foundation
import TemperCore

/// A condition on an episode and the attempts at its task, as a recipe writes it: `reward >= 1 and turns <= 8`,
/// `0 < pass_rate < 1`, `method == "react" or not outcome == "finished"`.
///
/// In `curate.turn_weights` a condition is on one turn, and may name `turn` (1 is the first) and `action` too.
///
/// Operators, the loosest first: `or`, `and`, `not`, the comparisons `< <= > >= == !=` (which may be chained), and parentheses.
/// Values: numbers, texts in quotes, and the names of ``EpisodeFacts``.
struct EpisodeCondition: Sendable {
    indirect enum Node: Sendable {
        case or(Node, Node)
        case and(Node, Node)
        case not(Node)
        /// a < b <= c: all of them.
        case comparisons(first: Operand, [(symbol: String, operand: Operand)])
    }

    enum Operand: Sendable, Hashable {
        case number(Double)
        case text(String)
        case name(String)
    }

    private let root: Node
    /// What a recipe calls it, for errors.
    private let key: String

    /// - Throws: ``TemperError`` with code `data` that says where the text stops being a condition.
    init(_ text: String, key: String) throws {
        var parser = Parser(text: text, key: key)
        root = try parser.parse()
        self.key = key
    }

    /// - Throws: ``TemperError`` with code `data` for a name the episode does not have, or texts compared by size.
    func holds(for facts: EpisodeFacts) throws -> Bool { try holds(root, facts) }

    private func holds(_ node: Node, _ facts: EpisodeFacts) throws -> Bool {
        switch node {
        case .or(let left, let right): return try holds(left, facts) || holds(right, facts)
        case .and(let left, let right): return try holds(left, facts) && holds(right, facts)
        case .not(let inner): return try !holds(inner, facts)
        case .comparisons(let first, let rest):
            var left = try facts.value(first, key)
            for (symbol, operand) in rest {
                let right = try facts.value(operand, key)
                guard try compare(left, symbol, right) else { return false }
                left = right
            }
            return true
        }
    }

    private func compare(_ left: Operand, _ symbol: String, _ right: Operand) throws -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)):
            switch symbol {
            case "<": return left < right
            case "<=": return left <= right
            case ">": return left > right
            case ">=": return left >= right
            case "==": return left == right
            default: return left != right
            }
        default:
            switch symbol {
            case "==": return left == right
            case "!=": return left != right
            default:
                throw TemperError(
                    .data, "'\(key)' compares text by size ('\(symbol)')", hint: "text can be compared with == and !=",
                    boundary: .recipe)
            }
        }
    }

    private struct Parser {
        let text: String
        let key: String
        private var tokens: [Token] = []
        private var position = 0

        private enum Token: Hashable {
            case operand(Operand)
            case symbol(String)
        }

        init(text: String, key: String) {
            self.text = text
            self.key = key
        }

        mutating func parse() throws -> Node {
            try tokenize()
            let node = try disjunction()
            guard position == tokens.count else { throw fault("has something left over after the condition") }
            return node
        }

        private mutating func disjunction() throws -> Node {
            var node = try conjunction()
            while accept("or") { node = .or(node, try conjunction()) }
            return node
        }

        private mutating func conjunction() throws -> Node {
            var node = try negation()
            while accept("and") { node = .and(node, try negation()) }
            return node
        }

        private mutating func negation() throws -> Node {
            if accept("not") { return .not(try negation()) }
            if accept("(") {
                let node = try disjunction()
                guard accept(")") else { throw fault("lacks a ')'") }
                return node
            }
            let first = try operand()
            var rest: [(symbol: String, operand: Operand)] = []
            while let symbol = ["<=", ">=", "==", "!=", "<", ">"].first(where: { accept($0) }) {
                rest.append((symbol, try operand()))
            }
            guard !rest.isEmpty else { throw fault("has a value that is compared with nothing") }
            return .comparisons(first: first, rest)
        }

        private mutating func operand() throws -> Operand {
            guard position < tokens.count, case .operand(let operand) = tokens[position] else {
                throw fault(position < tokens.count ? "lacks a value before '\(word(tokens[position]))'" : "ends too early")
            }
            position += 1
            return operand
        }

        private mutating func accept(_ symbol: String) -> Bool {
            guard position < tokens.count, tokens[position] == .symbol(symbol) else { return false }
            position += 1
            return true
        }

        private func word(_ token: Token) -> String {
            switch token {
            case .symbol(let symbol): return symbol
            case .operand(.number(let number)): return "\(number)"
            case .operand(.text(let text)), .operand(.name(let text)): return text
            }
        }

        private mutating func tokenize() throws {
            var rest = Substring(text)
            while let first = rest.first {
                if first.isWhitespace {
                    rest.removeFirst()
                } else if first == "\"" || first == "'" {
                    let body = rest.dropFirst()
                    guard let end = body.firstIndex(of: first) else { throw fault("has text without its closing quote") }
                    tokens.append(.operand(.text(String(body[..<end]))))
                    rest = body[body.index(after: end)...]
                } else if first.isNumber || first == "." || first == "-" {
                    let digits = rest.prefix { $0.isNumber || ".-+eE".contains($0) }
                    guard let number = Double(digits) else { throw fault("has '\(digits)', which is not a number") }
                    tokens.append(.operand(.number(number)))
                    rest = rest.dropFirst(digits.count)
                } else if first.isLetter || first == "_" {
                    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
                    let isWord = ["and", "or", "not"].contains(name)
                    tokens.append(isWord ? .symbol(String(name)) : .operand(.name(String(name))))
                    rest = rest.dropFirst(name.count)
                } else if let symbol = ["<=", ">=", "==", "!=", "<", ">", "(", ")"].first(where: { rest.hasPrefix($0) }) {
                    tokens.append(.symbol(symbol))
                    rest = rest.dropFirst(symbol.count)
                } else {
                    throw fault("has '\(first)', which means nothing here")
                }
            }
        }

        private func fault(_ problem: String) -> TemperError {
            TemperError(
                .data, "'\(key)' \(problem): \(text)", hint: "for example: reward >= 1 and turns <= 8", boundary: .recipe)
        }
    }
}

/// What a condition may name of an episode.
struct EpisodeFacts {
    private let episode: Trajectory
    /// Nil where the other attempts are not known.
    private let task: TaskFacts?
    private let turn: Turn?

    /// The results of the attempts at one task.
    struct TaskFacts {
        var attempts = 0
        var passed = 0
        var bestReward = 0.0
        var rewardSum = 0.0
    }

    static let names = [
        "reward", "turns", "attempt", "seconds", "price", "prompt_tokens", "completion_tokens", "invalid_turns", "dropped_turns",
        "suite", "method", "outcome", "policy", "answer", "attempts", "pass_rate", "best_reward", "mean_reward", "tag.NAME",
        "metric.NAME",
    ]

    static let taskNames = ["attempts", "pass_rate", "best_reward", "mean_reward"]
    static let turnNames = ["turn", "action"]

    /// The facts of an episode among the attempts at its task.
    init(_ episode: Trajectory, task: TaskFacts) {
        self.episode = episode
        self.task = task
        turn = nil
    }

    /// The facts of one turn.
    init(_ episode: Trajectory, turn: Turn) {
        self.episode = episode
        self.turn = turn
        task = nil
    }

    /// - Parameter key: the condition's key, for errors.
    func value(_ operand: EpisodeCondition.Operand, _ key: String) throws -> EpisodeCondition.Operand {
        guard case .name(let name) = operand else { return operand }
        if let task {
            switch name {
            case "attempts": return .number(Double(task.attempts))
            case "pass_rate": return .number(Double(task.passed) / Double(max(1, task.attempts)))
            case "best_reward": return .number(task.bestReward)
            case "mean_reward": return .number(task.rewardSum / Double(max(1, task.attempts)))
            default: break
            }
        }
        if let turn {
            switch name {
            case "turn": return .number(Double(turn.index + 1))
            case "action": return .text(turn.action?.name ?? "")
            default: break
            }
        }
        switch name {
        case "reward": return .number(episode.score?.reward ?? 0)
        case "turns": return .number(Double(episode.turns.count))
        case "attempt": return .number(Double(episode.key.attempt))
        case "seconds": return .number(episode.seconds)
        case "price": return .number(episode.price)
        case "prompt_tokens": return .number(Double(episode.usage.promptTokens))
        case "completion_tokens": return .number(Double(episode.usage.completionTokens))
        case "invalid_turns": return .number(Double(episode.turns.count { $0.diagnosis != nil }))
        case "dropped_turns": return .number(Double(episode.turns.map(\.droppedTurns).max() ?? 0))
        case "suite": return .text(episode.key.suite)
        case "method": return .text(episode.key.method.rawValue)
        case "outcome": return .text(episode.outcome.rawValue)
        case "policy": return .text(episode.policy)
        case "answer": return .text(episode.answer ?? "")
        default: break
        }
        if name.hasPrefix("tag.") { return .text(episode.task.tags[String(name.dropFirst(4))] ?? "") }
        if name.hasPrefix("metric.") { return .number(episode.score?.metrics[String(name.dropFirst(7))] ?? 0) }
        let names = Self.names.filter { task != nil || !Self.taskNames.contains($0) } + (turn == nil ? [] : Self.turnNames)
        let nearest = EditDistance.nearest(to: name, among: names)
        throw TemperError(
            .data, "'\(key)' names '\(name)', which \(turn == nil ? "an episode" : "a turn") does not have",
            hint: nearest.map { "did you mean '\($0)'?" } ?? "it may name: \(names.joined(separator: ", "))",
            boundary: .recipe)
    }
}
