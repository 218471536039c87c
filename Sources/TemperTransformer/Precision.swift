import CDNNL
import TemperCore

/// How matrix products are computed. Master weights, sums, norms and the loss are fp32 in every case.
package enum Precision: String, Codable, Sendable, Hashable, ConfigurationChoice {
    case fp32
    /// Operands rounded to bfloat16.
    case bf16
    /// bf16 where the CPU has instructions for it, fp32 elsewhere.
    case auto

    /// Whether this CPU has bfloat16 instructions.
    package static var hasFastBFloat16: Bool { temper_products_have_bfloat16() == 1 }

    /// - Throws: ``TemperError`` with code `unavailable` for bf16 on a CPU without it.
    package func requireAvailable() throws {
        guard self == .bf16, !Self.hasFastBFloat16 else { return }
        throw TemperError(
            .unavailable, "this CPU has no bfloat16 instructions", hint: "use the precision 'auto' or 'fp32'", boundary: .device)
    }

    /// To be asked after ``requireAvailable()``.
    var element: Element {
        switch self {
        case .fp32: return .float32
        case .bf16: return .bfloat16
        case .auto: return Self.hasFastBFloat16 ? .bfloat16 : .float32
        }
    }
}
