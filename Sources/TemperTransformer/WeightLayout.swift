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
        /// Norm weights are neither decayed nor drawn at random.
        var isNorm: Bool

        var count: Int { shape.reduce(1, *) }
    }

    /// The offsets of one decoder layer.
    struct Layer: Sendable {
        var attentionNorm = 0
        /// [H·h + 2·K·h, D]: queries, keys, values.
        var attentionInput = 0
        /// [D, H·h].
        var attentionOutput = 0
        var feedForwardNorm = 0
        /// [2·F, D]: gate, up.
        var gateUp = 0
        /// [D, F].
        var down = 0
    }

    private(set) var entries: [Entry] = []
    private(set) var layers: [Layer] = []
    /// [V, D].
    private(set) var embedding = 0
    private(set) var finalNorm = 0
    /// [V, D]; the embedding's own place when tied.
    private(set) var head = 0
    /// Elements of the whole arena, gaps for alignment among them.
    private(set) var count = 0

    init(_ configuration: ModelConfiguration) {
        let width = configuration.width, feedForward = configuration.feedForwardWidth
        embedding = add("model.embed_tokens.weight", [configuration.vocabularySize, width])
        for index in 0..<configuration.layerCount {
            let prefix = "model.layers.\(index)."
            var layer = Layer()
            layer.attentionNorm = add(prefix + "input_layernorm.weight", [width], isNorm: true)
            layer.attentionInput = add(prefix + "self_attn.q_proj.weight", [configuration.queryWidth, width])
            add(prefix + "self_attn.k_proj.weight", [configuration.keyValueWidth, width], follows: true)
            add(prefix + "self_attn.v_proj.weight", [configuration.keyValueWidth, width], follows: true)
            layer.attentionOutput = add(prefix + "self_attn.o_proj.weight", [width, configuration.queryWidth])
            layer.feedForwardNorm = add(prefix + "post_attention_layernorm.weight", [width], isNorm: true)
            layer.gateUp = add(prefix + "mlp.gate_proj.weight", [feedForward, width])
            add(prefix + "mlp.up_proj.weight", [feedForward, width], follows: true)
            layer.down = add(prefix + "mlp.down_proj.weight", [width, feedForward])
            layers.append(layer)
        }
        finalNorm = add("model.norm.weight", [width], isNorm: true)
        head = configuration.tiesEmbeddings ? embedding : add("lm_head.weight", [configuration.vocabularySize, width])
        count = (count + 15) / 16 * 16
    }

    @discardableResult
    private mutating func add(_ name: String, _ shape: [Int], isNorm: Bool = false, follows: Bool = false) -> Int {
        if !follows { count = (count + 15) / 16 * 16 }
        let entry = Entry(name: name, shape: shape, offset: count, isNorm: isNorm)
        entries.append(entry)
        count += entry.count
        return entry.offset
    }

    func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
