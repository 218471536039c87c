public import TemperCore

/// Solves `pocket/hotpotqa` with thoughts: it knows the way to the answer and walks it, reading what the environment shows.
///
/// What it writes depends on the task, the turns so far and the scene's seed alone, so a resumed episode goes on as it would
/// have. It says nothing that the observations so far do not show.
public struct PocketExpert: LanguageModel {
    public let name = "expert"
    public let author = Author.teacher

    /// How often the first search for a page adds a word of the relation to the title.
    private static let keywordSearchShare = 0.1

    public init() {}

    /// - Throws: ``TemperError`` with code `usage` without a scene, `data` for a task of another suite.
    public func complete(_ request: CompletionRequest) async throws -> Completion {
        let scene = try request.sceneForScript(name)
        let gold = try PocketGold(scene.task)
        let random = RandomSource(seed: scene.seed, "pocket-expert", String(scene.turns.count))
        var thoughts = PocketThoughts(random: random)
        switch scene.key.method {
        case .io: return Completion(text: "Answer: \(gold.answer)")
        case .cot:
            let chain = gold.hops.map { thoughts.statement($0) } + [thoughts.conclusion(gold)]
            return Completion(text: TurnText.write(thought: chain.joined(separator: " "), answer: gold.answer))
        case .react: return Completion(text: react(gold, scene, &thoughts))
        }
    }

    private func react(_ gold: PocketGold, _ scene: Scene, _ thoughts: inout PocketThoughts) -> String {
        let progress = Progress(gold: gold, turns: scene.turns)
        var thought: [String] = []
        if scene.turns.isEmpty { thought.append(thoughts.opening(gold)) }
        if progress.advanced { thought.append(thoughts.statement(gold.hops[progress.found - 1])) }
        guard progress.found < gold.hops.count else {
            thought.append(thoughts.conclusion(gold))
            return TurnText.write(thought: thought.joined(separator: " "), action: Action("finish", gold.answer))
        }
        let hop = gold.hops[progress.found]
        let action: Action
        switch progress.next {
        case .firstSearch:
            if progress.advanced { thought.append(thoughts.continuation(hop)) }
            let relation = PocketRelation(rawValue: hop.relation)
            let addsKeyword = thoughts.random.chance(Self.keywordSearchShare)
            action = Action("search", addsKeyword ? "\(hop.title) \(relation?.keywords.first ?? "")" : hop.title)
        case .searchAgain:
            thought.append(thoughts.correction(hop))
            action = Action("search", hop.title)
        case .lookup(let keyword):
            thought.append(thoughts.gap(hop, keyword: keyword))
            action = Action("lookup", keyword)
        case .lookupAgain(let keyword):
            thought.append(thoughts.repeated(hop, keyword: keyword))
            action = Action("lookup", keyword)
        case .lookupOther(let keyword):
            thought.append(thoughts.switched(hop, keyword: keyword))
            action = Action("lookup", keyword)
        }
        return TurnText.write(thought: thought.joined(separator: " "), action: action)
    }

    /// Where an episode stands on the way to its answer, read from its turns.
    private struct Progress {
        enum Next {
            case firstSearch, searchAgain
            case lookup(String), lookupAgain(String), lookupOther(String)
        }

        /// How many hops are found.
        var found = 0
        /// Whether the newest turn found one.
        var advanced = false
        var next = Next.firstSearch

        init(gold: PocketGold, turns: [Turn]) {
            var isOpen = false
            var tried: [String] = []
            for turn in turns where found < gold.hops.count {
                let hop = gold.hops[found]
                let keywords = PocketRelation(rawValue: hop.relation)?.keywords ?? []
                let observation = turn.observation ?? ""
                advanced = false
                if turn.action?.name == "search" {
                    isOpen = observation.hasPrefix("\(hop.title): ")
                    next = isOpen ? .lookup(keywords.first ?? hop.relation) : .searchAgain
                    tried = []
                } else if turn.action?.name == "lookup", isOpen, let keyword = turn.action?.argument {
                    if !tried.contains(keyword) { tried.append(keyword) }
                    if Self.hasMore(observation) {
                        next = .lookupAgain(keyword)
                    } else if let other = keywords.first(where: { !tried.contains($0) }) {
                        next = .lookupOther(other)
                    } else {
                        next = .searchAgain
                    }
                }
                if isOpen, observation.contains(hop.sentence) {
                    found += 1
                    advanced = true
                    isOpen = false
                    tried = []
                    next = .firstSearch
                }
            }
        }

        /// Whether `(Result 1 / 2)` says that there is a further one.
        private static func hasMore(_ observation: String) -> Bool {
            let words = observation.split { " ()".contains($0) }
            guard words.count > 3, words[0] == "Result", let number = Int(words[1]), let count = Int(words[3]) else {
                return false
            }
            return number < count
        }
    }
}
