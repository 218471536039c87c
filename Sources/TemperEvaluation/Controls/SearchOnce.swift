extension Control {
    static let searchOnce = Control(
        name: "search-once", explanation: "A script that searches the question once and copies a span: what needs no reasoning.",
        limit: 0.30, actor: .script, neededScript: "search-once")
}
