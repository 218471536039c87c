package import Foundation
import TemperCore

/// The formats that are one file of records.
package struct RecordFile: ExportFormat {
    package let name: String
    package let summary: String
    package var isFolder: Bool { false }
    let style: RecordWriter.Style
    package var carriesWeights = true
    /// Whether ``record`` is given the last observation of each episode.
    var needsEndings = false
    /// The record of a document; throws ``RecordFault`` when it has no place in the format.
    let record: @Sendable (Document, _ ending: String?) throws -> JSONValue
    /// Whether it has places for functions, calls and results; where not, they are put into words.
    var isStructured = false

    package func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws {
        let endings = needsEndings ? try dataset.endings() : [:]
        var mixed = 0
        try RecordWriter.write(url, style: style) { writer in
            for part in dataset.parts where part == .train {
                try dataset.forEach(in: part) { document in
                    report.documents += 1
                    mixed += document.partlyTrainedReplies
                    do {
                        let shown = isStructured ? document : try document.worded()
                        try writer.append(
                            try record(shown, endings[document.provenance.episode]),
                            raw: isStructured ? ["tools": document.tools] : [:])
                    } catch let fault as RecordFault {
                        report.leaveOut(fault.reason)
                    }
                }
            }
            report.records = writer.count
        }
        if dataset.parts.contains(.heldOut) { report.notes.append("The held-out documents are not in it.") }
        report.note(partlyTrained: mixed)
    }

    static let openAIChat = RecordFile(
        name: "openai-chat",
        summary: "'messages' in JSON lines, with tools and calls, and weight 0 on replies that are not learnt",
        style: .lines, record: { document, _ in OpenAIMessages.record(document) }, isStructured: true)

    static let shareGPT = RecordFile(
        name: "sharegpt", summary: "a JSON array of 'conversations', with 'loss' false on replies that are not learnt",
        style: .array
    ) { document, _ in conversation(document) { $0 ? nil : .bool(false) } }

    static let agentInstruct = RecordFile(
        name: "agentinstruct", summary: "AgentInstruct's conversations in JSON lines, with 'loss' on every turn", style: .lines
    ) { document, _ in conversation(document, other: .null) { .bool($0) } }

    static let fireActAlpaca = RecordFile(
        name: "fireact-alpaca", summary: "FireAct's fine-tuning sets in Alpaca form (JSON array)", style: .array,
        carriesWeights: false, needsEndings: true
    ) { document, ending in
        let (question, rest) = try episode(document)
        var output = rest.map(\.text).joined(separator: "\n")
        if let ending { output += "\n\(FireActText.observationMark) \(ending)" }
        return .object(["instruction": .string(question), "input": .string(""), "output": .string(output)])
    }

    static let fireActChat = RecordFile(
        name: "fireact-chat", summary: "FireAct's fine-tuning sets as chats (JSON lines)", style: .lines, carriesWeights: false,
        needsEndings: true
    ) { document, ending in
        let (question, rest) = try episode(document)
        func message(_ role: Role, _ text: String) -> JSONValue {
            .object(["role": .string(role.rawValue), "content": .string(text)])
        }
        var messages = [message(.user, question)] + rest.map { message($0.role, $0.text) }
        if let ending {
            messages.append(message(.user, "\(FireActText.observationMark) \(ending)"))
        }
        return .object(["messages": .array(messages)])
    }

    /// FireAct's files know one question, then replies and observations in turn.
    private static func episode(_ document: Document) throws -> (question: String, rest: [Document.Message]) {
        guard let first = document.messages.first, first.role == .user else {
            throw RecordFault("it does not begin with a question")
        }
        let rest = Array(document.messages.dropFirst())
        let isEpisode = rest.enumerated().allSatisfy { index, message in
            index % 2 == 0 ? message.role == .assistant : message.text.hasPrefix(FireActText.observationMark)
        }
        guard isEpisode else { throw RecordFault("its user messages are not all observations") }
        return (first.text, rest)
    }

    private static func conversation(
        _ document: Document, other: JSONValue? = nil, loss: (Bool) -> JSONValue?
    ) -> JSONValue {
        let names: [Role: String] = [.system: "system", .user: "human", .assistant: "gpt"]
        let turns = document.messages.map { message -> JSONValue in
            var fields: [String: JSONValue] = [
                "from": .string(names[message.role, default: message.role.rawValue]), "value": .string(message.text),
            ]
            fields["loss"] = message.role == .assistant ? loss(message.isTrained) : other
            if let weight = message.trainedWeight, weight != 1 { fields["weight"] = .number(weight) }
            return .object(fields)
        }
        return .object(["id": .string(document.recordID), "conversations": .array(turns)])
    }
}

extension Document {
    /// What another program may call it: the id that its file gave it, or else the episode's name.
    var recordID: String { provenance.method == nil ? provenance.task : provenance.name }

    /// Replies of which some text is learnt and some is not, which formats that know whole messages cannot say.
    var partlyTrainedReplies: Int {
        messages.count { $0.isTrained && $0.spans.contains { !$0.train && !$0.text.isEmpty } }
    }

    /// Replies that weigh more or less than 1.
    var weightedReplies: Int { messages.count { $0.trainedWeight.map { $0 != 1 } ?? false } }

    /// The document up to each reply that is learnt, for trainers that learn the last message only.
    var onePerTrainedReply: [Document] {
        messages.indices.filter { messages[$0].isTrained }.map { only(reply: $0) }
    }
}

extension ExportReport {
    mutating func note(weighted count: Int) {
        guard count > 0 else { return }
        notes.append("\(count) replies weigh more or less than 1; this format has no place for that, so each counts as 1.")
    }

    mutating func note(partlyTrained count: Int) {
        guard count > 0 else { return }
        notes.append(
            "\(count) replies hold text that Temper does not train on, such as forced sentences; this format trains them whole.")
    }
}
