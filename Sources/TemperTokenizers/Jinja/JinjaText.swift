/// A text of the interpreter: code points, each with where it came from.
///
/// Concatenation, slices, stripping, splitting, replacing and joining keep the origin of every code point, so the rendered
/// text says exactly which part of it is whose, and nothing has to be searched for.
struct JinjaText: Sendable, Hashable {
    /// One code point.
    struct Glyph: Sendable, Hashable {
        var scalar: Unicode.Scalar
        /// ``control``, ``data``, or the position in the texts that the caller tracks.
        var origin: Int32
    }

    /// Written by the template itself.
    static let control: Int32 = -1
    /// Given to the template, but not tracked.
    static let data: Int32 = -2

    var glyphs: [Glyph]
    /// Made by `safe` or `escape`: what is added to it with `+` is escaped.
    var isMarkup = false

    init(_ glyphs: [Glyph]) { self.glyphs = glyphs }
    init(_ glyphs: ArraySlice<Glyph>) { self.glyphs = Array(glyphs) }

    init(_ string: String, origin: Int32 = Self.control) {
        glyphs = string.unicodeScalars.map { Glyph(scalar: $0, origin: origin) }
    }

    /// Every code point with its own position, from `first` on.
    init(_ string: String, trackedFrom first: Int32) {
        var next = first
        glyphs = string.unicodeScalars.map { scalar in
            defer { next += 1 }
            return Glyph(scalar: scalar, origin: next)
        }
    }

    var string: String {
        var scalars = String.UnicodeScalarView()
        for glyph in glyphs { scalars.append(glyph.scalar) }
        return String(scalars)
    }

    var count: Int { glyphs.count }
    var isEmpty: Bool { glyphs.isEmpty }

    /// Equality of the texts, wherever they came from; code point by code point, as in Python.
    static func == (left: JinjaText, right: JinjaText) -> Bool {
        left.glyphs.count == right.glyphs.count && zip(left.glyphs, right.glyphs).allSatisfy { $0.scalar == $1.scalar }
    }

    func hash(into hasher: inout Hasher) {
        for glyph in glyphs { hasher.combine(glyph.scalar) }
    }

    static func == (left: JinjaText, right: String) -> Bool {
        left.glyphs.count == right.unicodeScalars.count
            && zip(left.glyphs, right.unicodeScalars).allSatisfy { $0.scalar == $1 }
    }

    static func < (left: JinjaText, right: JinjaText) -> Bool {
        left.glyphs.lazy.map(\.scalar.value).lexicographicallyPrecedes(right.glyphs.lazy.map(\.scalar.value))
    }

    static func + (left: JinjaText, right: JinjaText) -> JinjaText { JinjaText(left.glyphs + right.glyphs) }
}

extension JinjaText {
    func hasPrefix(_ other: JinjaText, at index: Int = 0) -> Bool {
        guard index >= 0, index + other.count <= count else { return false }
        for (offset, glyph) in other.glyphs.enumerated() where glyphs[index + offset].scalar != glyph.scalar { return false }
        return true
    }

    func hasSuffix(_ other: JinjaText) -> Bool { hasPrefix(other, at: count - other.count) }

    /// Where a text begins inside this one, not overlapping, in linear time (Knuth, Morris and Pratt).
    func places(of needle: JinjaText, limit: Int = .max) -> [Int] {
        guard limit > 0, needle.count <= count else { return [] }
        guard !needle.isEmpty else { return Array((0...count).prefix(limit)) }
        let pattern = needle.glyphs.map(\.scalar)
        var border = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[index] != pattern[length] { length = border[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            border[index] = length
        }
        var places: [Int] = []
        length = 0
        for (index, glyph) in glyphs.enumerated() {
            while length > 0, glyph.scalar != pattern[length] { length = border[length - 1] }
            if glyph.scalar == pattern[length] { length += 1 }
            if length == pattern.count {
                places.append(index + 1 - pattern.count)
                if places.count == limit { return places }
                length = 0
            }
        }
        return places
    }

    func contains(_ needle: JinjaText) -> Bool { !places(of: needle, limit: 1).isEmpty }

    /// - Parameter characters: what is stripped; nil for white space.
    func stripped(_ characters: JinjaText? = nil, left: Bool = true, right: Bool = true) -> JinjaText {
        let set = characters.map { Set($0.glyphs.map(\.scalar)) }
        func isStripped(_ glyph: Glyph) -> Bool { set?.contains(glyph.scalar) ?? glyph.scalar.isPythonSpace }
        var range = glyphs[...]
        if left { range = range.drop(while: isStripped) }
        if right { while let last = range.last, isStripped(last) { range.removeLast() } }
        var text = JinjaText(range)
        text.isMarkup = isMarkup
        return text
    }

    func split(on separator: JinjaText, limit: Int = .max) -> [JinjaText] {
        var parts: [JinjaText] = []
        var start = 0
        for place in places(of: separator, limit: limit) {
            parts.append(JinjaText(glyphs[start..<place]))
            start = place + separator.count
        }
        return parts + [JinjaText(glyphs[start...])]
    }

    func splitFromRight(on separator: JinjaText, limit: Int) -> [JinjaText] {
        let mirrored = reversed.split(on: separator.reversed, limit: limit)
        return mirrored.reversed().map(\.reversed)
    }

    /// The words, parted by white space.
    func words(limit: Int = .max) -> [JinjaText] {
        var parts: [JinjaText] = []
        var rest = stripped(right: false).glyphs[...]
        while !rest.isEmpty {
            guard parts.count < limit else {
                parts.append(JinjaText(rest))
                break
            }
            let word = rest.prefix { !$0.scalar.isPythonSpace }
            parts.append(JinjaText(word))
            rest = rest[word.endIndex...].drop { $0.scalar.isPythonSpace }
        }
        return parts
    }

    /// The lines, without their ends.
    func lines(keepingEnds: Bool = false) -> [JinjaText] {
        var lines: [JinjaText] = []
        var start = 0
        var index = 0
        while index < count {
            guard glyphs[index].scalar.isPythonLineBreak else {
                index += 1
                continue
            }
            let end = index
            index += glyphs[index].scalar == "\r" && index + 1 < count && glyphs[index + 1].scalar == "\n" ? 2 : 1
            lines.append(JinjaText(glyphs[start..<(keepingEnds ? index : end)]))
            start = index
        }
        if start < count { lines.append(JinjaText(glyphs[start...])) }
        return lines
    }

    func replacing(_ old: JinjaText, with new: JinjaText, limit: Int = .max) -> JinjaText {
        var result: [Glyph] = []
        var start = 0
        for place in places(of: old, limit: limit) {
            result += glyphs[start..<place]
            result += new.glyphs
            start = place + old.count
        }
        var text = JinjaText(result + glyphs[start...])
        text.isMarkup = isMarkup
        return text
    }

    var reversed: JinjaText { JinjaText(Array(glyphs.reversed())) }

    static func joined(_ parts: [JinjaText], by separator: JinjaText) -> JinjaText {
        var glyphs: [Glyph] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { glyphs += separator.glyphs }
            glyphs += part.glyphs
        }
        return JinjaText(glyphs)
    }

    /// Each code point by its mapping, which keeps its origin.
    func mapped(_ mapping: (Int, Unicode.Scalar) -> String) -> JinjaText {
        var result: [Glyph] = []
        result.reserveCapacity(count)
        for (index, glyph) in glyphs.enumerated() {
            for scalar in mapping(index, glyph.scalar).unicodeScalars {
                result.append(Glyph(scalar: scalar, origin: glyph.origin))
            }
        }
        return JinjaText(result)
    }

    /// HTML's five characters as entities, as MarkupSafe writes them.
    var escaped: JinjaText {
        guard !isMarkup else { return self }
        var text = mapped { _, scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "'": "&#39;"
            case "\"": "&#34;"
            default: String(scalar)
            }
        }
        text.isMarkup = true
        return text
    }
}

extension Unicode.Scalar {
    /// `str.isspace` of Python.
    var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85: true
        case ..<0x80: false
        default: properties.isWhitespace
        }
    }

    /// Where `str.splitlines` of Python breaks.
    var isPythonLineBreak: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}
