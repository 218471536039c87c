import TemperCore

/// What an expert says at each point of the way to an answer.
protocol PocketVoice {
    var random: RandomSource { get set }
    /// The first thought.
    mutating func opening() -> String
    /// What was found.
    mutating func statement(_ hop: PocketHop) -> String
    /// What is needed next.
    mutating func continuation(_ hop: PocketHop) -> String
    /// The search showed another page.
    mutating func correction(_ hop: PocketHop) -> String
    /// The search gave nothing.
    mutating func retry(_ hop: PocketHop) -> String
    /// The page shows no such fact yet.
    mutating func gap(_ hop: PocketHop, keyword: String) -> String
    /// The sentence found says something else, and there are more.
    mutating func repeated(_ hop: PocketHop, keyword: String) -> String
    /// The sentences with one word are through; another is tried.
    mutating func switched(_ hop: PocketHop, keyword: String) -> String
    /// Why the answer follows.
    mutating func conclusion() -> String
}
