import CDNNL
import CTemperKernels
import TemperCore

/// What kernels and matrix products are made of, each with all before it.
///
/// The variable ``variable`` holds a process to less than its CPU has, our kernels and oneDNN alike. On CPUs other than x86-64
/// there is one set, what the compiler takes for all of them.
package enum InstructionSet: Int32, Sendable, Hashable, CaseIterable {
    /// What every CPU of the architecture has: SSE2 on x86-64 (oneDNN: SSE 4.1), NEON on ARM.
    case scalar
    /// With FMA and BMI2.
    case avx2
    /// F, BW, CD, DQ and VL.
    case avx512
    /// With bfloat16 products.
    case avx512bf16

    package static let variable = "TEMPER_ISA"

    package var name: String { temper_isa_name(rawValue).map { String(cString: $0) } ?? "scalar" }

    /// The best that this CPU has.
    package static var detected: InstructionSet { InstructionSet(rawValue: temper_isa_detected()) ?? .scalar }
    /// What this process uses.
    package static var used: InstructionSet { InstructionSet(rawValue: temper_isa()) ?? .scalar }

    /// The library of matrix products and what it uses here, for people.
    package static var products: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            guard let base = text.baseAddress else { return "" }
            temper_products_describe(base, text.count)
            return String(cString: base)
        }
    }

    /// Reads a value of ``variable``; nil where it says nothing.
    ///
    /// - Throws: ``TemperError`` with code `usage` for a name that is none.
    package static func limit(_ value: String?) throws -> InstructionSet? {
        guard let value, !value.isEmpty else { return nil }
        guard let set = allCases.first(where: { $0.name == value }) else {
            throw TemperError(
                .usage, "\(variable) is '\(value)', which is no instruction set",
                hint: "use one of " + allCases.map(\.name).joined(separator: ", "), boundary: .device)
        }
        return set
    }
}
