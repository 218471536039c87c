import Foundation
package import TemperCore

/// The prompts that ship with suites, `Resources/Prompts/<suite>/<method>.txt`.
extension SuitePromptFile {
    /// The prompt shipped for a suite and a method.
    ///
    /// - Throws: ``TemperError`` with code `usage` when the suite has no prompt for the method.
    package static func load(suite: String, method: Method) throws -> SuitePrompt {
        let path = path(suite, method)
        guard let file = EnvironmentResource.url(path) else {
            throw TemperError(.usage, "the suite '\(suite)' has no prompt for the method '\(method.rawValue)'", place: path)
        }
        return try parse(String(contentsOf: file, encoding: .utf8), named: path)
    }

    /// The methods that a prompt is shipped for.
    package static func methods(of suite: String) -> [Method] {
        Method.allCases.filter { EnvironmentResource.url(path(suite, $0)) != nil }
    }

    private static func path(_ suite: String, _ method: Method) -> String {
        "Prompts/\(suite)/\(method.promptMethod.rawValue).txt"
    }
}
