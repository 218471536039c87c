import Foundation
import TemperCore

/// Reads Mind2Web's JSON files (Deng et al. 2023): every action of a record is a task of its own, as in the benchmark, with the
/// recorded actions before it.
struct Mind2WebFile {
    var suite: String
    var split: String
    /// How many of the best-ranked candidates are asked about (AgentBench: 10).
    var candidates: Int

    /// The tasks of a file, or of all `.json` and `.jsonl` files of a folder.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file, record and action.
    func tasks(at url: URL) throws -> [AgentTask] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw TemperError(.unavailable, "there is no such file", place: url.path, boundary: .data)
        }
        guard isFolder.boolValue else { return try tasks(in: Data(contentsOf: url), named: url.path) }
        let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
        return try names.filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") }.flatMap { name in
            let file = url.appendingPathComponent(name)
            return try tasks(in: Data(contentsOf: file), named: file.path)
        }
    }

    /// - Parameter data: a list of records, or one record a line.
    func tasks(in data: Data, named file: String) throws -> [AgentTask] {
        var tasks: [AgentTask] = []
        var known: Set<String> = []
        for (number, attempt) in try attempts(data, file).enumerated() {
            let place = "\(file): record \(number + 1)"
            let record: Mind2WebRecord
            switch attempt.result {
            case .success(let value): record = value
            case .failure(let error):
                throw TemperError(.data, TemperError.describe(error), place: place, boundary: .data, cause: error)
            }
            let annotation = try required(record.annotation, "annotation_id", place)
            guard known.insert(annotation).inserted else {
                throw TemperError(.data, "the annotation_id '\(annotation)' occurs twice", place: place, boundary: .data)
            }
            tasks += try self.tasks(of: record, annotation, "\(place) (\(annotation))")
        }
        return tasks
    }

    private func tasks(of record: Mind2WebRecord, _ annotation: String, _ place: String) throws -> [AgentTask] {
        let goal = try required(record.confirmedTask, "confirmed_task", place)
        let actions = try required(record.actions, "actions", place)
        let texts = try required(record.actionTexts, "action_reprs", place)
        guard texts.count >= actions.count else {
            throw TemperError(
                .data, "there are \(actions.count) actions and \(texts.count) action_reprs", place: place, boundary: .data)
        }
        return try actions.enumerated().map { index, action in
            let here = "\(place), action \(index + 1)"
            let task = try task(of: action, goal: goal, before: Array(texts.prefix(index)), annotation, here)
            let tags = [
                "website": record.website, "domain": record.domain, "subdomain": record.subdomain,
                "operation": task.gold.operation, "positive": task.gold.elements.isEmpty ? "none" : "some",
            ]
            return AgentTask(
                id: "\(annotation)-" + index.padded(2), suite: suite,
                split: split, instruction: goal, payload: task.payload, tags: tags.compactMapValues { $0 }, format: .web)
        }
    }

    private func task(
        of action: Mind2WebRecord.Action, goal: String, before: [String], _ annotation: String, _ place: String
    ) throws -> WebPageTask {
        let operation = try required(action.operation, "operation", place)
        let op = try required(operation.op, "operation.op", place)
        guard WebChoice.operations.contains(op) else {
            throw TemperError(
                .data, "the operation '\(op)' is unknown",
                hint: "it must be one of \(WebChoice.operations.joined(separator: ", "))",
                place: place, boundary: .data)
        }
        let positive = try required(action.positive, "pos_candidates", place)
        let negative = try required(action.negative, "neg_candidates", place)
        let page: PageTree
        if let cleaned = action.cleanedHTML {
            page = try PageParser.parse(cleaned, as: .cleaned, named: place)
        } else {
            let raw = try required(action.rawHTML, "cleaned_html or raw_html", place)
            page = try PageCleaner.cleaned(PageParser.parse(raw, as: .html, named: place))
        }
        let ranked = try ranked(positive + negative, on: page, goal: goal, place)
        guard !ranked.isEmpty else {
            throw TemperError(.data, "none of the best \(candidates) candidates is on the page", place: place, boundary: .data)
        }
        let right = Set(positive.compactMap(\.identifier))
        var best = Array(ranked.prefix(candidates))
        let gold = WebScore.Gold(elements: right.intersection(best), operation: op, value: operation.value ?? "")
        let reduced = PagePruner.reduced(page, around: best)
        // The benchmark shuffles with one generator for all tasks, so that an order depends on the tasks before it.
        var random = RandomSource(seed: 123, "mind2web-groups", annotation, String(before.count))
        best.shuffle(using: &random)
        return WebPageTask(page: reduced.markup, markup: .cleaned, candidates: best, gold: gold, previousActions: before)
    }

    /// The candidates that are on the page, best first: those whose rank in the data is below the number asked about, else all by
    /// ``LexicalRank``.
    private func ranked(_ all: [Mind2WebRecord.Candidate], on page: PageTree, goal: String, _ place: String) throws -> [String] {
        let ranks = all.compactMap(\.rank)
        guard ranks.isEmpty || ranks.count == all.count else {
            throw TemperError(
                .data, "\(ranks.count) of \(all.count) candidates have a rank", hint: "give all of them a rank, or none",
                place: place, boundary: .data)
        }
        let identifiers = try all.map { try required($0.identifier, "backend_node_id of a candidate", place) }
        let places = page.places(of: Set(identifiers))
        let present = zip(identifiers, all).filter { places[$0.0] != nil }
        if ranks.isEmpty { return LexicalRank.order(present.map(\.0), places, on: page, goal: goal) }
        let asked = present.filter { $0.1.rank ?? 0 < candidates }
        return asked.sorted { ($0.1.rank ?? 0) < ($1.1.rank ?? 0) }.map(\.0)
    }

    private func required<Value>(_ value: Value?, _ name: String, _ place: String) throws -> Value {
        guard let value else { throw TemperError(.data, "'\(name)' is missing", place: place, boundary: .data) }
        return value
    }

    /// A record, or why it cannot be read: so the place of a bad record is known.
    private struct Attempt: Decodable {
        let result: Result<Mind2WebRecord, any Error>

        init(from decoder: any Decoder) throws {
            result = Result { try Mind2WebRecord(from: decoder) }
        }
    }

    private func attempts(_ data: Data, _ file: String) throws -> [Attempt] {
        let decoder = JSONDecoder()
        let isList = data.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
        do {
            if isList { return try decoder.decode([Attempt].self, from: data) }
        } catch {
            throw TemperError(.data, "not valid JSON: \(TemperError.describe(error))", place: file, boundary: .data, cause: error)
        }
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        return try lines.filter { !$0.element.allSatisfy { " \r\t".utf8.contains($0) } }.map { index, line in
            do {
                return try decoder.decode(Attempt.self, from: Data(line))
            } catch {
                throw TemperError(
                    .data, "not valid JSON: \(TemperError.describe(error))", place: "\(file):\(index + 1)", boundary: .data,
                    cause: error)
            }
        }
    }
}
