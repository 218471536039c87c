/// AgentBench's fingerprint of a table (agentbench v0.2, dbbench): MySQL's
/// `SELECT MD5(GROUP_CONCAT(h ORDER BY h)) FROM (SELECT SUBSTRING(MD5(CONCAT_WS(',', columns…)), 1, 5) AS h FROM table)`.
package enum TableHash {
    /// `group_concat_max_len` of the MySQL server AgentBench ran on, in bytes.
    static let concatenationLimit = 1_024
    /// More rows than any task's table has; a larger table is never the right one.
    package static let maximumRows = 10_000

    /// The fingerprint of rows in any order. A null cell is left out, as CONCAT_WS does.
    package static func of(_ rows: [[PythonValue]]) -> String {
        let hashes = rows.map { row in
            let cells = row.compactMap(bytes)
            return String(MD5.hexDigest(Array(cells.joined(separator: [UInt8(ascii: ",")]))).prefix(5))
        }
        let text = hashes.sorted().joined(separator: ",")
        return MD5.hexDigest(Array(text.utf8.prefix(concatenationLimit)))
    }

    /// The fingerprint in a task file's `answer_md5`, which is Python's text of the query's result: `[('…',)]`.
    package static func inFile(_ text: String) -> String? {
        if case .list(let rows)? = PythonLiteral.parse(text), rows.count == 1, case .tuple(let cells) = rows[0], cells.count == 1,
            case .string(let hash) = cells[0]
        {
            return hash
        }
        let isHash = text.count == 32 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        return isHash ? text : nil
    }

    private static func bytes(_ cell: PythonValue) -> [UInt8]? {
        switch cell {
        case .none: nil
        case .string(let text), .verbatim(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: Array(cell.representation.utf8)
        }
    }
}
