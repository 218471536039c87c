/// A page as a tree of elements and texts, in document order.
///
/// Text is an element of its own named `text`, as in Mind2Web's cleaned pages (Deng et al. 2023).
struct PageTree: Sendable, Hashable {
    static let textTag = "text"
    /// The attribute that names a node of the page in Mind2Web's data.
    static let identifierAttribute = "backend_node_id"

    struct Attribute: Sendable, Hashable {
        var name: String
        var value: String
    }

    struct Node: Sendable, Hashable {
        var tag: String
        var attributes: [Attribute] = []
        /// The text of a text node; empty for an element.
        var text = ""
        /// Places of other nodes in ``PageTree/nodes``; the root has no parent.
        var parent: Int?
        var children: [Int] = []
        /// Whether it was empty when the page was read: a node that lost its children is not written as an empty one.
        var wasEmpty = true

        var isText: Bool { tag == PageTree.textTag }

        func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    /// Every parent comes before its children; the root is node 0.
    private(set) var nodes: [Node]

    init(root: Node) {
        nodes = [root]
    }

    /// Adds a node as the last child of an existing node.
    @discardableResult
    mutating func append(_ node: Node, to parent: Int) -> Int {
        var node = node
        node.parent = parent
        nodes.append(node)
        nodes[parent].children.append(nodes.count - 1)
        nodes[parent].wasEmpty = false
        return nodes.count - 1
    }

    /// Takes a node and all below it out of the tree; its place stays taken.
    mutating func remove(_ index: Int) {
        guard let parent = nodes[index].parent else { return }
        nodes[parent].children.removeAll { $0 == index }
        nodes[index].parent = nil
    }

    /// Puts a node's children in its place.
    mutating func dissolve(_ index: Int) {
        guard let parent = nodes[index].parent, let place = nodes[parent].children.firstIndex(of: index) else { return }
        let children = nodes[index].children
        for child in children { nodes[child].parent = parent }
        nodes[parent].children.replaceSubrange(place...place, with: children)
        nodes[index].parent = nil
        nodes[index].children = []
    }

    mutating func dropIdentifier(of index: Int) { nodes[index].attributes.removeAll { $0.name == Self.identifierAttribute } }

    /// The places of the nodes of these identifiers; the first of several with one identifier.
    func places(of identifiers: Set<String>) -> [String: Int] {
        var places: [String: Int] = [:]
        for (index, node) in nodes.enumerated() where !node.isText {
            guard let identifier = node.attribute(Self.identifierAttribute), identifiers.contains(identifier) else { continue }
            if places[identifier] == nil { places[identifier] = index }
        }
        return places
    }

    /// The nodes above a node, its parent first.
    func ancestors(of index: Int) -> [Int] {
        Array(sequence(first: index) { nodes[$0].parent }.dropFirst())
    }

    /// A node and all below it in document order, down to a number of levels below the node itself.
    func subtree(of index: Int, levels: Int = .max) -> [Int] {
        var found: [Int] = []
        var open = [(index, 0)]
        while let (node, level) = open.popLast() {
            found.append(node)
            if level < levels { open += nodes[node].children.reversed().map { ($0, level + 1) } }
        }
        return found
    }
}
