import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments
@testable import TemperPocketText

/// Wordings kept for the test split stand in no pretraining text.
@Suite struct ReservedWordingTests {
    private static func expansions(_ templates: [String]) -> Set<String> { Set(templates.flatMap(Wording.expansions)) }

    /// The templates of the pocket questions' and pages' test split, with every slot as `#`.
    private static let questionTemplates: [Phrasing] =
        Array(PocketWordings.Questions.frames.values) + Array(PocketWordings.Questions.earlier.values)
        + Array(PocketWordings.Questions.same.values)
    private static let factTemplates: [Phrasing] =
        Array(PocketWordings.Pages.facts.values) + [
            PocketWordings.Pages.birth, PocketWordings.Pages.film, PocketWordings.Pages.book,
        ]
        + Array(PocketWordings.Pages.asides.values)

    private static func masked(_ text: String) -> String {
        text.replacingOccurrences(of: #"\{[a-z]\}"#, with: "#", options: .regularExpression).lowercased()
    }

    /// Wordings of the test split that no other split has.
    private static func reserved(_ phrasings: [Phrasing]) -> Set<String> {
        let test = phrasings.flatMap { $0.test.map { masked($0.pattern) } }
        let train = phrasings.flatMap { $0.train.map { masked($0.pattern) } }
        return Set(test).subtracting(train)
    }

    @Test("No wording of the pocket suite's test split is in the tables")
    func reservedTemplates() {
        let questions = Self.reserved(Self.questionTemplates)
        let facts = Self.reserved(Self.factTemplates)
        let phrases = Self.reserved(Array(PocketWordings.Questions.nounPhrases.values))
        #expect(questions.count > 30 && facts.count > 60 && phrases.count > 10)
        var found: Set<String> = []
        func variants(_ templates: [String], _ kind: EntityKind) -> Set<String> {
            Set(
                Self.expansions(templates).flatMap { text in
                    kind.nouns.flatMap { noun in
                        ["town", "city"].map { Self.masked(text.replacing("{k}", with: noun).replacing("{t}", with: $0)) }
                    }
                })
        }
        for relation in Relation.all {
            for kind in relation.subjects {
                let nouns = variants(relation.nounPhrases, kind)
                let asked = SmallWorld.phraseQuestions.flatMap { frame in
                    nouns.map { noun in
                        Self.masked(frame.replacing("{b}", with: relation.questionWord).replacing("{a}", with: noun))
                    }
                }
                let comparisons = (relation.comparison?.lower ?? []) + (relation.comparison?.higher ?? [])
                let allQuestions = variants(relation.questions + relation.inverseQuestions + comparisons, kind).union(asked)
                found.formUnion(allQuestions.intersection(questions).map { "\(relation.id): \($0)" })
                found.formUnion(nouns.intersection(phrases).map { "\(relation.id): \($0)" })
                let stated = variants(relation.facts + kind.fillers, kind).union(
                    nouns.filter { !$0.contains(" who ") }.map { "\($0) is #." })
                found.formUnion(stated.intersection(facts).map { "\(relation.id): \($0)" })
            }
        }
        #expect(found.isEmpty, "\(found.sorted().joined(separator: "\n"))")
    }

    /// Whether a sentence is a template with something in each slot.
    private static func matches(_ sentence: ArraySlice<UInt8>, _ parts: [[UInt8]]) -> Bool {
        guard let first = parts.first, let last = parts.last, sentence.count > first.count + last.count,
            sentence.starts(with: first), sentence.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = sentence.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() {
            guard let found = rest.indices.dropFirst().first(where: { rest[$0...].starts(with: part) }), isName(rest[..<found])
            else { return false }
            rest = rest[(found + part.count)...]
        }
        return isName(rest)
    }

    /// Short enough for a name or a noun phrase around one.
    private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && !text.contains(UInt8(ascii: ",")) && text.count { $0 == UInt8(ascii: " ") } < 14
    }

    @Test("No sentence of 20,000 documents has a wording of the pocket suite's test split")
    func reservedSentences() {
        let templates = Self.reserved(Self.questionTemplates + Self.factTemplates).map { template in
            template.split(separator: "#", omittingEmptySubsequences: false).map { Array($0.utf8) }
        }
        var found: [String: String] = [:]
        for index in 0..<20_000 {
            let text = Array(GeneralText.sample(at: index, seed: 11).lowercased().utf8)
            for sentence in Self.sentences(text) {
                for parts in templates where Self.matches(sentence, parts) {
                    let template = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "#")
                    found[template] = String(decoding: sentence, as: UTF8.self)
                }
            }
        }
        let list = found.map { "\($0.key) <- \($0.value)" }.sorted()
        #expect(list.isEmpty, "\(list.joined(separator: "\n"))")
    }

    /// Sentences with their full stops or question marks; a line break or a colon ends one, too.
    private static func sentences(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in text.enumerated() {
            let isLast = index + 1 == text.count
            let endsWord = isLast || text[index + 1] == UInt8(ascii: " ") || text[index + 1] == UInt8(ascii: "\n")
            if ".?!".utf8.contains(byte), endsWord {
                result.append(text[start...index])
                start = index + 1
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: " ") && index > 0 && text[index - 1] == UInt8(ascii: ":")
                || byte == UInt8(ascii: " ") && index == start
            {
                start = index + 1
            }
        }
        return result
    }
}
