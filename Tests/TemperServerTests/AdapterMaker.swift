import Foundation
import TemperCore

@testable import TemperTransformer

/// Adapters that change something.
enum AdapterMaker {
    static func write(to folder: URL, base: URL) throws {
        let model = try TransformerModel(folder: base)
        let adapter = try Adapter(for: model, AdapterOptions(rank: 4, alpha: 8), seed: 3)
        for index in 0..<adapter.layout.count { adapter.weights.floats[index] += Float(index % 7) * 0.1 - 0.3 }
        try adapter.save(folder: folder, base: base.path, storage: .fp32)
    }
}
