import Foundation
import TemperCore

/// A PDDL text as nested lists, in lower case (names in PDDL have no case).
indirect enum PDDLExpression: Sendable, Hashable {
    case name(String)
    case list([PDDLExpression])

    /// The first list of a text. Comments run from `;` to the end of a line.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the line.
    static func parse(_ text: String, named place: String) throws -> PDDLExpression {
        var open: [[PDDLExpression]] = []
        var word: [UInt8] = []
        var line = 1
        var isComment = false
        func fault(_ problem: String) -> TemperError {
            TemperError(.data, problem, place: "\(place):\(line)", boundary: .data)
        }
        for byte in text.utf8 {
            defer { if byte == UInt8(ascii: "\n") { line += 1 } }
            if byte == UInt8(ascii: "\n") { isComment = false }
            if isComment { continue }
            let isWord = !" \n\t\r();".utf8.contains(byte)
            if isWord {
                word.append(byte)
                continue
            }
            if !word.isEmpty {
                guard !open.isEmpty else { throw fault("the PDDL text does not start with '('") }
                open[open.count - 1].append(.name(String(decoding: word, as: UTF8.self).lowercased()))
                word = []
            }
            switch byte {
            case UInt8(ascii: ";"): isComment = true
            case UInt8(ascii: "("): open.append([])
            case UInt8(ascii: ")"):
                guard let list = open.popLast() else { throw fault("the PDDL text has a ')' too many") }
                if open.isEmpty { return .list(list) }
                open[open.count - 1].append(.list(list))
            default: break
            }
        }
        throw fault(open.isEmpty ? "the PDDL text holds no list" : "the PDDL text ends inside a list")
    }

    var list: [PDDLExpression]? {
        if case .list(let list) = self { return list }
        return nil
    }

    var name: String? {
        if case .name(let name) = self { return name }
        return nil
    }

    /// The first name of a list: `and`, `:init`, `exists`.
    var head: String? { list?.first?.name }

    /// What follows the head of a list.
    var arguments: ArraySlice<PDDLExpression> { list?.dropFirst() ?? [] }

    /// The section of a definition that starts with a keyword.
    func section(_ keyword: String) -> PDDLExpression? { list?.first { $0.head == keyword } }

    /// `a b - object c - location` as pairs; names without a type are objects. Commas are nothing but space.
    static func typedNames(_ expressions: some Collection<PDDLExpression>) -> [(name: String, type: String)] {
        var result: [(name: String, type: String)] = []
        var waiting: [String] = []
        var isType = false
        for text in expressions.compactMap(\.name).map({ $0.filter { $0 != "," } }) where !text.isEmpty {
            if text == "-" {
                isType = true
            } else if isType {
                result += waiting.map { ($0, text) }
                waiting = []
                isType = false
            } else {
                waiting.append(text)
            }
        }
        return result + waiting.map { ($0, "object") }
    }
}
