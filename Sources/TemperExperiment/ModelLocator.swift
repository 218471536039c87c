package import Foundation
import TemperCore

/// Turns a model's name into its folder: a path, or the name of a model shipped with Temper.
package enum ModelLocator {
    /// Names of the shipped models.
    package static let shipped = ["pocket-base"]

    /// - Throws: ``TemperError`` with code `data` when there is no such model.
    package static func folder(for name: String) throws -> URL {
        if shipped.contains(name) {
            let url = Bundle.module.bundleURL.appendingPathComponent("Models/\(name)", isDirectory: true)
            guard FileManager.default.fileExists(atPath: url.appendingPathComponent("config.json").path) else {
                throw TemperError(.unavailable, "the shipped model '\(name)' is missing from this build", boundary: .engine)
            }
            return url
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue {
            return URL(fileURLWithPath: name, isDirectory: true)
        }
        let nearest = EditDistance.nearest(to: name, among: shipped)
        throw TemperError(
            .data, "there is no model '\(name)'",
            hint: nearest.map { "did you mean '\($0)'?" }
                ?? "give a Hugging Face folder, or a shipped name: \(shipped.joined(separator: ", "))",
            boundary: .engine)
    }
}
