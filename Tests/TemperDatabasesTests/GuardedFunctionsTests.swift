import Testing

@testable import TemperDatabases

@Suite struct GuardedFunctionsTests {
    @Test("Functions that look at the deadline give what SQLite's own give")
    func guardedFunctions() async throws {
        let database = try SQLiteDatabase(tables: [SQLiteEscapeTests.table])
        let statement = """
            SELECT instr('hello', 'l'), instr(x'0102', x'02'), instr(NULL, 'a'), replace('aba', 'a', 'cd'), replace(121, 1, 3), \
            trim('xxax', 'x'), ltrim('xxax', 'x'), rtrim('xxax', 'x'), trim(' a '), 'Ann' LIKE 'a%', 'a_b' LIKE 'a!_b' ESCAPE '!', \
            'axb' LIKE 'a!_b' ESCAPE '!', 'ab' GLOB 'a?', 'ab' GLOB 'A?', NULL LIKE 'a'
            """
        guard case .rows(let rows, true) = try database.execute(statement, limit: .observation) else {
            return #expect(Bool(false))
        }
        #expect(
            PythonValue.shown(rows)
                == "[(3, 2, None, 'cdbcd', '323', 'a', 'ax', 'xxa', 'a', 1, 1, 0, 1, 0, None)]")
        #expect(
            try database.execute("SELECT 'a' LIKE 'a' ESCAPE 'xy'", limit: .observation)
                == .failed(
                    "ESCAPE expression must be a single character"))
        #expect(
            try database.execute("SELECT name FROM staff WHERE name LIKE '%n%'", limit: .observation)
                == .rows([[.string("Ann")]], isWhole: true))
        await database.close()
    }
}
