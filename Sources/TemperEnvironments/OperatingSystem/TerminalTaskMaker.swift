import TemperCore
import TemperPocketText
import TemperSandbox

/// Makes a small machine and a task on it.
struct TerminalTaskMaker {
    /// A task with its machine, before it is written into a payload.
    struct Draft {
        var kind: TerminalKind
        var slots: [String: String]
        var instruction: String
        /// Full path → content; every line ends with a line end.
        var files: [String: String]
        var folders: [String]
        var modes: [String: String]
        var goal: Goal
    }

    enum Goal {
        case answer(String)
        /// The files that must be there in the end, and a text that one of them must hold.
        case files([String: String], modes: [String: String], written: (path: String, text: String)?)
    }

    private var random: RandomSource
    private var forge: NameForge
    private let isTest: Bool
    private var usedNames: Set<String> = []

    init(number: Int, split: PocketSplit) {
        random = RandomSource(seed: UInt64(number), "pocket-terminal", split.rawValue)
        forge = NameForge(
            partition: split.partition, random: RandomSource(seed: UInt64(number), "pocket-terminal-names", split.rawValue))
        isTest = split == .test
    }

    mutating func draft(_ kind: TerminalKind) -> Draft {
        let folder = "\(random.pick(["/srv", "/data", "/opt", "/home"]))/\(name())"
        var draft = Draft(
            kind: kind, slots: ["d": folder], instruction: "", files: [:], folders: [folder], modes: [:], goal: .answer(""))
        switch kind {
        case .countFiles:
            fill(&draft, folder, count: 3...9)
            draft.goal = .answer(String(draft.files.count))
        case .countEnding:
            let endings = shuffled(Self.endings)
            let wanted = number(2...6)
            for _ in 0..<wanted { add(&draft, "\(folder)/\(name()).\(endings[0])") }
            for _ in 0..<number(2...5) { add(&draft, "\(folder)/\(name()).\(endings[1])") }
            draft.slots["x"] = endings[0]
            draft.goal = .answer(String(wanted))
        case .largest, .smallest, .deleteLargest:
            let sizes = fillBySize(&draft, folder)
            if kind == .deleteLargest {
                draft.goal = .files(draft.files.filter { $0.key != "\(folder)/\(sizes[0])" }, modes: [:], written: nil)
            } else {
                draft.goal = .answer(kind == .largest ? sizes[0] : sizes[sizes.count - 1])
            }
        case .lineCount:
            let count = number(3...30)
            target(&draft, folder, lines: words(count))
            draft.goal = .answer(String(count))
        case .linesWithWord:
            let word = name()
            let hits = number(2...9)
            let others = words(number(2...6))
            target(&draft, folder, lines: shuffled(others + (0..<hits).map { "\(others[$0 % others.count]) \(word)" }))
            draft.slots["w"] = word
            draft.goal = .answer(String(hits))
        case .permissions:
            target(&draft, folder, lines: words(2))
            let mode = random.pick(Self.modes)
            draft.modes[draft.slots["f"] ?? ""] = mode
            draft.goal = .answer(mode)
        case .columnSum, .valueOf, .highest: table(&draft, folder, kind)
        case .holder:
            fill(&draft, folder, count: 3...6)
            let path = random.pick(draft.files.keys.sorted())
            let word = name()
            draft.files[path, default: ""] += "\(word)\n"
            draft.slots["w"] = word
            draft.goal = .answer(path)
        case .create:
            fill(&draft, folder, count: 1...3)
            let path = "\(folder)/\(fileName())"
            let word = name()
            draft.slots.merge(["f": path, "w": word]) { $1 }
            draft.goal = .files(draft.files, modes: [:], written: (path, word))
        case .rename:
            fill(&draft, folder, count: 2...5)
            let old = random.pick(draft.files.keys.sorted())
            let new = fileName()
            draft.slots.merge(["n": Self.base(old), "m": new]) { $1 }
            var files = draft.files
            files["\(folder)/\(new)"] = files.removeValue(forKey: old)
            draft.goal = .files(files, modes: [:], written: nil)
        case .restrict:
            target(&draft, folder, lines: words(2))
            let mode = random.pick(Self.modes)
            draft.slots["m"] = mode
            draft.goal = .files(draft.files, modes: [draft.slots["f"] ?? "": mode], written: nil)
        case .pathOf, .moveFound, .linesOfFound: hide(&draft, folder, kind)
        }
        let slots = draft.slots
        draft.instruction = Self.filled(random.pick(kind.wordings(isTest: isTest)), slots)
        return draft
    }

    // MARK: - Files

    private static let endings = ["txt", "log", "csv", "md"]
    private static let modes = ["600", "640", "660", "700", "750", "755", "400", "444", "664"]

    private mutating func fill(_ draft: inout Draft, _ folder: String, count: ClosedRange<Int>) {
        for _ in 0..<number(count) { add(&draft, "\(folder)/\(fileName())") }
    }

    private mutating func add(_ draft: inout Draft, _ path: String) {
        draft.files[path] = words(number(1...3)).map { "\($0)\n" }.joined()
    }

    /// - Returns: the names, largest file first.
    private mutating func fillBySize(_ draft: inout Draft, _ folder: String) -> [String] {
        let line = "\(name())\n"
        let names = (0..<number(3...6)).map { _ in fileName() }
        for (place, name) in names.enumerated() {
            draft.files["\(folder)/\(name)"] = String(repeating: line, count: 2 * (names.count - place) - random.index(below: 2))
        }
        return names
    }

    /// The file that the task is about, beside another one.
    private mutating func target(_ draft: inout Draft, _ folder: String, lines: [String]) {
        let path = "\(folder)/\(fileName())"
        draft.slots["f"] = path
        draft.files[path] = lines.map { "\($0)\n" }.joined()
        add(&draft, "\(folder)/\(fileName())")
    }

    /// A file of names and numbers.
    private mutating func table(_ draft: inout Draft, _ folder: String, _ kind: TerminalKind) {
        let names = words(number(3...6))
        var numbers: [Int] = []
        while numbers.count < names.count {
            let value = number(10...99)
            if !numbers.contains(value) { numbers.append(value) }
        }
        target(&draft, folder, lines: zip(names, numbers).map { "\($0) \($1)" })
        let place = random.index(below: names.count)
        switch kind {
        case .valueOf:
            draft.slots["w"] = names[place]
            draft.goal = .answer(String(numbers[place]))
        case .columnSum: draft.goal = .answer(String(numbers.reduce(0, +)))
        default:
            let best = numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0
            draft.goal = .answer(names[best])
        }
    }

    /// A file somewhere below the folder.
    private mutating func hide(_ draft: inout Draft, _ folder: String, _ kind: TerminalKind) {
        let branches = (0..<number(2...3)).map { _ in "\(folder)/\(name())" }
        draft.folders += branches
        for branch in branches { add(&draft, "\(branch)/\(fileName())") }
        let hidden = fileName()
        let path = "\(random.pick(branches))/\(hidden)"
        let lines = number(2...9)
        draft.files[path] = words(lines).map { "\($0)\n" }.joined()
        draft.slots["n"] = hidden
        switch kind {
        case .moveFound:
            let destination = "\(random.pick(["/srv", "/data", "/opt"]))/\(name())"
            draft.folders.append(destination)
            draft.slots["e"] = destination
            var files = draft.files
            files["\(destination)/\(hidden)"] = files.removeValue(forKey: path)
            draft.goal = .files(files, modes: [:], written: nil)
        case .linesOfFound: draft.goal = .answer(String(lines))
        default: draft.goal = .answer(path)
        }
    }

    // MARK: - Words

    /// A word of this split that the task has not used yet.
    private mutating func name() -> String {
        while true {
            let name = forge.root(syllables: 2...2).lowercased()
            if usedNames.insert(name).inserted,
                !usedNames.contains(where: { $0 != name && ($0.contains(name) || name.contains($0)) })
            {
                return name
            }
        }
    }

    private mutating func fileName() -> String { "\(name()).\(random.pick(Self.endings))" }
    /// Lines of one word each; words repeat, so that long files cost no long search for names.
    private mutating func words(_ count: Int) -> [String] {
        let names = (0..<min(count, 6)).map { _ in name() }
        return (0..<count).map { names[$0 % names.count] }
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.index(below: range.count) }

    private mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var list = list
        list.shuffle(using: &random)
        return list
    }

    static func base(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// A text with its `{slots}` filled in.
    static func filled(_ text: String, _ slots: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let tail = rest[rest.index(after: open)...]
            guard let close = tail.firstIndex(of: "}"), let value = slots[String(tail[..<close])] else {
                result += "{"
                rest = tail
                continue
            }
            result += value
            rest = tail[tail.index(after: close)...]
        }
        return result + rest
    }
}
