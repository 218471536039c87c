import Testing

@testable import TemperDatabases

@Suite struct GraphExpressionTests {
    @Test(
        "Expressions are written as they are read",
        arguments: [
            "(JOIN (R film.film.directed_by) m.0a1)",
            "(AND biology.breed (AND (JOIN (R a.b.c) (JOIN (R d.e.f) m.05t073s)) (JOIN a.b.c m.0km5c)))",
            "(ARGMAX (AND (JOIN (R a.b.c) (JOIN x.y.z m.0nz)) (JOIN a.b.d m.06x5s)) time.event.end_date)",
            "(COUNT (OR (JOIN a.b m.0a) (JOIN a.c g.1b)))", "(ARGMIN film.film film.film.year)",
        ])
    func roundTrip(text: String) throws {
        #expect(try #require(GraphExpression(text)).text == text)
    }

    @Test("A relation that ends in _inv goes forward")
    func inverse() {
        #expect(GraphExpression("(JOIN film.director_inv m.0a)") == .join("film.director", forward: true, .entity("m.0a")))
    }

    @Test(
        "What is not an expression is nil",
        arguments: ["", "(", ")", "(JOIN a)", "(AND a b", "(AND a b))", "(TC a b c)", "(JOIN (X r) m.0)", "(COUNT)", "a b"])
    func bad(text: String) {
        #expect(GraphExpression(text) == nil)
        #expect(GraphExpression(String(repeating: "(", count: 100_000)) == nil)
    }
}
