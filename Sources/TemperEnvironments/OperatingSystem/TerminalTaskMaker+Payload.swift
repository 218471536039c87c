import TemperCore
import TemperSandbox

extension TerminalTaskMaker.Draft {
    /// The task in AgentBench's schema, with kind and slots for the expert.
    var payload: JSONValue {
        .object([
            "create": .object(["init": .string(preparation)]), "evaluation": evaluation,
            "terminal": .object(["kind": .string(kind.rawValue), "slots": .object(slots.mapValues(JSONValue.string))]),
        ])
    }

    /// Makes the folders and files, written so that one builtin does it all.
    private var preparation: String {
        var lines = ["mkdir -p \(folders.joined(separator: " "))"]
        lines += files.sorted { $0.key < $1.key }.map { path, text in
            "printf %s '\(text)' > \(path)"
        }
        lines += modes.sorted { $0.key < $1.key }.map { "chmod \($0.value) \($0.key)" }
        return lines.joined(separator: "\n")
    }

    private var evaluation: JSONValue {
        switch goal {
        case .answer(let answer): return .object(["match": .string(answer)])
        case .files(let files, let modes, let written):
            let listing = files.map { "\($0.key) \($0.value.utf8.count) \(modes[$0.key] ?? "644")" }.sorted { left, right in
                Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8))
            }
            let others = written.map { "! -path \($0.path) " } ?? ""
            var code = "l=$(find \(folders.joined(separator: " ")) -type f \(others)-printf '%p %s %m\\n' | LC_ALL=C sort -u)\n"
            code += "[ \"$l\" = '\(listing.joined(separator: "\n"))' ]"
            if let written { code += " && [ \"$(cat \(written.path))\" = \(written.text) ]" }
            return .object(["check": .array([.object(["language": .string("bash"), "code": .string(code)])])])
        }
    }
}
