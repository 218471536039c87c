import CLibXML2
import TemperCore

/// Reads pages with libxml2.
///
/// Nothing is fetched, no entity but the predefined ones is replaced, no document type is loaded; broken markup is repaired as
/// browsers do, never refused.
enum PageParser {
    /// Bytes of a page; the largest of Mind2Web's cleaned pages are below 4 MB.
    static let maximumBytes = 16_000_000
    static let maximumNodes = 200_000
    /// What is nested deeper is left out.
    static let maximumDepth = 200

    enum Markup: String, Sendable {
        /// Mind2Web's `cleaned_html`: well-formed markup whose texts are in `text` elements.
        case cleaned
        /// A page as a browser gets it.
        case html
    }

    /// - Throws: ``TemperError`` with code `data` when the page is too large or has no element.
    static func parse(_ page: String, as markup: Markup, named place: String) throws -> PageTree {
        var page = page
        return try page.withUTF8 { bytes in
            guard bytes.count <= maximumBytes else {
                throw TemperError(
                    .data, "the page has \(bytes.count) bytes, more than \(maximumBytes)", place: place, boundary: .data)
            }
            guard let document = document(bytes, markup) else {
                throw TemperError(.data, "the page has no element", place: place, boundary: .data)
            }
            defer { xmlFreeDoc(document) }
            guard let root = xmlDocGetRootElement(document) else {
                throw TemperError(.data, "the page has no element", place: place, boundary: .data)
            }
            return try tree(root, place)
        }
    }

    private static let initialised: Void = xmlInitParser()

    /// Cleaned pages are read as XML, which keeps their nesting as it is; what is not well formed, or declares something, as HTML.
    private static func document(_ bytes: UnsafeBufferPointer<UInt8>, _ markup: Markup) -> xmlDocPtr? {
        _ = initialised
        let silent = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
        let count = Int32(bytes.count)
        return bytes.withMemoryRebound(to: CChar.self) { text in
            if markup == .cleaned, !declares(bytes), let known = xmlReadMemory(text.baseAddress, count, nil, "UTF-8", silent) {
                return known
            }
            return htmlReadMemory(text.baseAddress, count, nil, "UTF-8", silent | Int32(HTML_PARSE_RECOVER.rawValue))
        }
    }

    /// Whether there is a `<!`: a document type could define entities.
    private static func declares(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "<") && $1 == UInt8(ascii: "!") }
    }

    private static func tree(_ root: xmlNodePtr, _ place: String) throws -> PageTree {
        var tree = PageTree(
            root: PageTree.Node(tag: name(root), attributes: attributes(of: root), wasEmpty: root.pointee.children == nil))
        // Where each open element's next child is, so that no depth can exhaust the stack.
        var open: [(node: Int, next: xmlNodePtr?)] = [(0, root.pointee.children)]
        while let last = open.last {
            guard let node = last.next else {
                open.removeLast()
                continue
            }
            open[open.count - 1].next = node.pointee.next
            guard let child = read(node) else { continue }
            let index = tree.append(child, to: last.node)
            if !child.isText, open.count < maximumDepth { open.append((index, node.pointee.children)) }
            guard tree.nodes.count <= maximumNodes else {
                throw TemperError(
                    .data, "the page has more than \(maximumNodes) elements and texts", place: place, boundary: .data)
            }
        }
        return tree
    }

    /// An element or a text node that is not blank; nil for comments, instructions and references.
    private static func read(_ node: xmlNodePtr) -> PageTree.Node? {
        switch node.pointee.type {
        case XML_ELEMENT_NODE:
            let tag = name(node)
            let text = tag == PageTree.textTag ? content(of: node.pointee.children) : ""
            return PageTree.Node(
                tag: tag, attributes: attributes(of: node), text: text, wasEmpty: node.pointee.children == nil)
        case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
            let text = string(node.pointee.content)
            if text.unicodeScalars.allSatisfy(PageTree.isBlank) { return nil }
            return PageTree.Node(tag: PageTree.textTag, text: text)
        default: return nil
        }
    }

    private static func content(of first: xmlNodePtr?) -> String {
        sequence(first: first) { $0?.pointee.next }.prefix { $0 != nil }.compactMap { node in
            node.flatMap { $0.pointee.type == XML_TEXT_NODE ? string($0.pointee.content) : nil }
        }.joined()
    }

    private static func attributes(of element: xmlNodePtr) -> [PageTree.Attribute] {
        var attributes: [PageTree.Attribute] = []
        var next = element.pointee.properties
        while let attribute = next {
            let value = attribute.pointee.children.map { content(of: $0) } ?? ""
            attributes.append(PageTree.Attribute(name: string(attribute.pointee.name).lowercased(), value: value))
            next = attribute.pointee.next
        }
        return attributes
    }

    private static func name(_ node: xmlNodePtr) -> String { string(node.pointee.name).lowercased() }

    private static func string(_ bytes: UnsafePointer<xmlChar>?) -> String { bytes.map { String(cString: $0) } ?? "" }
}
