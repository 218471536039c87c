import TemperCore
import TemperPocketText

/// Who and what there is in a world, and what is true of it.
struct PocketPopulation {
    private(set) var entities: [PocketEntity] = []
    private var rivers: [String] = []
    private var random: RandomSource

    static let professions = [
        "painter", "singer", "lawyer", "teacher", "doctor", "engineer", "farmer", "baker", "pilot", "nurse", "sailor", "chemist",
        "dancer", "gardener", "soldier", "banker", "printer", "tailor", "surgeon", "poet",
    ]
    private static let studioWords = ["Pictures", "Studios", "Films"]
    private static let publisherWords = ["Press", "Books", "House"]
    private static let companyWords = ["Tools", "Motors", "Foods", "Bank", "Labs", "Group"]
    private static let studios = 4
    private static let publishers = 4

    init(number: UInt64, partition: WorldPartition) {
        random = RandomSource(seed: number, "pocket-facts", partition.rawValue)
        var forge = NameForge(partition: partition, random: RandomSource(seed: number, "pocket-names", partition.rawValue))
        // No two entities of a world share a distinctive word, nor two titles all their words.
        var used: Set<String> = []
        func name(_ make: (inout NameForge) -> String) -> String {
            while true {
                let name = make(&forge)
                if used.insert(Self.distinctive(name)).inserted { return name }
            }
        }
        func add(_ kind: PocketKind, _ count: Int, _ make: (inout NameForge) -> String) {
            for _ in 0..<count { entities.append(PocketEntity(index: entities.count, kind: kind, name: name(make))) }
        }
        add(.country, 3) { $0.place() }
        add(.city, 12) { $0.place() }
        add(.person, 30) { $0.person() }
        add(.company, Self.studios) { $0.organisation(endings: Self.studioWords) }
        add(.company, Self.publishers) { $0.organisation(endings: Self.publisherWords) }
        add(.company, 5) { $0.organisation(endings: Self.companyWords) }
        add(.film, 12) { $0.title() }
        add(.book, 10) { $0.title() }
        for _ in 0..<8 { rivers.append(name { $0.place() }) }
    }

    /// A surname, a root, or the sorted words of a title.
    private static func distinctive(_ name: String) -> String {
        let words = name.lowercased().split(separator: " ").filter { !["the", "a", "of", "and"].contains($0) }
        let isTitle = words.contains { NameForge.isTitleWord($0) }
        if isTitle { return Set(words).sorted().joined(separator: " ") }
        let generic = Set((studioWords + publisherWords + companyWords).map { $0.lowercased() })
        let last = words.last.map(String.init) ?? name
        return generic.contains(last) ? String(words[0]) : last
    }

    mutating func makeFacts() -> [PocketFact] {
        var facts: [PocketFact] = []
        func all(_ kind: PocketKind) -> [PocketEntity] { entities.filter { $0.kind == kind } }
        func say(_ subject: PocketEntity, _ relation: PocketRelation, _ object: PocketEntity) {
            facts.append(PocketFact(subject: subject, relation: relation, value: object.name, object: object))
        }
        func say(_ subject: PocketEntity, _ relation: PocketRelation, _ value: String) {
            facts.append(PocketFact(subject: subject, relation: relation, value: value, object: nil))
        }
        let countries = all(.country)
        let cities = all(.city)
        let people = all(.person)
        let companies = all(.company)
        let mayors = people.shuffled(using: &random)
        for (index, city) in cities.enumerated() {
            say(city, .country, countries[index < countries.count ? index : random.index(below: countries.count)])
            say(city, .mayor, mayors[index])
            say(city, .river, random.pick(rivers))
        }
        for (index, country) in countries.enumerated() { say(country, .capital, cities[index]) }

        var birthYear: [Int: Int] = [:]
        for person in people {
            let year = 1900 + random.index(below: 61)
            birthYear[person.index] = year
            say(person, .birthplace, random.pick(cities))
            say(person, .birthYear, String(year))
            say(person, .occupation, random.pick(Self.professions))
            if random.chance(0.6) { say(person, .employer, random.pick(companies)) }
        }
        let couples = people.shuffled(using: &random)
        for index in stride(from: 0, to: 20, by: 2) {
            say(couples[index], .spouse, couples[index + 1])
            say(couples[index + 1], .spouse, couples[index])
        }

        var foundingYear: [Int: Int] = [:]
        let founders = people.shuffled(using: &random)
        for (index, company) in companies.enumerated() {
            let founder = founders[index]
            let year = birthYear[founder.index, default: 1930] + 20 + random.index(below: 26)
            foundingYear[company.index] = year
            say(company, .founder, founder)
            say(company, .foundingYear, String(year))
            say(company, .headquarters, random.pick(cities))
        }
        for film in all(.film) {
            let director = random.pick(people)
            let studio = companies[random.index(below: Self.studios)]
            let earliest = max(birthYear[director.index, default: 1930] + 22, foundingYear[studio.index, default: 1950])
            say(film, .director, director)
            say(film, .filmYear, String(earliest + random.index(below: 16)))
            say(film, .studio, studio)
            say(film, .leadActor, random.pick(people.filter { $0 != director }))
        }
        for book in all(.book) {
            let author = random.pick(people)
            let publisher = companies[Self.studios + random.index(below: Self.publishers)]
            let earliest = max(birthYear[author.index, default: 1930] + 22, foundingYear[publisher.index, default: 1950])
            say(book, .author, author)
            say(book, .bookYear, String(earliest + random.index(below: 16)))
            say(book, .publisher, publisher)
        }
        return facts
    }
}
