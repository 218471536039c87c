import TemperCore

extension Wording {
    /// A text from a template: wordings drawn, slots filled, `a` made `an` before a vowel.
    static func phrase(_ template: String, _ slots: Slots, using random: inout RandomSource) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(template.utf8.count + 48)
        write(Array(template.utf8)[...], slots, to: &output, using: &random)
        return String(decoding: output, as: UTF8.self)
    }

    /// Every wording a template can give, with its slots left open.
    static func expansions(_ template: String) -> [String] {
        guard let open = template.firstIndex(of: "<"), let close = template[open...].firstIndex(of: ">") else {
            return [template]
        }
        let head = template[..<open]
        let choices = template[template.index(after: open)..<close].split(separator: "|", omittingEmptySubsequences: false)
        let tails = expansions(String(template[template.index(after: close)...]))
        return choices.flatMap { choice in tails.map { head + choice + $0 } }
    }

    static func capitalised(_ text: String) -> String {
        guard let first = text.utf8.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else { return text }
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static func endsWithArticle(_ text: [UInt8]) -> Bool {
        guard text.count >= 2, text[text.count - 1] == UInt8(ascii: " ") else { return false }
        guard text[text.count - 2] == UInt8(ascii: "a") || text[text.count - 2] == UInt8(ascii: "A") else { return false }
        return text.count == 2 || text[text.count - 3] == UInt8(ascii: " ")
    }

    private static func startsWithVowel(_ text: String) -> Bool {
        guard let first = text.utf8.first, "aeioAEIO".utf8.contains(first) else { return false }
        return true
    }

    private static func write(
        _ template: ArraySlice<UInt8>, _ slots: Slots, to output: inout [UInt8], using random: inout RandomSource
    ) {
        var index = template.startIndex
        while index < template.endIndex {
            let byte = template[index]
            if byte == UInt8(ascii: "<"), let close = template[index...].firstIndex(of: UInt8(ascii: ">")) {
                let choices = template[(index + 1)..<close].split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
                write(random.pick(choices), slots, to: &output, using: &random)
                index = close + 1
            } else if byte == UInt8(ascii: "{"), index + 2 < template.endIndex, template[index + 2] == UInt8(ascii: "}"),
                let value = slots.value(of: template[index + 1])
            {
                if endsWithArticle(output), startsWithVowel(value) {
                    output.removeLast()
                    output += "n ".utf8
                }
                output += value.utf8
                index += 3
            } else {
                output.append(byte)
                index += 1
            }
        }
    }
}
