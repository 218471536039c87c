import Foundation
import TemperCore
import TemperPocketText

/// How a suite that is defined by a file scores an episode.
enum Reward: Sendable {
    /// As ``TextMatch`` says; metrics `exact_match` and `f1`.
    case exactMatch
    /// The pattern, or each task's own where the suite gives none, is found in the answer.
    case pattern(AnswerPattern?)
    /// One number and nothing else.
    case numeric(NumericTolerance)
    case check(CheckScript)
    case judge(JudgeModel)

    /// The metric that a table shows.
    var metric: String {
        switch self {
        case .exactMatch: "exact_match"
        case .pattern, .numeric: "match"
        case .check: "check"
        case .judge: "judge"
        }
    }

    /// The score of an answer where the answer alone decides; nil where a sandbox or a model must be asked.
    func score(answer: String?, task: AgentTask) throws -> Score? {
        switch self {
        case .exactMatch:
            let scores = try accepted(task).map { TextMatch.score(answer, $0) }
            return scores.max { ($0.reward, $0.metrics["f1"] ?? 0) < ($1.reward, $1.metrics["f1"] ?? 0) }
        case .pattern(let pattern):
            let patterns = try pattern.map { [$0] } ?? accepted(task).map { try AnswerPattern($0, place: task.id) }
            return match(answer.map { text in patterns.contains { $0.matches(text) } } ?? false)
        case .numeric(let tolerance):
            return match(try accepted(task).contains { try tolerance.accepts(answer, reference: $0) })
        case .check, .judge: return nil
        }
    }

    /// - Parameter access: where a judge comes from.
    /// - Throws: ``TemperError`` when a check script or a judge fails; that is never a score.
    func score(answer: String?, task: AgentTask, sandbox: LazyShell?, access: WorldAccess) async throws -> Score {
        if let score = try score(answer: answer, task: task) { return score }
        switch self {
        case .check(let script):
            guard let sandbox else { throw TemperError(.internal, "a check script needs a sandbox", boundary: .environment) }
            let reward = try await script.reward(answer: answer, task: task, sandbox: sandbox)
            return Score(reward: reward, metrics: [metric: reward])
        case .judge(let judge):
            let reward = try await judge.reward(answer: answer, task: task, access: access)
            return Score(reward: reward, metrics: [metric: reward])
        default: throw TemperError(.data, "the task '\(task.id)' has no answer to compare with", boundary: .environment)
        }
    }

    /// - Throws: ``TemperError`` when a task lacks what this reward compares with.
    func check(_ task: AgentTask) throws {
        switch self {
        case .exactMatch: _ = try accepted(task)
        case .pattern(nil): _ = try accepted(task).map { try AnswerPattern($0, place: task.id) }
        case .numeric(let tolerance): for answer in try accepted(task) { _ = try tolerance.accepts(nil, reference: answer) }
        case .pattern, .check, .judge: break
        }
    }

    private func match(_ isRight: Bool) -> Score { Score(reward: isRight ? 1 : 0, metrics: [metric: isRight ? 1 : 0]) }

    /// The answers a task accepts: a text or number, or a list of them.
    private func accepted(_ task: AgentTask) throws -> [String] {
        let answer = task.payload[FileTasks.answerKey]
        let texts = (answer?.array ?? [answer].compactMap { $0 }).compactMap(JSONTemplate.text)
        guard !texts.isEmpty else {
            throw TemperError(.data, "the task has no answer", place: task.id, boundary: .environment)
        }
        return texts
    }
}

/// A regular expression (ICU's syntax) that is looked for in an answer.
struct AnswerPattern: Sendable {
    /// Longer answers are cut: a pattern can take time that grows fast with the text.
    static let lengthLimit = 10_000
    let source: String
    private let expression: NSRegularExpression

    /// - Throws: ``TemperError`` with code `data` when it is no regular expression.
    init(_ source: String, place: String) throws {
        self.source = source
        do {
            expression = try NSRegularExpression(pattern: source)
        } catch {
            throw TemperError(
                .data, "'\(source)' is not a regular expression", place: place, boundary: .environment, cause: error)
        }
    }

    func matches(_ answer: String) -> Bool {
        let text = String(answer.prefix(Self.lengthLimit))
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}
