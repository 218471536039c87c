extension JinjaFilters {
    static let sequences: [String: Filter] = [
        "list": { .list(try list($0.items(), $2)) }, "first": first, "last": last, "join": join, "reverse": reverse, "sort": sort,
        "unique": unique, "sum": sum, "min": { try extreme("min", $0, $1, $2) }, "max": { try extreme("max", $0, $1, $2) },
        "batch": batch, "slice": slice, "items": items, "dictsort": sortedItems, "map": map,
        "select": { try pick("select", $0, $1, $2, keeps: true) }, "reject": { try pick("reject", $0, $1, $2, keeps: false) },
        "selectattr": { try pick("selectattr", $0, $1, $2, keeps: true, byAttribute: true) },
        "rejectattr": { try pick("rejectattr", $0, $1, $2, keeps: false, byAttribute: true) },
    ]

    static func list(_ items: [JinjaValue], _ interpreter: JinjaInterpreter) throws -> JinjaList {
        try interpreter.work.makeList(items.count)
        return try JinjaList(items)
    }

    private static func first(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        if case .text(let text) = value, let glyph = text.glyphs.first { return .text(JinjaText([glyph])) }
        return try value.items().first ?? .undefined("No first item, sequence was empty.")
    }

    private static func last(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        if case .text(let text) = value, let glyph = text.glyphs.last { return .text(JinjaText([glyph])) }
        return try value.items().last ?? .undefined("No last item, sequence was empty.")
    }

    private static func join(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("join", ["d", "attribute"])
        var items = try value.items()
        if let path = given[1] { items = try items.map { try attribute(path, of: $0, interpreter) } }
        let texts = try items.map { try $0.str(interpreter.work) }
        let separator = try given[0]?.str(interpreter.work) ?? JinjaText("")
        return .text(try joined(texts, separator, interpreter.work))
    }

    static func joined(_ texts: [JinjaText], _ separator: JinjaText, _ work: JinjaWork) throws -> JinjaText {
        var length = 0
        for text in texts {
            length += text.count + separator.count
            try work.makeText(length > work.textLimit + separator.count ? .max : text.count)
        }
        return JinjaText.joined(texts, by: separator)
    }

    private static func reverse(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        if case .text(let text) = value {
            try interpreter.work.makeText(text.count)
            return .text(text.reversed)
        }
        return .list(try list(value.items().reversed(), interpreter))
    }

    /// `a.b.0` of a value.
    static func attribute(_ path: JinjaValue, of value: JinjaValue, _ interpreter: JinjaInterpreter) throws -> JinjaValue {
        guard let names = path.text else { return try interpreter.item(path, of: value) }
        var value = value
        for name in names.split(on: JinjaText(".")) {
            value = try interpreter.item(Int(name.string).map { .int($0) } ?? .text(name), of: value)
        }
        return value
    }

    /// What a value is compared by: texts without their case, unless it counts.
    private static func key(
        _ value: JinjaValue, _ path: JinjaValue?, caseSensitive: Bool, _ interpreter: JinjaInterpreter
    ) throws -> JinjaValue {
        var value = value
        if let path, !path.isNone { value = try attribute(path, of: value, interpreter) }
        if !caseSensitive, case .text(let text) = value { return .text(JinjaCase.lower(text)) }
        return value
    }

    private static func sorted(
        _ items: [JinjaValue], by keys: [JinjaValue], reverse: Bool, _ interpreter: JinjaInterpreter
    ) throws -> [JinjaValue] {
        // The sort of the standard library is stable; in reverse, equal items keep their order too, as in Python.
        try interpreter.work.spend(items.count)
        return try items.indices.sorted {
            try interpreter.work.step()
            return reverse
                ? try JinjaValue.less(keys[$1], keys[$0], "<", interpreter.work)
                : try JinjaValue.less(keys[$0], keys[$1], "<", interpreter.work)
        }.map { items[$0] }
    }

    private static func sort(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("sort", ["reverse", "case_sensitive", "attribute"])
        let items = try value.items()
        let paths: [JinjaValue?] = given[2]?.text?.split(on: JinjaText(",")).map { .text($0) } ?? [given[2]]
        let keys = try items.map { item in
            let parts = try paths.map { try key(item, $0, caseSensitive: given[1]?.isTrue ?? false, interpreter) }
            // By attributes the parts of a list are compared, of which equal ones need no order.
            return given[2] == nil ? parts[0] : JinjaValue.list(try JinjaList(parts))
        }
        return .list(try list(sorted(items, by: keys, reverse: given[0]?.isTrue ?? false, interpreter), interpreter))
    }

    private static func unique(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("unique", ["case_sensitive", "attribute"])
        var seen = JinjaMap()
        var kept: [JinjaValue] = []
        for item in try value.items() {
            let key = try key(item, given[1], caseSensitive: given[0]?.isTrue ?? false, interpreter)
            if try seen.value(key) == nil {
                try seen.set(key, .none)
                kept.append(item)
            }
        }
        return .list(try list(kept, interpreter))
    }

    private static func sum(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("sum", ["attribute", "start"])
        var total = given[1] ?? .int(0)
        guard total.text == nil else { throw JinjaFault("'sum' adds no texts: use 'join'") }
        for item in try value.items() {
            let term = try given[0].map { try attribute($0, of: item, interpreter) } ?? item
            total = try JinjaValue.calculate(total, .add, term, interpreter.work)
        }
        return total
    }

    private static func extreme(
        _ name: String, _ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter
    ) throws -> JinjaValue {
        let given = try arguments.bound(name, ["case_sensitive", "attribute"])
        var best: (item: JinjaValue, key: JinjaValue)?
        for item in try value.items() {
            let key = try key(item, given[1], caseSensitive: given[0]?.isTrue ?? false, interpreter)
            guard let current = best else {
                best = (item, key)
                continue
            }
            let (low, high) = name == "min" ? (key, current.key) : (current.key, key)
            if try JinjaValue.less(low, high, name == "min" ? "<" : ">", interpreter.work) { best = (item, key) }
        }
        return best?.item ?? .undefined("No aggregated item, sequence was empty.")
    }

    private static func batch(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("batch", ["linecount", "fill_with"], required: 1)
        guard let size = given[0]?.whole, size > 0 else { throw JinjaFault("'batch' needs a size of at least one") }
        let items = try value.items()
        var rows: [JinjaValue] = []
        for start in stride(from: 0, to: items.count, by: size) {
            var row = Array(items[start..<min(start + size, items.count)])
            if let fill = given[1], !fill.isNone {
                try interpreter.work.makeList(size)
                while row.count < size { row.append(fill) }
            }
            rows.append(.list(try list(row, interpreter)))
        }
        return .list(try list(rows, interpreter))
    }

    private static func slice(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("slice", ["slices", "fill_with"], required: 1)
        guard let count = given[0]?.whole, count > 0 else { throw JinjaFault("'slice' needs a count of at least one") }
        let items = try value.items()
        try interpreter.work.makeList(count)
        var rows: [JinjaValue] = []
        var start = 0
        for index in 0..<count {
            let size = items.count / count + (index < items.count % count ? 1 : 0)
            var row = Array(items[start..<start + size])
            start += size
            if let fill = given[1], !fill.isNone, index >= items.count % count { row.append(fill) }
            rows.append(.list(try list(row, interpreter)))
        }
        return .list(try list(rows, interpreter))
    }

    private static func items(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        switch value {
        case .undefined: return .list(try JinjaList([]))
        case .map(let map): return .list(try pairs(map))
        default: throw JinjaFault("Can only get item pairs from a mapping.")
        }
    }

    static func pairs(_ map: JinjaMap) throws -> JinjaList {
        try JinjaList(zip(map.keys, map.values).map { .tuple(try JinjaList([$0, $1])) })
    }

    private static func sortedItems(_ value: JinjaValue, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws
        -> JinjaValue
    {
        let given = try arguments.bound("dictsort", ["case_sensitive", "by", "reverse"])
        let by = given[1]?.text?.string ?? "key"
        guard case .map(let map) = value else { throw JinjaFault("'dictsort' needs a dict, not '\(value.typeName)'") }
        guard by == "key" || by == "value" else { throw JinjaFault("'dictsort' sorts by 'key' or 'value'") }
        let keys = try (by == "key" ? map.keys : map.values).map {
            try key($0, nil, caseSensitive: given[0]?.isTrue ?? false, interpreter)
        }
        let items = try pairs(map).items
        return .list(try list(sorted(items, by: keys, reverse: given[2]?.isTrue ?? false, interpreter), interpreter))
    }
}

extension JinjaValue {
    var isNone: Bool {
        if case .none = self { return true }
        return false
    }
}
