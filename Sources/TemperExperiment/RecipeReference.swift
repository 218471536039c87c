package import TemperCore

/// Every key of a recipe as a person looks it up.
package struct RecipeReference {
    /// One key.
    package struct Row: Encodable, Sendable {
        /// The name in its section.
        package var key: String
        package var type: String
        /// As it is written in YAML; empty where there is none.
        package var standard: String
        package var range: String
        package var meaning: String

        enum CodingKeys: String, CodingKey {
            case key, type
            case standard = "default"
            case range, meaning
        }
    }

    /// A section and its keys.
    package struct Section: Encodable, Sendable {
        /// `collect.endpoint`; free keys are in capitals: `collect.suites.SUITE`. Empty for the top level.
        package var path: String
        package var rows: [Row]
    }

    package private(set) var sections: [Section] = []
    /// Where each type is described first, since some occur twice.
    private var paths: [(type: any Configurable.Type, path: String)] = []
    /// The path of the description of a section that is described elsewhere, by its own path.
    private var links: [String: String] = [:]

    package init() { add(Recipe.self, at: "") }

    /// The section at a path and those below it. A section whose keys are described elsewhere is taken from there.
    package func sections(at path: String) -> [Section] {
        let path = links[path] ?? path
        return sections.filter { $0.path == path || $0.path.hasPrefix(path + ".") }
    }

    /// The options of a suite, for `temper suites ID`.
    package static func rows(of type: any Configurable.Type) -> [Row] { type.descriptions.map { row($0, nil) } }

    /// The document `docs/recipe.md`.
    package var markdown: String {
        var text = """
            # Recipes: every key

            A recipe is the YAML file of an experiment. Every key has a default unless its row says otherwise; an unknown key, a value of
            another type or one out of range is an error that names file and line. `--set KEY=VALUE` overrides a key by its path, for
            example `--set train.learning_rate=3e-5`. A stage runs when its section is present. `recipe.schema.json` describes the same
            keys to editors, and `temper recipe` prints them.

            This page is written by `Scripts/document-recipe` from the binary.

            """
        for section in sections {
            text += "\n## \(section.path.isEmpty ? "Top level" : "`\(section.path)`")\n\n"
            guard !section.rows.isEmpty else {
                text += "No keys.\n"
                continue
            }
            text += "| key | type | default | range | meaning |\n|---|---|---|---|---|\n"
            for row in section.rows {
                let standard = row.standard.isEmpty ? "" : "`\(row.standard)`"
                let cells = ["`\(row.key)`", row.type, standard, row.range, row.meaning]
                text += "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
            }
        }
        return text
    }

    private mutating func add(_ type: any Configurable.Type, at path: String) {
        paths.append((type, path))
        let index = sections.count
        sections.append(Section(path: path, rows: []))
        for key in type.descriptions {
            let inner = path.isEmpty ? key.name : "\(path).\(key.name)"
            let link = addSections(of: key.shape, at: inner)
            sections[index].rows.append(Self.row(key, link))
        }
    }

    /// Describes the sections in a shape.
    ///
    /// - Returns: the path where such a section is described already.
    private mutating func addSections(of shape: ValueShape, at path: String) -> String? {
        switch shape {
        case .section(let type):
            if let known = paths.first(where: { $0.type == type }) {
                links[path] = known.path
                return known.path
            }
            add(type, at: path)
            return nil
        case .optional(let inner): return addSections(of: inner, at: path)
        case .list(let inner): return addSections(of: inner, at: path + "[]")
        case .mapping(let inner, let known):
            // A suite's options stand under its own id, also where two suites share a type.
            for (key, shape) in known {
                if case .section(let type) = shape, !type.descriptions.isEmpty { add(type, at: "\(path).\(key)") }
            }
            return addSections(of: inner, at: "\(path).SUITE")
        case .either(let shapes):
            var link: String?
            for shape in shapes { link = addSections(of: shape, at: path) ?? link }
            return link
        default: return nil
        }
    }

    private static func row(_ key: KeyDescription, _ link: String?) -> Row {
        var standard = key.standard.written
        switch (key.standard, key.shape) {
        case (.null, _), (_, .section): standard = ""
        case (.string(""), _): standard = "\"\""
        default: break
        }
        if key.isRequired { standard = "" }
        let meaning = key.meaning + (key.isRequired ? " Required." : "") + (link.map { " Keys as in `\($0)`." } ?? "")
        return Row(key: key.name, type: type(of: key.shape), standard: standard, range: key.range?.text ?? "", meaning: meaning)
    }

    private static func type(of shape: ValueShape) -> String {
        switch shape {
        case .flag: "true or false"
        case .text: "text"
        case .whole: "whole number"
        case .number: "number"
        case .anything: "any value"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .optional(let inner): type(of: inner)
        case .list(let inner): "list (\(type(of: inner)))"
        case .mapping(let inner, _): "mapping (\(type(of: inner)))"
        case .section: "section"
        case .either(let shapes): shapes.map(type(of:)).joined(separator: " or ")
        }
    }
}
