/// A strict reader of the report's markup: tags balance, attributes are quoted, text has no stray `<` or `&`.
enum Markup {
    /// What is wrong first, with the text around it; nil for a page without fault.
    static func fault(in html: String) -> String? {
        var open: [String] = []
        var rest = Substring(html)
        while let start = rest.firstIndex(of: "<") {
            if let fault = textFault(rest[..<start]) { return fault }
            rest = rest[start...]
            if rest.hasPrefix("<!DOCTYPE html>") {
                rest = rest.dropFirst("<!DOCTYPE html>".count)
            } else if let tag = rest.prefixMatch(of: /<\/([a-z0-9]+)>/) {
                guard open.popLast() == String(tag.1) else { return "wrong end: \(rest.prefix(60))" }
                rest = rest[tag.range.upperBound...]
            } else if let tag = rest.prefixMatch(of: /<([a-z0-9]+)((?: [A-Za-z0-9-]+="[^"<]*")*)(\/?)>/) {
                if let fault = textFault(tag.2) { return fault }
                rest = rest[tag.range.upperBound...]
                if tag.1 == "style", let end = rest.firstRange(of: "</style>") { rest = rest[end.lowerBound...] }
                if tag.3.isEmpty { open.append(String(tag.1)) }
            } else {
                return "no tag: \(rest.prefix(60))"
            }
        }
        if let fault = textFault(rest) { return fault }
        return open.isEmpty ? nil : "not closed: \(open)"
    }

    static func tagNames(in html: String) -> [String] { html.matches(of: /<([A-Za-z0-9]+)/).map { String($0.1) } }

    /// Works on scalars, as a browser does: a `<` under a combining mark still opens a tag.
    private static func textFault(_ text: Substring) -> String? {
        if text.unicodeScalars.contains(where: { $0 == "<" || $0.value == 0 }) { return "stray: \(text.prefix(60))" }
        let entities = text.matches(of: /&(?:amp|lt|gt|quot|#39);/.matchingSemantics(.unicodeScalar)).count
        let ampersands = text.unicodeScalars.count { $0 == "&" }
        return entities == ampersands ? nil : "stray '&': \(text.prefix(60))"
    }
}
