import Foundation

@testable import TemperEnvironments

/// Reads a file of the folder `Golden` beside the test folders.
func webGolden<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    try golden(name, as: type, file: webGoldenFolder.appendingPathComponent("x").path)
}

/// The folder above this one, which holds `Golden`.
let webGoldenFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
