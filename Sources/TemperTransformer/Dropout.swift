import CTemperKernels
import TemperCore

/// Dropout (Srivastava et al. 2014) whose choices follow from a seed, the place in the network, the document, the position and
/// the column alone: packing, passes and workers do not change them, and the backward pass makes them again instead of
/// keeping them.
struct Dropout {
    /// The part that is dropped, above 0 and below 1.
    let rate: Double
    /// The step's seed.
    let seed: UInt64

    /// Nil when nothing is dropped.
    init?(rate: Double, seed: UInt64) {
        guard rate > 0 else { return nil }
        self.rate = rate
        self.seed = seed
    }

    /// The kernels' settings at a place of the network, named by the arena offset of a linear layer's weights.
    func settings(at place: Int) -> temper_dropout_settings {
        var settings = temper_dropout_settings()
        settings.seed = (seed ^ UInt64(place)) &* 0x9E37_79B9_7F4A_7C15
        settings.threshold = UInt32(min(rate * 0x1p32, 0x1p32 - 1))
        settings.factor = Float(1 / (1 - rate))
        return settings
    }
}

/// What training drops; the numbers are shares in 0 ..< 1.
struct DropoutRates {
    /// The share dropped of what attention and feed-forward add to the residual stream.
    var hidden = 0.0
    /// The share dropped of the adapters' inputs.
    var adapter = 0.0

    /// The two dropouts of one step.
    func at(step: Int, seed: UInt64) -> (hidden: Dropout?, adapter: Dropout?) {
        let text = String(step)
        return (
            Dropout(rate: hidden, seed: RandomSource.derive(seed, ["hidden dropout", text])),
            Dropout(rate: adapter, seed: RandomSource.derive(seed, ["adapter dropout", text]))
        )
    }
}
