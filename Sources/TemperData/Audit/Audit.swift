package import Foundation
import TemperCore
import TemperTokenizers

/// Compares the tokens that training sees with what the model's template shows when the model is asked: what `temper audit` does.
package struct Audit {
    private let renderer: TokenRenderer
    private let contextLimit: Int?
    private var report: AuditReport

    /// - Parameters:
    ///   - renderer: with the tokenizer and the template of the model that is trained.
    ///   - contextLimit: of the model, in tokens; nil looks at no length.
    /// - Returns: what was found; a file of nothing but good examples has the verdict `good`.
    /// - Throws: ``TemperError`` with code `data` when there is no example to look at.
    package static func run(_ path: URL, renderer: TokenRenderer, contextLimit: Int? = nil) throws -> AuditReport {
        var audit = Audit(
            renderer: renderer, contextLimit: contextLimit,
            report: AuditReport(path: path.path, template: renderer.template.rawValue))
        try AuditSource.forEach(in: path, renderer.tokenizer) { example in audit.look(at: example) }
        guard audit.report.examples > 0 else {
            throw TemperError(
                .data, "there is no training example", hint: "a run, its dataset folder, a file of chats or an ATIF file",
                place: path.path,
                boundary: .data)
        }
        return audit.report
    }

    private mutating func look(at example: AuditSource.Example) {
        report.examples += 1
        let document: Document
        switch example.content {
        case .failure(let fault): return report.add(.unrenderable, at: example.place, fault.reason)
        case .success(let found): document = found
        }
        for fault in example.faults { report.add(fault.kind, at: "\(example.place), \(fault.place)", fault.text) }
        report.replies += document.messages.count { $0.role == .assistant }
        lookAtTexts(of: document, example.place)
        lookAtMasks(of: document, example.place)
        do {
            let all = try renderer.encodeAll(document)
            if example.tokens != nil, all.count > 1 {
                report.add(.drift, at: example.place, "one text is stored, the template gives \(all.count)")
            }
            for encoded in all {
                report.tokens += encoded.tokens.ids.count
                report.trainedTokens += encoded.tokens.trainedCount
                lookAtTokens(encoded.tokens, stored: all.count == 1 ? example.tokens : nil, example.place)
                try lookAtPrompts(of: encoded, example.place)
            }
        } catch {
            report.add(.unrenderable, at: example.place, (error as? TemperError)?.message ?? "\(error)")
        }
    }

    private mutating func lookAtTokens(_ rendered: TokenDocument, stored: TokenDocument?, _ place: String) {
        let seen = stored ?? rendered
        if let contextLimit, seen.ids.count > contextLimit {
            report.add(.cut, at: place, "\(seen.ids.count) tokens, the model reads \(contextLimit)")
        }
        for index in seen.ids.indices.dropFirst()
        where seen.ids[index] == seen.ids[index - 1] && renderer.tokenizer.isSpecial(seen.ids[index]) {
            let text = String(decoding: renderer.tokenizer.bytes(of: seen.ids[index]), as: UTF8.self)
            report.add(.doubledSpecial, at: "\(place), token \(index)", "'\(text)' stands twice in a row")
            break
        }
        guard let stored, stored != rendered else { return }
        if stored.ids.count < rendered.ids.count, rendered.ids.starts(with: stored.ids) {
            return report.add(.cut, at: place, "\(stored.ids.count) of \(rendered.ids.count) tokens")
        }
        let first = zip(stored.ids, rendered.ids).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        if let first {
            report.add(
                .drift, at: "\(place), token \(first)",
                "stored \(shown(stored.ids, first)), the template gives \(shown(rendered.ids, first))")
        } else if stored.ids.count != rendered.ids.count {
            report.add(.drift, at: place, "\(stored.ids.count) tokens, the template gives \(rendered.ids.count)")
        } else {
            let masked = zip(stored.mask, rendered.mask).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
            report.add(.masked, at: "\(place), token \(masked)", "the stored mask is another than the spans say")
        }
    }

    private func shown(_ ids: [Int32], _ index: Int) -> String {
        let bytes = ids[index..<min(ids.count, index + 6)].flatMap(renderer.tokenizer.bytes)
        return "'\(String(decoding: bytes, as: UTF8.self))'"
    }

    /// Every trained reply must follow exactly the ids that the model is asked with.
    private mutating func lookAtPrompts(of encoded: EncodedDocument, _ place: String) throws {
        let chat = encoded.document.chat
        for (index, reply) in encoded.document.messages.enumerated() where reply.isTrained {
            let thinks = reply.reasoning != nil || reply.text.drop(while: \.isWhitespace).hasPrefix("<think>")
            let asked = TemplateChat(Array(chat.messages[..<index]), tools: chat.tools, thinks: thinks ? true : nil)
            let prompt = try renderer.template.prompt(asked, tokenizer: renderer.tokenizer)
            guard !encoded.tokens.ids.starts(with: prompt) else { continue }
            let first = zip(prompt, encoded.tokens.ids).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
            report.add(
                .prompt, at: "\(place), message \(index)",
                "asked with \(shown(prompt, min(first, prompt.count - 1))) at token \(first), trained after \(shown(encoded.tokens.ids, first))"
            )
        }
    }

    private mutating func lookAtMasks(of document: Document, _ place: String) {
        let replies = document.messages.indices.filter { document.messages[$0].role == .assistant }
        guard let last = replies.last else { return report.add(.cut, at: place, "there is no reply") }
        if document.messages.last?.role != .assistant { report.add(.cut, at: place, "the last message is no reply") }
        // A document that stands for one call trains that one alone.
        if !document.messages[last].isTrained {
            report.add(.masked, at: "\(place), message \(last)", "the last reply is not learnt")
        }
        guard document.provenance.call == nil, replies.contains(where: { document.messages[$0].isTrained }) else { return }
        for index in replies.dropLast() where !document.messages[index].isTrained {
            let next = document.messages[index + 1]
            let reply = document.messages[index]
            guard reply.calls != nil || reply.text.contains(ToolText.callMark) || next.spans.first?.author == .environment else {
                continue
            }
            report.add(.untrainedTool, at: "\(place), message \(index)", "a tool answers a reply that is not learnt")
        }
    }

    private mutating func lookAtTexts(of document: Document, _ place: String) {
        let specials = renderer.template.specialTokens
        let system = document.messages.first.flatMap { $0.role == .system ? $0.text : nil } ?? ""
        let lines = system.components(separatedBy: "\n").filter { $0.count >= 60 }
        for (index, message) in document.messages.enumerated() {
            let shown = [message.text, message.reasoning ?? ""] + (message.calls ?? []).map(\.arguments)
            if let special = specials.first(where: { special in shown.contains { $0.contains(special) } }) {
                report.add(.leaked, at: "\(place), message \(index)", "the text spells '\(special)'")
            }
            guard message.isTrained, let line = lines.first(where: message.text.contains) else { continue }
            report.add(.leaked, at: "\(place), message \(index)", "a reply repeats the system message: '\(line.prefix(40))…'")
        }
    }
}
