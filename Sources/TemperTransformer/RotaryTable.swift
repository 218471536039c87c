import Foundation

/// Cosines and sines of rotary position embeddings (Su et al. 2021), [positions, head width / 2] each.
final class RotaryTable {
    let cosines: Memory
    let sines: Memory

    init(_ configuration: ModelConfiguration) {
        let half = configuration.headWidth / 2
        // Filler rows after the longest document have positions past the context.
        let positions = configuration.contextLength + PackedBatch.rowTile
        cosines = Memory(floats: positions * half)
        sines = Memory(floats: positions * half)
        for index in 0..<half {
            let frequency = pow(configuration.rotaryBase, -Double(2 * index) / Double(configuration.headWidth))
            for position in 0..<positions {
                let angle = Double(position) * frequency
                cosines.floats[position * half + index] = Float(cos(angle))
                sines.floats[position * half + index] = Float(sin(angle))
            }
        }
    }
}
