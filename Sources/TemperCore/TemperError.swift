import Foundation

/// The one error type of Temper: what went wrong, where, and how to mend it.
///
/// It is thrown when the world failed (a file, a service, a sandbox). What a model did badly is never an error but an
/// ``Outcome`` on its trajectory.
public struct TemperError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; its raw value is the process exit code (design, section 7).
    public enum Code: Int32, Sendable {
        case checkFailed = 1
        case usage = 64
        case data = 65
        case unavailable = 69
        case `internal` = 70
        case budget = 75
        case interrupted = 130
    }

    /// Which part of the world failed.
    public enum Boundary: String, Codable, Sendable {
        case policy, environment, sandbox, data, recipe, engine, device
    }

    public var code: Code
    public var message: String
    /// How to mend it, one line.
    public var hint: String?
    /// `file`, `file:line` or a URL without credentials.
    public var place: String?
    public var boundary: Boundary?
    public var cause: (any Error)?

    public init(
        _ code: Code, _ message: String, hint: String? = nil, place: String? = nil, boundary: Boundary? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.place = place
        self.boundary = boundary
        self.cause = cause
    }

    /// What a person reads: `error: PLACE: MESSAGE`, then the hint on a line of its own.
    public var description: String {
        var text = "error: "
        if let place { text += "\(place): " }
        text += message
        if let hint { text += "\n  \(hint)" }
        return text
    }

    /// A one-line text for any error, without type names where the error has words of its own.
    public static func describe(_ error: any Error) -> String {
        if let error = error as? TemperError {
            return [error.place, error.message].compactMap { $0 }.joined(separator: ": ")
        }
        if let error = error as? DecodingError {
            switch error {
            case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context):
                let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
                return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
            @unknown default: break
            }
        }
        return String(describing: error)
    }
}
