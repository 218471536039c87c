package import Foundation
import TemperCore

/// The keys that open a server: one a line in a file, `#` starts a comment.
package struct APIKeys: Sendable {
    private let keys: [[UInt8]]

    /// - Throws: ``TemperError`` with code `unavailable` when the file cannot be read, `data` when it holds no key.
    package init(contentsOf file: URL) throws {
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw TemperError(.unavailable, "the file of API keys cannot be read", place: file.path, cause: error)
        }
        let keys = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !keys.isEmpty else {
            throw TemperError(.data, "the file holds no API key", hint: "write one key a line", place: file.path)
        }
        self.init(keys)
    }

    init(_ keys: [String]) {
        self.keys = keys.map { Array($0.utf8) }
    }

    /// Whether an `Authorization` header carries one of the keys. The time taken depends on the given text alone, not on how
    /// much of a key it gets right.
    func admit(_ authorization: String?) -> Bool {
        guard let authorization, let space = authorization.firstIndex(of: " "),
            authorization[..<space].lowercased() == "bearer"
        else { return false }
        let given = Array(authorization[space...].dropFirst().utf8)
        var isAdmitted = false
        for key in keys { isAdmitted = Self.areEqual(given, key) || isAdmitted }
        return isAdmitted
    }

    private static func areEqual(_ given: [UInt8], _ key: [UInt8]) -> Bool {
        var difference = given.count ^ key.count
        for (index, byte) in given.enumerated() { difference |= Int(byte ^ key[index % key.count]) }
        return difference == 0
    }
}
