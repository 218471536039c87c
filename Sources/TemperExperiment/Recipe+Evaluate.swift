package import TemperAgents
package import TemperCore
import TemperEvaluation

extension Recipe {
    /// Measures policies on tasks that no training text came from.
    package struct Evaluate: Codable, Sendable, Hashable {
        /// `base` (with demonstrations), `tuned` (the prompt it was trained with), or any policy word.
        package var policies = ["base", "tuned"]
        /// What shows how much of a score needs an agent: `base-admissible`, `search-once`, `mismatched-observations`.
        package var controls: [String] = []
        /// Suites of the kinds of task that were trained on.
        package var heldIn: [String] = []
        /// Suites of kinds that training never saw.
        package var heldOut: [String] = []
        /// Suites of general abilities, such as `pocket/mmlu`.
        package var general: [String] = []
        /// The methods each suite is run in; empty takes the suite's own. With several the report sets random, best single and oracle
        /// choice beside them (FireAct, Tables 4 and 10); comparisons are about the suite's own where it is among them, or the first.
        package var methods: [String] = []
        /// The pairs `[BASELINE, POLICY]` that are compared task by task; without it base and tuned, where both are run.
        package var compare: [[String]]? = nil
        /// The prompt styles of single policies, by the policy's word. Others have ``EpisodeSettings/prompt``, but `tuned` the style
        /// of its training.
        package var prompts: [String: PromptStyle] = [:]
        package var split = "test"
        /// The first N tasks by id of each suite; 0 means all.
        package var limit = 200
        package var concurrency = 32
        /// Their keys stand beside the others.
        package var episodes = EpisodeSettings(maximumNewTokens: 128)

        enum CodingKeys: String, CodingKey {
            case policies, controls, general, methods, compare, prompts, split, limit, concurrency
            case heldIn = "held_in"
            case heldOut = "held_out"
        }

        package init() {}

        /// A recipe that an earlier version kept lacks `general`, `compare` and `prompts`.
        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            policies = try values.decode([String].self, forKey: .policies)
            controls = try values.decode([String].self, forKey: .controls)
            heldIn = try values.decode([String].self, forKey: .heldIn)
            heldOut = try values.decode([String].self, forKey: .heldOut)
            general = try values.decodeIfPresent([String].self, forKey: .general) ?? general
            methods = try values.decode([String].self, forKey: .methods)
            compare = try values.decodeIfPresent([[String]].self, forKey: .compare)
            prompts = try values.decodeIfPresent([String: PromptStyle].self, forKey: .prompts) ?? prompts
            split = try values.decode(String.self, forKey: .split)
            limit = try values.decode(Int.self, forKey: .limit)
            concurrency = try values.decode(Int.self, forKey: .concurrency)
            episodes = try EpisodeSettings(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(policies, forKey: .policies)
            try values.encode(controls, forKey: .controls)
            try values.encode(heldIn, forKey: .heldIn)
            try values.encode(heldOut, forKey: .heldOut)
            try values.encode(general, forKey: .general)
            try values.encode(methods, forKey: .methods)
            try values.encodeIfPresent(compare, forKey: .compare)
            try values.encode(prompts, forKey: .prompts)
            try values.encode(split, forKey: .split)
            try values.encode(limit, forKey: .limit)
            try values.encode(concurrency, forKey: .concurrency)
            try episodes.encode(to: encoder)
        }

        /// Every suite with its kind: held in, held out, general.
        var suites: [(id: String, kind: SuiteKind)] {
            heldIn.map { ($0, .heldIn) } + heldOut.map { ($0, .heldOut) } + general.map { ($0, .general) }
        }

        /// Everything that is run: policies, then controls.
        var contestants: [String] { policies + controls }

        /// The pairs to compare.
        var comparisons: [SuiteRunner.Comparison] {
            guard let compare else {
                let usual = SuiteRunner.Comparison(baseline: "base", policy: "tuned")
                return policies.contains(usual.baseline) && policies.contains(usual.policy) ? [usual] : []
            }
            return compare.compactMap { $0.count == 2 ? SuiteRunner.Comparison(baseline: $0[0], policy: $0[1]) : nil }
        }

        /// The methods a suite is run in: its default first where that is among several.
        ///
        /// - Throws: ``TemperError`` with code `data` for a method the suite does not have.
        func methods(of suite: any Suite) throws -> [Method] {
            let named = try methods.map { name in
                guard let method = suite.methods.first(where: { $0.rawValue == name }) else {
                    throw TemperError(
                        .data, "'evaluate.methods' names '\(name)', which suite '\(suite.id)' does not have",
                        hint: "it has: \(suite.methods.map(\.rawValue).joined(separator: ", "))", boundary: .recipe)
                }
                return method
            }
            guard named.isEmpty || named.contains(suite.defaultMethod) else { return named }
            return [suite.defaultMethod] + named.filter { $0 != suite.defaultMethod }
        }
    }

    /// What makes no sense in the keys that stages which run episodes share.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the key.
    func check(_ section: String, _ settings: EpisodeSettings, methods: [String]) throws {
        func fault(_ message: String, _ hint: String? = nil) -> TemperError {
            TemperError(.data, message, hint: hint, boundary: .recipe)
        }
        if let problem = settings.problem {
            throw fault("'\(section).\(problem.key)' \(problem.text)", problem.hint)
        }
        if let problem = settings.reflexion?.problem { throw fault("'\(section).reflexion': \(problem)") }
        if settings.reflexion != nil, !Method.allCases.contains(where: { $0.text.reflects && methods.contains($0.rawValue) }) {
            throw fault("'\(section).reflexion' has no use: '\(section).methods' does not name reflexion")
        }
    }
}

extension EpisodeSettings {
    /// With every key present; only its shape is used.
    static var everyKey: EpisodeSettings {
        var settings = EpisodeSettings(maximumNewTokens: 1)
        settings.nearestAction = 1
        settings.reflexion = ReflexionOptions()
        settings.seed = 1
        return settings
    }
}
