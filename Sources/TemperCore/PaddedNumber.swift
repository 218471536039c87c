extension BinaryInteger {
    /// The digits with leading zeros: `7.padded(3)` is `007`. A number of more digits is written in full.
    ///
    /// - Precondition: the number is not negative.
    package func padded(_ width: Int, radix: Int = 10) -> String {
        precondition(self >= 0, "a number with leading zeros is not negative")
        let digits = String(self, radix: radix)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
