import TemperCore
import TemperTransformer

/// A refusal with OpenAI's error body.
struct APIError: Error, Sendable, Hashable {
    enum Kind: String, Sendable {
        case invalidRequest = "invalid_request_error"
        case authentication = "authentication_error"
        case rateLimit = "rate_limit_error"
        case timeout = "timeout_error"
        case server = "server_error"
    }

    /// The HTTP status.
    var status: Int
    var kind: Kind
    var message: String
    /// The field that is at fault.
    var parameter: String?
    var code: String?
    /// Seconds after which another attempt is worth while.
    var retryAfter: Int?

    init(
        _ status: Int, _ kind: Kind, _ message: String, parameter: String? = nil, code: String? = nil, retryAfter: Int? = nil
    ) {
        self.status = status
        self.kind = kind
        self.message = message
        self.parameter = parameter
        self.code = code
        self.retryAfter = retryAfter
    }

    /// A field's value makes no sense.
    static func field(_ name: String, _ message: String, code: String? = "invalid_value") -> APIError {
        APIError(400, .invalidRequest, "'\(name)' \(message)", parameter: name, code: code)
    }

    static func contextLength(_ finding: String, _ limit: Int) -> APIError {
        APIError(
            400, .invalidRequest, "This model's context is \(limit) tokens; \(finding) and leaves no room for a reply.",
            parameter: "messages", code: "context_length_exceeded")
    }

    static let timeout = APIError(
        504, .timeout, "The request took longer than this server allows.", code: "timeout")

    /// What a client is told of any error; what went wrong inside is not spelt out.
    init(_ error: any Error) {
        if let error = error as? APIError {
            self = error
            return
        }
        guard let error = error as? TemperError else {
            self.init(500, .server, "The server had an error while processing the request.", code: "internal_error")
            return
        }
        switch (error.code, error.cause) {
        case (_, is DeadlinePassed): self = .timeout
        case (_, is ContextLengthExceeded):
            self.init(400, .invalidRequest, error.message, parameter: "messages", code: "context_length_exceeded")
        case (.data, _), (.usage, _): self.init(400, .invalidRequest, error.message, code: "invalid_value")
        default: self.init(500, .server, "The server had an error while processing the request.", code: "internal_error")
        }
    }

    var json: JSONValue {
        .object([
            "error": .object([
                "message": .string(message), "type": .string(kind.rawValue), "param": parameter.map { .string($0) } ?? .null,
                "code": code.map { .string($0) } ?? .null,
            ])
        ])
    }
}
