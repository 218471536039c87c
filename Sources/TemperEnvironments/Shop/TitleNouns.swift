/// Which words of a product's title say what it is.
///
/// WebShop tags titles with a spaCy model and takes nouns and proper nouns. Temper has no tagger; its rule: a word of a title
/// counts unless it has fewer than two letters or a digit, is a function word, or is one of the common descriptions below. In
/// titles a tagger takes most capitalised words for proper nouns, so the two rules differ little.
enum TitleNouns {
    /// The words that count, in lower case, in order, repeated ones repeated.
    static func words(_ title: String) -> [String] {
        title.lowercased().split { $0.isWhitespace || separators.contains($0) }.compactMap { part in
            let isMark = { (character: Character) in !character.isLetter && !character.isNumber }
            let word = String(part.drop(while: isMark).reversed().drop(while: isMark).reversed())
            let letters = word.filter(\.isLetter).count
            return letters < 2 || word.contains(where: \.isNumber) || others.contains(word) ? nil : word
        }
    }

    private static let separators: Set<Character> = [
        "-", "–", "—", "/", ",", ";", ":", "(", ")", "[", "]", "{", "}", "&", "+", "|", "\"", "“", "”", "!", "?", "*", "™", "®",
    ]

    private static let others = Set(
        """
        a an the this that these those its it your our my their all each any both more most other some such no not only own same
        and or nor but so than then too very also as if while with without within for from to in into on onto off of at by over
        under up down out about after before between through per via plus vs is are was be been being has have had do does can
        will may must should one two three four five six seven eight nine ten first second third
        is new old big small large medium long short tall wide narrow thick thin slim high low deep soft hard heavy light fast
        quick easy simple good great best better perfect ideal super extra non anti multi mini full half double single
        free ready safe strong warm cool cold hot dry wet fresh clean clear round square flat casual formal modern vintage classic
        elegant stylish comfortable breathable adjustable removable reusable washable portable foldable durable flexible wireless
        waterproof resistant lightweight compact universal compatible professional premium original official organic natural
        padded magnetic handmade friendly
        listed designed printed made used fitted sleeved inspired included assorted
        """.split { $0.isWhitespace }.map(String.init))
}
