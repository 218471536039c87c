/// The admissible replies as a tree of tokens; a path from the root to an end is a reply.
struct ChoiceTrie {
    private struct Node {
        var children: [Int32: Int] = [:]
        var isEnd = false
    }

    private var nodes = [Node()]
    /// How far the reply has come.
    private var current = 0

    init(_ choices: [[Int32]]) {
        for choice in choices {
            var node = 0
            for id in choice {
                if let next = nodes[node].children[id] {
                    node = next
                } else {
                    nodes.append(Node())
                    nodes[node].children[id] = nodes.count - 1
                    node = nodes.count - 1
                }
            }
            nodes[node].isEnd = true
        }
    }

    /// The tokens that may come next, ascending.
    var allowed: [Int32] { nodes[current].children.keys.sorted() }
    /// Whether the reply may end here.
    var mayEnd: Bool { nodes[current].isEnd }
    /// Whether it must.
    var mustEnd: Bool { nodes[current].children.isEmpty }

    mutating func advance(_ id: Int32) {
        guard let next = nodes[current].children[id] else { preconditionFailure("token \(id) is not admissible here") }
        current = next
    }
}
