import Foundation
import TemperAgents
import TemperCore
import TemperData
import TemperEndpoint
import TemperEnvironments
import TemperEvaluation
import TemperTraining
import TemperTransformer

extension Recipe {
    /// Whether the recipe has something to do in a stage.
    func has(_ stage: Stage) -> Bool {
        switch stage {
        case .pretrain: return pretrain != nil
        case .derive: return derive != nil
        case .collect: return collect != nil
        case .curate: return collect != nil || derive != nil || train != nil
        case .train: return train != nil
        case .evaluate: return evaluate != nil
        case .report: return collect != nil || evaluate != nil
        }
    }

    /// The stages to run, in order. Without a list these are all the recipe has; a recipe that trains nothing is curated only
    /// when asked.
    ///
    /// - Throws: ``TemperError`` with code `data` when none of the stages asked for is in the recipe.
    func stages(asked: Set<Stage>?) throws -> [Stage] {
        let wanted = Stage.allCases.filter { has($0) && (asked?.contains($0) ?? ($0 != .curate || train != nil)) }
        if let asked, wanted.isEmpty {
            throw fault("the recipe has no '\(asked.map(\.rawValue).sorted().joined(separator: "' and no '"))' to do")
        }
        return wanted
    }

    /// Finds what would otherwise fail hours later, or turn a typing error into scores of 0.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the key.
    func check(stages: [Stage], _ registry: ExperimentRegistry = ExperimentRegistry()) throws {
        for policy in [derive?.policy, derive?.solver, collect?.policy].compactMap({ $0 }) + (evaluate?.policies ?? []) {
            try EndpointLanguageModel.checkAddress(policy)
        }
        if let pretrain, stages.contains(.pretrain) { try check(pretrain) }
        if let train, stages.contains(.train) {
            try check(train, registry)
        }
        if let derive, stages.contains(.derive) { try check(derive, registry) }
        if let collect, stages.contains(.collect) { try check(collect, registry) }
        if stages.contains(.curate) { try curate.validate() }
        if let evaluate, stages.contains(.evaluate) { try check(evaluate, registry) }
    }

    private func check(_ train: Train, _ registry: ExperimentRegistry) throws {
        let engine = try registry.engine(train.engine)
        if let problem = train.plan.problem { throw fault("'train': \(problem)") }
        if let problem = train.tuning.problem { throw fault("'train.tuning.lora': \(problem)") }
        let known = engine.options.keys.sorted()
        if let odd = (train.options[engine.name] ?? [:]).keys.sorted().first(where: { !known.contains($0) }) {
            throw fault("unknown key '\(odd)' in 'train.\(engine.name)'", hint: "the keys are \(known.joined(separator: ", "))")
        }
        let setup: TrainingSetup
        do {
            setup = try self.setup(of: train)
        } catch let error as TemperError {
            throw TemperError(error.code, "'train.base': \(error.message)", hint: error.hint, boundary: .recipe, cause: error)
        }
        try engine.check(setup)
    }

    private func check(_ pretrain: Pretrain) throws {
        let counts = [
            ("vocabulary_size", pretrain.vocabularySize, 300), ("tokenizer_documents", pretrain.tokenizerDocuments, 1),
            ("layers", pretrain.layers, 1), ("width", pretrain.width, 2), ("feed_forward_width", pretrain.feedForwardWidth, 1),
            ("heads", pretrain.heads, 1), ("key_value_heads", pretrain.keyValueHeads, 1), ("context", pretrain.context, 2),
            ("tokens", pretrain.tokens, 1), ("held_out_documents", pretrain.heldOutDocuments, 0),
        ]
        for (key, value, least) in counts {
            try check("pretrain.\(key)", value, in: least...1_000_000_000)
        }
        guard pretrain.width % pretrain.heads == 0, (pretrain.width / pretrain.heads) % 2 == 0,
            pretrain.heads % pretrain.keyValueHeads == 0
        else {
            throw fault("'pretrain.width' must be an even multiple of 'heads', and 'heads' a multiple of 'key_value_heads'")
        }
        let configuration = ModelConfiguration(
            vocabularySize: pretrain.vocabularySize, width: pretrain.width, feedForwardWidth: pretrain.feedForwardWidth,
            layerCount: pretrain.layers, headCount: pretrain.heads, keyValueHeadCount: pretrain.keyValueHeads,
            contextLength: pretrain.context)
        if let problem = configuration.problem { throw fault("'pretrain': \(problem)") }
        if let problem = pretrain.plan.problem { throw fault("'pretrain.plan': \(problem)") }
        if let problem = pretrain.native.problem { throw fault("'pretrain.native': \(problem)") }
    }

    private func check(_ collect: Collect, _ registry: ExperimentRegistry) throws {
        try check("collect.concurrency", collect.concurrency, in: 1...10_000)
        try check("collect", collect.episodes, methods: collect.methods.filter { $0.value > 0 }.map(\.key))
        for (method, share) in collect.methods.sorted(by: { $0.key < $1.key }) {
            guard Method(rawValue: method) != nil else {
                throw fault(
                    "'collect.methods' names '\(method)', which is no method",
                    hint: "methods: \(Method.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            guard (0...1).contains(share) else { throw fault("'collect.methods.\(method)' is \(share); a share lies in 0…1") }
        }
        if collect.policy.hasPrefix("recording:") { return }
        guard !collect.suites.isEmpty else {
            throw fault("'collect.suites' names no suite", hint: "for example suites: { pocket/hotpotqa: 400 }")
        }
        for (id, selection) in collect.suites.sorted(by: { $0.key < $1.key }) {
            try check("collect.suites.\(id).limit", selection.limit, in: 0...1_000_000_000)
            let split = collectSplit(id, selection)
            if split == Self.derivedSplit, derive?.suites[id] == nil {
                throw fault("'collect.suites' takes derived tasks of '\(id)', but 'derive' does not name it")
            }
            let suite =
                split == Self.derivedSplit
                ? try derivingSuite(id, in: registry) : try check("collect.suites", suite: id, split: split, registry)
            for method in collect.methods.keys.sorted() where !suite.methods.map(\.rawValue).contains(method) {
                throw fault("'collect.methods' names '\(method)', which suite '\(id)' does not have")
            }
        }
    }

    private func check(_ evaluate: Evaluate, _ registry: ExperimentRegistry) throws {
        try check("evaluate.concurrency", evaluate.concurrency, in: 1...10_000)
        try check("evaluate.limit", evaluate.limit, in: 0...1_000_000_000)
        guard !evaluate.suites.isEmpty else {
            throw fault(
                "'evaluate.held_in' and 'evaluate.held_out' name no suite", hint: "for example held_in: [pocket/hotpotqa]")
        }
        if let twice = evaluate.suites.map(\.id).enumerated().first(where: { index, id in
            evaluate.suites[..<index].contains { $0.id == id }
        }) {
            throw fault(
                "'evaluate' names the suite '\(twice.element)' twice", hint: "a suite is held in, held out or general, once")
        }
        let suites = try evaluate.suites.map {
            try check("evaluate.\($0.kind.rawValue)", suite: $0.id, split: evaluate.split, registry)
        }
        guard Set(evaluate.methods).count == evaluate.methods.count else { throw fault("'evaluate.methods' names one twice") }
        let methods = try suites.flatMap { try evaluate.methods(of: $0).map(\.rawValue) }
        try check("evaluate", evaluate.episodes, methods: methods)
        for pair in evaluate.compare ?? [] {
            guard pair.count == 2, pair[0] != pair[1] else {
                throw fault("'evaluate.compare' holds pairs of two policies", hint: "for example compare: [[base, tuned]]")
            }
            try checkRun(pair, by: evaluate, "evaluate.compare")
        }
        try checkRun(evaluate.prompts.keys.sorted(), by: evaluate, "evaluate.prompts")
        for name in evaluate.controls {
            guard let control = ControlPolicy(rawValue: name) else {
                throw fault(
                    "'evaluate.controls' names '\(name)', which is no control",
                    hint: "controls: \(ControlPolicy.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            for suite in suites {
                let script = control == .mismatchedObservations ? "expert" : control == .searchOnce ? name : nil
                if let script, suite.scriptedPolicy(named: script) == nil {
                    throw fault("the control '\(name)' needs the script '\(script)', which suite '\(suite.id)' does not have")
                }
            }
        }
        let needsTuned =
            evaluate.policies.contains("tuned") || evaluate.controls.contains(ControlPolicy.mismatchedObservations.rawValue)
        if needsTuned, train == nil, pretrain == nil {
            throw fault("'evaluate' asks for the tuned policy, but the recipe has no 'train'")
        }
    }

    private func check(_ key: String, suite id: String, split: String, _ registry: ExperimentRegistry) throws -> any Suite {
        let suite: any Suite
        do {
            suite = try self.suite(id, in: registry)
        } catch let error as TemperError {
            throw fault("'\(key)': \(error.message)", hint: error.hint)
        }
        guard suite.splits.contains(split) else {
            throw fault("suite '\(id)' has no split '\(split)'", hint: "splits: \(suite.splits.joined(separator: ", "))")
        }
        // Whether its data is at hand.
        _ = try suite.tasks(split: split, limit: 1)
        return suite
    }

    private func check(_ key: String, _ value: Int, in range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw fault("'\(key)' is \(value); it must be in \(range.lowerBound)…\(range.upperBound)")
        }
    }

    private func checkRun(_ policies: [String], by evaluate: Evaluate, _ key: String) throws {
        guard let odd = policies.first(where: { !evaluate.contestants.contains($0) }) else { return }
        throw fault(
            "'\(key)' names '\(odd)', which is not evaluated",
            hint: "policies and controls: \(evaluate.contestants.joined(separator: ", "))")
    }

    private func fault(_ message: String, hint: String? = nil) -> TemperError {
        TemperError(.data, message, hint: hint, boundary: .recipe)
    }
}
