import TemperCore
import TemperPocketText

/// The goals of a split, told in words.
struct PocketShopTasks: Sendable {
    /// A goal before it is told.
    private struct Draft {
        var group: Int
        var colour: Int
        var size: Int
        var limit: Int
    }

    private let split: PocketSplit
    private let shop: PocketShopCatalogue
    private let drafts: [PocketShopChallenge: [Draft]]

    /// How often twenty tasks in a row hold each challenge.
    private static let cycle: [PocketShopChallenge] = [
        .price, .attribute, .option, .features, .nextPage, .price, .option, .attribute, .price, .nextPage,
        .features, .option, .price, .attribute, .price, .nextPage, .option, .features, .attribute, .price,
    ]

    init(_ split: PocketSplit) {
        self.split = split
        shop = PocketShopCatalogue.shared(split)
        var drafts: [PocketShopChallenge: [Draft]] = [:]
        for (index, group) in shop.groups.enumerated()
        where PocketSplit.asking(for: group.adjective, group.kind.name) == split {
            let product = shop.catalogue.products[group.target]
            for colour in product.options[0].values.indices {
                for size in 0..<max(1, group.kind.sizes.count) {
                    for limit in group.limits {
                        drafts[group.challenge, default: []].append(Draft(group: index, colour: colour, size: size, limit: limit))
                    }
                }
            }
        }
        var random = RandomSource(seed: 1, "pocket-shop-tasks", split.rawValue)
        for challenge in PocketShopChallenge.allCases { drafts[challenge]?.shuffle(using: &random) }
        self.drafts = drafts.mapValues(Self.takingTurns)
    }

    /// The first draft of each group, then the second of each, and so on.
    private static func takingTurns(_ drafts: [Draft]) -> [Draft] {
        var counts: [Int: Int] = [:]
        var rounds: [[Draft]] = []
        for draft in drafts {
            let round = counts[draft.group, default: 0]
            counts[draft.group] = round + 1
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(draft)
        }
        return rounds.flatMap { $0 }
    }

    /// Task `index` of the split. Goals come again, in other words, once all of a challenge are told.
    func task(_ index: Int) -> AgentTask {
        let (round, step) = index.quotientAndRemainder(dividingBy: Self.cycle.count)
        let challenge = Self.cycle[step]
        let rank = Self.cycle[..<step].filter { $0 == challenge }.count
        let list = drafts[challenge] ?? []
        precondition(!list.isEmpty, "the pocket shop has no goal for every challenge")
        let draft = list[(round * Self.cycle.filter { $0 == challenge }.count + rank) % list.count]
        let group = shop.groups[draft.group]
        let product = shop.catalogue.products[group.target]
        let chosen = [product.options[0].values[draft.colour]] + (group.kind.sizes.isEmpty ? [] : [group.kind.sizes[draft.size]])
        var goal = ShopGoal(
            for: product, instruction: "", attributes: [group.adjective, group.extra].compactMap { $0 }, options: chosen,
            priceUpper: Double(10 * draft.limit))
        goal.instruction = instruction(goal, index)
        return AgentTask(
            id: split.rawValue + "-" + index.padded(6),
            suite: PocketShopSuite.identifier, split: split.rawValue, instruction: goal.instruction,
            payload: .object(goal.payload),
            tags: ["challenge": challenge.rawValue, "options": String(chosen.count)], format: .shop)
    }

    private func instruction(_ goal: ShopGoal, _ index: Int) -> String {
        var random = RandomSource(seed: 1, "pocket-shop-instruction", split.rawValue, String(index))
        let wordings = PocketShopWordings.instructions(split)
        let adjective = goal.attributes[0]
        var text = random.pick(wordings.leads).filled(
            isSentence: false, ["a": "\(PocketShopWords.article(adjective)) \(adjective)", "k": goal.query])
        if goal.attributes.count > 1 { text += random.pick(wordings.extras).filled(isSentence: false, ["e": goal.attributes[1]]) }
        text += random.pick(wordings.colours).filled(isSentence: false, ["c": goal.options[0]])
        if goal.options.count > 1 { text += random.pick(wordings.sizes).filled(isSentence: false, ["s": goal.options[1]]) }
        return text + random.pick(wordings.prices).filled(isSentence: false, ["p": String(Int(goal.priceUpper))])
    }
}
