import Foundation
import TemperCore

/// What a recipe says under `curate.redact`: `true`, or a mapping of what to look for.
package struct RedactionOptions: Codable, Sendable, Hashable {
    /// `redact: false` is as good as leaving it out.
    package var isOn = true
    /// The kinds to look for, by ``SecretKind/name``; nil looks for all.
    package var only: [String]?
    package var except: [String] = []
    /// A user's own kinds: a name, and a regular expression (ICU's syntax) of what to replace, or of what to replace in its first group.
    package var patterns: [String: String] = [:]
    /// Texts that are no secrets, such as a public address.
    package var allow: [String] = []

    enum CodingKeys: String, CodingKey, CaseIterable { case only, except, patterns, allow }

    package init(only: [String]? = nil, except: [String] = [], patterns: [String: String] = [:], allow: [String] = []) {
        self.only = only
        self.except = except
        self.patterns = patterns
        self.allow = allow
    }

    /// With every key, for the recipe's reader.
    package static let schema = RedactionOptions(only: [""], except: [""], patterns: ["*": ""], allow: [""])

    package init(from decoder: any Decoder) throws {
        if let flag = try JSONValue(from: decoder).bool {
            isOn = flag
            return
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        only = try values.decodeIfPresent([String].self, forKey: .only)
        except = try values.decodeIfPresent([String].self, forKey: .except) ?? except
        patterns = try values.decodeIfPresent([String: String].self, forKey: .patterns) ?? patterns
        allow = try values.decodeIfPresent([String].self, forKey: .allow) ?? allow
    }

    /// - Throws: ``TemperError`` with code `data` for a kind there is not, or a pattern that is none.
    package func validate() throws {
        let known = Set(SecretKind.all.map(\.name)).union(patterns.keys)
        for name in (only ?? []) + except where !known.contains(name) {
            throw TemperError(
                .data, "'curate.redact' names the kind '\(name)', which there is not",
                hint: EditDistance.nearest(to: name, among: known.sorted()).map { "did you mean '\($0)'?" }
                    ?? "temper redact --kinds lists them", boundary: .recipe)
        }
        for (name, pattern) in patterns.sorted(by: { $0.key < $1.key }) { _ = try UserPattern(name, pattern) }
    }
}

/// A kind of a user's own.
struct UserPattern: Sendable {
    let kind: SecretKind
    private let expression: NSRegularExpression

    /// - Throws: ``TemperError`` with code `data` for a name that cannot stand in a mark, and for what is no regular expression.
    init(_ name: String, _ pattern: String) throws {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0.isDigit || $0 == 0x2D }) else {
            throw TemperError(
                .data, "'curate.redact.patterns' names '\(name)'", hint: "a name has small letters, digits and hyphens",
                boundary: .recipe)
        }
        kind = SecretKind(name, "a pattern of the recipe")
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw TemperError(
                .data, "'curate.redact.patterns.\(name)' is not a regular expression: \(pattern)", boundary: .recipe, cause: error
            )
        }
    }

    func matches(in text: String) -> [SecretMatch] {
        var found: [SecretMatch] = []
        // Places move forward, so each is counted from the one before.
        var (index, offset) = (text.startIndex, 0)
        for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
            let inside = match.numberOfRanges > 1 ? match.range(at: 1) : match.range
            guard let range = Range(inside, in: text), !range.isEmpty, range.lowerBound >= index else { continue }
            offset += text.utf8.distance(from: index, to: range.lowerBound)
            index = range.lowerBound
            found.append(SecretMatch(range: offset..<offset + text.utf8.distance(from: index, to: range.upperBound), kind: kind))
        }
        return found
    }
}
