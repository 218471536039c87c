import Foundation

/// Cosines and sines of rotary position embeddings (Su et al. 2021), [positions, head width / 2] each.
///
/// Shared by the workers of an engine; it grows between passes only.
final class RotaryTable {
    private(set) var cosines: Memory
    private(set) var sines: Memory
    private(set) var positions = 0
    let half: Int
    private let configuration: ModelConfiguration
    private let frequencies: [Double]

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        half = configuration.headWidth / 2
        frequencies = configuration.rotaryScaling.frequencies(
            headWidth: configuration.headWidth, base: configuration.rotaryBase, length: 0)
        (cosines, sines) = (Memory(floats: 0), Memory(floats: 0))
        reserve(min(configuration.contextLength, 4096))
    }

    /// Makes room for sequences of this many tokens; must not be called while a pass runs.
    func reserve(_ length: Int) {
        // Filler rows after the longest document have positions past its end.
        let wanted = length + PackedBatch.rowTile
        guard wanted > positions else { return }
        let context = max(configuration.contextLength, length) + PackedBatch.rowTile
        let known = positions
        positions = min(max(wanted, 2 * known), context)
        let (oldCosines, oldSines) = (cosines, sines)
        (cosines, sines) = (Memory(floats: positions * half), Memory(floats: positions * half))
        cosines.floats.update(from: oldCosines.floats, count: known * half)
        sines.floats.update(from: oldSines.floats, count: known * half)
        for position in known..<positions {
            write(position, frequencies, into: cosines.floats + position * half, sines.floats + position * half)
        }
    }

    /// Texts up to this length are rotated as the table says.
    var constantLength: Int { configuration.rotaryScaling.constantLength }

    /// The frequencies of a longer text.
    func frequencies(length: Int) -> [Double] {
        configuration.rotaryScaling.frequencies(
            headWidth: configuration.headWidth, base: configuration.rotaryBase, length: length)
    }

    func write(
        _ position: Int, _ frequencies: [Double], into cosines: UnsafeMutablePointer<Float>,
        _ sines: UnsafeMutablePointer<Float>
    ) {
        for (index, frequency) in frequencies.enumerated() {
            let angle = Double(position) * frequency
            cosines[index] = Float(cos(angle))
            sines[index] = Float(sin(angle))
        }
    }
}
