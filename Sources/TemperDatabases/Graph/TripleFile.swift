import Foundation
import TemperCore

/// Reads triples from N-Triples, or from tab-separated text (subject, relation, object).
///
/// In tab-separated text a term is a short name (`m.0abc`, `film.director`), an address in angle brackets, or a value in quotes as
/// in N-Triples; a bare number or date in the third column is a value too. Lines that are empty or start with `#` are skipped.
package enum TripleFile {
    /// Hands over the triples of a file, one after the other.
    ///
    /// - Parameter prefix: what short names stand for in full: `http://rdf.freebase.com/ns/`.
    /// - Throws: ``TemperError`` with code `unavailable` when there is no such file, `data` naming the line that is not a triple.
    package static func read(_ path: String, prefix: String, use: (GraphTriple) throws -> Void) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw TemperError(.unavailable, "the triples cannot be read", place: path, boundary: .data, cause: error)
        }
        var number = 0
        var start = data.startIndex
        while start < data.endIndex {
            let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
            number += 1
            let place = "\(path):\(number)"
            guard let text = String(bytes: data[start..<end], encoding: .utf8) else {
                throw fault("the line is not UTF-8", place)
            }
            if let triple = try triple(text, prefix: prefix, place: place) { try use(triple) }
            start = min(end + 1, data.endIndex)
        }
    }

    /// The triple of a line; nil for an empty line or a comment.
    ///
    /// - Throws: ``TemperError`` with code `data` at `place`.
    static func triple(_ line: String, prefix: String, place: String) throws -> GraphTriple? {
        let text = line.trimmingCharacters(in: .whitespaces.union(["\r"]))
        if text.isEmpty || text.hasPrefix("#") { return nil }
        if text.hasPrefix("<") || text.hasPrefix("_:"), !text.contains("\t") || text.hasSuffix(".") {
            return try nTriple(text, prefix: prefix, place: place)
        }
        let columns = text.split(separator: "\t", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard columns.count == 3, !columns.contains("") else {
            throw fault("a triple has three columns, this line has \(columns.filter { !$0.isEmpty }.count)", place)
        }
        let subject = try term(columns[0], prefix, place)
        let relation = try term(columns[1], prefix, place)
        guard subject.isEntity, relation.isEntity else { throw fault("subject and relation are names, not values", place) }
        return GraphTriple(subject.text, relation.text, try bareValue(columns[2]) ?? term(columns[2], prefix, place))
    }

    private static func nTriple(_ text: String, prefix: String, place: String) throws -> GraphTriple {
        var rest = text[...]
        var terms: [GraphTerm] = []
        while terms.count < 3 {
            guard let term = try nextTerm(&rest, prefix, place) else {
                throw fault("a triple has three parts, this line has \(terms.count)", place)
            }
            terms.append(term)
            rest = rest.drop { $0 == " " || $0 == "\t" }
        }
        guard rest.first == ".",
            rest.dropFirst().allSatisfy({ $0.isWhitespace }) || rest.dropFirst().drop(while: { $0.isWhitespace }).first == "#"
        else { throw fault("a triple ends with ' .'", place) }
        guard terms[0].isEntity, terms[1].isEntity else { throw fault("subject and relation are names, not values", place) }
        return GraphTriple(terms[0].text, terms[1].text, terms[2])
    }

    private static func term(_ text: String, _ prefix: String, _ place: String) throws -> GraphTerm {
        guard text.hasPrefix("<") || text.hasPrefix("\"") else { return .entity(text) }
        var rest = text[...]
        guard let term = try nextTerm(&rest, prefix, place), rest.isEmpty else {
            throw fault("'\(text.prefix(60))' is not a term", place)
        }
        return term
    }

    /// `1953`, `-2.5`, `1953-04-01`, `1953-04-01T10:00:00Z`.
    private static func bareValue(_ text: String) -> GraphTerm? {
        if Int(text) != nil { return .value(text, type: "integer") }
        if Double(text) != nil, text.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }) { return .value(text, type: "double") }
        let parts = text.prefix(10).split(separator: "-")
        guard parts.map(\.count) == [4, 2, 2], parts.joined().allSatisfy(\.isNumber) else { return nil }
        return .value(text, type: text.dropFirst(10).first == "T" ? "dateTime" : "date")
    }

    private static func nextTerm(_ rest: inout Substring, _ prefix: String, _ place: String) throws -> GraphTerm? {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        switch rest.first {
        case "<": return .entity(short(try address(&rest, place), prefix))
        case "_":
            let label = rest.prefix { !$0.isWhitespace }
            rest = rest[label.endIndex...]
            return .entity(String(label))
        case "\"":
            let text = try quoted(&rest, place)
            if rest.hasPrefix("^^<") {
                rest = rest.dropFirst(2)
                let type = try address(&rest, place)
                let name = type.split(separator: "#").last.map(String.init) ?? type
                return .value(text, type: name == "string" ? nil : name)
            }
            guard rest.first == "@" else { return .value(text) }
            let language = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            rest = rest[language.endIndex...]
            return .value(text, language: String(language))
        default: return nil
        }
    }

    private static func short(_ address: String, _ prefix: String) -> String {
        address.hasPrefix(prefix) ? String(address.dropFirst(prefix.count)) : address
    }

    private static func address(_ rest: inout Substring, _ place: String) throws -> String {
        guard let end = rest.firstIndex(of: ">") else { throw fault("an address has no closing '>'", place) }
        let address = rest[rest.index(after: rest.startIndex)..<end]
        guard !address.contains(where: { $0 == " " || $0 == "<" || $0 == "\"" }) else {
            throw fault("'<\(address.prefix(60))>' is not an address", place)
        }
        rest = rest[rest.index(after: end)...]
        return String(address)
    }

    private static func quoted(_ rest: inout Substring, _ place: String) throws -> String {
        var text = String.UnicodeScalarView()
        var scalars = rest.unicodeScalars.dropFirst()
        while let scalar = scalars.popFirst() {
            if scalar == "\"" {
                rest = rest[scalars.startIndex...]
                return String(text)
            }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escape = scalars.popFirst() else { break }
            switch escape {
            case "t": text.append("\t")
            case "n": text.append("\n")
            case "r": text.append("\r")
            case "b": text.append("\u{8}")
            case "f": text.append("\u{C}")
            case "\"", "'", "\\": text.append(escape)
            case "u", "U":
                let digits = String(String.UnicodeScalarView(scalars.prefix(escape == "u" ? 4 : 8)))
                guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
                    throw fault("'\\\(escape)\(digits)' is not a character", place)
                }
                text.append(scalar)
                scalars = scalars.dropFirst(digits.count)
            default: throw fault("'\\\(escape)' is not an escape", place)
            }
        }
        throw fault("a value has no closing quote", place)
    }

    private static func fault(_ message: String, _ place: String) -> TemperError {
        TemperError(.data, message, place: place, boundary: .data)
    }
}
