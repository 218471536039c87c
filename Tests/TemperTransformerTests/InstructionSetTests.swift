import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct InstructionSetTests {
    @Test("TEMPER_ISA names a set or is an error that lists them")
    func limit() throws {
        try #expect([nil, ""].map(InstructionSet.limit) == [nil, nil])
        try #expect(InstructionSet.allCases.map { try InstructionSet.limit($0.name) } == InstructionSet.allCases)
        let error = #expect(throws: TemperError.self) { try InstructionSet.limit("AVX2") }
        #expect(
            error?.description == """
                error: TEMPER_ISA is 'AVX2', which is no instruction set
                  use one of scalar, avx2, avx512, avx512bf16
                """)
    }

    @Test("A process uses what its CPU has and TEMPER_ISA allows; bf16 products need their instructions")
    func used() throws {
        let limit = try InstructionSet.limit(ProcessInfo.processInfo.environment[InstructionSet.variable])
        let expected = [limit, InstructionSet.detected].compactMap { $0 }.min { $0.rawValue < $1.rawValue }
        #expect(InstructionSet.used == expected)
        #expect(Precision.hasFastBFloat16 == (InstructionSet.used == .avx512bf16))
        #expect(!InstructionSet.products.isEmpty)
    }
}
