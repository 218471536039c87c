/// How much of a test set was seen in training: `temper contamination --json`, and a part of the dataset card.
public struct ContaminationReport: Codable, Sendable, Hashable {
    /// One test example.
    public struct Example: Codable, Sendable, Hashable {
        public var id: String
        /// The share of its tokens that is covered by matches, 0…1.
        public var rate: Double
        /// Ids of training records it matches, the first few.
        public var matches: [String]
    }

    /// What one kind of text shows.
    public struct Field: Codable, Sendable, Hashable {
        /// Test examples that have the text.
        public var testExamples: Int
        public var dirty: Int
        public var clean: Int
        public var rate: Double

        enum CodingKeys: String, CodingKey {
            case testExamples = "test_examples"
            case dirty, clean, rate
        }
    }

    public var rule: ContaminationRule.Reading
    /// Training records read.
    public var trainExamples: Int
    /// Test examples with an instruction.
    public var testExamples: Int
    /// With a rate above 0.8 (``ContaminationRule/dirtyAbove``).
    public var dirty: Int
    /// With a rate below 0.2 (``ContaminationRule/cleanBelow``).
    public var clean: Int
    /// Covered tokens of all test examples over all their tokens.
    public var rate: Double
    /// Those with a rate above 0, the highest first.
    public var examples: [Example]
    /// The same for `answer` and `observation`, where the test set has them.
    public var fields: [String: Field]
    /// Test examples whose id a training record has too, where both sides have ids.
    public var sharedIDs: [String]
    /// Test examples whose whole answer, of at least four tokens, is also the answer of a training record.
    public var sharedAnswers: Int
    /// Records that could not be read, by what is wrong.
    public var unreadable: [ImportReport.Dropped]

    enum CodingKeys: String, CodingKey {
        case rule, dirty, clean, rate, examples, fields, unreadable
        case trainExamples = "train_examples"
        case testExamples = "test_examples"
        case sharedIDs = "shared_ids"
        case sharedAnswers = "shared_answers"
    }
}
