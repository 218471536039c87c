package import TemperCore
package import TemperData
import TemperTokenizers

/// The tokens of a trajectory as training sees them: what `temper show --tokens` prints.
package enum RunTokens {
    /// One view per document the trajectory renders to (more than one when old turns had left the prompt, or the template rewrites them).
    ///
    /// - Throws: ``TemperError`` with code `data` when the trajectory cannot be rendered.
    package static func views(
        of trajectory: Trajectory, in folder: RunFolder, registry: ExperimentRegistry = ExperimentRegistry()
    ) throws -> [TokenView] {
        let recipe = try Manifest.read(folder).map { try RecipeFile.recipe(from: $0.recipe) } ?? Recipe()
        return try views(of: trajectory, recipe: recipe, registry)
    }

    static func views(of trajectory: Trajectory, recipe: Recipe, _ registry: ExperimentRegistry) throws -> [TokenView] {
        let tokenizer = try Tokenizer(folder: ModelLocator.folder(for: recipe.train?.base ?? Recipe.Train().base))
        let renderer = try TokenRenderer(
            tokenizer: tokenizer, template: Curation.template(recipe.curate, tokenizer), trainOn: recipe.curate.trainOn)
        let prompt = try Curation.prompt(for: trajectory, recipe.curate) { try recipe.suite($0, in: registry).prompt(for: $1) }
        switch try Rendering.documents(of: trajectory, prompt: prompt, options: recipe.curate, run: recipe.name) {
        case .success(let documents):
            return try documents.flatMap { try renderer.encodeAll($0) }.map { TokenView($0, tokenizer: tokenizer) }
        case .failure(let refusal):
            throw TemperError(
                .data, "this trajectory is not rendered: \(refusal.reason)", place: trajectory.key.text, boundary: .data)
        }
    }
}
