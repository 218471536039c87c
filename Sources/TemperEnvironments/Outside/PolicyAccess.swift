package import TemperCore

/// How an environment comes by a model of its own (a judge): through the maker that the caller of this module hands in.
///
/// ```swift
/// try await PolicyAccess.$make.withValue(.init { try await factory.judge($0) }) { … }   // all tasks started inside see it
/// ```
package enum PolicyAccess {
    /// A struct around the function: a task-local function value crashes an optimised build (Swift 6.3).
    package struct Maker: Sendable {
        private let body: @Sendable (_ word: String) async throws -> any LanguageModel

        /// - Parameter body: makes the model of a policy word such as `openai:MODEL` or `http://host/v1#MODEL`.
        package init(_ body: @escaping @Sendable (_ word: String) async throws -> any LanguageModel) {
            self.body = body
        }

        package func callAsFunction(_ word: String) async throws -> any LanguageModel { try await body(word) }
    }

    @TaskLocal package static var make = Maker { word in
        throw TemperError(
            .unavailable, "no model can be made for the judge '\(word)'", hint: "run it inside PolicyAccess.$make.withValue(…)",
            boundary: .environment)
    }
}
