import Foundation
import TemperCore
import Testing

@testable import TemperPocketText

@Suite struct GeneralTextTests {
    private static let seed: UInt64 = 11
    private static let count = 20_000

    private static func text(_ messages: [Message]) -> String { messages.map(\.text).joined(separator: "\n") }

    @Test("The same seed and index give the same bytes, other seeds and indices give others")
    func determinism() {
        for index in stride(from: 0, to: 3_000, by: 7) {
            let first = GeneralText.document(at: index, seed: Self.seed)
            #expect(first == GeneralText.document(at: index, seed: Self.seed), "document \(index)")
            #expect(first != GeneralText.document(at: index, seed: Self.seed + 1), "document \(index)")
            #expect(first != GeneralText.document(at: index + 1, seed: Self.seed), "document \(index)")
        }
        #expect(
            GeneralText.sample(count: 50, seed: Self.seed)
                == (0..<50).map { Self.text(GeneralText.document(at: $0, seed: Self.seed)) })
    }

    @Test("Documents do not depend on the task that writes them")
    func concurrency() async {
        let parallel = await withTaskGroup(of: (Int, [Message]).self) { group in
            for index in 0..<64 { group.addTask { (index, GeneralText.document(at: index, seed: Self.seed)) } }
            return await group.reduce(into: [Int: [Message]]()) { $0[$1.0] = $1.1 }
        }
        for index in 0..<64 { #expect(parallel[index] == GeneralText.document(at: index, seed: Self.seed)) }
    }

    @Test("Kinds occur in their shares")
    func shares() {
        var counts: [GeneralText.Kind: Int] = [:]
        for index in 0..<Self.count { counts[GeneralText.kind(at: index, seed: Self.seed), default: 0] += 1 }
        #expect(abs(GeneralText.mix.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(Set(GeneralText.mix.map(\.kind)) == Set(GeneralText.Kind.allCases))
        for (kind, share) in GeneralText.mix {
            let measured = Double(counts[kind] ?? 0) / Double(Self.count)
            #expect(abs(measured - share) < 0.012, "\(kind): \(measured)")
        }
    }

    @Test("No text has the agent format, a slot left open or an empty message; every name belongs to pretraining")
    func hardRules() throws {
        for index in 0..<Self.count {
            let draft = GeneralText.draft(at: index, seed: Self.seed)
            let text = Self.text(draft.messages)
            try #require(!Self.hasAgentFormat(text), "document \(index): \(text)")
            try #require(!Self.hasOpenSlot(text), "document \(index): \(text)")
            let isSound = !draft.messages.isEmpty && draft.messages.allSatisfy(Self.isSound)
            try #require(isSound, "document \(index): \(text)")
            let foreign = draft.distinctiveNames.first { WorldPartition.of($0) != .pretraining }
            try #require(foreign == nil, "document \(index)")
        }
    }

    /// The right author, some text, no space around it.
    private static func isSound(_ message: Message) -> Bool {
        let author: Author = message.role == .assistant ? .teacher : .instruction
        guard message.role != .system, message.spans.allSatisfy({ $0.author == author }) else { return false }
        let text = message.text
        guard let first = text.first, let last = text.last else { return false }
        return !first.isWhitespace && !last.isWhitespace
    }

    /// A line that opens like an agent's, or a name of the protocol's actions before a bracket.
    static func hasAgentFormat(_ text: String) -> Bool {
        let lowered = text.lowercased()
        for line in lowered.split(separator: "\n") {
            let words = line.drop { $0 == " " }
            for mark in ["thought", "action", "observation", "answer"] where words.hasPrefix(mark) {
                let rest = words.dropFirst(mark.count).drop { $0 == " " || $0.isNumber }
                if rest.hasPrefix(":") { return true }
            }
        }
        guard lowered.utf8.contains(UInt8(ascii: "[")) else { return false }
        return ["search", "lookup", "finish"].contains { lowered.contains("\($0)[") || lowered.contains("\($0) [") }
    }

    /// What a template would leave behind: `{s}`, `a|b`.
    static func hasOpenSlot(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isLetter = { (byte: UInt8) in byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
        for index in bytes.indices.dropLast(2) {
            if bytes[index] == UInt8(ascii: "{"), bytes[index + 2] == UInt8(ascii: "}") { return true }
            if bytes[index + 1] == UInt8(ascii: "|"), isLetter(bytes[index]), isLetter(bytes[index + 2]) { return true }
        }
        return false
    }

    @Test(
        "The check of the agent format sees it",
        arguments: [
            "Thought: x", "a\nAction: search it", " Observation 1: x", "b search[x]", "finish [x]", "Lookup[x]", "ANSWER: x",
        ])
    func formatCheck(text: String) {
        #expect(Self.hasAgentFormat(text))
        #expect(!Self.hasAgentFormat("The thought of it: an action. The answer is x [1]."))
        #expect(Self.hasOpenSlot("a {s} b") && Self.hasOpenSlot("<a|b>") && !Self.hasOpenSlot("a | b {} {\"a\": 1}"))
    }

    @Test("Turns alternate and end with the assistant")
    func turns() throws {
        for index in 0..<5_000 {
            let roles = GeneralText.document(at: index, seed: Self.seed).map(\.role)
            try #require(roles.last == .assistant, "document \(index)")
            for (left, right) in zip(roles, roles.dropFirst()) { try #require(left != right, "document \(index)") }
        }
    }

    @Test("Documents are of moderate size, with some long ones, and a good part is the assistant's")
    func sizes() {
        var sizes: [Int] = []
        var assistant = 0
        for index in 0..<Self.count {
            let messages = GeneralText.document(at: index, seed: Self.seed)
            sizes.append(messages.reduce(0) { $0 + $1.text.utf8.count })
            assistant += messages.filter { $0.role == .assistant }.reduce(0) { $0 + $1.text.utf8.count }
        }
        sizes.sort()
        let total = sizes.reduce(0, +)
        #expect((300...900).contains(sizes[sizes.count / 2]), "median \(sizes[sizes.count / 2])")
        #expect(sizes[sizes.count * 99 / 100] > 1_800)
        // A context of 4,096 tokens takes the longest one.
        #expect(sizes[sizes.count - 1] < 8_000)
        #expect(Double(assistant) / Double(total) > 0.2)
    }

    @Test("Short answers to questions on a passage stand in the passage")
    func extractiveAnswers() throws {
        var seen = 0
        for index in 0..<4_000 where GeneralText.kind(at: index, seed: Self.seed) == .reading {
            let messages = GeneralText.document(at: index, seed: Self.seed)
            let passage = messages[0].text.lowercased()
            for reply in messages where reply.role == .assistant {
                let answer = reply.text.lowercased()
                guard !answer.contains("."), !answer.contains("\n"), answer != "not stated", answer != "no" else { continue }
                try #require(passage.contains(answer), "document \(index): \(answer)")
                seen += 1
            }
        }
        #expect(seen > 1_500)
    }

    @Test("What a multi-hop answer concludes stands in the pages shown, or is yes or no")
    func derivableAnswers() throws {
        var chains = 0
        for index in 0..<6_000 where GeneralText.kind(at: index, seed: Self.seed) == .multiHop {
            let messages = GeneralText.document(at: index, seed: Self.seed)
            let shown = messages.filter { $0.role == .user }.map(\.text).joined(separator: "\n").lowercased()
            let last = try #require(messages.last).text
            let tail = last.split(whereSeparator: { ".?!\n".contains($0) }).last.map(String.init) ?? last
            let words = tail.split(separator: " ")
            // The longest end of the last sentence that the pages hold.
            let held = (0..<words.count).first { shown.contains(words[$0...].joined(separator: " ").lowercased()) }
            try #require(held != nil || ["yes", "no"].contains(words.last.map(String.init) ?? ""), "document \(index): \(last)")
            chains += 1
        }
        #expect(chains > 1_000)
    }

    @Test("A list read back is the list")
    func copies() {
        var scribe = Scribe(random: RandomSource(seed: 3))
        for _ in 0..<50 {
            let items = Copying.items(6, using: &scribe)
            #expect(Set(items).count == 6)
            for form in ListForm.allCases { for item in items { #expect(form.write(items).contains(item)) } }
        }
        #expect(ListForm.numbers.write(["b", "a"]) == "1. b\n2. a")
        #expect(FormStyle.json.write([(key: "name", value: "X")]) == #"{"name": "X"}"#)
    }

    @Test("JSON of forms parses")
    func formsParse() throws {
        var seen = 0
        for index in 0..<20_000 where GeneralText.kind(at: index, seed: Self.seed) == .copying {
            for message in GeneralText.document(at: index, seed: Self.seed)
            where message.role == .assistant && message.text.hasPrefix("{") {
                _ = try JSONValue.parse(Data(message.text.utf8), named: "document \(index)")
                seen += 1
            }
        }
        #expect(seen > 20)
    }

    @Test("Texts vary: many different word triples, few repeated sentences, names fresh in every document")
    func variety() {
        var triples: Set<String> = []
        var total = 0
        var names: [String: Int] = [:]
        for index in 0..<3_000 {
            let draft = GeneralText.draft(at: index, seed: Self.seed)
            let words = Self.text(draft.messages).split(whereSeparator: { $0 == " " || $0 == "\n" })
            for start in words.indices.dropLast(2) {
                triples.insert("\(words[start]) \(words[start + 1]) \(words[start + 2])")
                total += 1
            }
            for name in Set(draft.distinctiveNames) { names[name, default: 0] += 1 }
        }
        #expect(Double(triples.count) / Double(total) > 0.6, "\(Double(triples.count) / Double(total))")
        let repeated = names.values.filter { $0 > 3 }.count
        #expect(Double(repeated) / Double(names.count) < 0.02, "\(repeated) of \(names.count)")
    }

    @Test("Names are found as whole words in any place, and only so")
    func nameFinder() {
        let names = ["Eva Tarvik", "The Silver Harbor", "Velmora"]
        #expect(GeneralText.containsEntity(of: names, in: "directed by Eva Tarvik."))
        #expect(GeneralText.containsEntity(of: names, in: "\"The Silver Harbor\" (film)"))
        #expect(!GeneralText.containsEntity(of: names, in: "Eva Tarvikov saw the Silver Harbor in Velmoran"))
        #expect(NameFinder(names).firstName(in: "a town, Velmora") == "Velmora")
        #expect(NameFinder([]).firstName(in: "Velmora") == nil)
    }

    @Test("No name of other partitions occurs in the text")
    func otherPartitions() {
        for partition in WorldPartition.allCases where partition != .pretraining {
            var forge = NameForge(partition: partition, random: RandomSource(seed: 5))
            var names: [String] = []
            for _ in 0..<1_500 {
                names.append(forge.person())
                names.append(forge.place())
                names.append(forge.organisation(endings: ["Pictures", "Works", "Press"]))
            }
            for _ in 0..<150 { names.append(forge.title()) }
            let finder = NameFinder(names)
            for index in 0..<4_000 {
                let found = finder.firstName(in: Self.text(GeneralText.document(at: index, seed: Self.seed)))
                #expect(found == nil, "\(partition), document \(index)")
            }
        }
    }
}
