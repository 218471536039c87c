/// Finds any of many names in a text, as whole words with the same case.
package struct NameFinder: Sendable {
    /// The words of each name, by its first word.
    private let names: [String: [[String]]]

    package init(_ names: some Sequence<String>) {
        var table: [String: [[String]]] = [:]
        for name in names {
            let words = Self.words(name)
            if let first = words.first { table[first, default: []].append(words) }
        }
        self.names = table
    }

    /// The first name in the text; nil when there is none.
    package func firstName(in text: String) -> String? {
        let words = Self.words(text)
        for (index, word) in words.enumerated() {
            for name in names[word] ?? [] where words[index...].starts(with: name) { return name.joined(separator: " ") }
        }
        return nil
    }

    /// Runs of letters and digits; every other character divides.
    private static func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
