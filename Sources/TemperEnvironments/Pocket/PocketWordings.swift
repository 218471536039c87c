import Foundation
import TemperPocketText

/// How the pocket worlds say things. The sentences are in `Resources/Wordings`, whose files explain their slots.
enum PocketWordings {
    /// Questions of `pocket/hotpotqa`: a frame around nested noun phrases, such as "Where was" + "the director of The Silver River" +
    /// "born?".
    enum Questions {
        private static let file = PocketWordings.file("questions")
        /// Asks for a relation.
        static let frames: [PocketRelation: Phrasing] = file.table("frames")
        /// Leads through a relation on the way.
        static let nounPhrases: [PocketRelation: Phrasing] = file.table("noun_phrases")
        /// Which of two is earlier in a year.
        static let earlier: [PocketRelation: Phrasing] = file.table("earlier")
        /// Whether two have the same value.
        static let same: [PocketRelation: Phrasing] = file.table("same")
    }

    /// Pages of the encyclopedia.
    enum Pages {
        private static let file = PocketWordings.file("pages")
        /// One fact to a sentence.
        static let facts: [PocketRelation: Phrasing] = file.table("facts")
        static let asides: [PocketKind: Phrasing] = file.table("asides")
        /// Two facts in one sentence: birthplace and year of birth, director and year, author and year.
        static let birth = file["birth"]
        static let film = file["film"]
        static let book = file["book"]
    }

    /// Questions of `pocket/bamboogle`.
    enum Bamboogle {
        private static let file = PocketWordings.file("bamboogle")
        static let frames: [PocketRelation: Phrasing] = file.table("frames")
        static let nounPhrases: [PocketRelation: Phrasing] = file.table("noun_phrases")
    }

    /// Questions of `pocket/strategyqa`: the general wordings and some that only one relation has.
    enum Strategy {
        private static let file = PocketWordings.file("strategyqa")
        private static let ownSame: [PocketRelation: Phrasing] = file.table("own_same")
        private static let ownCheck: [PocketRelation: Phrasing] = file.table("own_check")
        /// Whether the birth of {x} is before the founding of {z}, and so on.
        static let before: [PocketRelation: Phrasing] = file.table("before")

        /// Whether two have the same value.
        static func same(_ relation: PocketRelation) -> Phrasing { with(file["general_same"], ownSame[relation]) }
        /// Whether something has the value claimed.
        static func check(_ relation: PocketRelation) -> Phrasing { with(file["general_check"], ownCheck[relation]) }

        private static func with(_ general: Phrasing, _ own: Phrasing?) -> Phrasing { own.map { general + $0 } ?? general }
    }

    /// Questions of `pocket/mmlu`.
    enum MultipleChoice {
        static let stems = PocketWordings.file("mmlu")["stems"]
    }

    /// Questions of `pocket/knowledge-graph`.
    enum Graph {
        private static let file = PocketWordings.file("knowledge-graph")
        private static let greatest = file.table("greatest")
        private static let least = file.table("least")
        /// How many a relation leads to.
        static let counts = file.table("counts")
        /// The relations on the way to another, where `pocket/hotpotqa` has no words for them.
        static let nounPhrases = file.table("noun_phrases")

        /// What one relation leads to; relations with one value share the words of `pocket/hotpotqa` where it has them.
        static let frames: [String: Phrasing] = {
            var frames = file.table("frames")
            let shared: [PocketRelation] = [.birthplace, .occupation, .spouse, .country, .mayor, .river, .founder, .headquarters]
            for relation in PocketGraphRelation.all where relation.isForward && shared.contains(relation.fact) {
                frames[relation.name] = Questions.frames[relation.fact]
            }
            return frames
        }()

        struct Pair: Sendable, Hashable {
            /// Leads from {x}.
            var first: String
            /// Leads from {z}.
            var second: String
        }

        /// What two relations lead to at once.
        static let both: [Pair: Phrasing] = Dictionary(
            uniqueKeysWithValues: file.table("both").map { key, phrasing in
                let names = key.components(separatedBy: " & ")
                return (Pair(first: names[0], second: names[1]), phrasing)
            })

        /// The element with the greatest or least value of the attribute.
        static func extremum(_ relation: String, isMaximum: Bool) -> Phrasing? { (isMaximum ? greatest : least)[relation] }
    }

    /// A file of wordings, which ships with the package.
    static func file(_ name: String) -> WordingFile {
        let path = "Wordings/\(name).txt"
        guard let url = EnvironmentResource.url(path), let text = try? String(contentsOf: url, encoding: .utf8) else {
            preconditionFailure("the resource \(path) is missing from this installation")
        }
        do {
            return try WordingFile(text, place: path)
        } catch {
            preconditionFailure("the resource \(path) is damaged: \(error)")
        }
    }
}
