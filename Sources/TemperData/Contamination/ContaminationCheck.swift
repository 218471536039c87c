package import Foundation
package import TemperCore

/// Compares training records that stream by with a test set: what `temper contamination` does.
///
/// What was asked (every turn of the user) is compared with instructions, answers with answers, observations with observations. The test set is in memory,
/// the training set never is.
package struct ContaminationCheck {
    /// How many training records are named for a test example.
    static let namedMatches = 3
    /// Shorter answers (`yes`, a number) are shared by chance.
    static let shortestSharedAnswer = 4

    private let rule: ContaminationRule
    private let trainField: String?
    private let tests: [RecordTexts]
    private var instructions: Texts
    private var answers: Texts
    private var observations: Texts
    private var matches: [[String]]
    private let testIDs: [String: Int]
    private var sharedIDs: Set<Int> = []
    private let testAnswers: [[String]: [Int]]
    private var sharedAnswers: Set<Int> = []
    private var log = ImportReport()
    private var trainCount = 0

    /// One kind of text of the test side.
    private struct Texts {
        var numbers = TokenNumbers()
        var index: ContaminationIndex
        /// The examples that have such a text.
        var owners: [Int]

        init(_ texts: [(owner: Int, text: String)], rule: ContaminationRule) {
            var numbers = TokenNumbers()
            index = ContaminationIndex(texts.map { numbers.add(WordTokens.split($0.text)) }, rule: rule)
            self.numbers = numbers
            owners = texts.map(\.owner)
        }

        mutating func scan(_ text: String, found: (Int) -> Void = { _ in }) {
            let owners = owners
            index.scan(numbers.look(upWordsOf: text)) { found(owners[$0]) }
        }

        func field(_ rule: ContaminationRule) -> ContaminationReport.Field? {
            guard !owners.isEmpty else { return nil }
            let rates = owners.indices.map { index.rate(of: $0) }
            let counts = owners.indices.map { index.counts(of: $0) }
            let all = counts.reduce(0) { $0 + $1.all }
            return ContaminationReport.Field(
                testExamples: Set(owners).count, dirty: rates.count { $0 > rule.dirtyAbove },
                clean: rates.count { $0 < rule.cleanBelow },
                rate: all == 0 ? 0 : Double(counts.reduce(0) { $0 + $1.covered }) / Double(all))
        }
    }

    /// - Throws: ``TemperError`` with code `data` when no record of the test set has an instruction.
    package init(
        against test: some Sequence<RecordStream.Record>, rule: ContaminationRule, testField: String? = nil,
        trainField: String? = nil
    ) throws {
        var tests: [RecordTexts] = []
        for record in test {
            switch record.content {
            case .success(let value): tests.append(RecordTexts(value, field: testField))
            case .failure(let error): log.drop("test: \(error.message)", at: record.place)
            }
        }
        self.rule = rule
        self.trainField = trainField
        self.tests = tests
        func texts(_ pick: (RecordTexts) -> [String]) -> [(owner: Int, text: String)] {
            tests.enumerated().flatMap { index, test in pick(test).map { (index, $0) } }
        }
        instructions = Texts(texts { [$0.instruction].compactMap { $0 } }, rule: rule)
        answers = Texts(texts { [$0.answer].compactMap { $0 } }, rule: rule)
        observations = Texts(texts(\.observations), rule: rule)
        matches = Array(repeating: [], count: tests.count)
        testIDs = Dictionary(tests.enumerated().compactMap { index, test in test.id.map { ($0, index) } }) { first, _ in first }
        let split = tests.enumerated().compactMap { index, test in test.answer.map { (WordTokens.split($0), index) } }
        testAnswers = Dictionary(grouping: split.filter { $0.0.count >= Self.shortestSharedAnswer }, by: \.0).mapValues {
            $0.map(\.1)
        }
        guard !instructions.owners.isEmpty else {
            throw TemperError(
                .data, testField.map { "no test record has the field '\($0)'" } ?? "no test record has an instruction",
                hint: "name the field with --test-field", boundary: .data)
        }
    }

    /// Compares one training record.
    package mutating func scan(_ record: RecordStream.Record) {
        switch record.content {
        case .success(let value): scan(value, named: "\(record.index)")
        case .failure(let error): log.drop("train: \(error.message)", at: record.place)
        }
    }

    /// Compares one training record, named in the report by its own id or else by `name`.
    package mutating func scan(_ record: JSONValue, named name: String) {
        let texts = RecordTexts(record, field: trainField)
        trainCount += 1
        let name = texts.id ?? name
        for asked in texts.asked {
            var found: [Int] = []
            instructions.scan(asked) { found.append($0) }
            for test in found where matches[test].count < Self.namedMatches && matches[test].last != name {
                matches[test].append(name)
            }
        }
        if let answer = texts.answer {
            answers.scan(answer)
            if !testAnswers.isEmpty { sharedAnswers.formUnion(testAnswers[WordTokens.split(answer)] ?? []) }
        }
        for observation in texts.observations { observations.scan(observation) }
        if let id = texts.id, let test = testIDs[id] { sharedIDs.insert(test) }
    }

    package func report() -> ContaminationReport {
        let whole = instructions.field(rule)
        var examples: [ContaminationReport.Example] = []
        for (position, owner) in instructions.owners.enumerated() {
            let rate = instructions.index.rate(of: position)
            if rate > 0 { examples.append(.init(id: tests[owner].id ?? "\(owner)", rate: rate, matches: matches[owner])) }
        }
        var fields: [String: ContaminationReport.Field] = [:]
        fields["answer"] = answers.field(rule)
        fields["observation"] = observations.field(rule)
        return ContaminationReport(
            rule: rule.reading, trainExamples: trainCount, testExamples: whole?.testExamples ?? 0, dirty: whole?.dirty ?? 0,
            clean: whole?.clean ?? 0, rate: whole?.rate ?? 0, examples: examples.stableSorted { $0.rate > $1.rate },
            fields: fields,
            sharedIDs: sharedIDs.sorted().compactMap { tests[$0].id }, sharedAnswers: sharedAnswers.count,
            unreadable: log.dropped)
    }

    /// The instructions of a file of test records.
    ///
    /// - Throws: ``TemperError`` with code `data` when a record cannot be read or none has an instruction.
    package static func instructions(in test: URL) throws -> [String] {
        let found = try RecordStream(test).compactMap { RecordTexts(try $0.content.get()).instruction }
        guard !found.isEmpty else {
            throw TemperError(.data, "no test record has an instruction", place: test.relativePath, boundary: .data)
        }
        return found
    }

    /// Compares two files.
    ///
    /// - Throws: ``TemperError`` with code `data` when a file cannot be read or has no instruction.
    package static func run(
        train: URL, test: URL, rule: ContaminationRule, trainField: String? = nil, testField: String? = nil,
        progress: (_ fraction: Double, _ records: Int) -> Void = { _, _ in }
    ) throws -> ContaminationReport {
        var check = try ContaminationCheck(
            against: RecordStream(test), rule: rule, testField: testField, trainField: trainField)
        let records = try RecordStream(train)
        for record in records {
            check.scan(record)
            if check.trainCount % 1000 == 0 { progress(records.fraction, check.trainCount) }
        }
        guard check.trainCount > 0 else {
            throw TemperError(.data, "there is no training record in the file", place: train.relativePath, boundary: .data)
        }
        return check.report()
    }
}

extension Array {
    fileprivate func stableSorted(by isBefore: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if isBefore(left.element, right.element) { return true }
            return !isBefore(right.element, left.element) && left.offset < right.offset
        }.map(\.element)
    }
}
