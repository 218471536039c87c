import TemperCore
import Testing

@Suite struct VisibleTextTests {
    @Test(
        "Control characters are shown, everything else stays",
        arguments: [
            ("plain, with\ttab\nand line é 漢 👩‍👩‍👧", "plain, with\ttab\nand line é 漢 👩‍👩‍👧"),
            ("\u{1b}]0;title\u{7}\u{1b}[2J", "\\u{1b}]0;title\\u{7}\\u{1b}[2J"), ("a\rb\r\nc", "a\\u{d}b\\u{d}\nc"),
            ("\u{9b}31m\u{7f}\u{0}", "\\u{9b}31m\\u{7f}\\u{0}"), ("\u{202e}txt.exe\u{2066}", "\\u{202e}txt.exe\\u{2066}"),
        ])
    func shown(_ text: String, _ expected: String) {
        #expect(text.visible == expected)
        #expect(expected.visible == expected)
    }
}
