import CTemperKernels
import Foundation

/// AdamW (Loshchilov and Hutter 2019): bias-corrected moments, decoupled decay, no decay on norm weights and biases.
package final class AdamW {
    /// The numbers of the update rule; defaults are those of PyTorch except the second beta (Brown et al. 2020).
    package struct Settings: Sendable, Hashable {
        package var beta1: Double
        package var beta2: Double
        package var epsilon: Double
        package var weightDecay: Double
        /// The largest global norm of the gradient; 0 turns clipping off.
        package var gradientClip: Double

        package init(
            beta1: Double = 0.9, beta2: Double = 0.95, epsilon: Double = 1e-8, weightDecay: Double = 0.1, gradientClip: Double = 1
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
            self.gradientClip = gradientClip
        }
    }

    /// A stretch of one tensor that one worker updates at a time.
    private struct Piece {
        var start: Int
        var count: Int
        var decays: Bool
    }

    package let settings: Settings
    /// Updates made so far.
    package internal(set) var step = 0
    let moment1: Memory
    let moment2: Memory
    private let pieces: [Piece]
    /// One sum of squares per piece.
    private let squares: Memory

    /// Makes the optimizer of a model's weights.
    package convenience init(model: TransformerModel, settings: Settings) {
        self.init(TrainedWeights(model), settings)
    }

    /// Makes the optimizer of an adapter's weights.
    package convenience init(adapter: Adapter, settings: Settings) {
        self.init(TrainedWeights(adapter), settings)
    }

    private init(_ trained: TrainedWeights, _ settings: Settings) {
        self.settings = settings
        moment1 = Memory(floats: trained.count)
        moment2 = Memory(floats: trained.count)
        var pieces: [Piece] = []
        for entry in trained.entries {
            for start in stride(from: 0, to: entry.count, by: 1 << 16) {
                let count = min(1 << 16, entry.count - start)
                pieces.append(Piece(start: entry.offset + start, count: count, decays: entry.kind == .matrix))
            }
        }
        self.pieces = pieces
        squares = Memory(byteCount: 8 * pieces.count)
    }

    /// Updates what the engine trains by its last gradient, clipped by its global norm.
    ///
    /// - Returns: the norm before clipping. When it is not finite nothing is changed.
    package func update(_ engine: GradientEngine, learningRate: Double) -> Double {
        guard let gradient = engine.gradient else { preconditionFailure("this engine was made without a gradient") }
        let workers = engine.workerCount
        let squares = self.squares.base.assumingMemoryBound(to: Double.self)
        engine.team.run { worker in
            for index in stride(from: worker, to: pieces.count, by: workers) {
                squares[index] = temper_sum_of_squares(gradient.floats + pieces[index].start, Int64(pieces[index].count))
            }
        }
        let norm = UnsafeBufferPointer(start: squares, count: pieces.count).reduce(0, +).squareRoot()
        guard norm.isFinite else { return norm }
        step += 1
        let clip = settings.gradientClip
        var raw = temper_adamw_settings()
        raw.learning_rate = Float(learningRate)
        raw.beta1 = Float(settings.beta1)
        raw.beta2 = Float(settings.beta2)
        raw.epsilon = Float(settings.epsilon)
        raw.correction1 = Float(1 - pow(settings.beta1, Double(step)))
        raw.correction2 = Float(1 - pow(settings.beta2, Double(step)))
        raw.gradient_scale = clip > 0 && norm > clip ? Float(clip / norm) : 1
        let trained = engine.trained
        precondition(trained.count * 4 == moment1.byteCount, "the optimiser is not of what the engine trains")
        let weights = trained.weights.floats
        let rounded = trained.rounded?.base.assumingMemoryBound(to: UInt16.self)
        engine.team.run { worker in
            for index in stride(from: worker, to: pieces.count, by: workers) {
                let piece = pieces[index]
                var own = raw
                own.weight_decay = piece.decays ? Float(settings.weightDecay) : 0
                temper_adamw(
                    weights + piece.start, rounded.map { $0 + piece.start }, gradient.floats + piece.start,
                    moment1.floats + piece.start, moment2.floats + piece.start, Int64(piece.count), own)
            }
        }
        return norm
    }
}
