package import TemperCore

/// Solves pocket questions with thoughts: it knows the way to the answer and walks it, reading what the environment shows.
///
/// What it writes depends on the task, the turns so far and the scene's seed alone, so a resumed episode goes on as it would
/// have. It says nothing that the observations so far do not show.
package struct PocketExpert: Script {
    package let name = "expert"
    private let voice: @Sendable (RandomSource, PocketGold) -> any PocketVoice

    /// How often the first search for a page adds a word of the relation to the title.
    private static let keywordSearchShare = 0.1

    init(voice: @escaping @Sendable (RandomSource, PocketGold) -> any PocketVoice) {
        self.voice = voice
    }

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    package func reply(in scene: Scene) async throws -> String {
        let gold = try PocketGold(scene.task)
        var voice = voice(RandomSource(seed: scene.seed, "pocket-expert", String(scene.turns.count)), gold)
        switch scene.key.method {
        case .io: return "Answer: \(gold.answer)"
        case .cot:
            let chain = gold.hops.map { voice.statement($0) } + [voice.conclusion()]
            return TurnText.write(thought: chain.joined(separator: " "), answer: gold.answer)
        default: return react(gold, scene, &voice)
        }
    }

    private func react(_ gold: PocketGold, _ scene: Scene, _ voice: inout any PocketVoice) -> String {
        let walk = PocketWalk(gold: gold, turns: scene.turns)
        var thought: [String] = []
        if scene.turns.isEmpty { thought.append(voice.opening()) }
        if walk.advanced { thought.append(voice.statement(gold.hops[walk.found - 1])) }
        guard walk.found < gold.hops.count else {
            thought.append(voice.conclusion())
            return TurnText.write(thought: thought.joined(separator: " "), action: Action("finish", gold.answer))
        }
        let hop = gold.hops[walk.found]
        let action: Action
        switch walk.next {
        case .firstSearch:
            // After a turn that led nowhere there is nothing else to say.
            if walk.advanced || thought.isEmpty { thought.append(voice.continuation(hop)) }
            let relation = PocketRelation(rawValue: hop.relation)
            let addsKeyword = voice.random.chance(Self.keywordSearchShare)
            action = Action("search", addsKeyword ? "\(hop.title) \(relation?.keywords.first ?? "")" : hop.title)
        case .searchAgain:
            thought.append(voice.correction(hop))
            action = Action("search", hop.title)
        case .searchAfterNothing:
            thought.append(voice.retry(hop))
            action = Action("search", hop.title)
        case .lookup(let keyword):
            thought.append(voice.gap(hop, keyword: keyword))
            action = Action("lookup", keyword)
        case .lookupAgain(let keyword):
            thought.append(voice.repeated(hop, keyword: keyword))
            action = Action("lookup", keyword)
        case .lookupOther(let keyword):
            thought.append(voice.switched(hop, keyword: keyword))
            action = Action("lookup", keyword)
        }
        return TurnText.write(thought: thought.joined(separator: " "), action: action)
    }
}
