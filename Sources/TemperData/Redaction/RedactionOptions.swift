import Foundation
package import TemperCore

/// What a recipe says under `curate.redact`: `true`, or a mapping of what to look for.
package struct RedactionOptions: Configurable {
    /// The kinds to look for, by ``SecretKind/name``; nil looks for all.
    package var only: [String]?
    package var except: [String] = []
    /// A user's own kinds: a name, and a regular expression (ICU's syntax) of what to replace, or of what to replace in its first group.
    package var patterns: [String: String] = [:]
    /// Texts that are no secrets, such as a public address.
    package var allow: [String] = []

    package static let keys: [ConfigurationKey<RedactionOptions>] = [
        ConfigurationKey(
            "only", \.only, "The kinds to look for, as `temper redact --kinds` lists them; without it all of them."),
        ConfigurationKey("except", \.except, "Kinds to leave as they are."),
        ConfigurationKey(
            "patterns", \.patterns,
            "Kinds of your own: a name, and a regular expression of what to replace, or of what to replace in its first group."),
        ConfigurationKey("allow", \.allow, "Texts that are no secrets, such as a public address."),
    ]

    package init() {}

    package init(only: [String]? = nil, except: [String] = [], patterns: [String: String] = [:], allow: [String] = []) {
        self.only = only
        self.except = except
        self.patterns = patterns
        self.allow = allow
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

/// What stands under `curate.redact`: `true` for ``RedactionOptions`` as they are, `false` for none, or a mapping of them.
struct RedactionSwitch: ConfigurationValue {
    /// Nil when nothing is replaced.
    var options: RedactionOptions?

    static var shape: ValueShape { .optional(.either([.flag, RedactionOptions.shape])) }
    static func read(
        _ node: ConfigurationNode, over current: RedactionSwitch?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> RedactionSwitch {
        if node.isNull || node.flag != nil {
            let isOn = try Bool?.read(node, over: nil, at: path, reader) ?? false
            return RedactionSwitch(options: isOn ? RedactionOptions() : nil)
        }
        guard node.entries != nil else { throw reader.mismatch(node, at: path, expected: "true, false or a mapping") }
        return RedactionSwitch(options: try RedactionOptions.read(node, over: current?.options, at: path, reader))
    }
    var configuration: JSONValue { options?.configuration ?? .null }
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
