/// The shape of a Llama-family decoder, as Hugging Face's `config.json` states it.
///
/// Options that change the mathematics and are not computed here are refused by name, never ignored.
package struct ModelConfiguration: Sendable, Hashable {
    package var family: ModelFamily
    /// V.
    package var vocabularySize: Int
    /// D.
    package var width: Int
    package var feedForwardWidth: Int
    package var layerCount: Int
    /// H.
    package var headCount: Int
    /// K; H is a multiple of it.
    package var keyValueHeadCount: Int
    package var headWidth: Int
    /// The most tokens of a sequence.
    package var contextLength: Int
    package var normEpsilon: Double
    package var rotaryBase: Double
    package var rotaryScaling: RotaryScaling
    /// Whether the output head is the embedding table.
    package var tiesEmbeddings: Bool
    /// Biases of all four projections of attention; those of Qwen2's queries, keys and values need no option.
    package var attentionBias: Bool
    /// Biases of the three projections of the feed-forward part.
    package var feedForwardBias: Bool
    /// How many tokens a token sees in the layers of ``slidingLayers``: itself and those before it.
    package var slidingWindow: Int?
    /// The layers that have a window; empty without one.
    package var slidingLayers: Set<Int>
    package var beginningOfTextID: Int32?
    package var endOfTextIDs: [Int32]
    /// Not used here, kept for those who read the folder later.
    package var paddingID: Int32?

    package init(
        family: ModelFamily = .llama, vocabularySize: Int, width: Int, feedForwardWidth: Int, layerCount: Int, headCount: Int,
        keyValueHeadCount: Int, headWidth: Int? = nil, contextLength: Int, normEpsilon: Double = 1e-5,
        rotaryBase: Double = 10_000, rotaryScaling: RotaryScaling = .none, tiesEmbeddings: Bool = true,
        attentionBias: Bool = false, feedForwardBias: Bool = false, slidingWindow: Int? = nil, slidingLayers: Set<Int>? = nil,
        beginningOfTextID: Int32? = nil, endOfTextIDs: [Int32] = [], paddingID: Int32? = nil
    ) {
        self.family = family
        self.vocabularySize = vocabularySize
        self.width = width
        self.feedForwardWidth = feedForwardWidth
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headWidth = headWidth ?? width / max(headCount, 1)
        self.contextLength = contextLength
        self.normEpsilon = normEpsilon
        self.rotaryBase = rotaryBase
        self.rotaryScaling = rotaryScaling
        self.tiesEmbeddings = tiesEmbeddings
        self.attentionBias = attentionBias
        self.feedForwardBias = feedForwardBias
        self.slidingWindow = slidingWindow
        self.slidingLayers = slidingWindow == nil ? [] : slidingLayers ?? Set(0..<max(layerCount, 0))
        self.beginningOfTextID = beginningOfTextID
        self.endOfTextIDs = endOfTextIDs
        self.paddingID = paddingID
    }

    /// What makes the shape impossible, if anything.
    package var problem: String? {
        let sizes = [
            ("vocab_size", vocabularySize, 1 << 24), ("hidden_size", width, 1 << 20),
            ("intermediate_size", feedForwardWidth, 1 << 22),
            ("num_hidden_layers", layerCount, 1 << 12), ("num_attention_heads", headCount, 1 << 12),
            ("num_key_value_heads", keyValueHeadCount, 1 << 12), ("head_dim", headWidth, 1 << 14),
            ("max_position_embeddings", contextLength, 1 << 20), ("sliding_window", slidingWindow ?? 1, 1 << 30),
        ]
        for (key, value, most) in sizes where !(1...most).contains(value) {
            return "'\(key)' is \(value), it must be in 1…\(most)"
        }
        if !(rotaryBase > 0 && rotaryBase.isFinite) { return "'rope_theta' is \(rotaryBase), it must be above 0" }
        if !(normEpsilon >= 0 && normEpsilon.isFinite) { return "'rms_norm_eps' is \(normEpsilon), it must not be negative" }
        if headCount % keyValueHeadCount != 0 {
            return "num_attention_heads \(headCount) is not a multiple of num_key_value_heads \(keyValueHeadCount)"
        }
        if headWidth % 2 != 0 { return "head_dim \(headWidth) is odd" }
        return rotaryScaling.problem(headWidth: headWidth)
    }

    // What the layers are made of.

    /// Whether queries, keys and values have biases.
    var hasQueryBias: Bool { attentionBias || family == .qwen2 }
    /// Whether each query and key head is normed before rotation.
    var normsHeads: Bool { family == .qwen3 }
    /// How many tokens a token of the layer sees, itself among them.
    func window(ofLayer index: Int) -> Int { slidingLayers.contains(index) ? slidingWindow ?? .max : .max }

    // Widths of fused matrices.

    /// H heads of queries.
    var queryWidth: Int { headCount * headWidth }
    /// K heads of keys, or of values.
    var keyValueWidth: Int { keyValueHeadCount * headWidth }
    /// A row of queries, keys and values.
    var attentionInputWidth: Int { queryWidth + 2 * keyValueWidth }
}
