import TemperCore

/// How far an episode has come on the way to its answer, read from its turns alone.
struct PocketWalk {
    enum Next {
        case firstSearch, searchAgain, searchAfterNothing
        case lookup(String), lookupAgain(String), lookupOther(String)
    }

    /// How many hops are found.
    private(set) var found = 0
    /// Whether the newest turn found one.
    private(set) var advanced = false
    private(set) var next = Next.firstSearch

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
                next =
                    isOpen
                    ? .lookup(keywords.first ?? hop.relation) : observation == "None" ? .searchAfterNothing : .searchAgain
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
