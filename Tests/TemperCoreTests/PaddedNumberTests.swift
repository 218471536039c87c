import TemperCore
import Testing

@Suite("Numbers with leading zeros")
struct PaddedNumberTests {
    @Test(
        "Digits are filled up and never cut off",
        arguments: [(7, 3, 10, "007"), (0, 2, 10, "00"), (12_345, 3, 10, "12345"), (255, 4, 16, "00ff"), (10, 0, 10, "10")])
    func padded(number: Int, width: Int, radix: Int, expected: String) {
        #expect(number.padded(width, radix: radix) == expected)
        #expect(UInt64(number).padded(width, radix: radix) == expected)
    }
}
