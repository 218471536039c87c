import Foundation
import TemperCore

/// One exchange with a search service, whose key never gets into a message.
struct SearchRequest {
    /// The service's name, for messages.
    var service: String
    var request: HTTPRequest
    /// What must not be shown.
    var secret: String?
    /// What to do when the service refuses access, one line.
    var accessHint: String?

    /// How often a request is sent in all when the service is busy.
    private static let attempts = 3

    /// The reply as JSON.
    ///
    /// - Parameter access: how the service is reached.
    /// - Throws: ``TemperError`` with code `unavailable` and boundary `environment` when no complete reply came, its status is
    ///   not 2xx, or it is not a JSON object.
    func reply(through access: WorldAccess) async throws -> JSONValue {
        do {
            let answer = try await access.answer(to: request, attempts: Self.attempts)
            guard answer.isSuccess else {
                let isRefused = [401, 403].contains(answer.status)
                throw failure(
                    "status \(answer.status): \(answer.text.prefix(200))", hint: isRefused ? accessHint : nil, place: answer.place
                )
            }
            let reply = try answer.json()
            guard reply.object != nil else { throw failure("the reply is not a JSON object", place: answer.place) }
            return reply
        } catch let error as TemperError {
            throw TemperError(
                error.code, redacted(error.message), hint: error.hint.map(redacted), place: error.place.map(redacted),
                boundary: .environment)
        } catch {
            if error is CancellationError { throw error }
            throw failure(TemperError.describe(error))
        }
    }

    /// An error of this service.
    func failure(_ message: String, hint: String? = nil, place: String? = nil) -> TemperError {
        TemperError(
            .unavailable, redacted("the search with \(service) failed: \(message)"), hint: hint, place: place,
            boundary: .environment)
    }

    private func redacted(_ text: String) -> String {
        guard let secret, !secret.isEmpty else { return text }
        return text.replacing(secret, with: "…").replacing(WorldAccess.escaped(secret), with: "…")
    }
}

extension SearchPage {
    /// A snippet of a web search, shown without a title; nil when it says nothing.
    static func snippet(_ query: String, _ text: String?) -> SearchPage? {
        let text = text?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? ""
        return text.isEmpty ? nil : SearchPage(title: query, sentences: [text], showsTitle: false)
    }
}

extension String {
    /// As it is sent to a service: white space collapsed, at most 500 characters.
    var asQuery: String { String(split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(500)) }
}
