import TemperCore

/// Replaces secrets by marks: `<redacted-github-token-3>`.
///
/// A mark holds the secret's kind and a number, given in order of first appearance. So the same secret has the same mark wherever one
/// redactor meets it, different ones have different marks, and nothing of the secret can be computed from its mark: what stands behind
/// a number is in memory only, and written nowhere. The same texts in the same order give the same marks.
package final class Redactor {
    /// Verbatim copies of shorter secrets are left where nothing else tells them: they may be words.
    static let shortestCopy = 8

    let scanner: SecretScanner
    private var marks: [String: String] = [:]
    private var counts: [String: Int] = [:]

    /// - Throws: ``TemperError`` with code `data` for options that make no sense.
    package init(_ options: RedactionOptions) throws {
        scanner = try SecretScanner(options)
    }

    /// A text without its secrets.
    package func redacted(_ text: String) -> String { redacted([text])[0] }

    /// Texts that belong together: what is told as a secret in one is replaced in all of them.
    func redacted(_ texts: [String]) -> [String] { redacted(texts.map { [$0] }).map { $0[0] } }

    /// A document without secrets in its messages, calls, reasoning and functions, and in the name that its file gave it. A secret that
    /// begins in one span of a message and ends in another leaves its mark in the first.
    func redacted(_ document: Document) -> Document {
        var document = document
        document.pieces = redacted(document.pieces)
        guard document.provenance.method == nil, !scanner.matches(in: document.provenance.task).isEmpty else { return document }
        let name = redacted(document.provenance.task)
        if document.provenance.episode.hasSuffix(":" + document.provenance.task) {
            document.provenance.episode = document.provenance.episode.dropLast(document.provenance.task.count) + name
        }
        document.provenance.task = name
        return document
    }

    /// - Parameter texts: each in pieces, which are read as one text.
    private func redacted(_ texts: [[String]]) -> [[String]] {
        var texts = texts
        // What replaces one secret may show another; a third look finds nothing more in practice.
        for _ in 0..<4 {
            let whole = texts.map { $0.joined() }
            let found = whole.map(scanner.matches)
            guard found.contains(where: { !$0.isEmpty }) else { return texts }
            var copies = Copies()
            for (text, matches) in zip(whole, found) {
                for match in matches { copies.add(text.utf8[match.range], match.kind) }
            }
            for index in texts.indices {
                texts[index] = replace(copies.added(to: found[index], in: whole[index]), in: texts[index], whole: whole[index])
            }
        }
        return texts
    }

    private func replace(_ matches: [SecretMatch], in pieces: [String], whole: String) -> [String] {
        guard !matches.isEmpty else { return pieces }
        let bytes = Array(whole.utf8)
        var result: [String] = []
        var (start, next) = (0, 0)
        for piece in pieces {
            let end = start + piece.utf8.count
            var text: [UInt8] = []
            var place = start
            // A match that began in an earlier piece goes on here.
            if next > 0 { place = max(place, min(end, matches[next - 1].range.upperBound)) }
            while next < matches.count, matches[next].range.lowerBound < end {
                let range = matches[next].range
                text += bytes[place..<range.lowerBound]
                text += mark(String(decoding: bytes[range], as: UTF8.self), matches[next].kind).utf8
                place = min(end, range.upperBound)
                next += 1
            }
            text += bytes[place..<end]
            result.append(String(decoding: text, as: UTF8.self))
            start = end
        }
        return result
    }

    private func mark(_ secret: String, _ kind: SecretKind) -> String {
        if let mark = marks[secret] { return mark }
        let number = counts[kind.name, default: 0] + 1
        counts[kind.name] = number
        let mark = RedactionMark.text(kind: kind.name, number: number)
        marks[secret] = mark
        return mark
    }

    /// Secrets of one document, to find where they stand again.
    private struct Copies {
        /// By their first eight bytes.
        private var secrets: [UInt64: [(bytes: [UInt8], kind: SecretKind)]] = [:]

        mutating func add(_ secret: some Collection<UInt8>, _ kind: SecretKind) {
            guard secret.count >= Redactor.shortestCopy, secret.contains(where: { $0.isDigit || !$0.isLetter }) else { return }
            let head = secret.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let bytes = Array(secret)
            if secrets[head]?.contains(where: { $0.bytes == bytes }) != true { secrets[head, default: []].append((bytes, kind)) }
        }

        func added(to matches: [SecretMatch], in text: String) -> [SecretMatch] {
            guard !secrets.isEmpty else { return matches }
            var all: [SecretMatch] = []
            var next = 0
            var text = text
            text.withUTF8 { bytes in
                let text = ByteText(bytes: bytes)
                var (place, head, filled) = (0, UInt64(0), 0)
                while place < bytes.count {
                    if next < matches.count, matches[next].range.lowerBound == place {
                        all.append(matches[next])
                        place = matches[next].range.upperBound
                        (filled, next) = (0, next + 1)
                        continue
                    }
                    (head, filled, place) = (head << 8 | UInt64(bytes[place]), filled + 1, place + 1)
                    guard filled >= 8, let candidates = secrets[head] else { continue }
                    let limit = next < matches.count ? matches[next].range.lowerBound : bytes.count
                    guard
                        let copy = candidates.first(where: {
                            place - 8 + $0.bytes.count <= limit && text.has($0.bytes, at: place - 8)
                        })
                    else { continue }
                    all.append(SecretMatch(range: place - 8..<place - 8 + copy.bytes.count, kind: copy.kind))
                    (place, filled) = (place - 8 + copy.bytes.count, 0)
                }
            }
            return all
        }
    }
}

extension String.UTF8View {
    /// Bytes by their offsets.
    subscript(range: Range<Int>) -> SubSequence {
        let start = index(startIndex, offsetBy: range.lowerBound)
        return self[start..<index(start, offsetBy: range.count)]
    }
}
