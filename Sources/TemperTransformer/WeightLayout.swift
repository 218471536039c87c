/// Where each tensor lies in the flat arena of weights; gradients and moments use the same places.
///
/// Query, key and value projections of a layer are neighbours, and so are gate and up projections: each group is one
/// matrix for one product. Names are Hugging Face's.
struct WeightLayout: Sendable {
    /// A named part of the arena, in elements.
    struct Entry: Sendable {
        var name: String
        /// Row-major: [outputs, inputs] for projections.
        var shape: [Int]
        var offset: Int
        var kind: Kind

        var isNorm: Bool { kind == .norm }
        var count: Int { shape.reduce(1, *) }
    }

    enum Kind: Sendable {
        case matrix
        /// Neither decayed nor drawn at random.
        case norm, bias
    }

    /// What one decoder layer is made of; norms by their offsets.
    struct Layer: Sendable {
        var attentionNorm = 0
        /// [H·h + 2·K·h, D]: queries, keys, values.
        var attentionInput = Linear()
        /// [D, H·h].
        var attentionOutput = Linear()
        var feedForwardNorm = 0
        /// [2·F, D]: gate, up.
        var gateUp = Linear()
        /// [D, F].
        var down = Linear()
    }

    private(set) var entries: [Entry] = []
    private(set) var layers: [Layer] = []
    /// [V, D].
    private(set) var embedding = 0
    private(set) var finalNorm = 0
    /// [V, D]; the embedding's own place when tied.
    private(set) var head = Linear()
    /// Elements of the whole arena, gaps for alignment among them.
    private(set) var count = 0

    init(_ configuration: ModelConfiguration) {
        let width = configuration.width, feedForward = configuration.feedForwardWidth
        embedding = add("model.embed_tokens.weight", [configuration.vocabularySize, width])
        for index in 0..<configuration.layerCount {
            let prefix = "model.layers.\(index)."
            var layer = Layer()
            layer.attentionNorm = add(prefix + "input_layernorm.weight", [width], .norm)
            layer.attentionInput = add(
                [
                    (prefix + "self_attn.q_proj", configuration.queryWidth),
                    (prefix + "self_attn.k_proj", configuration.keyValueWidth),
                    (prefix + "self_attn.v_proj", configuration.keyValueWidth),
                ], inputs: width)
            layer.attentionOutput = add([(prefix + "self_attn.o_proj", width)], inputs: configuration.queryWidth)
            layer.feedForwardNorm = add(prefix + "post_attention_layernorm.weight", [width], .norm)
            layer.gateUp = add(
                [(prefix + "mlp.gate_proj", feedForward), (prefix + "mlp.up_proj", feedForward)], inputs: width)
            layer.down = add([(prefix + "mlp.down_proj", width)], inputs: feedForward)
            layers.append(layer)
        }
        finalNorm = add("model.norm.weight", [width], .norm)
        if configuration.tiesEmbeddings {
            let vocabulary = configuration.vocabularySize
            head = Linear(
                inputs: width, outputs: vocabulary, weight: embedding,
                parts: [Linear.Part(name: "lm_head", first: 0, count: vocabulary)])
        } else {
            head = add([("lm_head", configuration.vocabularySize)], inputs: width)
        }
        count = (count + 15) / 16 * 16
    }

    /// Linear layers that read the same input, as one matrix; their biases, if any, are neighbours as well.
    private mutating func add(_ parts: [(name: String, outputs: Int)], inputs: Int, hasBias: Bool = false) -> Linear {
        var linear = Linear()
        linear.inputs = inputs
        for (index, part) in parts.enumerated() {
            let place = add(part.name + ".weight", [part.outputs, inputs], follows: index > 0)
            if index == 0 { linear.weight = place }
            linear.parts.append(Linear.Part(name: part.name, first: linear.outputs, count: part.outputs))
            linear.outputs += part.outputs
        }
        guard hasBias else { return linear }
        for (index, part) in parts.enumerated() {
            let place = add(part.name + ".bias", [part.outputs], .bias, follows: index > 0)
            if index == 0 { linear.bias = place }
        }
        return linear
    }

    @discardableResult
    private mutating func add(_ name: String, _ shape: [Int], _ kind: Kind = .matrix, follows: Bool = false) -> Int {
        if !follows { count = (count + 15) / 16 * 16 }
        let entry = Entry(name: name, shape: shape, offset: count, kind: kind)
        entries.append(entry)
        count += entry.count
        return entry.offset
    }

    func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}

extension WeightLayout {
    /// The linear layers of all decoder layers, in order; the head is not among them.
    var linears: [Linear] { layers.flatMap { [$0.attentionInput, $0.attentionOutput, $0.gateUp, $0.down] } }
}
