import TemperCore

/// An element of a made-up page and what a person may do with it.
struct PocketWebElement: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case field, list, box, link, button

        var operation: String {
            switch self {
            case .field: "TYPE"
            case .list: "SELECT"
            case .box, .link, .button: "CLICK"
            }
        }

        /// As Mind2Web names it in the list of previous actions.
        var role: String {
            switch self {
            case .field: "textbox"
            case .list: "combobox"
            case .box: "checkbox"
            case .link: "link"
            case .button: "button"
            }
        }
    }

    var kind: Kind
    /// What it is called on the page and in the task.
    var label: String
    /// The options of a list.
    var options: [String] = []
    /// What the task wants there; empty for a click.
    var value = ""

    /// The action on it as Mind2Web writes it: `[textbox]  pickup city -> TYPE: Velmora`.
    var actionText: String {
        "[\(kind.role)]  \(label) -> \(kind.operation)" + (value.isEmpty ? "" : ": \(value)")
    }

    /// Whether two labels share a word, so that one is a near miss for the other.
    func isNear(_ other: PocketWebElement) -> Bool {
        kind == other.kind && !Set(label.split(separator: " ")).isDisjoint(with: other.label.split(separator: " "))
    }
}
