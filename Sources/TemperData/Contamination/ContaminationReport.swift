/// How much of a test set was seen in training: `temper contamination --json`, and a part of the dataset card.
package struct ContaminationReport: Codable, Sendable, Hashable {
    /// One test example.
    package struct Example: Codable, Sendable, Hashable {
        package var id: String
        /// The share of its tokens that is covered by matches, 0…1.
        package var rate: Double
        /// Ids of training records it matches, the first few.
        package var matches: [String]
    }

    /// What one kind of text shows.
    package struct Field: Codable, Sendable, Hashable {
        /// Test examples that have the text.
        package var testExamples: Int
        package var dirty: Int
        package var clean: Int
        package var rate: Double

        enum CodingKeys: String, CodingKey {
            case testExamples = "test_examples"
            case dirty, clean, rate
        }
    }

    package var rule: ContaminationRule.Reading
    /// Training records read.
    package var trainExamples: Int
    /// Test examples with an instruction.
    package var testExamples: Int
    /// With a rate above 0.8 (``ContaminationRule/dirtyAbove``).
    package var dirty: Int
    /// With a rate below 0.2 (``ContaminationRule/cleanBelow``).
    package var clean: Int
    /// Covered tokens of all test examples over all their tokens.
    package var rate: Double
    /// Those with a rate above 0, the highest first.
    package var examples: [Example]
    /// The same for `answer` and `observation`, where the test set has them.
    package var fields: [String: Field]
    /// Test examples whose id a training record has too, where both sides have ids.
    package var sharedIDs: [String]
    /// Test examples whose whole answer, of at least four tokens, is also the answer of a training record.
    package var sharedAnswers: Int
    /// Records that could not be read, by what is wrong.
    package var unreadable: [ImportReport.Dropped]

    enum CodingKeys: String, CodingKey {
        case rule, dirty, clean, rate, examples, fields, unreadable
        case trainExamples = "train_examples"
        case testExamples = "test_examples"
        case sharedIDs = "shared_ids"
        case sharedAnswers = "shared_answers"
    }
}
