/// Writes SVG elements; every attribute and text is escaped.
enum SVG {
    /// `<name a="1">children</name>`; `children` is markup made by this type.
    static func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ children: [String] = []) -> String {
        let list = attributes.map { " \($0.key)=\"\(ScalarHTML.escape($0.value))\"" }.joined()
        return children.isEmpty ? "<\(name)\(list)/>" : "<\(name)\(list)>\(children.joined())</\(name)>"
    }

    static func text(_ text: String, x: Double, y: Double, anchor: String = "start", className: String) -> String {
        element("text", ["x": number(x), "y": number(y), "text-anchor": anchor, "class": className], [ScalarHTML.escape(text)])
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, className: String) -> String {
        element("line", ["x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2), "class": className])
    }

    static func rectangle(x: Double, y: Double, width: Double, height: Double, className: String) -> String {
        element(
            "rect",
            ["x": number(x), "y": number(y), "width": number(width), "height": number(height), "rx": "1.5", "class": className])
    }

    /// A picture with a title for those who cannot see it.
    static func picture(width: Double, height: Double, title: String, className: String, _ children: [String]) -> String {
        element(
            "svg", ["viewBox": "0 0 \(number(width)) \(number(height))", "class": className, "role": "img", "aria-label": title],
            [element("title", [:], [ScalarHTML.escape(title)])] + children)
    }

    /// A number with at most two decimals, without trailing zeros.
    static func number(_ value: Double) -> String {
        var text = NumberText.fixed(value, 2)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text == "-0" ? "0" : text
    }
}
