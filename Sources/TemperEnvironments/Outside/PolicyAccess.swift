public import TemperCore

/// How an environment comes by a model of its own (a judge): through the maker that the caller of this module hands in.
///
/// ```swift
/// try await PolicyAccess.$make.withValue({ try await factory.judge($0) }) { … }   // all tasks started inside see it
/// ```
public enum PolicyAccess {
    /// Makes the model of a policy word such as `openai:MODEL` or `http://host/v1#MODEL`.
    public typealias Maker = @Sendable (_ word: String) async throws -> any LanguageModel

    @TaskLocal public static var make: Maker = { word in
        throw TemperError(
            .unavailable, "no model can be made for the judge '\(word)'", hint: "run it inside PolicyAccess.$make.withValue(…)",
            boundary: .environment)
    }
}
