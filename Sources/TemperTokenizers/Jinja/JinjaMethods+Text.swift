extension JinjaMethods {
    static func text(_ name: String, _ text: JinjaText) -> Body? {
        cutting(name, text) ?? searching(name, text) ?? shaping(name, text) ?? asking(name, text)
    }

    private static func cutting(_ name: String, _ text: JinjaText) -> Body? {
        switch name {
        case "strip", "lstrip", "rstrip":
            return { arguments, interpreter in
                try interpreter.work.spend(text.count)
                let characters = try optionalText(arguments.bound(name, ["chars"])[0], name)
                return .text(text.stripped(characters, left: name != "rstrip", right: name != "lstrip"))
            }
        case "split", "rsplit":
            return { arguments, interpreter in
                try interpreter.work.spend(text.count)
                let given = try arguments.bound(name, ["sep", "maxsplit"])
                let limit = given[1]?.whole.map { $0 < 0 ? .max : $0 } ?? .max
                let parts: [JinjaText]
                if let separator = try optionalText(given[0], name) {
                    guard !separator.isEmpty else { throw JinjaFault("empty separator") }
                    parts =
                        name == "split"
                        ? text.split(on: separator, limit: limit) : text.splitFromRight(on: separator, limit: limit)
                } else if name == "split" {
                    parts = text.words(limit: limit)
                } else {
                    parts = text.reversed.words(limit: limit).reversed().map(\.reversed)
                }
                try interpreter.work.makeList(parts.count)
                return .list(JinjaList(texts: parts))
            }
        case "splitlines":
            return { arguments, interpreter in
                let keeps = try arguments.bound(name, ["keepends"])[0]?.isTrue ?? false
                let lines = text.lines(keepingEnds: keeps)
                try interpreter.work.makeList(lines.count)
                return .list(JinjaList(texts: lines))
            }
        case "partition", "rpartition":
            return { arguments, interpreter in
                try interpreter.work.spend(text.count)
                let separator = try required(arguments.bound(name, ["sep"], required: 1)[0], name)
                guard !separator.isEmpty else { throw JinjaFault("empty separator") }
                let parts =
                    name == "partition" ? text.split(on: separator, limit: 1) : text.splitFromRight(on: separator, limit: 1)
                let empty = JinjaText("")
                if parts.count == 2 { return .tuple(JinjaList(texts: [parts[0], separator, parts[1]])) }
                return .tuple(JinjaList(texts: name == "partition" ? [text, empty, empty] : [empty, empty, text]))
            }
        case "removeprefix", "removesuffix":
            return { arguments, _ in
                let part = try required(arguments.bound(name, ["part"], required: 1)[0], name)
                if name == "removeprefix" {
                    return .text(text.hasPrefix(part) ? JinjaText(text.glyphs.dropFirst(part.count)) : text)
                }
                return .text(text.hasSuffix(part) ? JinjaText(text.glyphs.dropLast(part.count)) : text)
            }
        default: return nil
        }
    }

    private static func searching(_ name: String, _ text: JinjaText) -> Body? {
        switch name {
        case "startswith", "endswith":
            return { arguments, _ in
                let given = try arguments.bound(name, ["part", "start", "end"], required: 1)
                let range = range(text, given[1]?.whole, given[2]?.whole)
                let own = JinjaText(text.glyphs[range])
                let parts: [JinjaText]
                if case .tuple(let list)? = given[0] {
                    parts = try list.items.map { try required($0, name) }
                } else {
                    parts = [try required(given[0], name)]
                }
                return .bool(parts.contains { name == "startswith" ? own.hasPrefix($0) : own.hasSuffix($0) })
            }
        case "find", "rfind", "index", "rindex", "count":
            return { arguments, interpreter in
                try interpreter.work.spend(text.count)
                let given = try arguments.bound(name, ["part", "start", "end"], required: 1)
                let part = try required(given[0], name)
                let range = range(text, given[1]?.whole, given[2]?.whole)
                let own = JinjaText(text.glyphs[range])
                if name == "count" { return .int(own.places(of: part).count) }
                let place =
                    name.hasPrefix("r")
                    ? own.reversed.places(of: part.reversed, limit: 1).first.map { own.count - $0 - part.count }
                    : own.places(of: part, limit: 1).first
                if let place { return .int(range.lowerBound + place) }
                guard name.hasSuffix("find") else { throw JinjaFault("substring not found") }
                return .int(-1)
            }
        default: return nil
        }
    }

    private static func range(_ text: JinjaText, _ start: Int?, _ end: Int?) -> Range<Int> {
        func place(_ index: Int) -> Int { min(max(index < 0 ? max(index, -text.count) + text.count : index, 0), text.count) }
        let low = place(start ?? 0)
        return low..<max(low, place(end ?? text.count))
    }

    private static func shaping(_ name: String, _ text: JinjaText) -> Body? {
        switch name {
        case "upper": return { _, _ in .text(JinjaCase.upper(text)) }
        case "lower", "casefold": return { _, _ in .text(JinjaCase.lower(text)) }
        case "title": return { _, _ in .text(JinjaCase.titled(text)) }
        case "capitalize": return { _, _ in .text(JinjaCase.capitalized(text)) }
        case "swapcase": return { _, _ in .text(JinjaCase.swapped(text)) }
        case "replace":
            return { arguments, interpreter in
                let given = try arguments.bound(name, ["old", "new", "count"], required: 2)
                return .text(
                    try replaced(
                        text, required(given[0], name), required(given[1], name), given[2]?.whole ?? -1, interpreter.work))
            }
        case "join":
            return { arguments, interpreter in
                let items = try arguments.bound(name, ["items"], required: 1)[0]?.items() ?? []
                return .text(try JinjaFilters.joined(items.map { try required($0, name) }, text, interpreter.work))
            }
        case "format": return { .text(try JinjaFormat.braces(text, $0, $1)) }
        case "center", "ljust", "rjust", "zfill":
            return { arguments, interpreter in
                let given = try arguments.bound(name, ["width", "fill"], required: 1)
                guard let width = given[0]?.whole else { throw JinjaFault("'\(name)' needs a width") }
                let fill = try optionalText(given[1], name) ?? JinjaText(name == "zfill" ? "0" : " ")
                guard fill.count == 1 else { throw JinjaFault("'\(name)' fills with one character") }
                if name == "center" { return .text(try centered(text, width, fill, interpreter.work)) }
                try interpreter.work.makeText(max(width, text.count))
                let padding = JinjaText(Array(repeating: fill.glyphs[0], count: max(0, width - text.count)))
                if name == "ljust" { return .text(text + padding) }
                let hasSign = name == "zfill" && (text.hasPrefix(JinjaText("-")) || text.hasPrefix(JinjaText("+")))
                guard hasSign else { return .text(padding + text) }
                return .text(JinjaText(text.glyphs.prefix(1)) + padding + JinjaText(text.glyphs.dropFirst()))
            }
        default: return nil
        }
    }

    private static func asking(_ name: String, _ text: JinjaText) -> Body? {
        func all(_ holds: @escaping (Unicode.Scalar) -> Bool) -> Body {
            { _, _ in .bool(!text.isEmpty && text.glyphs.allSatisfy { holds($0.scalar) }) }
        }
        switch name {
        case "isupper": return { _, _ in .bool(JinjaCase.isUpper(text)) }
        case "islower": return { _, _ in .bool(JinjaCase.isLower(text)) }
        case "istitle":
            return { _, _ in .bool(text.glyphs.contains { $0.scalar.properties.isCased } && JinjaCase.titled(text) == text) }
        case "isspace": return all(\.isPythonSpace)
        case "isalpha": return all(\.isPythonAlphabetic)
        case "isalnum": return all(\.isPythonAlphanumeric)
        case "isdecimal": return all(\.isPythonDecimal)
        case "isdigit": return all(\.isPythonDigit)
        case "isnumeric": return all { $0.properties.numericType != nil }
        case "isascii": return { _, _ in .bool(text.glyphs.allSatisfy { $0.scalar.isASCII }) }
        case "isprintable": return { _, _ in .bool(text.glyphs.allSatisfy { $0.scalar.isPythonPrintable }) }
        default: return nil
        }
    }

    static func replaced(_ text: JinjaText, _ old: JinjaText, _ new: JinjaText, _ count: Int, _ work: JinjaWork) throws
        -> JinjaText
    {
        try work.spend(text.count)
        let limit = count < 0 ? Int.max : count
        let found = text.places(of: old, limit: limit).count
        let (growth, overflows) = found.multipliedReportingOverflow(by: new.count)
        try work.makeText(overflows ? .max : text.count + growth)
        return text.replacing(old, with: new, limit: limit)
    }

    static func centered(_ text: JinjaText, _ width: Int, _ fill: JinjaText, _ work: JinjaWork) throws -> JinjaText {
        try work.makeText(max(width, text.count))
        let padding = max(0, width - text.count)
        let left = padding / 2 + (padding & width & 1)
        func pad(_ count: Int) -> JinjaText { JinjaText(Array(repeating: fill.glyphs[0], count: count)) }
        return pad(left) + text + pad(padding - left)
    }

    private static func required(_ value: JinjaValue?, _ name: String) throws -> JinjaText {
        if case .undefined(let message)? = value { throw JinjaFault(message) }
        guard let text = value?.text else { throw JinjaFault("'\(name)' takes a string, not '\(value?.typeName ?? "nothing")'") }
        return text
    }

    private static func optionalText(_ value: JinjaValue?, _ name: String) throws -> JinjaText? {
        guard let value, !value.isNone else { return nil }
        return try required(value, name)
    }
}
