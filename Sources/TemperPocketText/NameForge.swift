package import TemperCore

/// Which worlds an entity may appear in. Every name belongs to exactly one part, decided by a hash of the name itself,
/// so entities of pretraining, training and test text are disjoint by construction, whatever the seeds.
package enum WorldPartition: String, Sendable, Hashable, CaseIterable {
    case pretraining, train, validation, test

    /// The partition a distinctive name (a surname, a place, a whole title) belongs to.
    package static func of(_ distinctive: String) -> WorldPartition {
        switch StableHash.fnv1a(distinctive.lowercased()) % 8 {
        case 0...2: return .pretraining
        case 3...5: return .train
        case 6: return .validation
        default: return .test
        }
    }
}

/// Makes pronounceable names that belong to one partition.
package struct NameForge: Sendable {
    package let partition: WorldPartition
    private var random: RandomSource
    private var used: Set<String> = []

    package init(partition: WorldPartition, random: RandomSource) {
        self.partition = partition
        self.random = random
    }

    /// A given name and a surname; the surname decides the partition. Never the same twice.
    package mutating func person() -> String {
        unique { forge in "\(forge.random.pick(Self.givenNames)) \(forge.root(syllables: 2...3))" }
    }

    /// A town, region or country, such as `Velmora`.
    package mutating func place() -> String {
        unique { forge in forge.root(syllables: 2...3, endings: Self.placeEndings) }
    }

    /// A root followed by one of the given words, such as `Tarvik Pictures`.
    package mutating func organisation(endings: [String]) -> String {
        unique { forge in "\(forge.root(syllables: 2...3)) \(forge.random.pick(endings))" }
    }

    /// A title of common words. The whole title decides the partition, and so does the title without its article, so that no title
    /// of one partition is part of a title of another.
    package mutating func title(patterns: [String] = Self.titlePatterns) -> String {
        unique { forge in
            while true {
                let title = forge.random.pick(patterns)
                    .replacing("{adjective}", with: forge.random.pick(Self.adjectives))
                    .replacing("{noun}", with: forge.random.pick(Self.nouns))
                    .replacing("{second}", with: forge.random.pick(Self.nouns))
                let article = ["The ", "A "].first { title.hasPrefix($0) } ?? ""
                let core = String(title.dropFirst(article.count))
                if [title, core].allSatisfy({ WorldPartition.of($0) == forge.partition }) { return title }
            }
        }
    }

    /// A capitalised root that belongs to this partition; roots may repeat, full names may not.
    package mutating func root(syllables: ClosedRange<Int>, endings: [String] = Self.codas) -> String {
        while true {
            let count = Int.random(in: syllables, using: &random)
            var text = ""
            for _ in 1..<count { text += random.pick(Self.onsets) + random.pick(Self.vowels) }
            text += random.pick(Self.onsets) + random.pick(endings)
            let name = text.prefix(1).uppercased() + text.dropFirst()
            if name.count >= 4, name.count <= 11, WorldPartition.of(name) == partition { return name }
        }
    }

    private mutating func unique(_ make: (inout NameForge) -> String) -> String {
        for _ in 0..<100_000 {
            let name = make(&self)
            if used.insert(name).inserted { return name }
        }
        preconditionFailure("a world asks for more names of one kind than there are")
    }

    static let onsets = [
        "b", "br", "c", "d", "dr", "f", "g", "gr", "h", "j", "k", "kr", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w",
        "z", "sh", "th", "pl", "cl",
    ]
    static let vowels = ["a", "e", "i", "o", "u", "ai", "ea", "or", "al", "en", "ar", "in"]
    package static let codas = [
        "an", "en", "ik", "or", "us", "el", "ard", "ov", "ell", "ins", "ett", "ane", "ow", "ley", "ham", "ier", "ado", "ini",
        "eck",
    ]
    package static let placeEndings = [
        "ia", "ora", "and", "burg", "ton", "mere", "field", "ford", "ville", "haven", "ath", "una", "ester", "grad", "stad",
        "wick",
    ]
    static let givenNames = [
        "Ada", "Alan", "Alma", "Amir", "Anna", "Boris", "Carla", "Carlos", "Clara", "Daniel", "Dora", "Edith", "Elena", "Emil",
        "Erik", "Eva", "Felix", "Fiona", "Frank", "Greta", "Hana", "Henry", "Hugo", "Ida", "Igor", "Ines", "Ivan", "Jack", "Jane",
        "Jonas", "Julia", "Karl", "Kate", "Laura", "Leo", "Lena", "Liam", "Lucy", "Marco", "Maria", "Martin", "Mina", "Nadia",
        "Nina", "Noah", "Nora", "Olga", "Omar", "Oscar", "Paul", "Petra", "Rosa", "Ruth", "Sam", "Sara", "Simon", "Sofia", "Tara",
        "Tom", "Vera", "Victor", "Yara", "Yuri", "Zoe",
    ]
    /// Whether a lower-case word is one that titles are made of.
    package static func isTitleWord(_ word: some StringProtocol) -> Bool { titleWords.contains(String(word)) }
    private static let titleWords = Set((adjectives + nouns).map { $0.lowercased() })

    package static let titlePatterns = [
        "The {adjective} {noun}", "{adjective} {noun}", "The {noun} of the {second}", "{noun} and {second}",
        "A {adjective} {noun}",
    ]
    static let adjectives = [
        "Silver", "Golden", "Silent", "Broken", "Hidden", "Distant", "Burning", "Frozen", "Empty", "Restless", "Gentle",
        "Crooked",
        "Painted", "Wandering", "Sleeping", "Bitter", "Scarlet", "Hollow", "Paper", "Electric", "Lonely", "Velvet", "Northern",
        "Midnight", "Forgotten", "Second", "Glass", "Iron", "Quiet", "Wild",
    ]
    static let nouns = [
        "River", "Garden", "Harbor", "Lantern", "Mirror", "Mountain", "Orchard", "Voyage", "Winter", "Shadow", "Letter", "Bridge",
        "Castle", "Forest", "Engine", "Island", "Kingdom", "Window", "Storm", "Secret", "Song", "Train", "Clock", "Crown",
        "Desert", "Feather", "Market", "Meadow", "Ocean", "Tower", "Violin", "Whisper", "Road", "Stone", "Lighthouse", "Compass",
    ]
}
