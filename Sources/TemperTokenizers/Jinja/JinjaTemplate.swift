import Foundation
import TemperCore

/// A Jinja template, read and ready to render.
///
/// It behaves as `transformers` has Jinja behave for chat templates: `trim_blocks`, `lstrip_blocks`, an immutable sandbox,
/// `tojson` as `json.dumps`, `raise_exception`, `strftime_now`, `generation` blocks, `break` and `continue`. Not supported, and
/// refused by name: `include`, `import`, `extends`, `block`, `autoescape` and recursive loops.
struct JinjaTemplate: Sendable {
    let source: String
    /// The names it reads.
    let names: Set<String>
    private let statements: [JinjaStatement]
    /// How errors call it.
    private let name: String

    /// What a rendering gives.
    struct Rendered {
        var text: JinjaText
        /// What `generation` blocks wrote, in code points.
        var generated: [Range<Int>]
    }

    /// - Throws: ``TemperError`` with code `data` that names the line and what in it is malformed or not supported.
    init(_ source: String, name: String = "chat template") throws {
        self.source = source
        self.name = name
        do {
            (statements, names) = try JinjaParser.statements(of: source)
        } catch let fault as JinjaSyntaxFault {
            throw TemperError(.data, fault.message, place: "\(name):\(fault.line)", boundary: .data)
        }
    }

    /// - Parameter now: what `strftime_now` writes.
    /// - Throws: ``TemperError`` with code `data` that names the line: what the template raises, a value it cannot handle, or a
    ///   bound it passes (``JinjaWork``).
    func render(_ variables: [String: JinjaValue], inputLength: Int = 0, now: Date) throws -> Rendered {
        let interpreter = JinjaInterpreter(variables: variables, work: JinjaWork(inputLength: inputLength), now: now)
        defer { interpreter.close() }
        do {
            _ = try interpreter.run(statements)
            return Rendered(text: JinjaText(interpreter.output), generated: interpreter.generated)
        } catch let fault as JinjaFault {
            throw TemperError(
                .data, fault.message, hint: fault.hint, place: "\(name):\(interpreter.line)", boundary: .data)
        }
    }
}
