import TemperCore
import TemperPocketText

/// Draws the questions of one world for a twin: plans the shapes and makes sure that no question comes twice.
struct TwinMaker {
    let world: PocketWorld
    var random: RandomSource
    private var asked: Set<String> = []

    /// How many of a world's questions have held-out shapes where these are wanted.
    private static let heldOutPerWorld = 5

    /// - Parameter suite: its id, so that suites ask a world differently.
    init(world: PocketWorld, suite: String) {
        self.world = world
        random = RandomSource(seed: world.number, "pocket-questions", suite, world.partition.rawValue)
    }

    /// The questions of a world, all shapes alike.
    ///
    /// - Parameter make: a question of a shape, or nil when a draw does not give one. Its number goes up through all worlds, so
    ///   that labels can take turns.
    mutating func drafts(
        _ shapes: [PocketShape], withHeldOut: Bool, _ make: (inout TwinMaker, PocketShape, _ number: Int) -> PocketDraft?
    ) -> [PocketDraft] {
        let trained = shapes.filter { !$0.isHeldOut }
        let heldOut = withHeldOut ? shapes.filter(\.isHeldOut) : []
        let heldOutCount = heldOut.isEmpty ? 0 : Self.heldOutPerWorld
        var plan = cycled(heldOut, count: heldOutCount) + cycled(trained, count: PocketTaskMaker.tasksPerWorld - heldOutCount)
        plan.shuffle(using: &random)
        return plan.enumerated().map { index, planned in
            let number = Int(world.number) * PocketTaskMaker.tasksPerWorld + index
            var shape = planned
            while true {
                for _ in 0..<60 {
                    if let draft = make(&self, shape, number), accepts(draft) { return draft }
                }
                // This world has nothing left to ask in this shape.
                shape = random.pick(shapes.filter { $0.isHeldOut == planned.isHeldOut })
            }
        }
    }

    /// A wording of this world's set, filled.
    mutating func say(_ phrasing: Phrasing?, isSentence: Bool = true, _ values: [Character: String]) -> String {
        guard let list = phrasing?[world.wording], !list.isEmpty else {
            preconditionFailure("a question shape has no \(world.wording.rawValue) wordings")
        }
        return random.pick(list).filled(isSentence: isSentence, values)
    }

    /// What the relations before the last lead to, in words: `the director of The Silver River`.
    mutating func phrase(
        _ start: String, _ path: some Sequence<PocketRelation>, _ phrases: [PocketRelation: Phrasing]
    ) -> String {
        path.reduce(start) { asked, relation in say(phrases[relation], isSentence: false, ["x": asked]) }
    }

    private mutating func cycled(_ shapes: [PocketShape], count: Int) -> [PocketShape] {
        let order = shapes.shuffled(using: &random)
        return (0..<count).map { order[$0 % order.count] }
    }

    /// Each question once; facts that a search does not show at once are kept to about one hop in six.
    private mutating func accepts(_ draft: PocketDraft) -> Bool {
        guard draft.hops.filter(world.isDeep).allSatisfy({ _ in random.chance(0.85) }) else { return false }
        let key = draft.shape.name + draft.hops.map(\.title).sorted().joined(separator: "|") + (draft.claim ?? "")
        return asked.insert(key).inserted
    }
}
