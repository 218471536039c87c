/// Keeps the part of a page around some candidates, as Mind2Web's baseline does (Deng et al. 2023, section 4, and its release).
///
/// Kept are the candidates; the nodes above them; of the nodes inside them the first ``maximumDescendants``, down to
/// ``maximumLevels`` levels; and the ``maximumSiblings`` elements before and after them. Elements that then hold at most one
/// other, no text and no attribute give way to what they hold.
enum PagePruner {
    static let maximumLevels = 6
    static let maximumDescendants = 50
    static let maximumSiblings = 3

    /// The pruned page. Only candidates keep their identifier.
    static func pruned(_ page: PageTree, around candidates: [String]) -> PageTree {
        let chosen = Set(page.places(of: Set(candidates)).values)
        let kept = kept(page, around: chosen)
        var tree = page
        for index in tree.nodes.indices.reversed() {
            guard index == 0 || kept[index] else {
                tree.remove(index)
                continue
            }
            if !chosen.contains(index) { tree.dropIdentifier(of: index) }
            let node = tree.nodes[index]
            let holdsText = node.children.contains { tree.nodes[$0].isText }
            if index != 0, !node.isText, node.attributes.isEmpty, !holdsText, node.children.count <= 1 { tree.dissolve(index) }
        }
        return tree
    }

    /// The same nodes with identifiers and wrappers as they were: pruning this around some of the candidates gives what pruning
    /// the whole page gives. This is what a task carries.
    static func reduced(_ page: PageTree, around candidates: [String]) -> PageTree {
        let kept = kept(page, around: Set(page.places(of: Set(candidates)).values))
        var tree = page
        for index in tree.nodes.indices.dropFirst().reversed() where !kept[index] { tree.remove(index) }
        return tree
    }

    private static func kept(_ page: PageTree, around chosen: Set<Int>) -> [Bool] {
        var kept = [Bool](repeating: false, count: page.nodes.count)
        kept[0] = true
        for index in chosen {
            kept[index] = true
            for ancestor in page.ancestors(of: index) { kept[ancestor] = true }
            for below in page.subtree(of: index, levels: maximumLevels).dropFirst().prefix(maximumDescendants) {
                kept[below] = true
            }
            guard let parent = page.nodes[index].parent else { continue }
            let siblings = page.nodes[parent].children.filter { !page.nodes[$0].isText }
            guard let place = siblings.firstIndex(of: index) else { continue }
            for sibling in siblings[max(0, place - maximumSiblings)..<min(siblings.count, place + maximumSiblings + 1)] {
                kept[sibling] = true
            }
        }
        // A text node stays where its element stays.
        for (index, node) in page.nodes.enumerated() where node.isText { kept[index] = node.parent.map { kept[$0] } ?? false }
        return kept
    }
}
