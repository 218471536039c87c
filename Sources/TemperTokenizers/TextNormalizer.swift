import Foundation

/// What is done to a text before it is cut: the steps of a `tokenizer.json`'s normaliser, or SentencePiece's.
struct TextNormalizer: Sendable {
    enum Step: Sendable {
        case prepend([UInt8])
        case replace([UInt8], by: [UInt8])
        case nfc, nfd, nfkc, nfkd
        /// Scalar by scalar, without regard to what stands around.
        case lowercase
        case strip(left: Bool, right: Bool)
        case stripAccents
        case sentencePiece(SentencePieceNormalizer)
    }

    var steps: [Step] = []

    /// Whether it leaves ASCII as it is, which is checked far faster than it is normalised.
    var keepsASCII: Bool {
        steps.allSatisfy {
            switch $0 {
            case .nfc, .nfd, .nfkc, .nfkd, .stripAccents: true
            default: false
            }
        }
    }

    /// - Parameter isContinued: whether the text follows other text, so that no space is put before it.
    func apply(_ bytes: UnsafeBufferPointer<UInt8>, isContinued: Bool) -> [UInt8] {
        var result = Array(bytes)
        for step in steps { result = Self.apply(step, result, isContinued: isContinued) }
        return result
    }

    private static func apply(_ step: Step, _ bytes: [UInt8], isContinued: Bool) -> [UInt8] {
        switch step {
        case .prepend(let prefix): return bytes.isEmpty || isContinued ? bytes : prefix + bytes
        case .replace(let old, let new): return replace(old, by: new, in: bytes)
        case .nfc: return bytes.withUnsafeBufferPointer(compose) ?? bytes
        case .nfd: return transform(bytes) { $0.decomposedStringWithCanonicalMapping.decomposedStringWithCanonicalMapping }
        case .nfkc:
            return transform(bytes) { $0.decomposedStringWithCompatibilityMapping.precomposedStringWithCompatibilityMapping }
        case .nfkd:
            return transform(bytes) { $0.decomposedStringWithCompatibilityMapping.decomposedStringWithCompatibilityMapping }
        case .lowercase: return scalars(bytes) { $0.properties.lowercaseMapping }
        case .stripAccents: return scalars(bytes) { isMark($0) ? "" : String($0) }
        case .strip(let left, let right): return bytes.withUnsafeBufferPointer { strip($0, left: left, right: right) }
        case .sentencePiece(let normalizer):
            return bytes.withUnsafeBufferPointer { normalizer.normalize($0, isContinued: isContinued) }
        }
    }

    static func replace(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard let first = old.first else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        bytes.withUnsafeBufferPointer { bytes in
            var copied = 0
            var index = 0
            while index < bytes.count {
                guard bytes[index] == first, index + old.count <= bytes.count,
                    old.count == 1 || bytes[index..<(index + old.count)].elementsEqual(old)
                else {
                    index += 1
                    continue
                }
                result.append(contentsOf: bytes[copied..<index])
                result.append(contentsOf: new)
                index += old.count
                copied = index
            }
            result.append(contentsOf: bytes[copied...])
        }
        return result
    }

    // MARK: Unicode

    /// NFC; nil where the text is composed already.
    ///
    /// Only stretches that hold a scalar that composes are handed to Foundation, each with the scalar before it: most text
    /// has none.
    static func compose(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        var base = 0
        while index < bytes.count {
            let (value, length) = UTF8Text.scalar(bytes, at: index)
            guard value >= 0x300, ScalarClasses.of(value).mayCompose else {
                // Foundation takes U+1113 for a Hangul consonant that composes, so these are composed here.
                if let syllable = syllable(bytes, from: index) {
                    result.append(contentsOf: bytes[copied..<index])
                    result.append(contentsOf: UTF8Text.bytes(syllable.value))
                    index = syllable.end
                    copied = index
                    base = index
                    continue
                }
                base = index
                index += length
                continue
            }
            var end = index + length
            while end < bytes.count, case (let value, let length) = UTF8Text.scalar(bytes, at: end), value >= 0x300,
                ScalarClasses.of(value).mayCompose
            {
                end += length
            }
            result.append(contentsOf: bytes[copied..<base])
            let text = String(decoding: bytes[base..<end], as: UTF8.self)
            // Decomposed first: composing alone leaves marks unordered before one that itself decomposes (U+0F35 U+0F75).
            result.append(
                contentsOf: text.decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping.utf8)
            copied = end
            index = end
            base = end
        }
        guard copied > 0 else { return nil }
        result.append(contentsOf: bytes[copied...])
        return result
    }

    /// The Hangul syllable that the letters from an index on compose to (Unicode, section 3.12); nil when they do not.
    private static func syllable(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (value: UInt32, end: Int)? {
        var (value, length) = UTF8Text.scalar(bytes, at: start)
        var end = start + length
        guard (0x1100...0x1112).contains(value) || (0xAC00...0xD7A3).contains(value), end < bytes.count else { return nil }
        let first = value
        if first < 0xAC00 {
            (value, length) = UTF8Text.scalar(bytes, at: end)
            guard (0x1161...0x1175).contains(value) else { return nil }
            value = 0xAC00 + ((first - 0x1100) * 21 + value - 0x1161) * 28
            end += length
        }
        guard (value - 0xAC00) % 28 == 0, end < bytes.count else { return first < 0xAC00 ? (value, end) : nil }
        let final = UTF8Text.scalar(bytes, at: end)
        guard (0x11A8...0x11C2).contains(final.value) else { return first < 0xAC00 ? (value, end) : nil }
        return (value + final.value - 0x11A7, end + final.length)
    }

    private static func transform(_ bytes: [UInt8], _ mapping: (String) -> String) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
        return Array(mapping(String(decoding: bytes, as: UTF8.self)).utf8)
    }

    private static func scalars(_ bytes: [UInt8], _ mapping: (Unicode.Scalar) -> String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars { result.append(contentsOf: mapping(scalar).utf8) }
        return result
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func strip(_ bytes: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool) -> [UInt8] {
        func isSpace(_ value: UInt32) -> Bool {
            let kind = ScalarClasses.of(value).kind
            return kind == .space || kind == .newline
        }
        var start = 0
        while left, start < bytes.count, case (let value, let length) = UTF8Text.scalar(bytes, at: start), isSpace(value) {
            start += length
        }
        var end = bytes.count
        while right, end > start, case (let value, let length) = UTF8Text.scalar(bytes, before: end), isSpace(value) {
            end -= length
        }
        return Array(bytes[start..<end])
    }
}
