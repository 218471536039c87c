package import TemperCore

/// The JSON Schema (draft 2020-12) of recipes, for editors.
package enum RecipeSchema {
    /// The schema, made from ``Recipe``'s keys.
    package static var json: JSONValue {
        var fields = section(Recipe.self)
        fields["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
        fields["title"] = .string("Temper recipe")
        let stages = ["pretrain", "derive", "collect", "train", "evaluate"]
        fields["anyOf"] = .array(stages.map { .object(["required": .array([.string($0)])]) })
        return .object(fields)
    }

    private static func section(_ type: any Configurable.Type) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        var required: [JSONValue] = []
        for key in type.descriptions {
            var fields = schema(of: key.shape, key.range)
            fields["description"] = .string(key.meaning)
            if key.standard != .null, !isSection(key.shape) { fields["default"] = key.standard }
            properties[key.name] = .object(fields)
            if key.isRequired { required.append(.string(key.name)) }
        }
        var fields: [String: JSONValue] = [
            "type": .string("object"), "properties": .object(properties), "additionalProperties": .bool(false),
        ]
        if !required.isEmpty { fields["required"] = .array(required) }
        return fields
    }

    private static func schema(of shape: ValueShape, _ range: ValueRange?) -> [String: JSONValue] {
        switch shape {
        case .flag: return ["type": .string("boolean")]
        // A number or a truth value is read as the text that was written.
        case .text: return ["type": .array([.string("string"), .string("number"), .string("boolean")])]
        case .whole: return ["type": .string("integer")].merging(bounds(range)) { $1 }
        case .number: return ["type": .string("number")].merging(bounds(range)) { $1 }
        case .anything: return [:]
        case .choice(let words):
            return ["enum": .array(words.map(JSONValue.string) + words.compactMap(Double.init).map(JSONValue.number))]
        case .optional(let inner):
            return ["anyOf": .array([.object(schema(of: inner, range)), .object(["type": .string("null")])])]
        case .list(let element): return ["type": .string("array"), "items": .object(schema(of: element, range))]
        case .mapping(let value, let known):
            var fields: [String: JSONValue] = [
                "type": .string("object"), "additionalProperties": .object(schema(of: value, range)),
            ]
            if !known.isEmpty {
                let properties = known.map { ($0.key, JSONValue.object(schema(of: $0.shape, range))) }
                fields["properties"] = .object(Dictionary(properties) { $1 })
            }
            return fields
        case .section(let type): return section(type)
        case .either(let shapes): return ["anyOf": .array(shapes.map { .object(schema(of: $0, range)) })]
        }
    }

    private static func isSection(_ shape: ValueShape) -> Bool {
        if case .section = shape { true } else { false }
    }

    private static func bounds(_ range: ValueRange?) -> [String: JSONValue] {
        guard let range else { return [:] }
        var fields: [String: JSONValue] = [range.includesLower ? "minimum" : "exclusiveMinimum": .number(range.lower)]
        if range.upper.isFinite { fields[range.includesUpper ? "maximum" : "exclusiveMaximum"] = .number(range.upper) }
        return fields
    }
}
