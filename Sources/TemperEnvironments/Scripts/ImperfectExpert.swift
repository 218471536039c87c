package import TemperCore

/// An expert that errs in a stated share of its episodes, so that filters and error analysis have real material.
///
/// An episode that errs does so in one of two ways, with equal chance: it takes one or two wrong turns and recovers, or it ends
/// with a wrong result. What it writes depends on the task, the turns so far and the scene's seed alone.
package struct ImperfectExpert: Script {
    /// A reply that is wrong where the episode stands; nil when there is none to make here.
    package typealias Mistake = @Sendable (Scene, inout RandomSource) -> String?

    package var name: String { expert.name }
    package var author: Author? { expert.author }
    private let expert: any Script
    private let share: Double
    private let wrongTurn: Mistake
    private let wrongEnding: Mistake

    /// - Parameters:
    ///   - share: of episodes that err, 0…1.
    ///   - wrongTurn: a useless but valid turn, after which the expert still finds its way.
    ///   - wrongEnding: a turn that ends the episode with a wrong result.
    package init(_ expert: any Script, share: Double, wrongTurn: @escaping Mistake, wrongEnding: @escaping Mistake) {
        precondition((0...1).contains(share), "a share lies in 0…1")
        self.expert = expert
        self.share = share
        self.wrongTurn = wrongTurn
        self.wrongEnding = wrongEnding
    }

    package func reply(in scene: Scene) async throws -> String {
        var plan = RandomSource(seed: scene.seed, "imperfect")
        if plan.chance(share) {
            let recovers = plan.chance(0.5)
            let first = plan.index(below: 3)
            let count = 1 + plan.index(below: 2)
            var random = RandomSource(seed: scene.seed, "mistake", String(scene.turns.count))
            let turn = scene.turns.count
            if recovers, (first..<first + count).contains(turn), let text = wrongTurn(scene, &random) {
                return text
            }
            if !recovers, turn >= first, let text = wrongEnding(scene, &random) { return text }
        }
        return try await expert.reply(in: scene)
    }
}
