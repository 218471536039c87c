package import Foundation
import TemperConfiguration
package import TemperCore
package import TemperTraining

/// Reads a recipe strictly: every key must exist, every value must have the right type and range, and an error names file, line
/// and the nearest key.
///
/// Precedence: the defaults of ``Recipe``, then the file, then `--set key.path=value` in the order given.
package enum RecipeFile {
    /// - Parameters:
    ///   - url: the YAML file.
    ///   - overrides: texts like `train.learning_rate=3e-5`, the value in YAML.
    ///   - engines: those whose options may stand under `train`.
    /// - Returns: the recipe, and the dotted paths of the keys that were given.
    /// - Throws: ``TemperError`` with code `data`, also for a recipe without a stage.
    package static func load(
        _ url: URL, overrides: [String] = [], engines: [any TrainingEngine] = Engines.all
    ) throws -> (recipe: Recipe, givenKeys: [String]) {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw TemperError(
                .data, "the recipe cannot be read", hint: "`temper recipes` lists the shipped ones", place: url.relativePath,
                boundary: .recipe, cause: error)
        }
        let decoded = try decode(text, file: url.relativePath, overrides: overrides, engines: engines)
        guard Stage.allCases.contains(where: decoded.recipe.has) else {
            throw TemperError(
                .data, "the recipe has no stage, so there is nothing to do",
                hint: "give pretrain, derive, collect, train or evaluate; `temper recipe` shows every key",
                place: url.relativePath, boundary: .recipe)
        }
        return decoded
    }

    /// Decodes recipe text; `file` is what errors name.
    package static func decode(
        _ text: String, file: String, overrides: [String] = [], engines: [any TrainingEngine] = Engines.all
    ) throws -> (recipe: Recipe, givenKeys: [String]) {
        let reader = ConfigurationReader(sections: engines.map(\.section), moved: movedKeys)
        var recipe = Recipe()
        let layers = [try YAMLText.parse(text, boundary: .recipe) { "\(file):\($0)" }] + (try overrides.map(layer))
        for layer in layers where !layer.isNull {
            guard layer.entries != nil else { throw reader.fault("a recipe is a mapping of keys to values", at: layer) }
            recipe = try Recipe.read(layer, over: recipe, at: ConfigurationPath(), reader)
        }
        return (recipe, reader.given.sorted())
    }

    /// An error about a recipe's content with the line of the key it names, where the file has it.
    ///
    /// - Parameter source: the recipe's text.
    package static func located(_ error: TemperError, in source: String, file: String) -> TemperError {
        guard error.boundary == .recipe, error.place == nil else { return error }
        var located = error
        located.place = file
        let quoted = error.message.split(separator: "'", omittingEmptySubsequences: false)
        for name in quoted.indices where name % 2 == 1 {
            let key = quoted[name].split(separator: ".").last.map { "\($0):" } ?? ""
            let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            if let line = lines.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix(key) }), !key.isEmpty {
                located.place = "\(file):\(line + 1)"
                break
            }
        }
        return located
    }

    /// A recipe as JSON with the keys users write.
    package static func jsonValue(_ recipe: Recipe) throws -> JSONValue { recipe.configuration }

    /// A recipe from the JSON a manifest keeps.
    package static func recipe(from value: JSONValue) throws -> Recipe { try Recipe(stored: withMovedKeys(value)) }

    private static func layer(_ override: String) throws -> ConfigurationNode {
        guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
            throw TemperError(.usage, "'--set \(override)' is not KEY=VALUE", hint: "for example --set train.learning_rate=3e-5")
        }
        let place = "--set \(override)"
        var node = try YAMLText.parse(String(override[override.index(after: equals)...]), boundary: .recipe) { _ in place }
        for key in override[..<equals].split(separator: ".").reversed() {
            node = ConfigurationNode(.mapping([ConfigurationNode.Entry(String(key), node, place: place)]), place: place)
        }
        return node
    }
}
