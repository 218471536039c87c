import Foundation
import TemperCore
import TemperDatabases

/// Which relations are shown, which are attributes and where they lead, as AgentBench's ontology files say.
///
/// Without them a graph speaks for itself: a property that leads to entities is a relation, one that leads to numbers or dates an
/// attribute, and its `type.property.expected_type` is where it leads.
struct GraphOntology: Sendable {
    private let relations: Set<String>
    private let attributes: Set<String>
    private let ranges: [String: String]

    /// Reads `vocab.json` (`relations`, `attributes`) and `fb_roles` (lines of domain, relation, range) of a folder.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when a file is missing, `data` when it has another form.
    init(folder: String) throws {
        let vocabularyPath = folder + "/vocab.json"
        let vocabulary = try JSONValue.parse(try Self.contents(vocabularyPath), named: vocabularyPath)
        guard let relations = vocabulary["relations"]?.array, let attributes = vocabulary["attributes"]?.array else {
            throw TemperError(.data, "there are no lists 'relations' and 'attributes'", place: vocabularyPath, boundary: .data)
        }
        self.relations = Set(relations.compactMap(\.string))
        self.attributes = Set(attributes.compactMap(\.string))
        let rolesPath = folder + "/fb_roles"
        var ranges: [String: String] = [:]
        let lines = String(decoding: try Self.contents(rolesPath), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            let fields = line.split(separator: " ")
            guard fields.count == 3 else {
                throw TemperError(
                    .data, "a role is domain, relation and range", place: "\(rolesPath):\(index + 1)", boundary: .data)
            }
            ranges[String(fields[1])] = String(fields[2])
        }
        self.ranges = ranges
    }

    func isListed(_ property: String, _ kind: GraphPropertyKind) -> Bool {
        kind == .relation ? relations.contains(property) : attributes.contains(property)
    }

    func range(of relation: String) -> String? { ranges[relation] }

    private static func contents(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw TemperError(
                .unavailable, "the ontology file cannot be read",
                hint: "'suites.kg.ontology' is a folder with vocab.json and fb_roles",
                place: path, boundary: .data, cause: error)
        }
    }
}
