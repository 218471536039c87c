import Foundation
import TemperCore

/// Finds keys, tokens, passwords, private keys and e-mail addresses in a text.
///
/// One pass over the UTF-8 bytes. A byte that may belong to a secret (the first letter of an issuer's prefix, `=`, `:`, `@`, `-`, `>`)
/// starts a look at a bounded stretch around it, so that the time is linear in the text whatever it holds. What is shown as a
/// placeholder (`${PASSWORD}`, `<token>`, `****`) and what is code (`password = read()`) is no secret.
///
/// It does not find what nothing tells from other text: a random word without a name, a prefix or a place where secrets stand.
package struct SecretScanner: Sendable {
    private let isWanted: @Sendable (SecretKind) -> Bool
    private let patterns: [UserPattern]
    /// Texts that are no secrets, whatever they look like.
    private let allowed: Set<String>

    /// - Throws: ``TemperError`` with code `data` for a kind there is not or a pattern that is none.
    package init(_ options: RedactionOptions = RedactionOptions()) throws {
        try options.validate()
        let (only, except) = (options.only.map(Set.init), Set(options.except))
        isWanted = { only?.contains($0.name) != false && !except.contains($0.name) }
        patterns = try options.patterns.sorted { $0.key < $1.key }.map { try UserPattern($0.key, $0.value) }
        allowed = Set(options.allow)
    }

    /// What is found, in order and without overlap.
    func matches(in text: String) -> [SecretMatch] {
        var text = text
        let found = text.withUTF8 { bytes in
            var pass = SecretPass(ByteText(bytes: bytes))
            pass.run()
            return pass.found.filter { match in
                isWanted(match.kind) && (allowed.isEmpty || !allowed.contains(pass.text.text(match.range)))
            }
        }
        guard !patterns.isEmpty else { return found }
        return merged(found, with: patterns.flatMap { $0.matches(in: text) }, in: text)
    }

    /// A user's patterns come first: what they find hides what overlaps.
    private func merged(_ found: [SecretMatch], with own: [SecretMatch], in text: String) -> [SecretMatch] {
        var kept: [SecretMatch] = []
        for match in own.sorted(by: { ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count) })
        where kept.last.map({ $0.range.upperBound <= match.range.lowerBound }) != false {
            kept.append(match)
        }
        var (rest, index) = ([SecretMatch](), 0)
        for match in found {
            while index < kept.count, kept[index].range.upperBound <= match.range.lowerBound { index += 1 }
            if index == kept.count || kept[index].range.lowerBound >= match.range.upperBound { rest.append(match) }
        }
        return (kept + rest).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}
