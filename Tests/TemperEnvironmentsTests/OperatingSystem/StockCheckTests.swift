import Testing

@testable import TemperEnvironments

@Suite(.tags(.alone)) struct StockCheckTests {
    @Test(arguments: [
        ("5", "5", true), (" 5\n", "5", true), ("+5", "5", true), ("005", "5", true), ("-0", "0", true), ("1_000", "1000", true),
        ("5.0", "5", false), ("five", "5", false), ("", "5", false), ("6", "5", false), ("-5", "5", false), ("1__0", "10", false),
        ("123456789012345678901234567890", "123456789012345678901234567890\n", true), ("5", "", false), ("5 files", "5", false),
    ]) func integersAreReadAsPythonReadsThem(answer: String, reference: String, isRight: Bool) {
        #expect(StockCheck.integerMatch.accepts(answer, reference: reference) == isRight)
    }

    @Test func textsMatchAfterTrimmingAndUnifyingLineEnds() {
        #expect(StockCheck.stringMatch.accepts(" a\r\nb ", reference: "a\nb\n"))
        #expect(!StockCheck.stringMatch.accepts("A", reference: "a"))
        #expect(StockCheck.containing.accepts("it is /usr/a, I think", reference: "/usr/a\n"))
        #expect(!StockCheck.containing.accepts("/usr", reference: "/usr/a"))
        #expect(StockCheck.within.accepts("b", reference: "a b c"))
        #expect(!StockCheck.within.accepts("d", reference: "a b c"))
    }

    @Test(arguments: [
        ("5.6G", "5.6G", true), ("5.6 GB", "5.6G", true), ("1K", "1024", true), ("1024", "1KB", true), ("1m", "1024K", true),
        ("2T", "2048G", true), ("1P", "1024T", true), ("512B", "512", true), ("5.6", "5.6G", false), ("G", "1G", false),
        ("about 5G", "5G", false),
    ]) func sizesAreComparedInBytes(answer: String, reference: String, isRight: Bool) {
        #expect(StockCheck.sizeMatch.accepts(answer, reference: reference) == isRight)
    }

    @Test func onlyTheStockNamesAreBuiltIn() {
        #expect(StockCheck(file: "check/integer-match.py") == .integerMatch)
        #expect(StockCheck(file: "check/in.py") == .within)
        #expect(StockCheck(file: "integer-match.py") == .integerMatch)
        #expect(StockCheck(file: "check/other.py") == nil)
        #expect(StockCheck(file: "check/integer-match.sh") == nil)
        #expect(StockScripts.code("init/other.sh", task: "t") == nil)
    }
}
