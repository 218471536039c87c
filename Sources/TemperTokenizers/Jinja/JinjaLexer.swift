/// Cuts a template into tokens as Jinja does with `trim_blocks` and `lstrip_blocks`: the newline after a block or comment and the
/// white space before one on its line are left out, unless `+` keeps them; `-` takes all white space on its side.
struct JinjaLexer {
    private let source: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var tokens: [JinjaToken] = []
    /// Whether what was read last ended with a newline, as at the beginning.
    private var startsLine = true

    /// The most code points of a template.
    static let longestSource = 1 << 18

    private init(_ text: String) throws {
        var scalars: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
            scalars.append(scalar)
            guard scalars.count <= Self.longestSource else {
                throw JinjaSyntaxFault("the template is longer than \(Self.longestSource) characters", 1)
            }
        }
        source = Self.withoutLastNewline(scalars.map { $0 == "\r" ? "\n" : $0 })
    }

    private static func withoutLastNewline(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        scalars.last == "\n" ? scalars.dropLast() : scalars
    }

    static func tokens(of text: String) throws -> [JinjaToken] {
        var lexer = try JinjaLexer(text)
        while lexer.index < lexer.source.count { try lexer.readRoot() }
        lexer.add(.end)
        return lexer.tokens
    }

    // MARK: Outside

    private mutating func readRoot() throws {
        let start = index
        while index < source.count, !looksAt("{{") && !looksAt("{%") && !looksAt("{#") { index += 1 }
        var text = Array(source[start..<index])
        guard index < source.count else { return addData(text) }
        let mark = source[index + 1]
        if mark == "%", let raw = rawBegin() {
            strip(&text, sign: raw.sign, isOutput: false)
            addData(text, from: start)
            line += newlines(index, raw.end)
            index = raw.end
            startsLine = source[index - 1] == "\n"
            return try readRaw(from: index)
        }
        let sign = source.indices.contains(index + 2) ? source[index + 2] : " "
        strip(&text, sign: sign, isOutput: mark == "{")
        addData(text, from: start)
        index += sign == "-" || sign == "+" ? 3 : 2
        startsLine = false
        switch mark {
        case "#": try readComment()
        case "{":
            add(.outputBegin)
            try readTag(isOutput: true)
        default:
            add(.blockBegin)
            try readTag(isOutput: false)
        }
    }

    private func strip(_ text: inout [Unicode.Scalar], sign: Unicode.Scalar, isOutput: Bool) {
        if sign == "-" {
            while let last = text.last, last.isPythonSpace { text.removeLast() }
        } else if sign != "+", !isOutput {
            let lineStart = (text.lastIndex(of: "\n") ?? -1) + 1
            // Jinja's pattern needs one white space at least; without any there is nothing to take.
            if lineStart > 0 || startsLine, text[lineStart...].allSatisfy(\.isPythonSpace) { text.removeSubrange(lineStart...) }
        }
    }

    /// `{%`, `raw`, `%}`: where it ends, and its sign.
    private func rawBegin() -> (sign: Unicode.Scalar, end: Int)? {
        var place = index + 2
        var sign: Unicode.Scalar = " "
        if place < source.count, source[place] == "-" || source[place] == "+" {
            sign = source[place]
            place += 1
        }
        guard let end = word("raw", at: place) else { return nil }
        if looksAt("-%}", at: end) { return (sign, skipSpace(end + 3)) }
        return looksAt("%}", at: end) ? (sign, end + 2) : nil
    }

    private func word(_ word: String, at place: Int) -> Int? {
        let place = skipSpace(place)
        return looksAt(word, at: place) ? skipSpace(place + word.unicodeScalars.count) : nil
    }

    private mutating func readRaw(from start: Int) throws {
        while index < source.count {
            if looksAt("{%") {
                var place = index + 2
                var sign: Unicode.Scalar = " "
                if place < source.count, source[place] == "-" || source[place] == "+" {
                    sign = source[place]
                    place += 1
                }
                if let end = word("endraw", at: place), let after = blockEnd(at: end) {
                    var text = Array(source[start..<index])
                    strip(&text, sign: sign, isOutput: false)
                    addData(text, from: start)
                    line += newlines(index, after)
                    index = after
                    startsLine = source[index - 1] == "\n"
                    return
                }
            }
            index += 1
        }
        throw JinjaSyntaxFault("a 'raw' block is never closed", line)
    }

    private mutating func readComment() throws {
        while index < source.count {
            if looksAt("+#}") || looksAt("-#}") || looksAt("#}") {
                let isTrimmed = source[index] == "-"
                var end = index + (source[index] == "#" ? 2 : 3)
                if isTrimmed {
                    end = skipSpace(end)
                } else if source[index] == "#", looksAt("\n", at: end) {
                    end += 1
                }
                line += newlines(index, end)
                index = end
                startsLine = source[index - 1] == "\n"
                return
            }
            if source[index] == "\n" { line += 1 }
            index += 1
        }
        throw JinjaSyntaxFault("a comment is never closed", line)
    }

    /// Where a `%}` with its sign and trimming ends.
    private func blockEnd(at place: Int) -> Int? {
        if looksAt("+%}", at: place) { return place + 3 }
        if looksAt("-%}", at: place) { return skipSpace(place + 3) }
        guard looksAt("%}", at: place) else { return nil }
        return looksAt("\n", at: place + 2) ? place + 3 : place + 2
    }

    private func outputEnd(at place: Int) -> Int? {
        if looksAt("-}}", at: place) { return skipSpace(place + 3) }
        return looksAt("}}", at: place) ? place + 2 : nil
    }

    // MARK: Inside a tag

    private mutating func readTag(isOutput: Bool) throws {
        var open: [Unicode.Scalar] = []
        while index < source.count {
            if open.isEmpty, let end = isOutput ? outputEnd(at: index) : blockEnd(at: index) {
                add(isOutput ? .outputEnd : .blockEnd)
                line += newlines(index, end)
                index = end
                startsLine = source[index - 1] == "\n"
                return
            }
            let scalar = source[index]
            if scalar.isPythonSpace {
                if scalar == "\n" { line += 1 }
                index += 1
            } else if scalar == "'" || scalar == "\"" {
                try readString(scalar)
            } else if scalar.isASCIIDigit {
                try readNumber()
            } else if scalar == "_" || scalar.properties.isXIDStart {
                let start = index
                while index < source.count, source[index] == "_" || source[index].properties.isXIDContinue { index += 1 }
                add(.name(text(start, index)))
            } else {
                try readSymbol(&open)
            }
        }
        throw JinjaSyntaxFault("'\(isOutput ? "{{" : "{%")' is never closed", line)
    }

    private static let symbols = [
        "**", "//", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":",
        "|",
        ",", ";",
    ]

    private mutating func readSymbol(_ open: inout [Unicode.Scalar]) throws {
        guard let symbol = Self.symbols.first(where: { looksAt($0) }) else {
            throw JinjaSyntaxFault("unexpected character '\(source[index])'", line)
        }
        switch symbol {
        case "{": open.append("}")
        case "(": open.append(")")
        case "[": open.append("]")
        case "}", ")", "]":
            guard let expected = open.popLast() else { throw JinjaSyntaxFault("unexpected '\(symbol)'", line) }
            guard String(expected) == symbol else {
                throw JinjaSyntaxFault("unexpected '\(symbol)', expected '\(expected)'", line)
            }
        default: break
        }
        add(.symbol(symbol))
        index += symbol.unicodeScalars.count
    }

    private mutating func readString(_ quote: Unicode.Scalar) throws {
        let first = line
        index += 1
        var value = String.UnicodeScalarView()
        while index < source.count, source[index] != quote {
            if source[index] == "\n" { line += 1 }
            if source[index] == "\\" {
                value.append(contentsOf: try readEscape())
            } else {
                value.append(source[index])
                index += 1
            }
        }
        guard index < source.count else { throw JinjaSyntaxFault("a string is never closed", first) }
        index += 1
        tokens.append(JinjaToken(kind: .string(String(value)), line: first))
    }

    private mutating func readEscape() throws -> [Unicode.Scalar] {
        guard index + 1 < source.count else { throw JinjaSyntaxFault("a string is never closed", line) }
        let letter = source[index + 1]
        index += 2
        switch letter {
        case "\n":
            line += 1
            return []
        case "\\", "'", "\"": return [letter]
        case "n": return ["\n"]
        case "t": return ["\t"]
        case "r": return ["\r"]
        case "a": return ["\u{07}"]
        case "b": return ["\u{08}"]
        case "f": return ["\u{0C}"]
        case "v": return ["\u{0B}"]
        case "x": return [try readCode(16, exactly: 2)]
        case "u": return [try readCode(16, exactly: 4)]
        case "U": return [try readCode(16, exactly: 8)]
        case "0"..."7":
            index -= 1
            var code: UInt32 = 0
            var count = 0
            while count < 3, index < source.count, ("0"..."7").contains(source[index]) {
                code = code * 8 + source[index].value - 0x30
                index += 1
                count += 1
            }
            return Unicode.Scalar(code).map { [$0] } ?? []
        case "N": throw JinjaSyntaxFault("a character by its name, '\\N', is not supported", line)
        default: return ["\\", letter]
        }
    }

    private mutating func readCode(_ radix: Int, exactly count: Int) throws -> Unicode.Scalar {
        let end = min(index + count, source.count)
        let digits = text(index, end)
        guard digits.unicodeScalars.count == count,
            digits.unicodeScalars.allSatisfy({ $0.isASCII && $0.properties.isASCIIHexDigit }),
            let code = UInt32(digits, radix: radix), let scalar = Unicode.Scalar(code)
        else { throw JinjaSyntaxFault("'\\\(source[index - 1])\(digits)' is not a character", line) }
        index = end
        return scalar
    }

    private mutating func readNumber() throws {
        let start = index
        func isDigit(_ place: Int) -> Bool { source.indices.contains(place) && source[place].isASCIIDigit }
        if source[index] == "0", index + 1 < source.count, let radix = [98: 2, 111: 8, 120: 16][source[index + 1].value | 0x20] {
            index += 2
            let first = index
            while index < source.count, source[index] == "_" || source[index].isASCII && source[index].properties.isASCIIHexDigit
            {
                index += 1
            }
            guard let value = Int(text(first, index).filter { $0 != "_" }, radix: radix) else {
                throw JinjaSyntaxFault("'\(text(start, index))' is not a number", line)
            }
            return add(.int(value))
        }
        func skipDigits() {
            while isDigit(index) || (index < source.count && source[index] == "_" && isDigit(index + 1)) { index += 1 }
        }
        skipDigits()
        var isReal = false
        let follows = start == 0 || source[start - 1] != "."
        if follows, index < source.count, source[index] == ".", isDigit(index + 1) {
            isReal = true
            index += 1
            skipDigits()
        }
        if follows, index < source.count, source[index] == "e" || source[index] == "E" {
            let signed = index + 1 < source.count && (source[index + 1] == "+" || source[index + 1] == "-")
            if isDigit(index + (signed ? 2 : 1)) {
                isReal = true
                index += signed ? 2 : 1
                skipDigits()
            }
        }
        let digits = text(start, index).filter { $0 != "_" }
        if isReal, let value = Double(digits) { return add(.float(value)) }
        guard let value = Int(digits), !digits.hasPrefix("0") || value == 0 else {
            throw JinjaSyntaxFault("'\(digits)' is not a number that a template can hold", line)
        }
        add(.int(value))
    }

    // MARK: Places

    private func looksAt(_ text: String, at place: Int? = nil) -> Bool {
        var place = place ?? index
        for scalar in text.unicodeScalars {
            guard place < source.count, source[place] == scalar else { return false }
            place += 1
        }
        return true
    }

    private func skipSpace(_ place: Int) -> Int {
        var place = place
        while place < source.count, source[place].isPythonSpace { place += 1 }
        return place
    }

    private func newlines(_ start: Int, _ end: Int) -> Int { source[start..<end].count { $0 == "\n" } }

    private func text(_ start: Int, _ end: Int) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: source[start..<end])
        return String(scalars)
    }

    private mutating func add(_ kind: JinjaToken.Kind) { tokens.append(JinjaToken(kind: kind, line: line)) }

    private mutating func addData(_ text: [Unicode.Scalar], from start: Int? = nil) {
        if !text.isEmpty {
            var scalars = String.UnicodeScalarView()
            scalars.append(contentsOf: text)
            add(.data(String(scalars)))
        }
        if let start { line += newlines(start, index) }
    }
}

extension Unicode.Scalar {
    var isASCIIDigit: Bool { (0x30...0x39).contains(value) }
}

/// A template that is not well formed.
struct JinjaSyntaxFault: Error {
    var message: String
    var line: Int

    init(_ message: String, _ line: Int) {
        self.message = message
        self.line = line
    }
}
