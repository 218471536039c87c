import Foundation

/// Carries out a template.
final class JinjaInterpreter {
    /// How deep expressions, statements and macros may be carried out in each other.
    static let maximumDepth = 160

    let work: JinjaWork
    let now: Date
    var scope: JinjaScope
    /// The line carried out, for errors.
    var line = 1
    /// What is written, to the innermost capture.
    var output: [JinjaText.Glyph] = []
    /// Where `generation` blocks stand in the output.
    var generated: [Range<Int>] = []
    var captureDepth = 0
    private var depth = 0
    /// Scopes that macros hold, and that hold the macros.
    private var captured: [JinjaScope] = []

    init(variables: [String: JinjaValue], work: JinjaWork, now: Date) {
        self.work = work
        self.now = now
        scope = JinjaScope(parent: nil)
        for (name, function) in JinjaFunctions.all { scope.values[name] = .object(JinjaFunction(name, function)) }
        for (name, value) in variables { scope.values[name] = value }
    }

    /// Frees what macros and their scopes hold of each other.
    func close() {
        for scope in captured + [scope] {
            var next: JinjaScope? = scope
            while let current = next, !current.isClosed {
                current.values = [:]
                current.isClosed = true
                next = current.parent
            }
        }
    }

    func nested<Result>(_ body: () throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw JinjaFault(
                "the template is carried out more than \(Self.maximumDepth) levels deep", hint: "does a macro call itself?")
        }
        return try body()
    }

    /// The names in sight, with those of a new scope on top.
    func inScope<Result>(_ parent: JinjaScope? = nil, _ body: () throws -> Result) throws -> Result {
        let outer = scope
        scope = JinjaScope(parent: parent ?? outer)
        defer { scope = outer }
        return try body()
    }

    /// What a body writes.
    func capture(_ body: () throws -> Void) throws -> JinjaText {
        let outer = output
        output = []
        captureDepth += 1
        defer {
            output = outer
            captureDepth -= 1
        }
        try body()
        return JinjaText(output)
    }

    func write(_ text: JinjaText) throws {
        guard output.count + text.count <= work.textLimit else {
            throw JinjaFault("the template writes more than \(work.textLimit) characters")
        }
        try work.spend(text.count)
        output += text.glyphs
    }

    /// A macro of the current scope.
    func macro(_ signature: JinjaSignature) throws -> JinjaMacro {
        guard captured.count < 100_000 else { throw JinjaFault("the template defines macros in a loop without end") }
        captured.append(scope)
        return JinjaMacro(signature, scope)
    }

    // MARK: Names

    func bind(_ target: JinjaTarget, _ value: JinjaValue) throws {
        switch target {
        case .name(let name): scope.values[name] = value
        case .attribute(let name, let attribute):
            guard case .object(let object)? = scope.value(name), let namespace = object as? JinjaNamespace else {
                throw JinjaFault("cannot assign attribute on non-namespace object '\(name)'")
            }
            try namespace.set(attribute, value)
        case .tuple(let targets):
            if case .undefined(let message) = value { throw JinjaFault(message) }
            let items = try value.items()
            guard items.count == targets.count else {
                throw JinjaFault("\(targets.count) names cannot take \(items.count) values")
            }
            for (target, item) in zip(targets, items) { try bind(target, item) }
        }
    }
}

/// Names and what they stand for; a body's own come before those around it.
final class JinjaScope {
    var values: [String: JinjaValue] = [:]
    var isClosed = false
    let parent: JinjaScope?

    init(parent: JinjaScope?) { self.parent = parent }

    func value(_ name: String) -> JinjaValue? {
        var scope: JinjaScope? = self
        while let current = scope {
            if let value = current.values[name] { return value }
            scope = current.parent
        }
        return nil
    }
}
