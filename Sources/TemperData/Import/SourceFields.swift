import TemperCore

/// The fields of an object of a record: each is taken by name, and what nobody took is told.
struct SourceFields {
    private var rest: [(key: String, value: SourceJSON)]
    /// Whose fields they are, for reasons: `a turn`.
    let owner: String

    /// - Throws: ``RecordFault`` when it is no object.
    init(_ value: SourceJSON, of owner: String) throws {
        guard let fields = value.object else { throw RecordFault("\(owner) is no object") }
        rest = fields
        self.owner = owner
    }

    /// The first of some fields that is there and not null; the others stay.
    mutating func take(_ names: String...) -> SourceJSON? {
        for name in names {
            guard let place = rest.lastIndex(where: { $0.key == name }) else { continue }
            let value = rest.remove(at: place).value
            if !value.isNull { return value }
        }
        return nil
    }

    /// - Throws: ``RecordFault`` when it is there and no text.
    mutating func string(_ names: String...) throws -> String? {
        for name in names {
            guard let value = take(name) else { continue }
            guard let text = value.string else { throw RecordFault("\(owner)'s '\(name)' is no text") }
            return text
        }
        return nil
    }

    /// A text or a number as a name.
    mutating func name(_ names: String...) -> String? {
        for name in names {
            guard let value = take(name) else { continue }
            if let text = value.string { return text }
            if value.number != nil { return value.text }
        }
        return nil
    }

    /// What a mark says of learning: `loss`, `loss_mask`, `train`, `training`, `trainable` and `weight`, wherever it stands.
    struct Mark {
        /// Nil when nothing is said.
        var isTrained: Bool?
        var weight = 1.0

        /// Both; nothing is learnt that either keeps out.
        func joined(_ other: Mark) -> Mark {
            var isTrained = self.isTrained
            if let more = other.isTrained { isTrained = (isTrained ?? true) && more }
            return Mark(isTrained: isTrained, weight: weight * other.weight)
        }
    }

    /// - Throws: ``RecordFault`` when a mark is nothing that can be obeyed.
    mutating func mark() throws -> Mark {
        var mark = Mark()
        for name in ["loss", "loss_mask", "train", "training", "trainable"] {
            guard let value = take(name) else { continue }
            switch value.kind {
            case .bool(let flag): mark = mark.joined(Mark(isTrained: flag))
            case .number(let number) where number == 0 || number == 1: mark = mark.joined(Mark(isTrained: number == 1))
            default: throw RecordFault("\(owner)'s '\(name)' is not true, false, 0 or 1")
            }
        }
        if let value = take("weight") {
            guard let weight = value.number, weight >= 0, weight.isFinite else {
                throw RecordFault("\(owner)'s 'weight' is not a number from 0")
            }
            mark.weight = weight
            if weight == 0 { mark.isTrained = false }
        }
        return mark
    }

    /// What was not taken and says something, in words.
    var others: [String] { rest.filter { !$0.value.isEmpty }.map { "the key '\($0.key.prefix(40))' of \(owner), not read" } }
}
