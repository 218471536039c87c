import TemperCore

/// Small HTML fragments and JSON, written and read.
enum MarkupText {
    static func page(using scribe: inout Scribe) {
        let title = scribe.title()
        let items = Copying.items(scribe.number(2...5), using: &scribe)
        let link = scribe.root().lowercased()
        let button = scribe.pick(["Buy", "Send", "Next", "Back", "Sign in", "Open", "Save", "Delete", "Order now"])
        let list = "<ul>\n" + items.map { "<li>\($0)</li>" }.joined(separator: "\n") + "\n</ul>"
        let heading = "<h1>\(title)</h1>"
        let anchor = "<a href=\"/\(link)\">\(items[0])</a>"
        let click = "<button id=\"\(link)\">\(button)</button>"
        if scribe.chance(0.5) {
            let tasks: [(String, String)] = [
                ("Write an HTML list of: \(items.joined(separator: ", "))", list), ("Make an HTML heading: \(title)", heading),
                ("HTML link to /\(link) with the text \(items[0])", anchor),
                ("HTML button with the id \(link) that says \(button)", click),
                (
                    "Make a small page with the title \(title) and a list of \(items.joined(separator: ", ")).",
                    heading + "\n" + list
                ),
            ]
            for task in scribe.sample(scribe.number(1...3), of: tasks) {
                scribe.user(task.0)
                scribe.assistant(task.1)
            }
            return
        }
        let parts = [heading, list, anchor, click]
        let questions: [(String, String)] = [
            ("What is the heading?", title), ("Where does the link lead?", "/\(link)"), ("What does the button say?", button),
            ("How many list items are there?", String(items.count)), ("What is the first list item?", items[0]),
            ("What is the last list item?", items[items.count - 1]), ("What is the id of the button?", link),
            ("List the items as plain text.", items.joined(separator: ", ")), ("Copy the heading tag.", heading),
        ]
        var isFirst = true
        for question in scribe.sample(scribe.number(2...4), of: questions) {
            scribe.user(isFirst ? "\(parts.joined(separator: "\n"))\n\n\(question.0)" : question.0)
            scribe.assistant(question.1)
            isFirst = false
        }
    }

    static func json(using scribe: inout Scribe) {
        let keys = scribe.sample(
            scribe.number(2...5), of: ["name", "town", "title", "firm", "year", "score", "colour", "friend", "animal"])
        var values: [String] = []
        for key in keys { values.append(value(for: key, using: &scribe)) }
        let fields = zip(keys, values).map { (key: $0, value: $1) }
        let text = "{" + fields.map { "\"\($0.key)\": \(quoted($0.value))" }.joined(separator: ", ") + "}"
        let plain = fields.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        if scribe.chance(0.4) {
            scribe.user(scribe.say(["Write this as JSON.", "JSON, please:", "Turn this into JSON:"]) + "\n" + plain)
            scribe.assistant(text)
        } else {
            scribe.user(
                "\(text)\n\(scribe.say(["Write it as plain lines.", "Turn it into plain lines.", "Without brackets, please."]))")
            scribe.assistant(plain)
        }
        for field in scribe.sample(scribe.number(1...3), of: fields) {
            scribe.user(scribe.say(["What is \"{a}\"?", "<Give|Read> the field {a}.", "Value of {a}?"], Slots(a: field.key)))
            scribe.assistant(field.value)
        }
    }

    private static func value(for key: String, using scribe: inout Scribe) -> String {
        switch key {
        case "name", "friend": return scribe.person()
        case "town": return scribe.place()
        case "title": return scribe.title()
        case "firm": return Entity(.company, using: &scribe).name
        case "year": return String(scribe.number(1900...2023))
        case "score": return String(scribe.number(0...100))
        case "colour": return scribe.pick(Vocabulary.colours)
        default: return scribe.pick(Vocabulary.animals)
        }
    }

    private static func quoted(_ value: String) -> String {
        value.allSatisfy(\.isNumber) ? value : "\"\(value)\""
    }
}
