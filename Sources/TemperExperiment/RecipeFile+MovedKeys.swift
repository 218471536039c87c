import TemperCore

/// Keys that have another place than in an earlier version.
///
/// In a file they are refused with the new place; in the manifest of a run they are read, so that the run goes on.
extension RecipeFile {
    static let movedKeys = [
        "train.precision": "train.native.precision",
        "train.recompute_activations": "train.native.recompute_activations",
        "train.checkpoint_seconds": "train.native.checkpoint_seconds",
        "pretrain.plan.precision": "pretrain.native.precision",
        "pretrain.plan.recompute_activations": "pretrain.native.recompute_activations",
    ]

    /// The recipe with every moved key at its new place.
    static func withMovedKeys(_ recipe: JSONValue) -> JSONValue {
        movedKeys.sorted { $0.key < $1.key }.reduce(recipe) { recipe, move in
            var recipe = recipe
            guard let value = take(move.key.split(separator: ".").map(String.init)[...], from: &recipe) else { return recipe }
            put(value, at: move.value.split(separator: ".").map(String.init)[...], in: &recipe)
            return recipe
        }
    }

    private static func take(_ path: ArraySlice<String>, from value: inout JSONValue) -> JSONValue? {
        guard let key = path.first, case .object(var fields) = value, var inner = fields[key] else { return nil }
        let taken = path.count == 1 ? inner : take(path.dropFirst(), from: &inner)
        fields[key] = path.count == 1 ? nil : inner
        value = .object(fields)
        return taken
    }

    private static func put(_ new: JSONValue, at path: ArraySlice<String>, in value: inout JSONValue) {
        guard let key = path.first else {
            value = new
            return
        }
        var fields = value.object ?? [:]
        var inner = fields[key] ?? .object([:])
        put(new, at: path.dropFirst(), in: &inner)
        fields[key] = inner
        value = .object(fields)
    }
}
