import TemperCore

/// A little SQL, shell, HTML and JSON.
enum Code {
    static func write(using scribe: inout Scribe) {
        switch scribe.number(0...9) {
        case 0...3: SQLText.write(using: &scribe)
        case 4...6: ShellText.write(using: &scribe)
        case 7, 8: MarkupText.page(using: &scribe)
        default: MarkupText.json(using: &scribe)
        }
    }
}
