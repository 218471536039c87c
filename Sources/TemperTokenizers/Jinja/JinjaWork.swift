/// What one rendering may still do. Every loop, copy and comparison draws on it, so any template ends soon, within bounded memory.
final class JinjaWork {
    /// Statements and loop turns.
    static let maximumSteps = 500_000
    /// Code points of the longest text, beside four times the input's.
    static let longestText = 1 << 20
    /// Items of the longest list.
    static let longestList = 1 << 18

    private var steps = JinjaWork.maximumSteps
    private var copied: Int
    let textLimit: Int

    /// - Parameter inputLength: code points of all that the template is given.
    init(inputLength: Int) {
        textLimit = Self.longestText + 4 * inputLength
        copied = 16 * textLimit
    }

    func step() throws {
        steps -= 1
        guard steps >= 0 else { throw JinjaFault("the template takes more than \(Self.maximumSteps) steps") }
    }

    /// Counts code points or values looked at or copied.
    func spend(_ count: Int) throws {
        guard count <= copied else {
            throw JinjaFault("the template handles too much text", hint: "does it copy texts in a loop?")
        }
        copied -= count
    }

    func makeText(_ length: Int) throws {
        guard length <= textLimit else { throw JinjaFault("the template makes text of more than \(textLimit) characters") }
        try spend(length)
    }

    func makeList(_ count: Int) throws {
        guard count <= Self.longestList else {
            throw JinjaFault("the template makes a list of more than \(Self.longestList) items")
        }
        try spend(count)
    }
}
