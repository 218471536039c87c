import TemperCore

/// What a task of this family carries: a page, the candidates in the order they are grouped, and what is right.
struct WebPageTask: Sendable, Hashable {
    /// As markup of the given kind.
    var page: String
    var markup: PageParser.Markup
    /// Identifiers of elements of the page.
    var candidates: [String]
    var gold: WebScore.Gold
    /// What was done on the way to this page, as in Mind2Web: `[textbox]  City -> TYPE: Boston`, oldest first.
    var previousActions: [String]

    /// The right choice; nil when no candidate is right.
    var solution: CandidateTournament.Choice? {
        candidates.first { gold.elements.contains($0) }.map {
            CandidateTournament.Choice(candidate: $0, operation: gold.operation, value: gold.value)
        }
    }

    var payload: JSONValue {
        .object([
            "page": .string(page), "markup": .string(markup.rawValue), "candidates": .array(candidates.map { .string($0) }),
            "elements": .array(gold.elements.sorted().map { .string($0) }), "operation": .string(gold.operation),
            "value": .string(gold.value), "previous_actions": .array(previousActions.map { .string($0) }),
            "answer": solution.map { .string(WebScore.answer($0)) } ?? .null,
        ])
    }
}

extension WebPageTask {
    /// - Throws: ``TemperError`` with code `data` that names the task.
    init(_ task: AgentTask) throws {
        let payload = task.payload
        guard let page = payload["page"]?.string, let markup = payload["markup"]?.string.flatMap(PageParser.Markup.init),
            let candidates = payload["candidates"]?.array, let gold = WebScore.Gold(payload: payload),
            let previous = payload["previous_actions"]?.array
        else {
            throw TemperError(
                .data,
                "the payload of task '\(task.id)' lacks page, markup, candidates, elements, operation, value or "
                    + "previous_actions", place: task.suite, boundary: .data)
        }
        self.init(
            page: page, markup: markup, candidates: candidates.compactMap(\.string), gold: gold,
            previousActions: previous.compactMap(\.string))
    }
}

extension WebScore.Gold {
    /// Nil when the payload is not one of this family.
    init?(payload: JSONValue) {
        guard let elements = payload["elements"]?.array, let value = payload["value"]?.string,
            let operation = payload["operation"]?.string, WebChoice.operations.contains(operation)
        else { return nil }
        self.init(elements: Set(elements.compactMap(\.string)), operation: operation, value: value)
    }
}
