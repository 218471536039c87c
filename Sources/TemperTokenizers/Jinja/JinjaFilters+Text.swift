extension JinjaFilters {
    static let texts: [String: Filter] = [
        "trim": trim, "upper": { .text(JinjaCase.upper(try $0.str($2.work))) },
        "lower": { .text(JinjaCase.lower(try $0.str($2.work))) },
        "capitalize": { .text(JinjaCase.capitalized(try $0.str($2.work))) }, "title": title, "replace": replace, "indent": indent,
        "center": center, "wordcount": { .int(try $0.str($2.work).splitIntoWordRuns) }, "format": format, "truncate": truncate,
        "escape": { .text(try $0.str($2.work).escaped) }, "e": { .text(try $0.str($2.work).escaped) }, "safe": safe,
    ]

    private static func safe(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        var text = try value.str(interpreter.work)
        text.isMarkup = true
        return .text(text)
    }

    private static func trim(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let characters = try arguments.bound("trim", ["chars"])[0]?.text
        let text = try value.str(interpreter.work)
        try interpreter.work.spend(text.count)
        return .text(text.stripped(characters))
    }

    private static func title(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        // Words begin after white space and after any of -({[<, as Jinja's own rule has it.
        let text = try value.str(interpreter.work)
        var isStart = true
        let beginnings = text.glyphs.map { glyph in
            defer { isStart = glyph.scalar.isPythonSpace || "-({[<".unicodeScalars.contains(glyph.scalar) }
            return isStart
        }
        return .text(
            text.mapped { beginnings[$0] ? $1.properties.uppercaseMapping : $1.properties.lowercaseMapping })
    }

    private static func replace(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("replace", ["s", "old", "new", "count"].dropFirst().map { $0 }, required: 2)
        let text = try value.str(interpreter.work)
        let (old, new) = (try given[0]?.str(interpreter.work), try given[1]?.str(interpreter.work))
        return .text(
            try JinjaMethods.replaced(text, old ?? JinjaText(""), new ?? JinjaText(""), given[2]?.whole ?? -1, interpreter.work))
    }

    private static func indent(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("indent", ["width", "first", "blank"])
        let margin: JinjaText
        if let text = given[0]?.text {
            margin = text
        } else {
            let width = given[0]?.whole ?? 4
            try interpreter.work.makeText(max(0, width))
            margin = JinjaText(String(repeating: " ", count: max(0, width)))
        }
        let text = try value.str(interpreter.work) + JinjaText("\n")
        // A newline of its own at the end, so that the last line of the text is one of the lines.
        let lines = given[2]?.isTrue == true ? Self.blankLines(text) : text.lines()
        try interpreter.work.makeText(text.count + lines.count * margin.count)
        var result = JinjaText("")
        for (index, line) in lines.enumerated() {
            if index > 0 { result = JinjaText(result.glyphs + JinjaText("\n").glyphs) }
            let isIndented = index == 0 ? given[1]?.isTrue == true : given[2]?.isTrue == true || !line.isEmpty
            result.glyphs += (isIndented ? margin.glyphs : []) + line.glyphs
        }
        return .text(result)
    }

    private static func blankLines(_ text: JinjaText) -> [JinjaText] {
        var lines = text.split(on: JinjaText("\n"))
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func center(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let width = try arguments.bound("center", ["width"])[0]?.whole ?? 80
        return .text(try JinjaMethods.centered(value.str(interpreter.work), width, JinjaText(" "), interpreter.work))
    }

    private static func format(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        guard arguments.positional.isEmpty || arguments.named.isEmpty else {
            throw JinjaFault("'format' takes plain or named arguments, not both")
        }
        let text = try value.str(interpreter.work)
        let values =
            try arguments.named.isEmpty ? JinjaValue.tuple(JinjaList(arguments.positional)) : .map(JinjaMap(arguments.named))
        return .text(try JinjaFormat.percent(text, values, interpreter.work))
    }

    private static func truncate(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("truncate", ["length", "killwords", "end", "leeway"])
        let text = try value.str(interpreter.work)
        let (length, end) = (given[0]?.whole ?? 255, try given[2]?.str(interpreter.work) ?? JinjaText("..."))
        let leeway = given[3]?.whole ?? 5
        guard length >= end.count, leeway >= 0 else { throw JinjaFault("'truncate' needs a length of at least that of its end") }
        guard text.count - leeway > length else { return .text(text) }
        let kept = JinjaText(text.glyphs.prefix(length - end.count))
        if given[1]?.isTrue == true { return .text(kept + end) }
        return .text((kept.splitFromRight(on: JinjaText(" "), limit: 1).first ?? kept) + end)
    }
}

extension JinjaText {
    /// How many runs of letters, digits and underscores there are.
    fileprivate var splitIntoWordRuns: Int {
        var count = 0
        var isInside = false
        for glyph in glyphs {
            let isWord = glyph.scalar == "_" || glyph.scalar.isPythonAlphanumeric
            if isWord, !isInside { count += 1 }
            isInside = isWord
        }
        return count
    }
}
