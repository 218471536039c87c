import Foundation
import TemperCore
import Testing

@testable import TemperDatabases

@Suite struct TripleStoreTests {
    static let text = """
        # films
        <http://rdf.freebase.com/ns/m.01> <http://rdf.freebase.com/ns/film.film.director> <http://rdf.freebase.com/ns/m.0a> .
        <http://rdf.freebase.com/ns/m.02> <http://rdf.freebase.com/ns/film.film.director> <http://rdf.freebase.com/ns/m.0a> .\r
        m.03\tfilm.film.director\tm.0b
        m.01\tfilm.film.year\t"1990"^^<http://www.w3.org/2001/XMLSchema#gYear>
        m.02\tfilm.film.year\t"1995"^^<http://www.w3.org/2001/XMLSchema#gYear>
        m.03\tfilm.film.year\t"1995-06-01"^^<http://www.w3.org/2001/XMLSchema#date>
        m.01\tfilm.film.gross\t-3
        m.02\tfilm.film.gross\t20
        m.03\tfilm.film.gross\t2.5e2
        m.01\ttype.object.type\tfilm.film
        m.02\ttype.object.type\tfilm.film

        m.01\ttype.object.name\t"Der \\"Fluss\\""@de
        m.01\tfilm.film.tagline\t"Der Fluss"@de
        m.01\tfilm.film.tagline\t"The \\u0052iver"@en
        m.0a\tpeople.person.knows\tm.0a
        m.0a\tpeople.person.knows\tm.0b
        m.0b\tpeople.person.born\t"1950-02-03-08:00"^^<http://www.w3.org/2001/XMLSchema#date>
        film.film.director\ttype.property.expected_type\tfilm.director
        """

    func store(_ limits: GraphLimits = GraphLimits()) throws -> TripleStore {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString).nt")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(Self.text.utf8).write(to: path)
        return try TripleStore(limits: limits) { use in try TripleFile.read(path.path, prefix: FreebaseName.prefix, use: use) }
    }

    func answers(_ text: String) async throws -> [String] { try await store().answers(to: #require(GraphExpression(text))) }

    @Test(
        "Expressions have the answers worked by hand",
        arguments: [
            ("(JOIN (R film.film.director) m.01)", ["m.0a"]), ("(JOIN film.film.director m.0a)", ["m.01", "m.02"]),
            ("(AND film.film (JOIN film.film.director m.0b))", []), ("(COUNT (JOIN film.film.director m.0a))", ["2"]),
            ("(OR (JOIN film.film.director m.0a) (JOIN film.film.director m.0b))", ["m.01", "m.02", "m.03"]),
            ("(ARGMAX (JOIN film.film.director m.0a) film.film.gross)", ["m.02"]),
            ("(ARGMIN film.film film.film.year)", ["m.01"]), ("(ARGMAX film.film film.film.budget)", []),
            // Dates of one kind compare with each other: 1990 (a year) is before 1995-06-01.
            (
                "(ARGMAX (OR (JOIN film.film.director m.0b) (AND film.film (JOIN film.film.director m.0a))) film.film.year)",
                ["m.03"]
            ),
            ("(ARGMAX (JOIN (R film.film.director) (JOIN film.film.director m.0b)) film.film.gross)", []),
            // The entity that is asked about is not an answer; neither are values in other languages.
            ("(JOIN (R people.person.knows) m.0a)", ["m.0b"]), ("(JOIN (R film.film.tagline) m.01)", ["The River"]),
            ("(JOIN (R people.person.born) m.0b)", ["1950-02-03"]), ("(JOIN (R nothing) m.0b)", []),
            ("(COUNT (JOIN a m.0zz))", ["0"]),
        ])
    func answers(text: String, expected: [String]) async throws {
        #expect(try await answers(text) == expected)
    }

    @Test("Relations lead to entities, attributes to numbers and dates; book-keeping is not shown")
    func properties() async throws {
        let store = try store()
        #expect(try await store.properties(of: .entity("m.01"), .relation) == ["film.film.director"])
        #expect(try await store.properties(of: .entity("m.01"), .attribute) == ["film.film.gross", "film.film.year"])
        #expect(try await store.properties(of: .entity("m.0zz"), .relation) == [])
        #expect(try await store.range(of: "film.film.director") == "film.director")
        #expect(try await store.range(of: "people.person.knows") == nil)
    }

    @Test(
        "Lines that are not triples are named",
        arguments: [
            ("m.01\tfilm.film.director", "a triple has three columns, this line has 2"),
            ("m.01\t\tm.02", "a triple has three columns, this line has 2"),
            ("m.01 film.film.director m.0a", "a triple has three columns, this line has 1"),
            ("m.01\ta.b\tm.02\tm.03", "a triple has three columns, this line has 4"),
            ("<http://a/b> <http://a/c> .", "a triple has three parts, this line has 2"),
            ("<http://a/b> <http://a/c> <http://a/d>", "a triple ends with ' .'"),
            ("<http://a/b> <http://a/c> <http://a/d", "an address has no closing '>'"),
            ("<http://a/b> <http://a/c> \"open .", "a value has no closing quote"),
            ("<http://a/b> <http://a/c> \"\\x\" .", "'\\x' is not an escape"),
            ("<http://a/b> <http://a/c> \"\\uD800\" .", "'\\uD800' is not a character"),
            ("<http://a/b> \"c\" <http://a/d> .", "subject and relation are names, not values"),
            ("m.01\ta.b\t\"x\" y", "'\"x\" y' is not a term"), ("<a b> <http://a/c> <http://a/d> .", "'<a b>' is not an address"),
        ])
    func badLines(line: String, message: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("bad.nt").path
        try Data("m.0a\tx.y\tm.0b\n\n\(line)\n".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: TemperError.self) { try TripleStoreFile(path: path, prefix: "").store() }
        #expect(error?.code == .data && error?.description == "error: \(path):3: \(message)")
    }

    @Test("A file that is not there, and one that is not text")
    func badFiles() throws {
        let missing = #expect(throws: TemperError.self) { try TripleStoreFile(path: "/nowhere/x.nt", prefix: "").store() }
        #expect(missing?.code == .unavailable)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString).nt")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data([0x6D, 0x09, 0xFF, 0xFE]).write(to: path)
        let binary = #expect(throws: TemperError.self) { try TripleStoreFile(path: path.path, prefix: "").store() }
        #expect(binary?.description == "error: \(path.path):1: the line is not UTF-8")
    }

    @Test("Sets that are too large are refused, not answered")
    func limits() async throws {
        var limits = GraphLimits()
        limits.values = 2
        let small = try store(limits)
        await #expect(throws: GraphRefusal.self) {
            try await small.answers(
                to: #require(GraphExpression("(OR (JOIN film.film.director m.0a) (JOIN film.film.director m.0b))")))
        }
        #expect(try await small.answers(to: #require(GraphExpression("(JOIN film.film.director m.0a)"))).count == 2)
        limits.rows = 1
        let strict = try store(limits)
        await #expect(throws: GraphRefusal.self) {
            try await strict.answers(to: #require(GraphExpression("(JOIN film.film.director m.0a)")))
        }
        var deep = GraphExpression.entity("m.0a")
        for _ in 0..<40 { deep = .join("people.person.knows", forward: true, deep) }
        #expect(try await store().answers(to: deep) == ["m.0b"])
        for _ in 0..<40 { deep = .join("people.person.knows", forward: true, deep) }
        await #expect(throws: GraphRefusal.self) { try await store().answers(to: deep) }
    }

    @Test("Episodes that share a store do not disturb each other")
    func concurrency() async throws {
        let store = try store()
        let expression = try #require(GraphExpression("(JOIN film.film.director m.0a)"))
        let all = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<200 { group.addTask { try await store.answers(to: expression) } }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(all == [["m.01", "m.02"]])
    }
}
